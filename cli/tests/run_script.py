#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs one text script against the programs. README.md describes the format."""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
EXIT_INPUT_OR_WORSE = 2  # from this exit code on, a command must have left nothing behind
STEP_SECONDS = 600  # against a program that hangs; no step depends on time


class ScriptError(Exception):
    """The script itself is wrong."""


class Step:
    def __init__(self, line, command):
        self.line = line
        self.command = command
        self.exit = None
        self.expected = {"stdout": [], "stderr": []}  # exact lines
        self.fragments = {"stdout": [], "stderr": []}
        self.stdout_file = None
        self.file_checks = []  # (directive, arguments)

    def has_expectations(self):
        return self.exit is not None or self.stdout_file is not None or any(
            [*self.expected.values(), *self.fragments.values(), self.file_checks])


def parse(text):
    """The script's variables and steps."""
    variables, steps = {}, []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        word, _, rest = line.partition(" ")
        if word == "let":
            name, _, value = rest.partition(" ")
            if not re.fullmatch("[A-Z][A-Z0-9_]*", name) or not value:
                raise ScriptError(f"line {number}: want: let NAME VALUE")
            variables[name] = value
        elif word == "$" and rest:
            steps.append(Step(number, rest))
        elif line.startswith("    ") and steps and not steps[-1].has_expectations():
            steps[-1].command += "\n" + line[4:]
        elif not steps:
            raise ScriptError(f"line {number}: '{word}' before the first command")
        else:
            expect(steps[-1], number, word, rest)
    if not steps:
        raise ScriptError("there is no step")
    for step in steps:
        check_step(step)
    return variables, steps


def expect(step, number, word, rest):
    streams = {">": "stdout", "2>": "stderr", "~": "stdout", "2~": "stderr"}
    wanted = {"no-file": 1, "same-file": 2}
    if word in (">", "2>"):
        step.expected[streams[word]].append(rest)
    elif word in ("~", "2~") and rest:
        step.fragments[streams[word]].append(rest)
    elif word == ">file" and rest:
        step.stdout_file = rest
    elif word == "exit" and rest.isdigit() and step.exit is None:
        step.exit = int(rest)
    elif word in wanted and len(rest.split()) == wanted[word]:
        step.file_checks.append((word, rest.split()))
    elif word == "file" and re.fullmatch(r"\S+ contains .+", rest):
        step.file_checks.append((word, rest.split(" ", 2)))
    else:
        raise ScriptError(f"line {number}: not understood: {word} {rest}")


def check_step(step):
    for stream in ("stdout", "stderr"):
        kinds = bool(step.expected[stream]) + bool(step.fragments[stream])
        kinds += stream == "stdout" and step.stdout_file is not None
        if kinds > 1:
            raise ScriptError(f"line {step.line}: {stream} is expected in two ways")


