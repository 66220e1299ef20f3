# SPDX-License-Identifier: MIT
# tool: lists an image as `rove dis --plain` does. Written from isa-spec/ alone:
# image.md, assembly.md ("The plain listing") and the table opcodes.isa.
import os
import re
import struct
import sys

SPEC = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                    '..', '..', 'isa-spec')
EXTRA = 0x01
IMPORTS = {1: 'device', 2: 'native', 3: 'builtin'}
TYPES = ('void any bool int float str buf table func handle i8 u8 i16 u16 i32 '
         'u32 i64 u64 f32 f64 ptr bytes fn').split()
BYTES, CALLBACK = TYPES.index('bytes'), TYPES.index('fn')
KINDS = dict(enumerate('manifest imports modules strings functions constants '
                       'code debug'.split(), 1))


class BadImage(Exception):
    pass


# -- The instruction table ----------------------------------------------------


class Instruction:
    def __init__(self, name, form, operands):
        self.name = name
        self.form = form
        self.operands = operands  # (field, kind)
        self.words = 2 if '+' in form else 1


def read_table(path):
    """Instructions by opcode."""
    table = {}
    with open(path, encoding='utf-8') as f:
        text = f.read()
    for op in re.finditer(r'^op (0x\w+) (\w+) (\S+)\n  operands (.*)$', text,
                          re.M):
        number, name, form, operands = op.groups()
        pairs = [] if operands == '-' else [
            tuple(o.split(':')) for o in operands.split()]
        table[int(number, 16)] = Instruction(name, form, pairs)
    return table


def signed(value, bits):
    return value - (1 << bits) if value >> (bits - 1) else value


def field_value(insn, name, kind, first, second):
    if name == 'J':
        return signed((first if insn.form == 'J' else second) >> 8, 24)
    if name == 'E':
        return second >> 8
    value = {'A': first >> 8 & 0xff, 'B': first >> 16 & 0xff,
             'C': first >> 24, 'D': first >> 16, 'S': first >> 16}[name]
    if name == 'S':
        return signed(value, 16)
    return signed(value, 8) if kind == 'i8' else value


# -- Bytes --------------------------------------------------------------------


class Bytes:
    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, n):
        if self.at + n > len(self.data):
            raise BadImage('section ends early')
        self.at += n
        return self.data[self.at - n:self.at]

    def u8(self):
        return self.take(1)[0]

    def u32(self):
        return struct.unpack('<I', self.take(4))[0]

    def u64(self):
        return struct.unpack('<Q', self.take(8))[0]

    def var(self):
        value = shift = 0
        while True:
            byte = self.u8()
            value |= (byte & 0x7f) << shift
            shift += 7
            if not byte & 0x80:
                return value

    def zig(self):
        value = self.var()
        return -(value >> 1) - 1 if value & 1 else value >> 1

    def many(self, read):
        return [read() for _ in range(self.var())]

    def end(self):
        if self.at != len(self.data):
            raise BadImage('section goes on')


def read_container(data):
    """Features, and the bytes of each section by kind."""
    if data[:5] != b'\x1bRove' or data[5] != 1:
        raise BadImage('no image of version 1')
    count, length, must, may = struct.unpack_from('<HQII', data, 6)
    if length != len(data):
        raise BadImage('wrong length')
    sections = {}
    for i in range(count):
        kind, _, flags, offset, size, _ = struct.unpack_from(
            '<IHHQQQ', data, 24 + 32 * i)
        if kind in KINDS:
            sections[KINDS[kind]] = Bytes(data[offset:offset + size])
        elif flags & 1:
            raise BadImage(f'unknown section {kind}')
    return must | may << 32, sections


# -- Sections -----------------------------------------------------------------


class Function:
    pass


class Image:
    def __init__(self, data):
        self.features, s = read_container(data)
        b = s['manifest']
        self.name, self.entry = b.var(), b.var()
        self.read_imports(s['imports'])
        b = s['modules']
        self.modules = b.many(lambda: (b.var(), b.var()))
        b = s['strings']
        self.strings = b.many(lambda: b.take(b.var()))
        b = s['functions']
        self.functions = b.many(lambda: self.read_function(b))
        for f in self.functions:
            self.read_constants(s['constants'], f)
            self.read_code(s['code'], f)
            if 'debug' in s:
                self.read_debug(s['debug'], f)
        for b in s.values():
            b.end()

    def read_imports(self, b):
        def item():
            byte = b.u8()
            kind = byte & 0x7f
            extra = b.var() if kind in (BYTES, CALLBACK) else 0
            return kind, byte >> 7, extra

        def signature():
            nargs, nres = b.u8(), b.u8()
            return ([item() for _ in range(nargs)],
                    [item() for _ in range(nres)])

        def an_import():
            kind, alias = b.u8(), b.var()
            module = None if kind == 3 else b.var()
            return kind, alias, module, b.var(), b.var()

        self.signatures = b.many(signature)
        self.imports = b.many(an_import)

    def read_function(self, b):
        f = Function()
        f.name = b.var()
        f.params, f.cells, f.regs, f.flags = b.take(4)
        f.captures = b.many(lambda: (b.u8(), b.u8()))
        f.children = b.many(b.var)
        f.caches = b.many(b.var)
        f.source, f.first, f.last, f.lines = 0, 0, 0, []
        f.locals, f.upnames = [], None
        return f

    def read_constants(self, b, f):
        def constant():
            tag = b.u8()
            return tag, {0: b.zig, 1: b.u64, 8: b.var}[tag]()

        f.constants = b.many(constant)

    def read_code(self, b, f):
        pc = 0
        f.code = b.many(b.u32)
        f.heights = []
        for _ in range(b.var()):
            pc += b.var()
            f.heights.append((pc, *b.take(3)))

    def read_debug(self, b, f):
        pc = line = 0
        f.source, f.first, f.last = b.var(), b.var(), b.var()
        for _ in range(b.var()):
            pc += b.var()
            line += b.zig()
            f.lines.append((pc, line))
        for _ in range(b.var()):
            name, start, length = b.var(), b.var(), b.var()
            register, cell = b.take(2)
            f.locals.append((name, start, start + length, register, cell))
        if b.u8():
            f.upnames = [b.var() for _ in f.captures]


