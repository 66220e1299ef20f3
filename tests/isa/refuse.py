# SPDX-License-Identifier: MIT
# tool: images that the verifier must refuse, one for each rule of each
# instruction, made from the table. `refuse.py FOLDER` writes them as files.
#
# Each instruction gets a function in which it is right; then one thing is
# changed so that one of the rules that its line of the table lists is broken.
# Operands are written by number, heights are all stated: the assembler adds
# nothing.
#
#   r0 .. r5 parameters, so the height is 6; r6 .. r31 free. Where cells are
#   wanted c0 and c1 are registers 6 and 7 and the height is 8.
#   2 upvalues; constants 1 and "key"; children: plain, one that captures a
#   register that is no cell, one that captures an upvalue that is not there;
#   imports: a device's, a builtin
import copy
import os
import re
import sys

import cases as conformance

GEN = os.environ.get('ROVE_GEN', 'build/gen')
PARAMS, REGS, OPEN = 6, 32, 255
SLOT = 1  # first control slot of loops

HEAD = '''\
.import device "console" "write" (str) int? as write
.import builtin "math.abs" 1 as abs
'''
TAIL = '''\
.func plain
  ret0
.end
.func wants_cell
  .upvalue @0
  ret0
.end
.func wants_upvalue
  .upvalue u2
  ret0
.end
'''


class Op:
    """A line of build/gen/isa-table.tsv."""

    def __init__(self, line):
        (self.name, number, self.form, words, operands, effects, flags, _,
         rules, _) = line.rstrip('\n').split('\t')
        self.number = int(number, 16)
        self.words = int(words)
        self.operands = [tuple(o.split(':')) for o in operands.split(',')
                         if o]  # (field, kind)
        self.effects = effects.split()
        self.flags = flags.split(',')
        self.rules = rules.split(',')

    def kinds(self):
        return [kind for _, kind in self.operands]

    def effect(self, name):
        """Arguments of that effect as text, or None."""
        for e in self.effects:
            if e == name:
                return []
            if e.startswith(name + '('):
                return e[len(name) + 1:-1].split(',')
        return None


def table():
    with open(os.path.join(GEN, 'isa-table.tsv'), encoding='utf-8') as f:
        return [Op(line) for line in f]


class Insn:
    def __init__(self, op, values):
        self.op = op
        self.values = list(values)
        self.raw = None  # words instead

    def text(self):
        if self.raw:
            return '  .raw ' + ', '.join(f'0x{w:08x}' for w in self.raw)
        return f'  {self.op.name} ' + ', '.join(f'@{v}' for v in self.values)

    def words(self):
        """The encoding, by the format."""
        first, second = self.op.number, 0x01
        for (field, _), v in zip(self.op.operands, self.values):
            if field == 'J' and self.op.words == 1:
                first |= (v & 0xffffff) << 8
            elif field in 'EJ':
                second |= (v & 0xffffff) << 8
            else:
                bits = 0xffff if field in 'DS' else 0xff
                first |= (v & bits) << {'A': 8, 'B': 16, 'C': 24, 'D': 16,
                                        'S': 16}[field]
        return [first, second][:self.op.words]

    def get(self, field):
        return self.values[[f for f, _ in self.op.operands].index(field)]

    def set(self, field, v):
        self.values[[f for f, _ in self.op.operands].index(field)] = v

    def set_kind(self, kind, v):
        self.values[self.op.kinds().index(kind)] = v


