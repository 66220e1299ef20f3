# SPDX-License-Identifier: MIT
# Patterns, pack and utf8 against lua5.4: random and chosen calls, made by both
# (strings.rasm, strings.lua); and each call in pieces of fuel, with the same
# course. ROVE_STRINGS=N makes N calls, ROVE_STRINGS_SEED another choice.
# modes: all
import os
import random
import re
import shutil
import struct
import subprocess
import tempfile

import tap

HERE = os.path.dirname(os.path.abspath(__file__))
LUA = shutil.which('lua5.4')
SLOW = tap.MODE in ('stress', 'debug', 'tsan')
COUNT = int(os.environ.get('ROVE_STRINGS') or (600 if SLOW else 20000))
rnd = random.Random(int(os.environ.get('ROVE_STRINGS_SEED') or 1))
SAME = ('fuel', 'guest-bytes', 'collections', 'host-calls')


class Fn:
    def __init__(self, number, letter=b'f'):
        self.bytes = letter + bytes([number])


def encode(v):
    if v is None:
        return b'n'
    if v is True:
        return b'T'
    if v is False:
        return b'F'
    if isinstance(v, Fn):
        return v.bytes
    if isinstance(v, int):
        return b'i' + struct.pack('<q', v)
    if isinstance(v, float):
        return b'd' + struct.pack('<d', v)
    if isinstance(v, dict):
        return b't' + bytes([len(v)]) + b''.join(
            encode(x) for pair in v.items() for x in pair)
    if isinstance(v, str):
        v = v.encode()
    return b's' + struct.pack('<I', len(v)) + v


def call_bytes(call):
    name = call[0].encode()
    return (bytes([len(name)]) + name + bytes([len(call) - 1]) +
            b''.join(encode(v) for v in call[1:]))


# -- Calls --------------------------------------------------------------------

def pick(*choices):
    return rnd.choice(choices)


def some(n, f):
    return b''.join(f() for _ in range(rnd.randrange(n)))


def subject():
    kind = rnd.randrange(8)
    if kind == 0:
        return bytes(rnd.randrange(256) for _ in range(rnd.randrange(12)))
    if kind == 1:
        return some(9, lambda: pick(b'foo', b' = ', b'b1,', b'  ', b'-12.5e3',
                                    b'/*x*/', b'(a(b)c)', b'\n', b'THE end'))
    if kind == 2:
        return pick(b'a', b'ab', b'aab') * rnd.randrange(60)
    return some(14, lambda: pick(b'a', b'b', b'c', b'(', b')', b' ', b'1',
                                 b'%', b'\0'))


def one_set():
    inside = some(4, lambda: pick(
        b'a', b'b-d', b'%a', b'%S', b'%]', b'^', b'-', b'a-', b'0-9', b'%-',
        b'\0-\x20', b'z-a', b'%d-z', b'\x80-\xff'))
    return b'[' + pick(b'', b'', b'^') + pick(b'', b'', b']') + inside + b']'


def item():
    kind = rnd.randrange(24)
    if kind < 8:
        return pick(b'a', b'b', b'c', b' ', b'1', b'\0')
    if kind < 11:
        return b'.'
    if kind < 15:
        return b'%' + bytes([pick(*b'acdglpsuwxzACDGLPSUWXZ%.(-]hyq')])
    if kind < 18:
        return one_set()
    if kind == 18:
        return pick(b'%b()', b'%bab', b'%baa', b'%f[%w]', b'%f[^a]', b'%f[a]')
    if kind == 19:
        return b'%' + bytes([pick(*b'1123')])
    return pick(b'a', b'.', b'%a')


def broken():
    return pick(b'%', b'[', b'[a', b'[^', b'[]', b'[%', b'[a-', b'%b', b'%bx',
                b'%f', b'%fa', b'(', b')', b'()', b'%0', b'%9', b'^', b'$',
                b'*', b'+', b'-', b'?', b'(((', b'())')