# -- The listing --------------------------------------------------------------


class Listing:
    def __init__(self, image, table):
        self.image = image
        self.table = table
        self.lines = []

    def put(self, *words):
        self.lines.append(' '.join(str(w) for w in words))

    def string(self, i):
        text = ''
        for byte in self.image.strings[i]:
            if 0x20 <= byte <= 0x7e:
                text += '\\' * (byte in b'"\\') + chr(byte)
            else:
                text += f'\\x{byte:02x}'
        return f'"{text}"'

    def optional(self, i):
        return self.string(i - 1) if i else '-'

    def items(self, items):
        def item(kind, nil, extra):
            text = TYPES[kind]
            if kind == BYTES and extra:
                text += f'[{extra}]'
            if kind == CALLBACK:
                text += f'@{extra}'
            return text + '?' * nil

        return '(' + ', '.join(item(*i) for i in items) + ')'

    def list_tables(self):
        im = self.image
        self.put('name', self.optional(im.name))
        self.put('features', f'0x{im.features:016x}')
        self.put('entry', im.entry - 1 if im.entry else '-')
        self.put('strings', len(im.strings))
        for i in range(len(im.strings)):
            self.put('  %d' % i, self.string(i))
        self.put('signatures', len(im.signatures))
        for i, (args, results) in enumerate(im.signatures):
            self.put('  %d' % i, self.items(args), self.items(results))
        self.put('imports', len(im.imports))
        for i, (kind, alias, module, name, last) in enumerate(im.imports):
            middle = [] if module is None else [self.string(module)]
            self.put('  %d' % i, self.string(alias), IMPORTS[kind], *middle,
                     self.string(name), last)
        self.put('modules', len(im.modules))
        for i, (name, function) in enumerate(im.modules):
            self.put('  %d' % i, self.string(name), function)
        self.put('functions', len(im.functions))

    def list_function(self, i, f):
        self.put('function', i, self.string(f.name), 'params', f.params,
                 'cells', f.cells, 'regs', f.regs,
                 'flags', f'0x{f.flags:02x}')
        for k, (cell, index) in enumerate(f.captures):
            name = '-' if f.upnames is None else self.string(f.upnames[k])
            self.put('  capture', k, 'cell' if cell else 'upvalue', index,
                     name)
        for k, child in enumerate(f.children):
            self.put('  child', k, child)
        for k, (tag, value) in enumerate(f.constants):
            text = {0: f'int {value}', 1: f'float 0x{value:016x}'
                    if tag == 1 else '', 8: f'string {value}'}[tag]
            self.put('  const', k, text)
        for k, key in enumerate(f.caches):
            self.put('  cache', k, key)
        for height in f.heights:
            self.put('  height', *height)
        self.put('  source', self.optional(f.source))
        self.put('  lines', f.first, f.last)
        for line in f.lines:
            self.put('  line', *line)
        for name, start, end, register, cell in f.locals:
            self.put('  local', 'cell' if cell else 'reg', register, start,
                     end, self.string(name))
        self.list_code(f)

    def list_code(self, f):
        pc = 0
        self.put('  code', len(f.code))
        while pc < len(f.code):
            pc += self.list_instruction(f.code, pc)

    def list_instruction(self, code, pc):
        first = code[pc]
        second = code[pc + 1] if pc + 1 < len(code) else 0
        insn = self.table.get(first & 0xff)
        if insn and insn.words == 2 and second & 0xff != EXTRA:
            insn = None
        if insn is None:
            self.put('  %05d' % pc, f'{first:08x}', '?')
            return 1
        words = [f'{first:08x}'] + [f'{second:08x}'] * (insn.words - 1)
        operands = []
        for name, kind in insn.operands:
            value = field_value(insn, name, kind, first, second)
            operands.append(f'->{pc + insn.words + value}' if name == 'J'
                            else str(value))
        text = ', '.join(operands)
        self.put('  %05d' % pc, *words, insn.name, *([text] if text else []))
        return insn.words

    def text(self):
        self.list_tables()
        for i, f in enumerate(self.image.functions):
            self.list_function(i, f)
        return '\n'.join(self.lines) + '\n'


def listing(data, table):
    return Listing(Image(data), table).text()


if __name__ == '__main__':
    instructions = read_table(os.path.join(SPEC, 'opcodes.isa'))
    for path in sys.argv[1:]:
        with open(path, 'rb') as file:
            sys.stdout.write(listing(file.read(), instructions))