class Function:
    """The function around an instruction."""

    def __init__(self, op, ops):
        self.op = op
        self.ops = ops
        self.cells = 2 if {'cw', 'cr'} & set(op.kinds()) else 0
        self.height = PARAMS + self.cells
        self.regs = REGS
        self.vararg = 'vararg' in op.effects or 'open-in' in op.flags
        self.keys = []
        self.before, self.behind = [], []
        self.labels = []  # (where, index in it, registers)
        self.marks = 0    # to-be-closed, at all heights
        self.insn = Insn(op, [self.harmless(f, k) for f, k in op.operands])
        self.surround()

    def make(self, name, *values):
        return Insn(self.ops[name], values)

    def harmless(self, field, kind):
        if kind == 'n' and self.op.effect('close') is not None:
            return 0
        if kind in ('ca', 'cx', 'cn'):
            if kind == 'cx':
                self.keys = [0] * 256
                self.before = [self.make('newtable', 0, 0, 0, i)
                               for i in range(256)]
            self.keys.append(0 if kind == 'cn' else 1)
            return len(self.keys) - 1
        return {'wr': self.height, 'cw': PARAMS, 'cr': PARAMS, 'win': SLOT,
                'n': 1, 'no': 1, 'ks': 1, 'ib': 1}.get(kind, 0)

    def surround(self):
        op = self.op
        if {'loop-open', 'loop-close'} & set(op.effects):
            self.numeric_loop()
        elif {'gloop-open', 'gloop-call', 'gloop-close'} & set(op.effects):
            self.generic_loop()
        elif 'jb' in op.kinds():
            self.before = [self.make('move', 0, 0)]
            self.labels = [('before', 0, self.height)]
            self.insn.set_kind('jb', -1 - op.words)
        elif 'jf' in op.kinds():
            self.behind = [self.make('ret0')]
            if 'end' not in op.flags:
                self.insn.set_kind('jf', 1)
                self.behind.append(self.make('ret0'))
            self.labels = [('behind', len(self.behind) - 1, self.height)]
        elif 'open-in' in op.flags:
            first, n = op.effect('open-in')
            self.before = [self.make('varargm', SLOT + int(n))]
        if 'cr' in op.kinds():
            self.before.append(self.make('newcell', PARAMS, 0))
        if 'open-out' in op.flags:
            self.behind = [self.make('retm', SLOT)]
        elif op.effect('tbc') is not None:
            self.behind = [self.make('retc', 0, 0)]
        elif 'end' not in op.flags and not self.behind:
            self.behind = [self.make('ret0')]

    def numeric_loop(self):
        prep, loop = self.make('forprep', SLOT, 3), self.make('forloop', SLOT,
                                                              -3)
        body = self.make('move', SLOT + 3, SLOT + 3)
        end = self.make('ret0')
        self.place([prep, body, loop, end],
                   {1: self.height, 3: self.height})

    def generic_loop(self):
        prep = self.make('gforprep', SLOT, 1)
        body = self.make('move', SLOT + 4, SLOT + 4)
        call, loop = self.make('gforcall', SLOT, 1), self.make('gforloop',
                                                               SLOT, -4)
        self.place([prep, body, call, loop, self.make('ret0')],
                   {1: SLOT + 5, 2: SLOT + 4})

    def place(self, insns, heights):
        """The instruction is one of these."""
        at = [i.op.name for i in insns].index(self.op.name)
        self.insn = insns[at]
        self.before, self.behind = insns[:at], insns[at + 1:]
        self.labels = [('before', i, h) if i < at else
                       ('behind', i - at - 1, h) if i > at else
                       ('insn', 0, h) for i, h in heights.items()]

    def body(self):
        """The loop's instruction that is its body."""
        return next(i for i in self.before + self.behind
                    if i.op.name == 'move')

    def text(self):
        parts = {'before': self.before, 'insn': [self.insn],
                 'behind': self.behind}
        starts, pc = {}, 0
        lines = []
        for name, insns in parts.items():
            for i, insn in enumerate(insns):
                starts[name, i] = pc
                pc += len(insn.raw) if insn.raw else insn.op.words
                lines.append(insn.text())
        heights = sorted((starts[where, i], regs)
                         for where, i, regs in self.labels
                         if (where, i) in starts)
        return '\n'.join(
            [f'.func f params={PARAMS} cells={self.cells} regs={self.regs} '
             'noinfer' + ' vararg' * self.vararg,
             '  .upvalue u0', '  .upvalue u1', '  .const 1', '  .const "key"',
             '  .child plain', '  .child wants_cell', '  .child wants_upvalue']
            + [f'  .cache @{key}' for key in self.keys]
            + [f'  .height {at} {regs} 0 {self.marks}' for at, regs in heights]
            + lines + ['.end', ''])


