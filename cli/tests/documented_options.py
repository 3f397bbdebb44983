#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The man page and the shell completions offer what the program has: no more and no less.

The program itself is asked: for the help of every command, and for its profiles and platforms.
    documented_options.py PROGRAM     the built keystone-measure
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys

CLI = pathlib.Path(__file__).resolve().parent.parent
MAN = CLI / "man" / "keystone-measure.1"
BASH = CLI / "completions" / "keystone-measure.bash"
ZSH = CLI / "completions" / "_keystone-measure"

HELP = {"-h", "--help"}  # of every command
FEWEST_COMMANDS = 10  # with the program itself; a help text that is not understood must not pass

problems = []


def complain(where, what, got, want):
    """Records every word that is in one of two sets only."""
    for word in sorted(set(want) - set(got)):
        problems.append(f"{where}: {what} {word!r} is missing")
    for word in sorted(set(got) - set(want)):
        problems.append(f"{where}: {what} {word!r} is not in the program")


# --- the program -------------------------------------------------------------------------------


def run(*arguments):
    return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout


class Command:
    """What the program says of one of its commands."""

    def __init__(self, program, name):
        text = run(program, *name.split(), "--help")
        self.name = name
        self.options = []  # each with all its spellings
        self.commands = []  # below this one
        self.formats = set()
        self.positional = False
        section = ""
        for line in text.splitlines():
            if line and not line.startswith(" "):
                section = line
            entry = re.match(r"  (\S+)", line)
            if not entry:
                continue
            if section == "Options:":
                self.options.append(entry[1].split(","))
                if entry[1] == "--format":
                    words = line.split("FORMAT", 1)[1].replace(" (default)", "")
                    self.formats = set(re.split(r",\s*|\s+or\s+", words.strip()))
            elif section == "Subcommands:":
                self.commands.append(entry[1])
            elif section == "Positionals:":
                self.positional = True
        self.spellings = {spelling for option in self.options for spelling in option}


def ask(program, name=""):
    """The command of that name, and all below it."""
    command = Command(program, name)
    below = [ask(program, f"{name} {word}".strip()) for word in command.commands]
    return {name: command} | {key: value for found in below for key, value in found.items()}


def names(program, table):
    return {row["name"] for row in json.loads(run(program, table, "--json"))[table]}


# --- the man page ------------------------------------------------------------------------------


def man_sections(text):
    """The lines of every .Sh, by its title."""
    parts = re.split(r"^\.Sh (.+)$", text, flags=re.M)
    return {title.strip('"'): body.splitlines() for title, body in zip(parts[1::2], parts[2::2])}


def flags(line):
    """The options that a macro line spells: `.Op Fl -jobs Ar N` has --jobs."""
    return {"-" + word for word in re.findall(r"\bFl (\S+)", line)}


def synopsis(lines):
    """The options of each command, where .Nm starts a form of it."""
    forms = {}
    name = ""
    for line in lines:
        if line == ".Nm":
            name = ""
        elif line.startswith(".Cm "):
            name = line[4:]
        forms.setdefault(name, set()).update(flags(line))
    return forms


def check_man(commands, profiles, platforms):
    where = MAN.name
    sections = man_sections(MAN.read_text())
    forms = synopsis(sections["SYNOPSIS"])
    top = commands[""].spellings
    leaves = {name for name, command in commands.items() if not command.commands}
    complain(where, "command in SYNOPSIS", set(forms) - {""}, leaves)
    for name in leaves & set(forms):
        # One spelling of each option is enough; --help has a form of its own.
        offered = [option for option in commands[name].options if not HELP & set(option)]
        for option in offered:
            if not forms[name] & set(option):
                problems.append(f"{where}: SYNOPSIS of {name}: {option} is missing")
        known = {spelling for option in offered for spelling in option}
        complain(where, f"SYNOPSIS of {name}:", forms[name], known & forms[name])
    complain(where, "SYNOPSIS:", forms[""], top & forms[""])

    described = {flag for line in sections["DESCRIPTION"] if line.startswith(".It ")
                 for flag in flags(line)}
    every = {spelling for command in commands.values() for spelling in command.spellings}
    complain(where, "option", described, every)
    titles = {line[len(".Ss keystone-measure "):] for line in sections["DESCRIPTION"]
              if line.startswith(".Ss keystone-measure ")}
    complain(where, "section for", titles, leaves)

    def listed(section):
        return {word for line in sections[section] if line.startswith(".It ")
                for word in re.findall(r"Li (\S+)", line)}

    complain(where, "profile", listed("PROFILES"), profiles)
    complain(where, "platform", listed("PLATFORMS"), platforms)
    complain(where, "format", listed("FORMATS"),
             {word for command in commands.values() for word in command.formats})


# --- bash --------------------------------------------------------------------------------------

# Calls the function as bash does, with the words after it as the command line so far.
BASH_DRIVER = r"""
source "$1" || exit
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_keystone_measure
printf '%s\n' "${COMPREPLY[@]}"
"""


