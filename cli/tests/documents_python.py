#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The Python of docs/measurement.md prints what stands below it: documents_python.py SOURCE

A block without `print` is a line that takes the place of the one for the same name in the first
block, whose last line it changes.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

FEWEST = 4

BLOCK = re.compile(r"^```python\n(.*?)^```\n+((?:    [^\n]*\n)*)", re.M | re.S)


def replaced(program, line):
    """The program with that assignment instead of its own."""
    name = line.split(" = ")[0]
    changed, count = re.subn(rf"^{re.escape(name)} = .*\n", lambda _: line, program, flags=re.M)
    assert count == 1, f"{name} is assigned {count} times"
    return changed


def output_of(program, root):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "block.py")
        path.write_text(program, "utf-8")
        return subprocess.run([sys.executable, "-B", path], cwd=root, check=True,
                              capture_output=True, text=True).stdout


def main():
    root = pathlib.Path(sys.argv[1]).resolve(strict=True)
    blocks = BLOCK.findall((root / "docs" / "measurement.md").read_text("utf-8"))
    assert len(blocks) >= FEWEST, f"there are {len(blocks)} blocks of Python only"
    first = blocks[0][0]
    for block, printed in blocks:
        want = [line[4:] for line in printed.splitlines()]
        assert want, f"nothing is said of what this prints:\n{block}"
        is_program = "print(" in block
        got = output_of(block if is_program else replaced(first, block), root).splitlines()
        got = got if is_program else got[-1:]
        assert got == want, f"got {got}, want {want}, of\n{block}"
    print(f"{len(blocks)} blocks")


if __name__ == "__main__":
    main()