# -- Breaking one rule --------------------------------------------------------
# Each breaker changes the function it gets, or gives several changed ones.


def field_zero(f):
    named = {field for field, _ in f.op.operands}
    if 'J' in named and f.op.words == 1:
        return None
    free = [i for i, fields in enumerate(('A', 'BDS', 'CDS'))
            if not named & set(fields)]
    found = []
    for i in free:
        g = copy.deepcopy(f)
        g.insn.raw = g.insn.words()
        g.insn.raw[0] |= 1 << (8 * (i + 1))
        found.append(g)
    return found


def extra_word(f):
    f.insn.raw = f.insn.words()
    f.insn.raw[1] ^= 0x02


def fall_off(f):
    f.behind = []
    if f.op.effect('loop-close') is not None:
        f.before = f.before[1:]
        f.labels = [('before', 0, f.height)]


def every(kind, value):
    """All operands of that kind, one after the other."""
    def change(f):
        found = []
        for i, k in enumerate(f.op.kinds()):
            if k == kind:
                g = copy.deepcopy(f)
                g.insn.values[i] = value(f) if callable(value) else value
                found.append(g)
        return found
    return change


def any_of(kinds, value):
    def change(f):
        return [g for kind in kinds for g in every(kind, value)(f)]
    return change


def window(f):
    """Above the height; beyond the frame, where it has a length."""
    found = every('win', f.height + 1)(f)
    ends = [e for e in ('result', 'scratch') if f.op.effect(e)]
    loops = any('loop' in e for e in f.op.effects)
    if ends and not loops and f.op.effect(ends[0])[1] != 'C':
        g = copy.deepcopy(f)
        g.regs = g.height
        g.insn.set_kind('win', g.height)
        if not f.op.effect('reads') and 'open-in' not in f.op.flags:
            if f.op.effect(ends[0])[1].isdigit():
                found.append(g)
    return found


def range_read(f):
    height = f.height
    if 'gloop-call' in f.op.effects:
        height = SLOT + 4
    if 'gloop-close' in f.op.effects:
        height = SLOT + 5
    return every('win', height)(f)


def range_write(f):
    if f.op.effect('writes'):
        return every('n', 200)(f)
    f.regs = f.height
    if f.op.effect('writes-jump') and not f.op.effect('reads'):
        return every('win', f.height)(f)
    for insn in f.before + [f.insn] + f.behind:
        if insn.op.name in ('forprep', 'forloop'):
            insn.set('A', f.height - 3)
    f.body().values = [0, 0]


def open_next(f):
    if f.op.effect('result?'):
        f.insn.set(f.op.effect('result?')[1], OPEN)
    f.behind = [f.make('throw', 0)]


def open_use(f):
    if f.op.effect('open-in?'):
        f.insn.set(f.op.effect('open-in?')[2], OPEN)
    else:
        f.before = []


def tbc_count(f):
    if f.op.effect('close') is not None:
        f.insn.set('B', 1)
    else:
        f.before = [f.make('tbc', 0) for _ in range(250)]


def tbc_open(f):
    f.before.insert(0, f.make('tbc', 0))
    f.marks = 1


def jump_forward(f):
    """To itself."""
    f.insn.set_kind('jf', -f.op.words)
    f.labels = [('insn', 0, f.height)]
    f.behind = f.behind[:1] if 'end' not in f.op.flags else []


def jump_target(f):
    far = 600 if 'jf' in f.op.kinds() else -600
    return any_of(('jf', 'jb'), far)(f)


