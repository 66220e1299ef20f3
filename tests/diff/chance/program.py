# SPDX-License-Identifier: MIT
# tool: random programs: functions, objects, coroutines, chunks.
import os

from chance import values
from chance.stat import LETTER, TYPES, MOST_LOCALS, Statements
from chance.tree import Node
from chance.values import Frame, Fun, Var, commas, e, s

HERE = os.path.dirname(os.path.abspath(__file__))
UNARY = ('unm', 'bnot', 'len')


class Programs(Statements):

    # ---- Functions ----

    def local_function(self):
        count = self.pick(0, 1, 1, 2, 2, 3, 5)
        params = self.params(count)
        vararg = self.chance(0.3)
        results = [self.r.choice(TYPES) for _ in range(self.pick(0, 1, 1, 1,
                                                                 2, 3))]
        name = self.name('h')
        quiet = self.floor > 0 or self.chance(0.6)
        old, self.floor = self.floor, self.floor or quiet * len(self.scopes)
        body = self.function(params, vararg, results)
        self.floor = old
        fun = Fun([p.type for p in params], vararg, results, quiet)
        self.declare(Var(name, 'fun', True, fun))
        if self.chance(0.3):
            return s('local ', name, ' = function', *body)
        return s('local function ', name, *body)

    def self_recursion(self):
        """A function that calls itself, at most five deep."""
        name, n = self.name('h'), self.name('n')
        params = [Var(n, 'int', True)] + self.params(self.pick(0, 1, 2))
        self.frame = Frame(self.frame, False)
        self.frame.locals = len(params)
        self.scopes.append(params)
        body = self.block(3)
        again = commas([e(n + ' - 1')] + [self.expr(p.type, 1)
                                          for p in params[1:]])
        call = e(name, '(', again, ')')
        if self.chance(0.6):
            call = self.group(call, self.pick(' .. ', ' == ', ' and ', ' or '),
                              self.expr('str', 1))
        stop = self.scalar(1)
        self.scopes.pop()
        self.frame = self.frame.outer
        first = commas([e(self.pick('1', '3', '5'))] +
                       [self.expr(p.type, 1) for p in params[1:]])
        names = ', '.join(p.name for p in params)
        return s(f'local function {name}({names}) T()\nif {n} <= 0 then return ',
                 stop, ' end\n', body, 'return L(', call, ')\nend\nP(', name,
                 '(', first, '))')

    def method(self):
        rec = self.name('r')
        out = ['local ', rec, ' = ', self.expr('rec', 2), '\n']
        self.declare(Var(rec, 'rec', True))
        name = self.name('m')
        params = self.params(self.pick(0, 1, 2))
        results = [self.r.choice(values.SCALARS)]
        self_ = Var('self', 'rec', True)
        self.frame = Frame(self.frame, False)
        self.scopes.append([self_])
        self.frame.outer, outer = self.frame, self.frame.outer
        body = self.function(params, False, results, 3)
        self.frame = outer
        self.scopes.pop()
        given = commas([self.expr(p.type, 1) for p in params])
        return s(*out, f'function {rec}:{name}', *body, f'\nP({rec}:{name}(',
                 given, '))')

    def closure_of_near(self):
        """A function that changes a variable in scope, kept and called."""
        t = self.pick('int', 'str', 'flt')
        near = [v for scope in self.scopes[-2:] for v in scope
                if v.type == t and not v.const]
        var = self.r.choice(near) if near else self.variable(t, True)
        if not var:
            return self.show()
        if t == 'str':
            change = e('L(', e(var.name, ' .. ', self.literal('str')), ')')
        else:
            change = e(var.name, self.pick(' + ', ' * ', ' - '),
                       self.literal(t))
        if self.chance(0.3):
            return s('fs[#fs + 1] = function() return ', e(var.name), ' end')
        return s('fs[#fs + 1] = function() ', s(var.name, ' = ', change),
                 ' return ', e(var.name), ' end')

    def closures(self):
        """Closures made in a loop, called after it, some twice."""
        loop = self.pick(self.numeric_for, self.generic_for, self.while_,
                         self.repeat, self.do, self.goto_loop)()
        todo = [n for n in walk_blocks(loop)]
        if todo:
            block = self.r.choice(todo)
            block.parts.insert(self.r.randrange(len(block.parts)), s(
                'fs[#fs + 1] = function(x) return ', self.plain(self.scalar, 1),
                ' end'))
        # A list of its own: one that calls itself in the end would not stop.
        return s('do local fs = {}\n', loop, '\nfor i = 1, #fs do P(i, '
                 'pcall(fs[i])) P(pcall(fs[#fs - i + 1], i)) end end')

    # ---- Objects ----

    def object(self):
        count = self.pick(1, 3, 6, 12)
        names = self.r.sample(values.BINARY + UNARY + (
            'index', 'newindex', 'call', 'tostring', 'pairs'), count)
        events = []
        for name in names:
            events.append(e('__' + name, ' = ', self.handler(name)))
        name = self.name('o')
        out = s('local ', name, ' = setmetatable({v = ', self.literal('int'),
                '}, {', commas(events), '})')
        usable = [n for n in names if n not in ('newindex', 'pairs')]
        obj = Var(name, 'obj', True, usable or None)
        self.declare(obj)
        more = []
        if 'newindex' in names:
            more.append(s(name, '.', self.pick('x', 'y', 'v'), ' = ',
                          self.scalar(1)))
        if 'pairs' in names:
            more.append(s('for k, v in pairs(', name, ') do P(k, v) end'))
        if usable and not self.pure:
            more += [s('P(', commas([self.event(2) or e('nil')
                                     for _ in range(2)]), ')')
                     for _ in range(2)]
        return Node('s', out, *[p for m in more for p in ('\n', m)])

    def handler(self, name):
        if name == 'index' and self.chance(0.3):
            return self.leaf_rec()
        if name == 'newindex' and self.chance(0.3):
            return e('{}')
        if name == 'newindex':
            return e('function(t, k, v) T() P("set", k, v) rawset(t, k, V(v)) '
                     'end')
        if name == 'tostring':
            return e('function(a) return "obj" .. ', self.literal('str'),
                     ' end')
        if name == 'pairs':
            return e('function(a) return function(_, k) if k < 2 then return '
                     'k + 1, V(a) end end, a, 0 end')
        self.pure, old = True, self.pure
        self.scopes.append([])
        self.frame = Frame(self.frame, False)
        a = e('V(a)')
        value = self.pick(
            e(a, self.pick(' + ', ' * ', ' == ', ' < '), 'V(b)'),
            self.scalar(2), e('L(', e('V(a) .. "', name, '" .. V(b)'), ')'),
            e('V(a), ', self.scalar(1)))
        self.frame = self.frame.outer
        self.scopes.pop()
        self.pure = old
        pause = ''
        if self.chance(0.3):
            pause = ('if type(a) ~= "string" and type(b) ~= "string" then '
                     f'P("got", Y("{name}")) end ')
        return e('function(a, b) T() ', pause, 'return ', value, ' end')

    # ---- To-be-closed variables, coroutines ----

    def close(self):
        name = self.name('t')
        fails = self.pick('', '', '', ', "E"') if self.wild else ''
        value = self.pick(f'closer("{name}"{fails})',
                          f'closer("{name}"{fails})', 'nil', 'false')
        if self.wild and self.chance(0.05):
            value = self.pick('{}', '1', '"x"')
        names, given = [name + ' <close>'], [e(value)]
        for _ in range(self.pick(0, 0, 0, 1, 2)):
            at = self.r.randrange(len(names) + 1)
            names.insert(at, self.name('a'))
            given.insert(at, self.expr('any', 2))
        self.scopes.append([Var(n, 'any') for n in names if ' ' not in n])
        self.frame.locals += len(names)
        body = self.block(3)
        self.frame.locals -= len(names)
        self.scopes.pop()
        return s('do local ', ', '.join(names), ' = ', self.lines(given), '\n',
                 body, 'end')

    def coroutine_body(self, results):
        """A function that yields between its statements."""
        params = self.params(self.pick(0, 1, 2))
        body = self.function(params, self.chance(0.3), results, 5)
        for block in self.r.sample(list(walk_blocks(Node('b', *body))), 1):
            for _ in range(self.pick(1, 2, 3)):
                at = self.r.randrange(len(block.parts))
                block.parts.insert(at, s('P("in", Y(', commas(
                    [self.literal(self.r.choice(values.SCALARS))
                     for _ in range(self.r.randrange(3))]), '))'))
        return e('function', *body), params

    def coroutine(self):
        old, self.wild = self.wild, self.pick(0.0, 0.0, 0.03)
        fun, params = self.coroutine_body(['any'])
        self.wild = old
        name = self.name('x')
        first = commas([e(name)] + [self.expr(p.type, 1) for p in params])
        out = ['local ', name, ' = coroutine.create(', fun, ')\n']
        out += ['P(coroutine.resume(', first, '))\n']
        self.frame.locals += 1
        self.scopes.append([])
        for _ in range(self.pick(0, 1, 2, 4)):
            out += [s('P(coroutine.resume(', commas(
                [e(name), self.scalar(1)]), '))'), '\n']
            if self.chance(0.2):
                out += [self.statement(), '\n']
        self.scopes.pop()
        self.frame.locals -= 1
        out += [self.pick('', f'P(coroutine.close({name}))\n'),
                f'P(coroutine.status({name}))']
        return s('do ', *out, ' end')

    def wrap_for(self):
        """A coroutine as an iterator; ends by itself or is left."""
        fun, params = self.coroutine_body([])
        a, b = Var(self.name('a'), 'any'), Var(self.name('a'), 'any')
        self.scopes.append([a, b])
        self.frame.locals += 6
        body = self.loop_body(3)
        self.frame.locals -= 6
        self.scopes.pop()
        if any(p.type not in ('any',) for p in params):
            given = self.plain(lambda: [self.expr(p.type, 1) for p in params])
            fun = e('function() return (', fun, ')(', commas(given), ') end')
        return s(f'P(pcall(function(...) for {a.name}, {b.name} in '
                 'coroutine.wrap(', fun, ') do ', *body, 'end end))')

    # ---- Registers ----

    def many(self):
        """Many variables at once."""
        count = self.r.randint(5, max(6, MOST_LOCALS - self.frame.locals - 10))
        if self.chance(0.6):
            count = min(count, 30)
        if self.frame.locals + count > MOST_LOCALS:
            return self.show()
        t = self.pick('int', 'str', 'any', 'flt')
        names = [self.name(LETTER[t]) for _ in range(count)]
        given = [self.expr(t, 1) for _ in range(self.pick(
            count, count, count // 2))]
        if t != 'any':
            given += [self.literal(t) for _ in range(count - len(given))]
        self.scopes.append([])
        before = self.frame.locals
        for n in names:
            self.declare(Var(n, t))
        body = self.block(5)
        self.scopes.pop()
        self.frame.locals = before
        return s('do local ', ', '.join(names), ' = ', commas(given), '\n',
                 body, 'P(', ', '.join(self.r.sample(names, min(count, 25))),
                 ') end')

    def wide(self):
        """A call with many arguments, or of a function that takes many."""
        count = self.r.randint(5, 40)
        given = commas([self.scalar(2) for _ in range(count)])
        n = self.r.randrange(4)
        if n == 0:
            return s('P(select(', e(str(self.r.randint(1, count))), ', ',
                     given, '))')
        if n == 1:
            return s('P(table.unpack({', given, '}, 2, ',
                     str(self.r.randint(1, 9)), '))')
        if n == 2:
            return s('P(table.pack(', given, ').n)')
        params = [f'w{k}' for k in range(count)]
        shown = ', '.join(self.r.sample(params, 5))
        return s('P((function(', ', '.join(params), f', ...) return {shown}, '
                 '... end)(', given, '))')

    # ---- The whole ----

    def chunk(self, number):
        self.scopes = [[]]
        self.frame = Frame(None, True)
        self.room = self.size
        self.depth = 0
        self.wild = self.pick(0.0, 0.003, 0.01)
        out = [self.local() for _ in range(4)]
        while self.room > 0:
            out.append(self.statement())
        out.append(s('for i = 1, #fs do P(i, pcall(fs[i])) end'))
        return s(f'chunk("{number}", function(...) local fs = {{}}\n',
                 Node('b', *out), 'end)\n')

    def program(self, chunks):
        with open(os.path.join(HERE, 'prelude.txt'), encoding='utf-8') as f:
            prelude = [s(part) for part in f.read().split('\n\n')]
        return Node('b', Node('b', *prelude), *[
            self.chunk(n) for n in range(chunks)])


def walk_blocks(node):
    """The blocks of a statement's own function."""
    for n in node.nodes():
        if n.kind == 'b':
            yield n
            for part in n.nodes():
                if part.kind == 's':
                    yield from walk_blocks(part)
