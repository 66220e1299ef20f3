# SPDX-License-Identifier: MIT
# tool: random statements.
from chance import values
from chance.expr import Expressions
from chance.library import Library
from chance.tree import Node
from chance.values import Frame, Fun, Var, commas, e, s

MOST_LOCALS = 150
LETTER = {'int': 'i', 'flt': 'f', 'str': 's', 'bool': 'b', 'seq': 'q',
          'rec': 'r', 'any': 'a', 'fun': 'h', 'obj': 'o'}
TYPES = ('int', 'int', 'flt', 'str', 'str', 'bool', 'seq', 'rec', 'any', 'any')


class Statements(Expressions, Library):

    # ---- Blocks and functions ----

    def block(self, most=4, last=None):
        """Some statements in a scope of their own."""
        self.scopes.append([])
        before = self.frame.locals
        self.depth += 1
        out = []
        for _ in range(self.r.randint(1, most)):
            if self.room <= 0:
                break
            out.append(self.statement())
        if not out:
            out.append(self.show())
        if last:
            out.append(last())
        self.depth -= 1
        self.frame.locals = before
        self.scopes.pop()
        return Node('b', *out)

    def function(self, params, vararg, results, most=4, first='T()'):
        """Parameters and body of a function; `results` are types."""
        self.frame = Frame(self.frame, vararg)
        self.frame.results = results
        self.scopes.append([self_ for self_ in params])
        self.frame.locals = len(params)
        names = [p.name for p in params] + ['...'] * vararg
        body = self.block(most, self.final_return)
        self.scopes.pop()
        self.frame = self.frame.outer
        return ['(' + ', '.join(names) + ') ', first, '\n', body, ' end']

    def final_return(self):
        return s('return ', self.result_list())

    def result_list(self):
        types = self.frame.results or []
        given = [self.expr(t, 2) for t in types]
        calls = [v for v in self.variables('fun') if v.info and
                 (v.info.quiet or not self.floor)]
        if types == ['any'] and self.chance(0.3):
            if calls:
                return commas([self.call(self.r.choice(calls[-4:]), 1)])
            if self.frame.vararg:
                return commas([e('...')])
        return self.lines(given)

    def params(self, count):
        out = []
        for _ in range(count):
            t = self.r.choice(TYPES)
            out.append(Var(self.name('p' + LETTER[t]), t))
        return out

    # ---- Statements ----

    def statement(self):
        self.room -= 1
        deep = self.depth > 5
        menu = [(6, self.show), (10, self.local), (10, self.assign),
                (4, self.caught), (4, self.library_call),
                (2, self.library_method), (2, self.library_value),
                (1, self.library_sort), (2, self.call_statement)]
        if not deep:
            menu += [(4, self.branch), (3, self.numeric_for), (2, self.while_),
                     (2, self.repeat), (3, self.generic_for), (2, self.do),
                     (4, self.local_function), (1, self.method),
                     (1, self.goto_loop), (2, self.closures),
                     (2, self.object), (2, self.close), (2, self.coroutine),
                     (1, self.wrap_for), (1, self.many), (1, self.wide),
                     (2, self.protected), (1, self.self_recursion)]
        if self.frame.results is not None and self.depth > 2:
            menu.append((2, self.early_return))
        if self.frame.loops:
            menu += [(2, self.leave)]
        if self.frame.locals > MOST_LOCALS:
            menu = menu[:1]
        weights = [w for w, _ in menu]
        return self.r.choices([f for _, f in menu], weights)[0]()

    def show(self):
        given = []
        for _ in range(self.r.randint(1, 4)):
            if self.chance(0.5):
                near = [v for scope in self.scopes[-3:] for v in scope]
                if near:
                    given.append(e(self.r.choice(near[-8:]).name))
                    continue
            given.append(self.expr(self.r.choice(TYPES), 3))
        return s('P(', self.lines(given), ')')

    def local(self):
        if self.chance(0.15):
            return self.constant()
        types = [self.r.choice(TYPES) for _ in range(self.pick(1, 1, 1, 2, 3))]
        given = [self.expr(t, 3) for t in types]
        names = [self.name(LETTER[t]) for t in types]
        if self.chance(0.15):
            more = self.r.randint(1, 3)
            names += [self.name('a') for _ in range(more)]
            types += ['any'] * more
            given.append(self.pick(
                e('...') if self.frame.vararg else self.expr('any', 1),
                e('table.unpack({', commas([self.scalar(1) for _ in range(
                    self.r.randrange(4))]), '})'),
                e('pcall(V, ', self.scalar(1), ')')))
        # A name that hides another one of the same type.
        for n, t in enumerate(types):
            old = self.variable(t, True)
            if old and self.chance(0.08) and old.name not in names:
                names[n] = old.name
        out = s('local ', ', '.join(names), ' = ', self.lines(given))
        for name, t in zip(names, types):
            self.declare(Var(name, t))
        return out

    def constant(self):
        t = self.r.choice(values.SCALARS)
        value = self.literal(t)
        if t in ('int', 'str') and self.chance(0.4):
            # No logic and no powers: PUC folds these, with other names of
            # values in messages as all that shows.
            value = e(self.leaf(t), ' + ' if t == 'int' else ' .. ',
                      self.leaf(t))
        name = self.name('k' + LETTER[t])
        out = s('local ', name, ' <const> = ', value)
        self.declare(Var(name, t, True))
        return out

    def target(self):
        """(text, type) of what can be assigned to."""
        n = self.r.randrange(10)
        if n < 6:
            var = self.variable(self.r.choice(TYPES), True)
            if var:
                return [var.name], var.type
        rec = self.variable('rec')
        if n == 6 and rec:
            return [rec.name, '.', self.r.choice(values.FIELDS)], 'any'
        if n == 7 and rec:
            return [rec.name, '[', e(self.r.choice(values.KEYS)), ']'], 'any'
        seq = self.variable('seq')
        if n == 8 and seq:
            return [seq.name, self.pick('[1]', '[#' + seq.name + ' + 1]')], \
                self.r.choice(values.SCALARS)
        return [self.r.choice(values.GLOBALS)], 'any'

    def assign(self):
        n = self.r.random()
        if n < 0.2:
            return self.swap()
        if n < 0.3:
            return self.grow()
        targets = [self.target() for _ in range(self.pick(1, 1, 1, 2, 3))]
        out = []
        for n, (parts, _) in enumerate(targets):
            out += ([', '] if n else []) + parts
        # A list may hold no nil: two stores to it could leave one out.
        if len(targets) > 1 and any('[#' in p for parts, _ in targets
                                    for p in parts if isinstance(p, str)):
            out, targets = targets[0][0], targets[:1]
        given = [self.expr(t, 3) for _, t in targets]
        return s(*out, ' = ', self.lines(given))

    def swap(self):
        t = self.pick('int', 'str', 'any', 'flt', 'bool')
        a, b = self.variable(t, True), self.variable(t, True)
        if not a or not b:
            return self.show()
        rec = self.variable('rec')
        if rec and t == 'any' and self.chance(0.5):
            return s(a.name, ', ', rec.name, '.x, ', b.name, ' = ', rec.name,
                     '.x, ', b.name, ', ', a.name)
        index = self.variable('int', True)
        if rec and index and self.chance(0.4):
            return s(rec.name, '[', index.name, ' & 1 | 1000], ', index.name,
                     ' = ', commas([self.scalar(1), self.expr('int', 1)]))
        return s(a.name, ', ', b.name, ' = ', b.name, ', ', a.name)

    def grow(self):
        """A variable of its old value, as sums and texts are made."""
        t = self.pick('int', 'str', 'flt')
        var = self.variable(t, True)
        if not var:
            return self.show()
        if t == 'str':
            return s(var.name, ' = L(', e(var.name, ' .. ', self.expr(
                self.pick('str', 'int'), 1)), ')')
        return s(var.name, ' = ', e(var.name, self.pick(' + ', ' - ', ' * '),
                                    self.expr(t, 1)))

    def call_statement(self):
        found = [v for v in self.variables('fun') if v.info and
                 (v.info.quiet or not self.floor)]
        if not found:
            return self.show()
        call = self.call(self.r.choice(found[-6:]), 2)
        if self.chance(0.4):
            return s(call)
        if self.chance(0.4):
            return s('P(', call, ')')
        names = [self.name('a') for _ in range(self.pick(1, 2, 3))]
        out = s('local ', ', '.join(names), ' = ', call)
        for name in names:
            self.declare(Var(name, 'any'))
        return out

    def caught(self):
        """An error's message."""
        old, self.wild = self.wild, 0.35
        n = self.r.randrange(5)
        if n < 3:
            value = self.plain(self.expr, self.r.choice(TYPES), 3)
            out = s('P(pcall(function() return ', value, ' end))')
        elif n == 3:
            out = s('P(pcall(function()\n', self.plain(self.assign),
                    '\nend))')
        else:
            out = s('P(xpcall(function() error(', self.plain(self.scalar, 1),
                    self.pick('', ', 0', ', 1', ', 2'),
                    ') end, function(e) return "H", e end))')
        self.wild = old
        return out

    def protected(self):
        """Statements where something may go wrong."""
        old, self.wild = self.wild, self.pick(0.0, 0.02, 0.05)
        params = self.params(self.r.randrange(3))
        given = [self.expr(p.type, 1) for p in params]
        body = self.function(params, self.chance(0.2), ['any'], 5)
        self.wild = old
        return s('P(pcall(', commas([e('function', *body), *given]), '))')

    # ---- Control ----

    def do(self):
        return s('do\n', self.block(3), 'end')

    def branch(self):
        out = ['if ', self.condition(3), ' then\n', self.block(3)]
        for _ in range(self.pick(0, 0, 1, 2)):
            out += ['elseif ', self.condition(2), ' then\n', self.block(2)]
        if self.chance(0.5):
            out += ['else\n', self.block(2)]
        return s(*out, 'end')

    def loop_body(self, most=4, breaks=True):
        """With a label at its end that a goto may continue at."""
        label = self.name('c') if self.chance(0.3) else None
        old, self.frame.loops = self.frame.loops, int(breaks)
        skip = None
        if label:
            skip = s('if ', self.condition(2), ' then goto ', label, ' end')
        body = self.block(most)
        if skip:
            body.parts.insert(self.r.randrange(len(body.parts)), skip)
        self.frame.loops = old
        return ['T()\n', body] + ([f'::{label}::\n'] if label else [])

    def leave(self):
        return s('if ', self.condition(2), ' then break end')

    def early_return(self):
        return s('if ', self.condition(2), ' then return ',
                 self.result_list(), ' end')

    def numeric_for(self):
        var = Var(self.name('i'), 'int')
        bounds = self.pick(
            '1, 3', '3, 1, -1', '1, 0', '-2, 2, 2', '10, 1, -4', '1, 1',
            'math.maxinteger - 1, math.maxinteger', '1, 2.9',
            'math.mininteger, math.mininteger + 2, 2', '1, 3, 2', '-1, 1',
            '3, -math.huge, -20', 'math.mininteger + 1, math.mininteger, -1',
            '1, math.huge, 1 << 62', '0, 7, 3', '0, -7, -3', '1, -1 >> 1, '
            'math.maxinteger', '5, 1', '1, 2')
        if self.chance(0.2):
            var.type = 'flt'
            var.name = self.name('f')
            bounds = self.pick('0.0, 1, 0.5', '1.0, 3', '1, 2, 0.25',
                               '3, 1.0, -0.75', '0.1, 0.35, 0.1', '1, 0, 1.0')
        elif self.chance(0.3):
            bounds = e(self.pick('1', '0', '-1'), ', R(', self.expr('int', 2),
                       ')', self.pick('', ', 2', ', 1'))
        if self.wild and self.chance(0.2):
            bounds = e(self.wrong(1), ', ', self.wrong(1),
                       self.pick('', ', 0', ', "1"'))
        self.scopes.append([var])
        self.frame.locals += 4
        body = self.loop_body()
        self.frame.locals -= 4
        self.scopes.pop()
        return s('for ', var.name, ' = ', bounds, ' do ', *body, 'end')

    def counter(self):
        return self.name('n')

    def while_(self):
        n = self.counter()
        most = self.r.randint(1, 4)
        self.frame.locals += 1
        head = e(n, ' > 0', ' and ' if self.chance(0.4) else ' or false and ',
                 self.condition(2))
        body = self.loop_body()
        self.frame.locals -= 1
        return s(f'do local {n} = {most}\nwhile ', head, f' do {n} = {n} - 1 ',
                 *body, 'end end')

    def repeat(self):
        n = self.counter()
        most = self.r.randint(1, 4)
        self.frame.locals += 1
        self.scopes.append([])
        before = self.frame.locals
        old, self.frame.loops = self.frame.loops, 1
        inside = [self.local() if self.chance(0.6) else self.statement()
                  for _ in range(self.r.randint(1, 3))]
        if self.chance(0.3):
            inside.append(self.closure_of_near())
        self.frame.loops = old
        test = self.condition(2)
        self.frame.locals = before - 1
        self.scopes.pop()
        return s(f'do local {n} = {most}\nrepeat {n} = {n} - 1 T()\n',
                 Node('b', *inside), f'until {n} <= 0 or ', test, ' end')

    def generic_for(self):
        k, v = Var(self.name('i'), 'int'), Var(self.name('a'), 'any')
        n = self.r.randrange(6)
        closed = False
        if n < 2:
            head = [f'{k.name}, {v.name} in ipairs(', self.expr('seq', 1), ')']
        elif n == 2:
            head = [f'{k.name}, {v.name} in next, {{', commas(
                [self.scalar(1) for _ in range(self.pick(0, 1, 3))]), '}']
        elif n == 3:
            v.type = 'str'
            head = [f'{v.name} in (', self.expr('str', 1), '):gmatch("%w")']
            k = None
        elif n == 4:
            head = [f'{k.name}, {v.name} in function(s, c) if c < s then '
                    'return c + 1, ', self.plain(self.scalar, 1), ' end end, ',
                    self.pick('3', '2', '0'), ', 0']
            closed = self.chance(0.4)
            if closed:
                head += [', closer(', e('"for"'), self.pick(
                    '', '', ', "E"' if self.wild else ''), ')']
        else:
            k = None
            head = [f'{v.name} in (function() local n = 3 return function() '
                    'n = n - 1 if n > 0 then return n end end end)()']
        self.scopes.append([x for x in (k, v) if x])
        self.frame.locals += 6
        # 5.4.4 closes too late where a break and a captured variable meet.
        body = self.loop_body(4, not closed)
        self.frame.locals -= 6
        self.scopes.pop()
        return s('for ', *head, ' do ', *body, 'end')

    def goto_loop(self):
        n, label, out = self.counter(), self.name('t'), self.name('u')
        self.frame.locals += 1
        old, self.frame.loops = self.frame.loops, 0
        body = self.block(4)
        self.frame.loops = old
        self.frame.locals -= 1
        leave = s('if ', self.condition(2), f' then goto {out} end')
        body.parts.insert(self.r.randrange(len(body.parts) + 1), leave)
        return s(f'do local {n} = {self.r.randint(1, 3)}\n::{label}:: T()\ndo\n',
                 body, f'end\n{n} = {n} - 1\nif {n} > 0 then goto {label} end\n'
                 f'::{out}:: end')
