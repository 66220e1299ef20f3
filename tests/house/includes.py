# SPDX-License-Identifier: MIT
# Who includes whom: down only, no cycle, from the root. modes: release
#
#   cli, tests > anything            examples > include
#   vm/capi    > vm, vm/snap, vm/host
#   vm/jit, vm/host, vm/snap > vm    vm sees of them jit.h and host.h only
#   assembler, compiler > a few headers of vm
#   isa-spec   > nothing of ours     include > include
#
# The order inside vm binds headers; a .c may reach sideways in its folder.
import os
import re

import tap

# Rows from the top; a header includes those of its own row and of lower ones.
# A header that stands nowhere here counts to the row of `table`.
ROWS = [
    'interp',
    'call call_impl meta ops verify',
    'table shape dict str func feedback',
    'heap gc err',
    'machine thread',
    'object value image num',
    'insn conf hash',
]
DEFAULT_ROW = 2
FRONT_END_SEES = {'vm/' + h + '.h'
                  for h in 'image insn num conf value hash verify walk'.split()} | {
                      'vm/host/sig.h'}
MAY_SEE = {
    'cli': None,
    'tests': None,
    'include': {'include'},
    'isa-spec': {'isa-spec'},
    'examples': {'include', 'examples'},
    'vm': {'vm', 'include', 'vm/jit/jit.h', 'vm/host/host.h'},
    'vm/jit': {'vm', 'vm/jit', 'include'},
    'vm/host': {'vm', 'vm/host', 'include'},
    'vm/host/ffi': {'vm', 'vm/host', 'vm/host/ffi', 'include'},
    'vm/snap': {'vm', 'vm/snap', 'vm/host', 'include'},
    'vm/capi': {'vm', 'vm/capi', 'vm/snap', 'vm/host', 'include'},
    'assembler': FRONT_END_SEES | {'assembler', 'include'},
    'compiler': FRONT_END_SEES | {'compiler', 'include', 'vm/host/library.h'},
    'stdlib': {'vm', 'vm/host/host.h', 'vm/host/builtin.h',
               'vm/host/library.h', 'stdlib', 'include'},
    'stdlib/boot': None,
}
GENERATED = re.compile(r'^(opcodes|opinfo)\.h$|^\w+/\w+\.(tab|lex)\.h$')
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)


def sources():
    for top in sorted({room.split('/')[0] for room in MAY_SEE}):
        for folder, _, names in os.walk(top):
            for name in sorted(names):
                if re.search(r'\.(c|h|l|y|def)$', name):
                    yield folder + '/' + name


def resolve(name):
    """The path of an included file; None when it is not found from the root."""
    for path in (name, 'include/' + name):
        if os.path.isfile(path) and '..' not in path:
            return path
    return 'gen/' + name if GENERATED.match(name) else None


def room_of(path):
    room = os.path.dirname(path)
    while room not in MAY_SEE and '/' in room:
        room = os.path.dirname(room)
    return room


def row(path):
    stem = os.path.basename(path)[:-2]
    for i, names in enumerate(ROWS):
        if stem in names.split():
            return i
    return DEFAULT_ROW


def complaint(path, name):
    """What is wrong with one include, or None."""
    target = resolve(name)
    if target is None:
        return f'{path}: "{name}" is not found from the root'
    room, allowed = room_of(path), MAY_SEE[room_of(path)]
    if target.startswith('gen/'):
        return None
    if allowed is not None and not {target, room_of(target)} & allowed:
        return f'{path}: {room} may not include {target}'
    if path.startswith('vm/') and path.endswith('.h') and \
            room == room_of(target) == 'vm' and row(target) < row(path):
        return f'{path}: {target} stands above it'
    return None


def find_cycle(graph):
    """A cycle among headers as a list of paths, or None."""
    done, way = set(), []

    def visit(node):
        if node in way:
            return way[way.index(node):] + [node]
        if node in done:
            return None
        way.append(node)
        for target in graph.get(node, []):
            cycle = visit(target)
            if cycle:
                return cycle
        way.pop()
        done.add(node)
        return None

    for node in sorted(graph):
        cycle = visit(node)
        if cycle:
            return cycle
    return None


def read_graph():
    return {path: INCLUDE.findall(open(path, encoding='utf-8').read())
            for path in sources()}


def test_rules_bite():
    """The check itself: edges that must be refused, or let pass."""
    bad = [('vm/value.h', 'vm/machine.h'), ('vm/table.c', 'cli/main.c'),
           ('assembler/x.c', 'vm/machine.h'), ('isa-spec/x.c', 'vm/conf.h'),
           ('examples/x.c', 'vm/conf.h'), ('vm/x.c', '../vm/conf.h'),
           ('vm/table.c', 'conf.h'), ('vm/table.c', 'assembler/part.mk')]
    good = [('vm/machine.h', 'vm/value.h'), ('cli/x.c', 'vm/machine.h'),
            ('vm/table.c', 'opcodes.h'), ('assembler/x.c', 'vm/insn.h'),
            ('assembler/x.c', 'assembler/rasm.tab.h'),
            ('vm/value.c', 'vm/machine.h')]
    tap.equal([e for e in bad if not complaint(*e)], [], 'bad edges refused')
    tap.equal([e for e in good if complaint(*e)], [], 'good edges pass')
    tap.equal(find_cycle({'a': ['b'], 'b': ['c'], 'c': ['b']}),
              ['b', 'c', 'b'], 'a cycle is found')


graph = read_graph()
tap.ok(len(graph) > 5, f'{len(graph)} files read')
for room in sorted(MAY_SEE):
    files = [p for p in graph if room_of(p) == room]
    if not files:
        continue
    wrong = [c for p in files for c in (complaint(p, n) for n in graph[p]) if c]
    if not tap.ok(not wrong, f'{room}: {len(files)} files look down only'):
        tap.diag('\n'.join(wrong))
headers = {p: [t for t in map(resolve, names) if t]
           for p, names in graph.items() if p.endswith('.h')}
tap.equal(find_cycle(headers), None, 'no cycle among headers')
test_rules_bite()
tap.done()
