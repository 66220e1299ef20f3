# SPDX-License-Identifier: MIT
# tool: random calls of library functions, right and wrong ones.
from chance import values
from chance.values import commas, e, s

# name and arguments: i number of a small range, n any integer, f float,
# s string, p pattern, a anything without address, q sequence, t format,
# z a new table (`#` of a sequence with holes is open, so none gets them),
# r replacement, b base, N, F and M numbers never wrong; what stands behind
# `|` may be missing.
CALLS = (
    'string.sub s|ii', 'string.byte s|ii', 'string.rep sj|s', 'string.len s',
    'string.reverse s', 'string.upper s', 'string.find sp|ix',
    'string.match sp|i', 'string.gsub spr|i', 'string.format t|aaa',
    'string.char |ccc', 'table.concat q|sii', 'table.unpack q|ii',
    'table.pack |aaa', 'table.insert qa', 'table.insert qia',
    'table.remove q', 'math.floor f', 'math.ceil f', 'math.max n|fn',
    'math.min n|nfs', 'math.abs n', 'math.fmod NM', 'math.fmod FF',
    'math.tointeger a', 'math.type a', 'math.ult nn', 'math.modf f',
    'math.sqrt f', 'tostring a', 'tonumber a', 'tonumber sb', 'select i|aaa',
    'rawlen q', 'rawequal aa', 'rawget qa', 'next z', 'ipairs z', 'type a',
    'utf8.char |cc', 'utf8.len s|ii', 'utf8.codepoint s|ii',
    'utf8.offset si', 'string.pack ki', 'string.packsize k',
    'setmetatable za', 'assert a|a', 'error a|i',
    'rawset zaa', 'string.lower s', 'math.abs f', 'table.move qiiiz',
    'string.unpack ks|i', 'load s', 'unknown a')
METHODS = ('sub ii', 'byte |ii', 'rep j', 'len ', 'find p|i', 'match p',
           'gsub pr', 'format aa', 'upper ', 'reverse ', 'nope ')
FORMATS = ('"%d"', '"%5.2f"', '"%s|%s"', '"%q"', '"%x"', '"%g"', '"%i %i"',
           '"%c"', '"%-10s|"', '"%5s"', '"%%"', '"%05d"', '"%+d"', '"%3s"',
           '"%e"', '"%a"', '"%10.4f"', '"%y"', '"%"', '"%o"', '"%u"',
           '"%#x"', '"%.20s"', '"% d"')
PACKS = ('"i4"', '"<i8"', '">I2"', '"b"', '"z"', '"s1"', '"<d"', '"i3"',
         '"j"', '"i17"', '"!4 i1 i4"')


class Library:

    def library_argument(self, kind):
        if kind == 'i':
            return e(self.pick('0', '1', '2', '3', '-1', '-2', '4', '2.0'))
        if kind == 'j':
            return e(self.pick('0', '1', '2', '3', '-1'))
        if kind == 'M':
            return e(self.pick('1', '2', '-3', '7', '0'))
        if kind == 'c':
            return e(self.pick('65', '97', '0', '255', '228', '8364', '-1'))
        if kind == 'b':
            return e(self.pick('2', '10', '16', '36', '8', '1', '37'))
        if kind == 'x':
            return e(self.pick('true', 'false'))
        if kind == 'p':
            return e(self.r.choice(values.PATTERNS))
        if kind == 't':
            return e(self.r.choice(FORMATS))
        if kind == 'k':
            return e(self.r.choice(PACKS))
        if kind == 'z':
            return e('{}')
        if kind == 'r':
            return e(self.pick('"<%0>"', '"%1"', '""', '"%2"', '"%"', '{}',
                               'string.upper', '{a = 1, h = "H", l = false}',
                               'function(c) return #c end',
                               'function() return nil end'))
        if kind == 'a':
            return self.scalar(1)
        return self.expr({'n': 'int', 'N': 'int', 'f': 'flt', 'F': 'flt',
                          's': 'str',
                          'q': 'seq'}[kind], 1)

    def library_arguments(self, kinds):
        needed, _, more = kinds.partition('|')
        kinds = needed + more[:self.r.randrange(len(more) + 1)]
        given = [self.library_argument(k) for k in kinds]
        if self.chance(0.15) and given:  # a wrong one, or too few
            at = self.r.randrange(len(given))
            if self.chance(0.3) and kinds[0] not in 'NF':
                given = given[:at]
            elif kinds[at] not in 'NFM':
                given[at] = self.wrong_argument(kinds[at])
        return given

    def wrong_argument(self, kind):
        """No table: its border or address could be seen."""
        if kind == 'n' or kind == 'j':
            return e(self.pick('nil', '"x"', '1.5', '"2"', 'true'))
        return e(self.pick('nil', '"x"', '1.5', 'true', '3', '"2"', 'print'
                           if kind in 'ispq' else '-1'))

    def library_call(self):
        """Caught, so that any arguments will do."""
        name, kinds = self.r.choice(CALLS).split(' ')
        if self.chance(0.4):
            given = self.library_arguments(kinds)
            return s('P(pcall(', commas([e(name), *given]), '))')
        given = self.plain(self.library_arguments, kinds)
        return s('P(pcall(function() return ', name, '(', commas(given),
                 ') end))')

    def library_method(self):
        name, kinds = self.r.choice(METHODS).split(' ')
        given = commas(self.plain(self.library_arguments, kinds))
        text = self.plain(self.expr, 'str', 1)
        return s('P(pcall(function() return (', text, '):',
                 name, '(', given, ') end))')

    def library_value(self):
        """Not caught, so right ones only, stored in a new variable."""
        name = self.name('s')
        made = self.pick(
            ('str', 'table.concat', [self.expr('seq', 0), e('","')]),
            ('int', 'math.max', [self.expr('int', 1), self.expr('int', 1)]),
            ('int', 'string.len', [self.expr('str', 1)]),
            ('str', 'string.rep', [self.expr('str', 0), e('2'), e('"-"')]),
            ('bool', 'math.ult', [self.expr('int', 1), self.expr('int', 1)]),
            ('str', 'string.format', [e('"%d %s"'), self.expr('int', 1),
                                      self.expr('str', 1)]))
        type_, function, given = made
        if function == 'table.concat':
            given[0] = e('{', commas([self.expr(self.pick('int', 'str'), 1)
                                      for _ in range(3)]), '}')
        out = s('local ', name, ' = L(', function, '(', commas(given), '))')
        self.declare(values.Var(name, type_))
        return out

    def library_sort(self):
        """By a comparator that orders all that prints differently."""
        seq = e('{', commas([self.scalar(1) for _ in range(
            self.pick(0, 1, 2, 5, 12))]), '}')
        order = self.pick('F(a) < F(b)', 'F(b) < F(a)')
        name = self.name('q')
        out = s('local ', name, ' = ', seq, ' table.sort(', name,
                ', function(a, b) return ', order, ' end) P(', name, ')')
        self.declare(values.Var(name, 'seq'))
        return out
