# SPDX-License-Identifier: MIT
# tool: what random programs are made of: literals, names, small helpers.
from chance.tree import Node

INTS = ('0', '1', '2', '3', '-1', '-2', '5', '7', '10', '63', '64', '65',
        '100', '127', '128', '255', '256', '-128', '-129', '32767', '65536',
        '0x7fffffff', '0x80000000', '4294967296', '9007199254740992',
        '9007199254740993', '9223372036854775807', 'math.mininteger',
        '0x8000000000000000', '0xffffffffffffffff', '-9223372036854775807',
        'math.maxinteger')
SMALL = ('0', '1', '2', '3', '4', '5', '-1', '-2', '7', '10')
FLOATS = ('0.0', '-0.0', '1.0', '0.5', '1.5', '-2.5', '3.0', '1e15', '1e16',
          '0x1p53', '0x1p63', '-0x1p63', '1e308', '5e-324', '1/0', '-1/0', '1e100',
          '0x1p-2', '.25', '3.14159', '-1.0', '100.0', '255.0')
STRINGS = ('""', '"a"', '"abc"', '"x y"', '"hello"', '"b,c"', '"%d"',
           '"10"', '"0x10"', '" 7 "', '"1e1"', '"3.5"', '"-2"', '"A-z"',
           '"\\0z"', '"9223372036854775807"', '"9223372036854775808"',
           '"a long string of more than forty characters, really"',
           '"nan"', '"inf"', '"Z"', '[[br]]', "'it\\'s'", '"\\xff"')
NUMERALS = ('"10"', '"0x10"', '" 7 "', '"1e1"', '"3.5"', '"-2"', '"0"', '"1"',
            '"9223372036854775807"', '"9223372036854775808"')
PATTERNS = ('"."', '"%a+"', '"(%w)(%w)"', '"l+"', '"^h"', '"o$"', '"%d*"',
            '"[a-m]"', '"[^a]"', '"()"', '"%s"', '"(.-)l"', '"%f[%w]%w+"',
            '"%b()"', '"x*"', '"%1"', '"[a"', '"%"', '"(("', '"(h)(.)%2*"')
FIELDS = ('x', 'y', 'z', 'w', 'v')
KEYS = ('"x"', '"y"', '1.5', 'true', '-1', '100', '2^53', '"a b"', '0',
        'math.mininteger', '"v"', '1e3', '1000')
GLOBALS = ('g1', 'g2', 'g3', 'g4')
SCALARS = ('int', 'flt', 'str', 'bool')
BINARY = ('add', 'sub', 'mul', 'div', 'mod', 'pow', 'idiv', 'band', 'bor',
          'bxor', 'shl', 'shr', 'concat', 'eq', 'lt', 'le')
SIGN = {'add': '+', 'sub': '-', 'mul': '*', 'div': '/', 'mod': '%', 'pow': '^',
        'idiv': '//', 'band': '&', 'bor': '|', 'bxor': '~', 'shl': '<<',
        'shr': '>>', 'concat': '..', 'eq': '==', 'lt': '<', 'le': '<='}


class Var:
    """A variable in scope."""
    __slots__ = ('name', 'type', 'const', 'info')

    def __init__(self, name, type_, const=False, info=None):
        self.name = name
        self.type = type_
        self.const = const
        self.info = info  # of a function Fun, of an object its events


class Fun:
    """What calls of a function must know."""
    __slots__ = ('params', 'vararg', 'results', 'quiet')

    def __init__(self, params, vararg, results, quiet):
        self.params = params
        self.vararg = vararg
        self.results = results
        self.quiet = quiet


class Frame:
    """The function that is being written."""

    def __init__(self, outer, vararg):
        self.outer = outer
        self.vararg = vararg
        self.results = None
        self.locals = 0
        self.loops = 0
        self.closed = False  # inside the scope of a to-be-closed variable


def e(*parts):
    return Node('e', *parts)


def s(*parts):
    return Node('s', *parts)


def commas(nodes):
    return Node('l', *nodes)


class Base:
    """Chance, names and scopes."""

    def __init__(self, random, size):
        self.r = random
        self.size = size
        self.serial = 0
        self.scopes = [[]]
        self.frame = Frame(None, True)
        self.wild = 0.0
        self.pure = False  # in an event: nothing that could call it again
        self.depth = 0
        self.room = size
        # Where expressions call functions, these change no variables of
        # outer ones: whether `x + f()` sees what f does to x is left open.
        # What a quiet function may change begins in this scope.
        self.floor = 0

    def plain(self, make, *given):
        """What `make` gives, for a function without `...`."""
        self.frame = Frame(self.frame, False)
        self.frame.locals = self.frame.outer.locals
        out = make(*given)
        self.frame = self.frame.outer
        return out

    def lines(self, nodes):
        """Expressions of a statement, sometimes in several lines. Within
        them there are none: 5.4.4 has calls on the line where what is called
        begins, later versions where the arguments do."""
        return commas([e('\n', n) if self.chance(0.08) else n for n in nodes])

    def chance(self, p):
        return self.r.random() < p

    def pick(self, *choices):
        return self.r.choice(choices)

    def name(self, letter):
        self.serial += 1
        return f'{letter}{self.serial}'

    def declare(self, var):
        self.scopes[-1].append(var)
        self.frame.locals += 1
        return var

    def variables(self, type_, writable=False):
        if self.pure and type_ not in SCALARS:
            return []
        floor = self.floor if writable else 0
        return [v for scope in self.scopes[floor:] for v in scope
                if v.type == type_ and not (writable and v.const)]

    def variable(self, type_, writable=False):
        """One of them, rather a near one, or None."""
        found = self.variables(type_, writable)
        if not found:
            return None
        if self.chance(0.6):
            return self.r.choice(found[-4:])
        return self.r.choice(found)

    def literal(self, type_):
        if type_ == 'int':
            return e(self.r.choice(INTS if self.chance(0.3) else SMALL))
        if type_ == 'flt':
            return e('(' + self.r.choice(FLOATS) + ')')
        if type_ == 'str':
            return e(self.r.choice(STRINGS))
        if type_ == 'bool':
            return e(self.pick('true', 'false'))
        return e('nil')
