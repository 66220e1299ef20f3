# SPDX-License-Identifier: MIT
# tool: random expressions of a wanted type; wrong ones too, as often as
# `wild` says.
from chance import values
from chance.values import Base, commas, e


class Expressions(Base):

    def expr(self, type_, d=3):
        """An expression; `d` is how deep it may nest."""
        if self.wild and self.chance(self.wild):
            return self.wrong(d)
        if d <= 0 or self.chance(0.12):
            return self.leaf(type_)
        return getattr(self, 'expr_' + type_)(d - 1)

    def leaf(self, type_):
        var = self.variable(type_)
        if var and self.chance(0.75):
            return e(var.name)
        if type_ in ('seq', 'rec', 'fun', 'obj', 'any'):
            return getattr(self, 'leaf_' + type_)()
        return self.literal(type_)

    def scalar(self, d=2):
        return self.expr(self.r.choice(values.SCALARS), d)

    def group(self, *parts):
        return e('(', *parts, ')')

    # ---- Choices that any type has ----

    def choice(self, type_, d):
        """and, or, calls, parentheses; None for none of these."""
        n = self.r.random()
        if n < 0.10:
            return self.group(self.condition(d), ' and ', self.expr(type_, d),
                              ' or ', self.expr(type_, d))
        if n < 0.14:
            return self.group(self.pick('nil', 'false'), ' or ',
                              self.expr(type_, d))
        if n < 0.18:
            true = self.pick('int', 'str', 'flt')
            return self.group(self.expr(true, 1), ' and ', self.expr(type_, d))
        if n < 0.30 and not self.pure:
            return self.call_of(type_, d)
        if n < 0.34 and not self.pure:
            return e('(function(...) T() return ', self.plain(
                     self.expr, type_, d), ' end)(', commas([self.scalar(1)]), ')')
        return None

    def call_of(self, type_, d):
        found = [v for v in self.variables('fun') if v.info and
                 v.info.quiet and v.info.results and v.info.results[0] == type_]
        if not found:
            return None
        var = self.r.choice(found[-5:])
        return self.group(self.call(var, d))

    def call(self, var, d):
        return e(var.name, '(', self.arguments(var.info, d), ')')

    def arguments(self, fun, d):
        given = [self.expr(t, min(d, 2)) for t in fun.params]
        if self.wild and given and self.chance(0.2):
            given.pop()
        if self.chance(0.15) or fun.vararg:
            given += [self.scalar(1) for _ in range(self.r.randrange(3))]
        if self.frame.vararg and self.chance(0.1):
            given.append(e('...'))
        return commas(given)

    # ---- Numbers ----

    def expr_int(self, d):
        found = self.choice('int', d) if self.chance(0.5) else None
        if found:
            return found
        n = self.r.randrange(13)
        if n < 5:
            return self.group(self.expr('int', d), self.pick(
                ' + ', ' - ', ' * ', ' & ', ' | ', ' ~ '), self.expr('int', d))
        if n == 5:
            return self.group(self.expr('int', d), self.pick(' // ', ' % '),
                              e(self.pick('1', '2', '3', '-1', '-3', '7',
                                          'math.mininteger')))
        if n == 6:
            return self.group(self.expr('int', d), self.pick(' << ', ' >> '),
                              self.expr('int', d))
        if n == 7:
            return e('(', self.pick('- ', '~', '- - ', '~~'),
                     self.expr('int', d), ')')
        if n == 8:
            return e('#', self.group(self.expr(self.pick('str', 'seq'), d)))
        if n == 9:
            return self.group(e(self.r.choice(values.NUMERALS[:3])),
                              self.pick(' + ', ' * ', ' - '),
                              self.expr('int', d))
        if n == 10 and self.frame.vararg:
            return e('select("#", ', commas([self.scalar(1), e('...')]), ')')
        if n == 11:
            return self.group(self.expr('int', d), self.pick(
                ' + ', ' - ', ' * ', ' & ', ' >> ', ' // '),
                e(self.pick('1', '2', '3', '64', '127', '128', '-1', '255')))
        return self.leaf('int')

    def expr_flt(self, d):
        found = self.choice('flt', d) if self.chance(0.5) else None
        if found:
            return found
        n = self.r.randrange(8)
        if n < 2:
            sign = self.pick(' + ', ' - ', ' * ', ' / ', ' % ', ' // ')
            # For PUC -0.0 - 0 is 0.0.
            right = 'flt' if sign == ' - ' else self.pick('flt', 'int')
            return self.group(self.expr('flt', d), sign, self.expr(right, d))
        if n == 2:
            return self.group(self.expr(self.pick('flt', 'int'), d), self.pick(
                ' + ', ' - ', ' * ', ' / ', ' % ', ' // '),
                self.expr('flt', d))
        if n == 3:
            return self.group(self.expr('int', d), ' / ', self.expr('int', d))
        if n == 4:
            return self.group(self.expr('int', d), ' ^ ', e(self.pick(
                '2', '0.5', '-1', '0', '3')))
        if n == 5:
            return e('(- ', self.expr('flt', d), ')')
        if n == 6:
            return self.group(e(self.pick('"1.5"', '"0x.8"', '"1e1"', '"2"')),
                              self.pick(' / ', ' ^ '), self.expr('int', d))
        return self.leaf('flt')

    # ---- Strings, truth ----

    def expr_str(self, d):
        found = self.choice('str', d) if self.chance(0.5) else None
        if found:
            return found
        n = self.r.randrange(8)
        if n < 3:
            return self.concat(d)
        if n == 3:
            return e('tostring(', self.expr(self.pick('int', 'bool', 'str'), d),
                     ')')
        if n == 4:
            return e('(', self.expr('str', d), '):', self.pick(
                'upper', 'lower', 'reverse'), '()')
        if n == 5:
            return e('(', self.expr('str', d), '):sub(', commas(
                [self.expr('int', 1) for _ in range(self.pick(1, 2))]), ')')
        if n == 6:
            return e('type(', self.expr('any', d), ')')
        return self.leaf('str')

    def concat(self, d):
        """Operands that could grow are cut by L."""
        parts = [self.expr(self.pick('str', 'str', 'int'), d)]
        for _ in range(self.pick(1, 1, 2, 3, 6)):
            parts += [' .. ', self.expr(self.pick('str', 'int', 'str'), d)]
        return e('L(', e(*parts), ')')

    def condition(self, d):
        return self.expr('bool', min(d, 2))

    def expr_bool(self, d):
        n = self.r.randrange(12)
        if n < 4:
            t = self.pick('int', 'flt', 'str')
            u = self.pick('int', 'flt') if t != 'str' else 'str'
            return self.group(self.expr(t, d), self.pick(
                ' < ', ' <= ', ' > ', ' >= ', ' == ', ' ~= '), self.expr(u, d))
        if n == 4:
            return self.group(self.expr('any', d), self.pick(' == ', ' ~= '),
                              self.expr(self.pick('any', 'int', 'str'), d))
        if n == 5:
            return self.group('not ', self.expr(self.pick('bool', 'any'), d))
        if n < 8:
            return self.group(self.expr('bool', d), self.pick(' and ', ' or '),
                              self.expr('bool', d))
        if n == 8:
            parts = [self.expr('bool', 1)]
            for _ in range(self.r.randrange(2, 6)):
                parts += [self.pick(' and ', ' or ', ' and not '),
                          self.expr('bool', 1)]
            return e('(', *parts, ')')
        if n == 9:
            return self.group(self.expr(self.pick('int', 'flt'), d), self.pick(
                ' < ', ' <= ', ' > ', ' >= ', ' == ', ' ~= '),
                e(self.pick('0', '1', '2', '-1', '127', '128', '1.0', '0.5',
                            '200', '"a"' if self.wild else '3')))
        if n == 10:
            return self.group(self.expr('any', d), self.pick(' == ', ' ~= '),
                              self.pick('nil', 'true', 'false', '"a"', '1',
                                        '1.5', '1e15', '"10"'))
        return self.leaf('bool')

    # ---- Anything ----

    def leaf_any(self):
        if self.frame.vararg and self.chance(0.2):
            return e('(...)') if self.chance(0.7) else e('...')
        if self.chance(0.2) and not self.pure:
            return e(self.r.choice(values.GLOBALS))
        if self.chance(0.1):
            return e('nil')
        return self.leaf(self.r.choice(values.SCALARS))

    def expr_any(self, d):
        n = self.r.randrange(14)
        if n < 4:
            return self.scalar(d)
        if n == 4:
            return self.group(self.expr('any', d), self.pick(' and ', ' or '),
                              self.expr('any', d))
        if self.pure:
            return self.leaf('any')
        if n == 5:
            return e('(', self.expr('seq', 1), ')[ ', self.expr('int', 1), ']')
        if n == 6:
            return self.field()
        if n == 7:
            return self.expr(self.pick('seq', 'rec', 'fun'), d)
        if n < 10:
            return self.event(d) or self.leaf('any')
        if n == 10:
            var = self.variable('fun')
            if var and var.info and var.info.quiet:
                return self.call(var, d)
        if n == 11 and self.frame.vararg:
            return e('(select(', self.pick('1', '2', '-1', '3'), ', ...))') \
                if self.chance(0.5) else e('(select(', self.pick('1', '2', '3'),
                                           ', ...))')
        if n == 12:
            parts = [self.expr('any', 1)]
            for _ in range(self.r.randrange(2, 7)):
                parts += [self.pick(' and ', ' or '), self.expr('any', 1)]
            return e('(', *parts, ')')
        return self.leaf('any')

    def field(self):
        rec = self.expr('rec', 1)
        if self.chance(0.6):
            return e('(', rec, ').', self.r.choice(values.FIELDS))
        return e('(', rec, ')[', e(self.r.choice(values.KEYS)), ']')

    def event(self, d):
        """An operator on an object that has an event for it."""
        var = self.variable('obj')
        if not var or not var.info:
            return None
        name = self.r.choice(var.info)
        if name in values.SIGN:
            a, b = e(var.name), self.scalar(d)
            if name == 'eq':
                b = e(self.variable('obj').name)
            elif self.chance(0.4):
                a, b = b, a
            if self.chance(0.2) and name != 'eq':
                b = e(self.pick('1', '2', '"s"', '2.5', '128', var.name))
                a = e(var.name)
            return self.group(a, f' {values.SIGN[name]} ', b)
        if name in ('unm', 'bnot', 'len'):
            return self.group({'unm': '- ', 'bnot': '~', 'len': '#'}[name],
                              var.name)
        if name == 'call':
            return e(var.name, '(', commas([self.scalar(1)]), ')')
        if name == 'index':
            if self.chance(0.5):
                return e(var.name, '.', self.r.choice(values.FIELDS))
            # 5.4.4 compiles `upvalue[a < b]` to wrong code.
            return e(var.name, '[ ', self.expr(self.pick(
                'int', 'flt', 'str'), 1), ']')
        if name == 'tostring':
            return e('tostring(', var.name, ')')
        return e(var.name, '.v')

    # ---- Tables, functions ----

    def leaf_seq(self):
        return e('{', commas([self.scalar(0) for _ in range(
            self.pick(0, 1, 2, 3, 5))]), '}')

    def expr_seq(self, d):
        if self.chance(0.6):
            return self.leaf('seq')
        return e('{', commas([self.scalar(d) for _ in range(
            self.pick(1, 2, 3, 4, 9, 60) if self.chance(0.1) else
            self.pick(1, 2, 3))]), '}')

    def leaf_rec(self):
        return e('{', commas(
            [e(self.r.choice(values.FIELDS), ' = ', self.scalar(0))
             for _ in range(self.pick(0, 1, 2))]), '}')

    def expr_rec(self, d):
        if self.chance(0.6):
            return self.leaf('rec')
        items = []
        for _ in range(self.pick(1, 2, 3, 5)):
            n = self.r.randrange(4)
            if n == 0:
                items.append(e('[', e(self.r.choice(values.KEYS)), '] = ',
                               self.expr('any', d)))
            elif n == 1:
                items.append(self.expr('any', d))
            else:
                items.append(e(self.r.choice(values.FIELDS), ' = ',
                               self.expr('any', d)))
        if self.frame.vararg and self.chance(0.15):
            items.append(e('...'))
        return e('{', commas(items), '}')

    def expr_fun(self, d):
        return self.leaf_fun()

    def leaf_fun(self):
        fun = self.r.choice(self.variables('fun') or [None])
        if fun and fun.info and self.chance(0.3):
            return e(fun.name)
        return e('function(', self.pick('', 'a, b', '...'), ') T() return ',
                 commas([self.plain(self.scalar, 1)]), ' end')

    def leaf_obj(self):
        return e('setmetatable({v = ', self.literal('int'),
                 '}, {__add = function(a, b) return V(a) + V(b) end})')

    def expr_obj(self, d):
        return self.leaf('obj')

    # ---- What goes wrong ----

    def operand(self, d):
        """Some variable, field or value, named in different ways."""
        n = self.r.randrange(8)
        t = self.pick('int', 'flt', 'str', 'bool', 'rec', 'seq', 'fun', 'any')
        if n < 4 or self.pure:
            return self.leaf(t)
        if n == 4:
            return e(self.r.choice(values.GLOBALS))
        if n == 5:
            return self.field()
        if n == 6:
            return e('(', self.expr('seq', 1), ')[', self.leaf('int'), ']')
        return self.expr(t, min(d, 1))

    def wrong(self, d):
        n = self.r.randrange(12)
        if n < 4:
            return self.group(self.operand(d), self.pick(
                ' + ', ' - ', ' * ', ' / ', ' // ', ' % ', ' ^ ', ' & ', ' | ',
                ' ~ ', ' << ', ' >> '), self.operand(d))
        if n == 4:
            return self.group(self.operand(d), self.pick(
                ' < ', ' <= ', ' > ', ' >= '), self.operand(d))
        if n == 5:
            other = self.leaf(self.pick('bool', 'rec', 'seq', 'fun', 'int'))
            return self.group(self.leaf(self.pick('int', 'str', 'bool')),
                              ' .. ', other, ' .. ', self.pick('"x"', '1'))
        if n == 6:
            return self.group(self.pick('- ', '~'), self.operand(d))
        if n == 7:
            return e('#', self.leaf(self.pick('int', 'flt', 'bool', 'fun',
                                              'nil')))
        if self.pure:
            return self.group('1 // 0')
        if n == 8:
            return e('(', self.operand(d), ').', self.pick('x', 'y.z', 'q'))
        if n == 9:
            return e('(', self.leaf(self.pick('int', 'rec', 'str', 'bool',
                                              'seq')), ')',
                     self.pick('(1)', '.x(2)', ':up()', '[1]()', '.x.y()'))
        if n == 10:
            var = self.variable('rec') or self.variable('seq')
            if var:
                return e(var.name, self.pick('.nope()', ':nope(1)', '[1].x',
                                             '.q.r', '[g1]()', '["q"]()'))
        return e(self.pick('g1', 'g2', 'nope', 'string.nope'),
                 self.pick('()', '.x', '[1]', ':m()', '.x.y'))
