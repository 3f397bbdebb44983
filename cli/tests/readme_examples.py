#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What README.md shows under "My hash differs" is what the program prints.

usage: readme_examples.py PROGRAM README VECTORS
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HEADING = "## My hash differs\n"


def steps(block):
    """The (command, output) pairs of a console block."""
    for step in re.split(r"^\$ ", block, flags=re.M)[1:]:
        lines = step.splitlines(keepends=True)
        count = 1
        while lines[count - 1].endswith("\\\n"):
            count += 1
        yield "".join(lines[:count]), "".join(lines[count:])


def main():
    program, readme, vectors = (pathlib.Path(word).resolve(strict=True) for word in sys.argv[1:])
    section = readme.read_text().split(HEADING)[1].split("\n## ")[0]
    blocks = re.findall(r"^```console\n(.*?)^```$", section, flags=re.M | re.S)
    all_steps = [step for block in blocks for step in steps(block)]
    assert len(all_steps) >= 4, all_steps
    with tempfile.TemporaryDirectory() as folder:
        sample = pathlib.Path(folder) / "sample"
        shutil.copytree(vectors / "bundled" / "rv64", sample)
        environment = os.environ | {"PATH": f"{program.parent}:{os.environ['PATH']}"}
        variables = ""
        for command, want in all_steps:
            run = subprocess.run(["bash", "-c", variables + command], cwd=sample, check=False,
                                 env=environment, capture_output=True, text=True)
            assert run.stdout == want, f"{command}\ngot:\n{run.stdout}{run.stderr}\nwant:\n{want}"
            assert not run.stderr, run.stderr
            if re.match(r"\w+=", command):
                variables += command  # the next one may use it


main()