def pattern(depth=2):
    out = pick(b'', b'', b'', b'^') if depth == 2 else b''
    for _ in range(rnd.randrange(1, 5)):
        kind = rnd.randrange(14)
        if kind == 0 and depth:
            out += b'(' + pattern(depth - 1) + b')'
        elif kind == 1:
            out += b'()'
        elif kind == 2 and rnd.random() < 0.3:
            out += broken()
        else:
            out += item() + pick(b'', b'', b'', b'*', b'+', b'-', b'?')
    return out + (pick(b'', b'', b'', b'$') if depth == 2 else b'')


def position():
    return pick(None, None, None, 0, 1, 2, 3, 5, -1, -2, -7, 30,
                2 ** 63 - 1, -2 ** 63)


def replacement():
    kind = rnd.randrange(12)
    if kind < 5:
        return some(5, lambda: pick(b'x', b'<%0>', b'%1', b'%2', b'%%', b'-',
                                    b'%1%1', b'yy' * 30))
    if kind == 5:
        return pick(b'%', b'%a', b'a%', b'%9', 12, 1.5, -3)
    if kind < 9:
        return Fn(pick(0, 1, 2, 3, 4, 5, 6, 8))
    if kind == 9:
        return Fn(pick(0, 1, 2, 3, 4, 5, 7, 7), b'x')
    return {b'a': b'AA', b'b': 7, b'c': False, b'ab': 2.5, 1: b'one',
            2: {}, b' ': True}


def pattern_call():
    name = pick('find', 'match', 'gsub', 'gsub', 'gmatch')
    s, p = subject(), pattern()
    if rnd.random() < 0.05:
        p = bytes(pick(*b'ab%[]^-$()*+.?') for _ in range(rnd.randrange(7)))
    if name == 'gsub':
        return (name, s, p, replacement()) + pick(
            (), (), (None,), (1,), (2,), (0,), (-1,))
    if name == 'find':
        return (name, s, p, position(), pick(None, None, None, False, True))
    return (name, s, p, position())


def pack_option():
    letter = pick(*'bBhHlLjJTiIiIfdnsczxX')
    if letter in 'iIs':
        letter += pick('', '', '1', '2', '3', '4', '5', '7', '8', '9', '16',
                       '17', '0') if letter != 's' else pick('', '1', '2', '8')
    if letter == 'c':
        letter += pick('0', '1', '3', '10', '')
    if letter == 'X':
        letter += pick('i4', 'd', 'h', '', 'c3', 'z', 's2', 'i3', 'b', '<')
    return letter


def pack_format():
    return ''.join(
        pick('', '', '', '<', '>', '=', '!', '!4', '!2', '!1', '!16', ' ',
             '!3') + pack_option() for _ in range(rnd.randrange(1, 6)))


def pack_value(letter):
    if letter in 'sczXx':
        return pick(b'', b'a', b'abc', b'0123456789', b'a\0b', 12, b'x' * 300,
                    None)
    if letter in 'fdn':
        return pick(0.0, -0.0, 1.5, 1e300, -1e-300, 2 ** 53 + 1, float('inf'),
                    float('-inf'), '12', 'x', 3.4e38, 1e39)
    return pick(0, 1, -1, 127, 128, -128, -129, 255, 256, 65535, -32768,
                2 ** 31, 2 ** 32 - 1, 2 ** 63 - 1, -2 ** 63, '7', 3.0, 3.5,
                None, rnd.getrandbits(63), -rnd.getrandbits(40))


def pack_call():
    name = pick('pack', 'pack', 'packsize', 'unpack', 'unpack')
    fmt = pack_format()
    if name == 'packsize':
        return name, fmt
    if name == 'pack':
        letters = [x for x in fmt if x.isalpha() and x not in 'xX']
        return (name, fmt) + tuple(pack_value(x) for x in letters)
    kind = rnd.randrange(4)
    data = bytes(pick(0, 0, 1, 255, 255, 65, rnd.randrange(256))
                 for _ in range(pick(4, 8, 16, 24, 40, 64)))
    if kind == 0:
        data = pick(b'\0', b'\xff') * 70
    return (name, fmt, data) + pick((), (), (1,), (3,), (-4,), (65,), (99,))