def cache_order(f):
    found = any_of(('ca', 'cx', 'cn'), len(f.keys))(f)
    if 'cx' in f.op.kinds():
        f.before, f.keys = [], [1]
        f.insn.set_kind('cx', 0)
        found.append(f)
    return found


def const_string(f):
    if 'cache' in f.op.flags:
        f.keys[-1] = 0
        return None
    return every('ks', 0)(f)


def loop_shape(f):
    """Slots that the others of the loop do not know."""
    f.insn.set('A', SLOT + 1 if 'loop-close' in f.op.effects else SLOT - 1)


def loop_slot(f):
    f.body().values[0] = SLOT + 1


def vararg_flag(f):
    f.vararg = False


BREAK = {
    'field-zero': field_zero, 'extra-word': extra_word, 'fall-off': fall_off,
    'reg-write': every('wr', lambda f: f.height + 1),
    'reg-read': every('rd', lambda f: f.height),
    'window': window,
    'cell-new': every('cw', PARAMS + 1),
    'cell-open': any_of(('cr',), PARAMS + 1),
    'upval-range': every('up', 2),
    'const-range': any_of(('k', 'kn', 'ks'), 2),
    'const-number': every('kn', 1), 'const-string': const_string,
    'proto-range': every('pr', 3), 'capture': any_of(('pr',), 1),
    'range-read': range_read, 'range-write': range_write,
    'open-count': every('no', 251), 'open-next': open_next,
    'open-use': open_use, 'count-one': every('n', 0),
    'jump-forward': jump_forward, 'jump-back': every('jb', 0),
    'jump-target': jump_target, 'cache-order': cache_order,
    'import-range': any_of(('im', 'ib', 'ih'), 2),
    'import-builtin': every('ib', 0), 'import-host': every('ih', 1),
    'tbc-count': tbc_count, 'tbc-open': tbc_open,
    'loop-shape': loop_shape, 'loop-slot': loop_slot,
    'vararg-flag': vararg_flag,
}


def case_of(f, title, rule):
    case = conformance.Case(title, 'refuse.py')
    case.covers = [f.op.name]
    case.refuse = rule
    case.lines = (HEAD + f.text() + TAIL).split('\n')
    return case


def broken(op, ops, rule):
    """Functions that break this rule of the instruction."""
    f = Function(op, ops)
    if rule == 'capture':
        more = every('pr', 2)(f)
        return BREAK[rule](f) + more
    found = BREAK[rule](f)
    return [f] if found is None else found


def right():
    """Each instruction where nothing is wrong with it: to be accepted."""
    ops = {op.name: op for op in table()}
    for op in ops.values():
        yield case_of(Function(op, ops), f'{op.name} where it may stand', None)


def cases():
    ops = {op.name: op for op in table()}
    for op in ops.values():
        for rule in op.rules:
            for i, f in enumerate(broken(op, ops, rule)):
                yield case_of(f, f'{op.name} against {rule}'
                              + f' {i + 1}' * (i > 0), rule)


def verify(rove, files):
    """What `rove verify` says about each file that it does not accept."""
    found = {}
    for i in range(0, len(files), 100):
        _, out, err = rove('verify', *files[i:i + 100])
        accepted = set(out.decode().splitlines())
        for file in files[i:i + 100]:
            if f'{file}: ok' not in accepted:
                found[file] = 'nothing is said about it'
        for line in err.decode(errors='replace').splitlines():
            m = re.match(r'(?:rove: )?([^\s:]+):[\d:]* (.*)$', line)
            if m and m.group(1) in found:
                found[m.group(1)] = m.group(2)
    return found


if __name__ == '__main__':
    for n, c in enumerate(list(right()) + list(cases())):
        with open(os.path.join(sys.argv[1], f'{n:04}.rasm'), 'w',
                  encoding='utf-8') as out:
            out.write(f';; case {c.title}\n')
            out.write(f';; refuse {c.refuse}\n' if c.refuse else '')
            out.write(c.text())