class Runner:
    """The folder that a script runs in, and the environment of its commands."""

    def __init__(self, root, arguments, variables):
        self.work = root / "work"
        self.temporary = root / "tmp"  # TMPDIR: empty after every command
        tools = root / "bin"
        for folder in (self.work, self.temporary, tools):
            folder.mkdir()
        # A copy: whoever runs a command without root's rights may not reach the build folder.
        install = shutil.copy if os.geteuid() == 0 else os.symlink
        for program in arguments.programs:
            install(program, tools / program.name)
        (tools / "python3").symlink_to(sys.executable)
        self.known = {"DIR": str(self.work), "VECTORS": arguments.vectors, "TESTS": str(HERE)}
        self.known |= variables
        self.environment = {
            "PATH": f"{tools}:{HERE / 'tools'}:{os.environ['PATH']}",
            "HOME": str(self.work),
            "LC_ALL": "C",
            "TMPDIR": str(self.temporary),
        }
        kept = {name: value for name, value in os.environ.items()
                if name in ("CC", "CXX") or name.endswith("SAN_OPTIONS")}
        self.environment |= kept | self.known

    def expand(self, text):
        def value(match):
            if match[1] not in self.known:
                raise ScriptError(f"no such variable: {match[0]}")
            return self.known[match[1]]

        return re.sub(r"\$\{(\w+)\}", value, text)

    def tree(self):
        """What lies in the folder, precisely enough to see that a command touched something."""
        found = {}
        for path in self.work.rglob("*"):
            status = path.lstat()
            changed = None if path.is_dir() else (status.st_ino, status.st_size, status.st_mtime_ns)
            found[str(path.relative_to(self.work))] = (status.st_mode, changed)
        return found

    def run(self, step):
        """What is wrong, as a list of texts."""
        before = self.tree()
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", step.command], cwd=self.work, env=self.environment,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=STEP_SECONDS, check=False)
        got = {name: getattr(done, name).decode("utf-8", "backslashreplace")
               for name in ("stdout", "stderr")}
        problems = []
        want_exit = step.exit or 0
        if done.returncode != want_exit:
            problems.append(f"exit code: got {done.returncode}, want {want_exit}")
        for name, text in got.items():
            problems += self.compare(step, name, text)
        for directive, arguments in step.file_checks:
            problems += self.check_file(directive, [self.expand(word) for word in arguments])
        if done.returncode >= EXIT_INPUT_OR_WORSE and self.tree() != before:
            problems.append("the command failed and left or changed files: "
                            f"{sorted(dict(self.tree().items() ^ before.items()))}")
        left = [path.name for path in self.temporary.iterdir()]
        if left:
            problems.append(f"left temporary files: {left}")
        if problems:
            problems += [f"{name} was:\n{text}" for name, text in got.items()]
        return problems

    def compare(self, step, name, text):
        if step.fragments[name]:
            wanted = [self.expand(fragment) for fragment in step.fragments[name]]
            return [f"{name}: want it to contain: {fragment}" for fragment in wanted
                    if fragment not in text]
        want = "".join(line + "\n" for line in step.expected[name])
        if name == "stdout" and step.stdout_file is not None:
            path = self.work / self.expand(step.stdout_file)
            if not path.is_file():
                raise ScriptError(f"line {step.line}: no such file: {path}")
            want = path.read_text("utf-8")
        want = self.expand(want)
        return [] if text == want else [f"{name}: want exactly:\n{want or '(nothing)'}"]

    def check_file(self, directive, arguments):
        paths = [self.work / argument for argument in arguments]
        if directive == "no-file":
            return [f"{arguments[0]}: is there"] if os.path.lexists(paths[0]) else []
        for path in paths if directive == "same-file" else paths[:1]:
            if not path.is_file():
                return [f"{path.name}: is not a file"]
        if directive == "same-file":
            same = paths[0].read_bytes() == paths[1].read_bytes()
            return [] if same else [f"{arguments[0]} and {arguments[1]} differ"]
        text = arguments[2]
        return [] if text in paths[0].read_text("utf-8") else [f"{arguments[0]}: has no '{text}'"]


def run_script(script, arguments, root):
    variables, steps = parse(script.read_text("utf-8"))
    runner = Runner(root, arguments, variables)
    for step in steps:
        problems = runner.run(step)
        if problems:
            print(f"{script}:{step.line}: $ {step.command}")
            print("\n".join(problems))
            return 1
    print(f"{len(steps)} steps")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("vectors", help="the folder test-vectors")
    parser.add_argument("script", type=pathlib.Path)
    parser.add_argument("programs", type=pathlib.Path, nargs="+",
                        help="the programs that the script calls by name")
    arguments = parser.parse_args()
    arguments.programs = [program.resolve(strict=True) for program in arguments.programs]
    # Below /tmp for root, whose own folder for temporary files may be closed to others.
    place = "/tmp" if os.geteuid() == 0 else None
    root = pathlib.Path(tempfile.mkdtemp(prefix="keystone-script-", dir=place)).resolve()
    try:
        root.chmod(0o755)
        return run_script(arguments.script, arguments, root)
    except ScriptError as problem:
        print(f"{arguments.script}: {problem}")
        return 1
    finally:
        shutil.rmtree(root)


if __name__ == "__main__":
    sys.exit(main())
