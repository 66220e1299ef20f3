# SPDX-License-Identifier: MIT
# tool: images and texts to begin with, for the fuzzers and the test of mutants.
#
#   corpus.py IMAGES TEXTS    fills two folders; $ROVE is the program
import glob
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'isa'))
import cases  # noqa: E402

PER_IMAGE = 12


def assemble(source, image):
    """True when the source becomes an image."""
    rove = os.environ['ROVE'].split()
    return subprocess.run(rove + ['asm', source, '-o', image],
                          stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode == 0


def batches():
    """The conformance set, some cases a program: names and texts."""
    for name, todo in cases.load().items():
        todo = [c for c in todo
                if c.refuse is None and c.exit is None and not c.long]
        for i in range(0, len(todo), PER_IMAGE):
            yield (f'{name[:-5]}-{i // PER_IMAGE}.rasm',
                   cases.batch(todo[i:i + PER_IMAGE]))


def images(folder):
    """The conformance set as images in the folder: their paths."""
    for name, text in batches():
        source = os.path.join(folder, name)
        with open(source, 'w', encoding='utf-8') as f:
            f.write(text)
        image = source[:-5] + '.rove'
        if assemble(source, image):
            yield image
        os.unlink(source)


def main(image_folder, text_folder):
    root = os.path.join(HERE, '..', '..')
    found = sorted(glob.glob(os.path.join(HERE, '*/*.rasm')) +
                   glob.glob(os.path.join(root, 'examples/asm/*.rasm')))
    for path in found:
        name = os.path.basename(path)
        assemble(path, os.path.join(image_folder, name[:-5] + '.rove'))
        with open(path, encoding='utf-8') as f, \
             open(os.path.join(text_folder, name), 'w',
                  encoding='utf-8') as out:
            out.write(f.read())
    for case in [c for todo in cases.load().values() for c in todo]:
        name = case.place.replace(':', '-')
        with open(os.path.join(text_folder, name), 'w',
                  encoding='utf-8') as out:
            out.write(cases.alone(case) if len(case.lines) > 40
                      else case.text())
    for _ in images(image_folder):
        pass


if __name__ == '__main__':
    main(*sys.argv[1:])
