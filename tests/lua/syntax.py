# SPDX-License-Identifier: MIT
# Programs that are none: what `rove compile -p` says of each is what
# `luac5.4 -p` says. The cases are those of syntax.txt and the ones made here.
# modes: all
import concurrent.futures
import os
import re
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import tap  # noqa: E402

ORACLE = 'luac5.4'
FEWEST = 580    # fewer programs mean that some were not found

# Cases where Rove may say something else, and why.
REGISTERS = 'code is made when the function has been read, near no token'
WINDOW = 'a frame has 250 registers, a call with 250 arguments needs 251'
DIFFERENT = {
    'registers of a call': REGISTERS,
    'registers of a list': 'values of captured locals need no register',
    'registers of a return': REGISTERS,
    'fits: arguments': WINDOW,
}


def written():
    """Name and text of each case in syntax.txt."""
    with open(os.path.join(HERE, 'syntax.txt'), 'rb') as f:
        parts = re.split(rb'^---- (.*)\n', f.read(), flags=re.M)
    return [(name.decode(), text)
            for name, text in zip(parts[1::2], parts[2::2])]


def characters():
    """Bytes that begin no token, and text that ends in the middle of one."""
    for byte in [0x00, 0x01, 0x07, 0x1b, 0x7f, 0x80, 0xc3, 0xff]:
        yield f'byte {byte:#04x}', b'x = %c\n' % byte
        yield f'byte {byte:#04x} after a name', b'x = y%c\n' % byte
        yield f'byte {byte:#04x} in a number', b'x = 1%c\n' % byte
    yield 'a letter outside ASCII', 'local größe = 1\n'.encode()
    yield 'a quotation mark outside ASCII', 'x = “abc”\n'.encode()
    yield 'a byte order mark in the middle', b'x = 1\n\xef\xbb\xbfy = \n'
    yield 'a byte order mark and an error', b'\xef\xbb\xbfx = = 1\n'
    yield 'a first line for the shell and an error', b'#!/bin/lua\nx = = 1\n'
    yield 'the shell\'s line twice', b'#!/bin/lua\n#!/bin/lua\n'
    yield 'a zero in a string', b'x = "a\0b\\q"\n'
    yield 'a zero in a name', b'x = ab\0c\n'
    yield 'a carriage return in a string', b'x = "abc\rdef"\n'
    for newline in [b'\r', b'\r\n', b'\n\r', b'\n', b'\n\n', b'\r\r']:
        yield f'lines end with {newline!r}', newline.join(
            [b'x = 1', b'y = 2', b'z = = 3', b''])
        yield f'{newline!r} in a long string', newline.join(
            [b'x = [[', b'a', b'b]] z = = 3', b''])
        yield f'{newline!r} escaped', newline.join(
            [b'x = "a\\', b'b" y = = 3', b''])
    for text in ['x = "abc', 'x = "abc\\', 'x = "\\x4', 'x = "\\u{4',
                 'x = "\\12', 'x = "\\', "x = '", 'x = [[abc', 'x = [',
                 'x = [=', '--[[', '--[==[ ]=]', 'x = 1e', 'x = 0x', 'x =',
                 'x', 'x.', 'x:', 'f(', 'x = {', 'local', 'goto', '::', 'for',
                 'if x', 'x = ~', 'x = a /', 'return return', 'x = 3..',
                 'function', 'function f', 'function f(', 'x = t[', 'local x <',
                 'repeat', 'while', 'if x then', 'do', 'for i = 1,']:
        yield f'no newline: {text}', text.encode()


def tokens():
    """Every keyword and operator where a value, a name and a statement ought
    to be."""
    words = '''and break do else elseif end false for function goto if in local
        nil not or repeat return then true until while'''.split()
    signs = '''+ - * / % ^ # & ~ | << >> // == ~= <= >= < > = ( ) { } [ ] ::
        ; : , . .. ...'''.split()
    for t in words + signs:
        yield f'value: {t}', f'x = 1 + {t} 1 ]\n'.encode()
        yield f'name: {t}', f'local a, {t} = 1 )\n'.encode()
        yield f'statement: {t}', f'x = 1\n{t} )\n'.encode()
        yield f'after an expression: {t}', f'x = (y {t} ]\n'.encode()


