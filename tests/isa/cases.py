# SPDX-License-Identifier: MIT
# tool: reads the conformance set (README.md describes its files) and makes
# assembly text of it.
import glob
import os
import re
import shlex

HERE = os.path.dirname(os.path.abspath(__file__))
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|;.*|[A-Za-z_.@][A-Za-z0-9_.]*')


class Case:
    def __init__(self, title, place):
        self.title = title
        self.place = place
        self.covers = []
        self.out = []        # lines it must print
        self.error = None    # text of the error it must end with
        self.refuse = None   # rule by which its image must be refused
        self.exit = None     # exit code, when it is to run as a program
        self.flags = []      # of `rove run`, for such a program
        self.long = False    # too much for a stress build
        self.lines = []

    def wants(self):
        """What `case` of the prelude must print for it."""
        return self.out + ([] if self.error is None
                           else ['error ' + self.error])

    def text(self):
        return '\n'.join(self.lines) + '\n'


def directive(case, key, rest):
    if key == 'covers':
        case.covers += rest.split()
    elif key == 'out':
        case.out.append(rest)
    elif key == 'error':
        case.error = rest
    elif key == 'refuse':
        case.refuse = rest
    elif key == 'long':
        case.long = True
    elif key == 'exit':
        case.exit = int(rest)
    elif key == 'flags':
        case.flags = shlex.split(rest)
        case.exit = case.exit or 0
    elif key == 'repeat':
        count, line = rest.split(None, 1)
        case.lines += [line] * int(count)
    else:
        raise ValueError(f'{case.place}: unknown line ;; {key}')


def load_file(path):
    cases = []
    with open(path, encoding='utf-8') as f:
        for number, line in enumerate(f, 1):
            line = line.rstrip('\n')
            if not line.startswith(';;'):
                if cases:
                    cases[-1].lines.append(line)
                continue
            key, _, rest = line[2:].lstrip().partition(' ')
            if key == 'case':
                place = f'{os.path.basename(path)}:{number}'
                cases.append(Case(rest, place))
            else:
                directive(cases[-1], key, rest)
    return cases


def files():
    found = glob.glob(os.path.join(HERE, '*.rasm'))
    return sorted(f for f in found if not f.endswith('prelude.rasm'))


def load():
    """All cases, by file name."""
    return {os.path.basename(f): load_file(f) for f in files()}


def prelude():
    with open(os.path.join(HERE, 'prelude.rasm'), encoding='utf-8') as f:
        return f.read()


def separate(case, suffix):
    """The case's imports, and its functions with the suffix at their names."""
    imports, rest, names = [], [], set()
    for line in case.lines:
        word = line.split(None, 2)
        if word and word[0] == '.import':
            imports.append(line)
            continue
        if word and word[0] == '.func':
            names.add(word[1])
        rest.append(line)
    text = TOKEN.sub(
        lambda m: m.group() + suffix if m.group() in names else m.group(),
        '\n'.join(rest))
    return imports, text


def batch(cases):
    """One program that runs all these cases, numbered from 0."""
    imports, parts, main = [], [], []
    for i, case in enumerate(cases):
        suffix = f'.{i}'
        more, text = separate(case, suffix)
        imports += [line for line in more if line not in imports]
        parts.append(f'; {case.place}: {case.title}\n{text}\n')
        main += ['  closure r0, case', f'  loadi r1, {i}',
                 f'  closure r2, main{suffix}', '  call r0, 2, 0']
    return '\n'.join(
        [prelude()] + imports + parts +
        ['.module "main" program', '.entry "main"', '.func program'] + main +
        ['  ret0', '.end', ''])


def alone(case):
    """The case as a program of its own."""
    return prelude() + '.module "main" main\n.entry "main"\n' + case.text()


def split(output, count):
    """What each case of a batch printed; None: it was not reached."""
    found = [None] * count
    current = None
    for line in output.splitlines():
        if line.startswith('=== ') and line[4:].isdigit():
            current = int(line[4:])
            found[current] = []
        elif current is not None:
            found[current].append(line)
    return found