def utf8_text():
    return some(6, lambda: pick(
        b'a', b'z', '\u00e9'.encode(), '\u20ac'.encode(),
        '\U0001f600'.encode(), b'\xed\xa0\x80', b'\xf4\x90\x80\x80',
        b'\xfc\x84\x80\x80\x80\x80', b'\xfd\xbf\xbf\xbf\xbf\xbf',
        b'\xff', b'\xfe\x80', b'\xc0\x80', b'\xe0\x80\x80', b'\xc3', b'\x80'
    ) if rnd.random() < 0.4 else pick(
        b'a', b'bc', '\u00e9'.encode(), '\u20ac\u20ac'.encode(),
        '\U0001f600'.encode(), '\uffff'.encode(), '\x7f\u0080'.encode(),
        '\u07ff\u0800'.encode()))


def utf8_call():
    name = pick('char', 'codepoint', 'len', 'offset', 'codes')
    if name == 'char':
        return (name,) + tuple(
            pick(0, 65, 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x1fffff,
                 0x200000, 0x3ffffff, 0x4000000, 0x7fffffff, rnd.getrandbits(31))
            if rnd.random() < 0.9 else pick(-1, 2 ** 31, '65', 1.5, None)
            for _ in range(rnd.randrange(6)))
    text = utf8_text()
    lax = pick(None, False, True)
    if name == 'codes':
        return name, text, lax
    if name == 'offset':
        return (name, text, pick(0, 1, 2, 3, -1, -2, -3, 7)) + pick(
            (), (), (position(),))
    return name, text, position(), position(), lax


def chosen():
    """Calls that chance would hardly make."""
    a = b'a' * 2000
    deep = '()' * 31
    yield 'find', a, '.-b'
    yield 'find', a[:300], '.-.-b'
    yield 'match', a, '^a*.?$'
    yield 'match', a, '^a-.?$'
    yield 'find', a[:100], '.-.-.-b$'
    yield 'match', a[:120], 'a*a*a*a*b'
    yield 'match', a, '(a*)(a-)%1$'
    yield 'find', a + b'[' + a + b']', '%b[]'
    yield 'find', b'[' * 3000 + b']' * 3000, '%b[]'
    yield 'find', b'[' * 300 + b']' * 299, '^%b[]'
    yield 'gsub', a + b' ' + a, '%a+', b'%0%0'
    yield 'gsub', a, 'a', b'b' * 50
    yield 'gsub', a, '', b'-'
    yield 'gsub', a, 'a', Fn(0)
    yield 'gsub', a[:300], '.', Fn(8)
    yield 'gsub', a, '[^b]', {b'a': b'x'}
    yield 'gmatch', a, '()a?'
    yield 'find', '', '()' * 32
    yield 'find', '', '()' * 33
    yield 'find', 'x', deep + '(x)'
    yield 'find', 'aa', '(.)' + deep + '%1'
    for n in (80, 198, 199, 200, 201, 3000):
        yield 'match', a, '.?' * n
        yield 'find', '', 'b?' * n
        yield 'match', a, '.-' * n + 'a'
        yield 'match', a, '.*' * n
    yield 'match', a, '(' * 20 + '.?' * 160 + ')' * 20
    yield 'match', a, '(' * 20 + '.?' * 159 + ')' * 20
    yield 'match', a, '(' * 20 + '.?' * 158 + ')' * 20
    yield 'find', b'\0' * 20 + b'x', '[\0]+x'
    yield 'find', 'a', ''
    yield 'find', 'a', '', 3
    yield 'find', 'a-b', '-', 1, True
    yield 'find', a + b'.', '.', 1, True
    yield 'gsub', 'abc', '%w', '%1%0', 2
    yield 'gsub', 'abc', 'b', None
    yield 'gsub', 'abc', 'b', True
    yield 'gsub', 'abc'
    yield 'gsub', 'abc', 'b', 'c', 'x'
    yield 'gsub', {}, 'b', 'c'
    yield 'gsub', 12345, 3, 4
    yield 'find', 'abc', None
    yield 'find',
    yield 'match', 'abc', 'b', {}
    yield 'gmatch', 'abc'
    yield 'match', '  key = value  ', '^%s*(%S+)%s*=%s*(.-)%s*$'
    yield 'gsub', 'hello big world', '(%w+) (%w+)', '%2 %1'
    yield 'packsize', 'c2147483639'
    yield 'packsize', 'c2147483639c100'
    yield 'packsize', 'c2147483640'
    yield 'pack', 'c99999999999', 'x'
    yield 'pack', 'i8 \0 y', 1
    yield 'pack', 's1', 'x' * 255
    yield 'pack', 's1', 'x' * 256
    yield 'pack', 'y'
    yield 'pack',
    yield 'unpack', 'i16', b'\xff' * 15 + b'\x7f'
    yield 'len', '\u20ac' * 1000
    yield 'codepoint', 'x' * 300, 1, -1
    yield 'offset', '\u20ac' * 1000, -999
    yield 'codes', '\u20ac' * 300