def sized():
    """Limits of a function."""
    def names(n, prefix='v'):
        return ', '.join(f'{prefix}{i}' for i in range(n))

    many = 'local ' + names(150) + '\nlocal ' + names(60, 'w') + '\n'
    yield 'local variables of the main function', many.encode()
    yield 'local variables of a function', \
        ('\n\nlocal function f()\n' + many + 'end\n').encode()
    yield 'local variables, one a line', \
        ''.join(f'local v{i}\n' for i in range(201)).encode()
    yield 'local variables, blocks', (
        'local ' + names(199) + '\ndo local a end\ndo local b, c end\n'
    ).encode()
    yield 'local variables, a loop', (
        'local ' + names(198) + '\nfor i = 1, 2 do end\n').encode()
    yield 'parameters', f'function f({names(201)}) end\n'.encode()
    yield 'parameters and locals', (
        f'function f({names(150)})\n  local {names(51, "w")}\nend\n').encode()
    yield 'upvalues', (
        'local ' + names(180) + '\nlocal function g()\n  local ' +
        names(100, 'w') + '\n  return function()\n    return ' +
        ' + '.join([f'v{i}' for i in range(180)] +
                   [f'w{i}' for i in range(100)]) +
        '\n  end\nend\n').encode()
    yield 'registers of a call', (
        'f(' + ', '.join(['x'] * 260) + ')\n').encode()
    yield 'registers of a list', (
        'local a\na = ' + ', '.join(['x'] * 260) + '\n').encode()
    yield 'registers of a return', (
        'return ' + ', '.join(['x'] * 260) + '\n').encode()
    yield 'a concatenation too long', (
        'x = ' + 'a .. ' * 260 + 'a\n').encode()
    yield 'a very long name at an error', ('x = ' + 'n' * 300 + ' ' +
                                           'm' * 300 + ' 5\n').encode()
    yield 'a very long string at an error', (
        'x = 5 "' + 's' * 300 + '"\n').encode()
    yield 'an error on a far line', ('\n' * 70000 + 'x = = 1\n').encode()


def nested():
    """What is nested too deeply for the compiler."""
    deep = 1000
    for name, head, middle, tail in [
            ('parentheses', '(', '1', ')'),
            ('constructors', '{', '', '}'),
            ('keyed constructors', '{a=', '1', '}'),
            ('calls', 'f(', '', ')'),
            ('indices', 't[', '1', ']'),
            ('functions', 'function() return ', '1', ' end'),
            ('minus signs', '- ', '1', ''),
            ('not', 'not ', '1', ''),
            ('powers', '2 ^ ', '1', ''),
            ('concatenations', '"a" .. ', '1', ''),
            ('powers of negations', '2 ^ - ', '1', ''),
            ('sums in parentheses', '(1 + ', '1', ')')]:
        yield f'nested {name}', (
            'x = ' + head * deep + middle + tail * deep + '\n').encode()
    for name, head, tail in [
            ('do', 'do ', 'end '),
            ('if', 'if x then ', 'end '),
            ('else', 'if x then else ', 'end '),
            ('while', 'while x do ', 'end '),
            ('repeat', 'repeat ', 'until x '),
            ('for', 'for i = 1, 2 do ', 'end '),
            ('generic for', 'for k in x do ', 'end '),
            ('function statements', 'function f() ', 'end '),
            ('local functions', 'local function f() ', 'end ')]:
        yield f'nested {name}', (head * deep + tail * deep + '\n').encode()
    yield 'nested assignments', (
        ', '.join(['a'] * deep) + ' = 1\n').encode()


