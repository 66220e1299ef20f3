# SPDX-License-Identifier: MIT
# tool: the text of a random program as a tree, so that it can be made smaller.
#
# A node has a kind:
#   e  an expression                 l  expressions with commas between
#   s  a statement                   b  statements
# and parts, which are text or nodes.
import time


class Node:
    __slots__ = ('kind', 'parts')

    def __init__(self, kind, *parts):
        self.kind = kind
        self.parts = list(parts)

    def nodes(self):
        return [p for p in self.parts if isinstance(p, Node)]


def text(node):
    out = []
    put(node, out)
    return ''.join(out)


def put(node, out):
    for n, part in enumerate(node.parts):
        if n > 0 and node.kind == 'l':
            out.append(', ')
        if isinstance(part, Node):
            put(part, out)
        else:
            out.append(part)
        if node.kind == 'b':
            out.append('\n')


def walk(node):
    """Every node, parents first."""
    todo = [node]
    while todo:
        n = todo.pop()
        yield n
        todo += reversed(n.nodes())


def inner(node, kind):
    """The nodes of a kind that no other one of that kind stands around."""
    for n in node.nodes():
        if n.kind == kind:
            yield n
        else:
            yield from inner(n, kind)


class Shrinker:
    """Makes a tree smaller while `fails(text)` stays true."""

    def __init__(self, root, fails, seconds):
        self.root = root
        self.fails = fails
        self.end = time.monotonic() + seconds
        self.seen = set()

    def late(self):
        return time.monotonic() > self.end

    def attempt(self, node, parts):
        """Gives the node other parts if the program then still fails."""
        old, node.parts = node.parts, parts
        now = text(self.root)
        if now not in self.seen and not self.late():
            self.seen.add(now)
            if self.fails(now):
                return True
        node.parts = old
        return False

    def thin(self, node):
        """Leaves out parts of a list: halves, quarters, … single ones."""
        done = False
        size = max(len(node.parts) // 2, 1)
        while size >= 1 and node.parts:
            at = 0
            while at < len(node.parts):
                rest = node.parts[:at] + node.parts[at + size:]
                if self.attempt(node, rest):
                    done = True
                else:
                    at += size
            size //= 2
        return done

    def replace(self, node):
        if node.kind == 's':
            for block in inner(node, 'b'):
                if self.attempt(node, ['do\n', block, 'end']):
                    return True
            return False
        for part in inner(node, 'e'):
            if self.attempt(node, [part]):
                return True
        if len(node.parts) == 1 and isinstance(node.parts[0], str):
            small = ('nil', '1', '2', '""')
            if node.parts[0] in small:
                return False
        else:
            small = ('nil', '1', '""')
        return any(self.attempt(node, [s]) for s in small)

    def run(self):
        again = True
        while again and not self.late():
            again = False
            for node in list(walk(self.root)):
                if node.kind in 'bl':
                    again |= self.thin(node)
                elif node is not self.root:
                    while self.replace(node):
                        again = True
        return text(self.root)