def calls():
    out = list(chosen())
    makers = [pattern_call] * 5 + [pack_call, utf8_call]
    while len(out) < COUNT:
        out.append(rnd.choice(makers)())
    return out


# -- Comparing ----------------------------------------------------------------

def normal(output):
    """One line for each call; what lua5.4 has in front of messages goes."""
    text = output.replace(b'\\\n', b'\\n')
    text = re.sub(rb"(?m)^(false\t\")[^\"\n]*?:\d+: ", rb'\1', text)
    # Which name a function has is another matter.
    text = re.sub(rb"to '[^'\n]*'", b"to '?'", text)
    return text.splitlines()


def run_rove(image, data, *flags):
    """From a file: how much a read of a pipe gives is a matter of chance."""
    with open(data, 'rb') as f:
        r = subprocess.run([*tap.ROVE, 'run', '--stats', *flags, image],
                           stdin=f, capture_output=True, check=False)
    err = r.stderr.decode(errors='replace')
    if r.returncode:
        tap.diag(err)
    return r.returncode, r.stdout, [
        x for x in err.splitlines() if x.split(' ')[0] in SAME]


def main():
    if not LUA:
        tap.skip_all('missing: lua5.4')
    todo = calls()
    data = b''.join(call_bytes(c) for c in todo)
    with tempfile.TemporaryDirectory() as folder:
        image = os.path.join(folder, 'strings.rove')
        code, _, err = tap.rove('asm', os.path.join(HERE, 'strings.rasm'),
                                '-o', image)
        if not tap.ok(code == 0, 'the program assembles'):
            tap.diag(err.decode())
        lua = subprocess.run([LUA, os.path.join(HERE, 'strings.lua')],
                             input=data, capture_output=True, check=False)
        tap.equal(lua.returncode, 0, 'lua5.4 made all calls')
        calls_file = os.path.join(folder, 'calls')
        with open(calls_file, 'wb') as f:
            f.write(data)
        whole = run_rove(image, calls_file)
        tap.equal(whole[0], 0, 'rove made all calls')
        want, got = normal(lua.stdout), normal(whole[1])
        tap.equal(len(want), len(todo), 'as many answers as calls')
        bad = [i for i in range(len(todo))
               if i >= len(got) or i >= len(want) or got[i] != want[i]]
        tap.equal(len(bad), 0, f'{len(todo)} calls give what lua5.4 gives')
        for i in bad[:20]:
            tap.diag(f'{todo[i]!r}')
            tap.diag(f'  got  {got[i]!r}' if i < len(got) else '  got nothing')
            tap.diag(f'  want {want[i]!r}')
        for pieces in ('1', '37') if not SLOW else ('37',):
            again = run_rove(image, calls_file, '--pieces', pieces)
            tap.ok(again == whole, f'the same course in pieces of {pieces}')
            if again != whole:
                tap.diag(f'{again[0]} {again[2]} against {whole[2]}')
        bomb(image, calls_file)
    tap.done()


def bomb(image, path):
    """Backtracking without end stops at its limits, as a call and in gsub."""
    text = b'a' * 10000
    for call in (('find', text, '.-.-.-.-b$'), ('match', text, 'a*a*a*a*b'),
                 ('gsub', b'x' + text, '(x?)(.-)(.-)(.-)b$', Fn(0))):
        with open(path, 'wb') as f:
            f.write(call_bytes(call))
        for flags, want in ((('--fuel', '300000'), 120),
                            (('--timeout', '0.3'), 124)):
            code = run_rove(image, path, *flags)[0]
            tap.equal(code, want, f'{call[0]} {call[2]} {" ".join(flags)}')


main()