def fitting():
    """What is as large or as deep as a compiler must take."""
    def names(n, prefix='v'):
        return ', '.join(f'{prefix}{i}' for i in range(n))

    yield 'local variables', f'local {names(200)}\n'.encode()
    yield 'parameters', f'function f({names(200)}) end\n'.encode()
    yield 'variables of a loop', (
        f'local {names(196)}\nfor i = 1, 2 do end\n').encode()
    yield 'variables in blocks', (
        f'local {names(198)}\ndo local a, b end\ndo local c, d end\n'
    ).encode()
    yield 'upvalues', (
        f'local {names(180)}\nlocal function g()\n  local {names(75, "w")}\n'
        '  return function()\n    return ' +
        ' + '.join([f'v{i}' for i in range(180)] +
                   [f'w{i}' for i in range(75)]) +
        '\n  end\nend\n').encode()
    yield 'arguments', f'f({", ".join(["x"] * 250)})\n'.encode()
    yield 'fields', f'x = {{{", ".join(["x"] * 5000)}}}\n'.encode()
    yield 'constants', f'x = {{{", ".join(map(str, range(70000)))}}}\n'.encode()
    yield 'parentheses', f'x = {"(" * 180}1{")" * 180}\n'.encode()
    yield 'constructors', f'x = {"{" * 90}{"}" * 90}\n'.encode()
    yield 'blocks', f'{"do " * 180}{"end " * 180}\n'.encode()
    yield 'functions', f'{"function f() " * 60}{"end " * 60}\n'.encode()
    yield 'concatenations', f'x = {"a .. " * 180}a\n'.encode()
    yield 'additions', f'x = {"a + " * 20000}a\n'.encode()
    yield 'calls in a row', f'f{"()" * 20000}\n'.encode()
    yield 'fields in a row', f'x = a{".b" * 20000}\n'.encode()
    yield 'branches', (
        'if x then\n' + 'elseif y then z()\n' * 2000 + 'end\n').encode()
    yield 'a name', f'{"n" * 100000} = 1\n'.encode()
    yield 'a string', f'x = "{"s" * 100000}"\n'.encode()
    yield 'a long string', (
        f'x = [{"=" * 1000}[\ns]]{"]" + "=" * 1000}]\n').encode()
    yield 'a statement on many lines', (
        'x = {' + '\n1,' * 30000 + '}\n').encode()


def outcome(words, path):
    """Exit code, output, and the message without the program's name."""
    code, out, err = tap.command(*words, path)
    text = err.decode(errors='backslashreplace')
    return code, out, re.sub(r'^(\S*/)?(rove|luac5\.4): ', '', text)


def both(path):
    return (outcome([ORACLE, '-p'], path),
            outcome([*tap.ROVE, 'compile', '-p'], path))


def check(name, code, want, got):
    """Whether Rove did what the oracle did, which ends with `code`."""
    if want[0] != code:
        tap.ok(False, f'{name}: {ORACLE} ends with {want[0]}')
        tap.diag(want[2])
    elif name in DIFFERENT:
        # One that no longer differs must leave the list.
        tap.ok(got[0] == code and got != want, f'{name} ({DIFFERENT[name]})')
    else:
        tap.equal(got, want, name)


def main():
    if not shutil.which(ORACLE):
        tap.skip_all(f'missing {ORACLE}')
    bad = [*written(), *characters(), *tokens(), *sized(), *nested()]
    cases = [(name, 1, text) for name, text in bad]
    cases += [('fits: ' + name, 0, text) for name, text in fitting()]
    names = [case[0] for case in cases]
    tap.ok(len(bad) >= FEWEST, f'{len(bad)} programs that are none')
    tap.equal(len(set(names)), len(names), 'each has its own name')
    tap.equal(sorted(set(DIFFERENT) - set(names)), [], 'differences of cases')
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        paths = [os.path.join(folder, f'{n}.lua') for n in range(len(cases))]
        for path, (_, _, text) in zip(paths, cases):
            with open(path, 'wb') as f:
                f.write(text)
        for (name, code, _), result in zip(cases, pool.map(both, paths)):
            check(name, code, *result)
    tap.done()


if __name__ == '__main__':
    main()
