# SPDX-License-Identifier: MIT
# isagen accepts the table and refuses broken ones, naming the line.
# modes: release
import os
import re
import tempfile

import tap

TABLE = 'isa-spec/opcodes.isa'
HEAD = '''\
kind wr   reg-write   rN    written
kind rd   reg-read    rN    read
kind no   open-count  INT|* count
kind k    const-range LIT   constant
kind jf   jump-forward,jump-target LABEL jump
chapter One
op 0x02 move AB
  operands A:wr B:rd
  does     copies
           a value
  errors   none
  fuel     0
  example  move r1, r0

op 0x03 retx AB
  operands A:rd B:no
  effect   open-in?(A,0,B) end
  does     returns
  errors   none
  fuel     call
  example  retx r1, *
'''

# Name, text to replace, replacement, line of the complaint, words in it.
BROKEN = [
    ('number used twice', 'op 0x03 retx', 'op 0x02 retx', 15, 'already'),
    ('name used twice', '0x03 retx', '0x03 move', 15, 'again'),
    ('descending number', 'op 0x02 move', 'op 0x04 move', 15, 'ascending'),
    ('number 0', '0x02 move', '0x00 move', 7, 'invalid for ever'),
    ('number of EXTRA', '0x02 move', '0x01 move', 7, 'EXTRA'),
    ('buffer range', '0x03 retx', '0xc0 retx', 15, 'reserved'),
    ('end of buffer range', '0x03 retx', '0xdf retx', 15, 'reserved'),
    ('private range', '0x03 retx', '0xe0 retx', 15, 'private'),
    ('number 255', '0x03 retx', '0xff retx', 15, 'reserved'),
    ('number too large', '0x03 retx', '0x103 retx', 15, 'bad number'),
    ('decimal number', '0x03 retx', '3 retx', 15, 'bad number'),
    ('capital in a name', '0x03 retx', '0x03 Retx', 15, 'mnemonic'),
    ('unknown format', 'retx AB', 'retx ABX', 15, 'unknown format'),
    ('too much on an op line', 'retx AB', 'retx AB C', 15, 'op line'),
    ('op before a chapter', 'chapter One', '# chapter', 7, 'chapter'),
    ('field of another format', 'A:wr B:rd', 'A:wr C:rd', 8, 'field C'),
    ('fields out of order', 'A:wr B:rd', 'B:rd A:wr', 8, 'field B'),
    ('field without operand', 'A:wr B:rd', 'A:wr', 8, 'no operand'),
    ('too many fields', 'A:wr B:rd', 'A:wr B:rd C:rd', 8, 'field C'),
    ('unknown operand kind', 'A:wr B:rd', 'A:wr B:xx', 8, "kind 'xx'"),
    ('bad operand', 'A:wr B:rd', 'A:wr Brd', 8, 'bad operand'),
    ('jump kind on a register', 'A:wr B:rd', 'A:wr B:jf', 8, 'jump kinds'),
    ('unknown effect', ' end', ' ende', 17, "effect 'ende'"),
    ('effect of a strange field', '(A,0,B)', '(C,0,B)', 17, "'C'"),
    ('effect lacks an argument', '(A,0,B)', '(A,0)', 17, 'argument'),
    ('effect with one too many', '(A,0,B)', '(A,0,B,B)', 17, 'bad end'),
    ('effect without bracket', '(A,0,B)', '(A,0,B', 17, 'bad end'),
    ('effect on a fixed count', 'B:no', 'B:k', 17, 'argument'),
    ('argument to end', ' end', ' end(A)', 17, 'bad end'),
    ('large number', '(A,0,B)', '(A,251,B)', 17, 'argument'),
    ('unknown fuel', 'fuel     0', 'fuel     1', 12, 'fuel'),
    ('no does', '  does     returns\n', '', 15, "'does' is missing"),
    ('no errors', '  errors   none\n', '', 7, "'errors' is missing"),
    ('no fuel', '  fuel     0\n', '', 7, "'fuel' is missing"),
    ('no example', '  example  move r1, r0\n', '', 7, "'example' is missing"),
    ('no operands', '  operands A:wr B:rd\n', '', 7, 'missing'),
    ('a key twice', '  fuel     0', '  fuel     0\n  fuel     0', 13, 'again'),
    ('an empty key', 'does     returns', 'does', 18, 'empty'),
    ('unknown key', '  fuel     0', '  fool     0', 12, "key 'fool'"),
    ('a key badly indented', '  fuel     0', ' fuel     0', 12, 'indented'),
    ('continuation of nothing', 'chapter One\n', 'chapter One\n    more\n', 7,
     'indented'),
    ('a tab', 'fuel     0', 'fuel\t0', 12, 'tab'),
    ('unknown word', 'chapter One', 'charter One', 6, 'unknown word'),
    ('chapter without title', 'chapter One', 'chapter', 6, 'title'),
    ('kind used twice', 'kind rd ', 'kind wr ', 2, 'again'),
    ('kind without text', 'kind no   open-count  INT|* count',
     'kind no   open-count  INT|*', 3, 'kind line'),
    ('a quote in a kind', 'rN    read', 'rN    "read"', 2, 'quote'),
    ('bad rule name', 'reg-read', 'Reg-read', 2, 'rule'),
    ('example of another', 'example  move', 'example  mov', 13, "'mov'"),
    ('example lacks an operand', 'move r1, r0', 'move r1', 13, 'lacks'),
    ('example with one too many', 'move r1, r0', 'move r1, r0, 1', 13, 'many'),
    ('example with a literal', 'move r1, r0', 'move r1, 5', 13, "no rN"),
    ('example with a bad count', 'retx r1, *', 'retx r1, **', 21, 'no INT'),
]