def complete(*words):
    """What bash offers for the last of `words`."""
    answer = subprocess.run(
        ["bash", "--norc", "-c", BASH_DRIVER, "bash", str(BASH), "keystone-measure", *words],
        check=True, capture_output=True, text=True, cwd=CLI)
    if answer.stderr:
        problems.append(f"{BASH.name}: {words}: {answer.stderr.strip()}")
    return set(answer.stdout.split("\n")) - {""}


def check_bash(commands, profiles, platforms):
    where = BASH.name
    subprocess.run(["bash", "-n", str(BASH)], check=True)
    for name, command in commands.items():
        words = name.split()
        complain(where, f"{name or 'program'}: option", complete(*words, "-"), command.spellings)
        if command.commands:
            complain(where, f"{name or 'program'}: command", complete(*words, ""),
                     command.commands)
        if command.formats:
            complain(where, f"{name}: format", complete(*words, "--format", ""), command.formats)
        if "--profile" in command.spellings:
            complain(where, f"{name}: profile", complete(*words, "--profile", ""), profiles)
        if "--platform" in command.spellings:
            complain(where, f"{name}: platform", complete(*words, "--platform", ""), platforms)

    files = {path.name for path in CLI.iterdir()}  # complete() runs in that folder
    for name, command in commands.items():
        if command.positional:
            complain(where, f"{name}: file", complete(*name.split(), ""), files)
    by_position = {
        ("e",): {"enclave"},
        ("golden", "re"): {"remove"},
        ("enclave", "--lo"): {"--loader", "--loader-raw"},
        ("enclave", "--loader", "CMakeL"): {"CMakeLists.txt"},
        ("enclave", "--eapp", "a", "--format", "c"): {"c-header"},
        ("enclave", "--profile", "=", "rust"): {"rust-sdk-0.3"},  # bash cuts at the equals sign
        ("sm", "fw.bin", "--platform", "="): platforms,
        ("golden", "check", "g.json", "--format", "j"): {"json", "junit"},
        ("golden", "check", "g.json", "--jobs", ""): set(),
        ("golden", "add", "g.json", "--sm", "CMakeL"): {"CMakeLists.txt"},
        ("profiles", "--j"): {"--json"},
        ("nothing", "--"): set(),
    }
    for words, want in by_position.items():
        complain(where, f"{' '.join(words)}:", complete(*words), want)


# --- zsh ---------------------------------------------------------------------------------------


def zsh_arrays(text):
    """name=( ... ) with the arrays that it mentions put in their place."""
    arrays = {}
    for name, many, one in re.findall(r"^  (\w+)=\((?:\n(.*?)^  \)|([^\n]+)\))$", text,
                                      re.M | re.S):
        arrays[name] = expanded(many or one, arrays)
    return arrays


def expanded(text, arrays):
    return re.sub(r"\$(\w+)", lambda found: arrays.get(found[1], found[0]), text)


def zsh_options(text):
    """The options of `_arguments` specs: '--json[..]', "--profile=[..]" and {-q,--quiet}'[..]'."""
    found = set(re.findall(r"""['"](--?[\w-]+)[+=]?\[""", text))
    for group in re.findall(r"\{([^{}]*)\}'\[", text):
        found |= {spelling.rstrip("+=") for spelling in group.split(",")}
    return found


def zsh_words(text, label):
    """The values of specs like ...:profile:(a b c)."""
    return [set(words.split()) for words in re.findall(rf":{label}:\(([^)]*)\)", text)]


def check_zsh(commands, profiles, platforms):
    where = ZSH.name
    text = ZSH.read_text()
    arrays = zsh_arrays(text)
    complain(where, "command", re.findall(r"'([\w-]+):", arrays["commands"]),
             commands[""].commands)
    complain(where, "golden command", re.findall(r"'([\w-]+):", arrays["golden_commands"]),
             commands["golden"].commands)
    # The first two calls of _arguments are those of the program and of `golden`.
    calls = [expanded(call, arrays) for call in re.findall(r"_arguments -C (.*)", text)]
    complain(where, "program: option", zsh_options(calls[0]), commands[""].spellings)
    complain(where, "golden: option", zsh_options(calls[1]), commands["golden"].spellings)

    cases = dict(re.findall(r"^    '?([\w ]+)'?\)\n(.*?);;$", text.split("case $command in")[1],
                            re.M | re.S))
    leaves = {name for name, command in commands.items() if not command.commands}
    complain(where, "case for", cases, leaves)
    for name in leaves & set(cases):
        specs = expanded(cases[name], arrays)
        complain(where, f"{name}: option", zsh_options(specs), commands[name].spellings)
        for label, option, want in (("profile", "--profile", profiles),
                                    ("platform", "--platform", platforms),
                                    ("format", "--format", commands[name].formats)):
            if option in commands[name].spellings:
                for got in zsh_words(specs, label) or [set()]:
                    complain(where, f"{name}: {label}", got, want)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    program = parser.parse_args().program
    commands = ask(program)
    if len(commands) < FEWEST_COMMANDS:
        problems.append(f"the program's help names {len(commands)} commands only")
    profiles, platforms = names(program, "profiles"), names(program, "platforms")
    check_man(commands, profiles, platforms)
    check_bash(commands, profiles, platforms)
    check_zsh(commands, profiles, platforms)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