def check(text):
    with tempfile.NamedTemporaryFile('w', suffix='.isa', delete=False) as f:
        f.write(text)
    try:
        code, _, err = tap.command(tap.ISAGEN, '--check', f.name)
    finally:
        os.unlink(f.name)
    return code, err.decode().replace(f.name, 'table')


def test_broken():
    for name, old, new, line, words in BROKEN:
        if HEAD.count(old) < 1:
            tap.ok(False, f'{name}: the test itself is broken')
            continue
        code, err = check(HEAD.replace(old, new, 1))
        found = any(e.startswith(f'table:{line}: ') and words in e
                    for e in err.splitlines())
        if not tap.ok(code == 1 and found, name):
            tap.diag(f'exit {code}, want line {line} and "{words}" in:')
            tap.diag(err)


def test_manual():
    manual = open(tap.GEN + '/isa-manual.md', encoding='utf-8').read()
    ops = re.findall(r'^op 0x\w+ (\w+)', open(TABLE).read(), re.M)
    lacking = [op for op in ops if f'\n### {op}\n' not in manual]
    tap.equal(lacking, [], 'every instruction has its place in the manual')


def test_writes_nothing():
    with tempfile.TemporaryDirectory() as d:
        bad = os.path.join(d, 'bad.isa')
        with open(bad, 'w') as f:
            f.write(HEAD.replace('AB', 'AX'))
        code, _, _ = tap.command(tap.ISAGEN, bad, d)
        tap.equal((code, os.listdir(d)), (1, ['bad.isa']),
                  'a broken table gives no file')


code, out, err = tap.command(tap.ISAGEN, '--check', TABLE)
tap.equal((code, err), (0, b''), 'the table itself is right')
tap.equal(check(HEAD), (0, ''), 'the small table is right')
tap.equal(tap.command(tap.ISAGEN, '--check', '/nonexistent')[0], 1,
          'no table')
tap.equal(tap.command(tap.ISAGEN)[0], 2, 'no arguments')
test_broken()
test_manual()
test_writes_nothing()
tap.done()
