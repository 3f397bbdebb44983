#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The man page and the shell completions offer what the program has: no more and no less.

The program itself is asked: for the help of every command, and for the words that it takes.
    documented_options.py PROGRAM     a built program; its name says which one it is
"""
import argparse
import pathlib
import re
import subprocess
import sys

from documented_program import CLI, LISTED, Program

HELP = {"-h", "--help"}  # of every command

problems = []


def complain(where, what, got, want):
    """Records every word that is in one of two sets only."""
    for word in sorted(set(want) - set(got)):
        problems.append(f"{where}: {what} {word!r} is missing")
    for word in sorted(set(got) - set(want)):
        problems.append(f"{where}: {what} {word!r} is not in the program")


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


def check_man(program):
    where = program.man.name
    sections = man_sections(program.man.read_text())
    forms = synopsis(sections["SYNOPSIS"])
    commands = program.commands
    complain(where, "command in SYNOPSIS", set(forms) - {""}, program.leaves)
    for name in program.leaves & set(forms):
        # One spelling of each option is enough; --help has a form of its own.
        offered = [option for option in commands[name].options if not HELP & set(option)]
        for option in offered:
            if not forms[name] & set(option):
                problems.append(f"{where}: SYNOPSIS of {name}: {option} is missing")
        known = {spelling for option in offered for spelling in option}
        complain(where, f"SYNOPSIS of {name}:", forms[name], known & forms[name])
    complain(where, "SYNOPSIS:", forms[""], commands[""].spellings & forms[""])

    described = {flag for line in sections["DESCRIPTION"] if line.startswith(".It ")
                 for flag in flags(line)}
    every = {spelling for command in commands.values() for spelling in command.spellings}
    complain(where, "option", described, every)
    start = f".Ss {program.name} "
    titles = {line[len(start):] for line in sections["DESCRIPTION"] if line.startswith(start)}
    complain(where, "section for", titles, program.leaves)
    formats = {word for command in commands.values() for option in LISTED & set(command.words)
               for word in command.words[option]}
    for section, words in (program.words.in_man | ({"FORMATS": formats} if formats else {})).items():
        listed = {word for line in sections[section] if line.startswith(".It ")
                  for word in re.findall(r"Li (\S+)", line)}
        complain(where, f"word in {section}", listed, words)


# --- bash --------------------------------------------------------------------------------------

# Calls the function as bash does, with the words after it as the command line so far.
BASH_DRIVER = r"""
source "$1" || exit
complete=$2
shift 2
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
"$complete"
printf '%s\n' "${COMPREPLY[@]}"
"""


def check_bash(program):
    where = program.bash.name
    subprocess.run(["bash", "-n", str(program.bash)], check=True)

    def complete(*words):
        """What bash offers for the last of `words`."""
        function = "_" + program.name.replace("-", "_")
        answer = subprocess.run(
            ["bash", "--norc", "-c", BASH_DRIVER, "bash", str(program.bash), function,
             program.name, *words], check=True, capture_output=True, text=True, cwd=CLI)
        if answer.stderr:
            problems.append(f"{where}: {words}: {answer.stderr.strip()}")
        return set(answer.stdout.split("\n")) - {""}

    files = {path.name for path in CLI.iterdir()}  # complete() runs in that folder
    for name, command in program.commands.items():
        words, title = name.split(), name or "program"
        complain(where, f"{title}: option", complete(*words, "-"), command.spellings)
        if command.commands:
            complain(where, f"{title}: command", complete(*words, ""), command.commands)
        for option, want in command.words.items():
            complain(where, f"{title}: word of {option}", complete(*words, option, ""), want)
        if command.positional:
            complain(where, f"{title}: file", complete(*words, ""), files)
    for words, want in program.words.completions.items():
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
    """The options of `_arguments` specs: '--json[..]', '(-a)*--b=[..]' and {-q,--quiet}'[..]'."""
    found = set(re.findall(r"""['"](?:\([^)]*\))?\*?(--?[\w-]+)[+=]?\[""", text))
    for group in re.findall(r"\{([^{}]*)\}'\[", text):
        found |= {spelling.rstrip("+=") for spelling in group.split(",")}
    return found


def zsh_words(text, option):
    """The values of the spec --option=[..]:..:(a b c)."""
    return set(" ".join(re.findall(rf"{option}=\[[^\]]*\]:[^:]*:\(([^)]*)\)", text)).split())


def check_zsh(program):
    where = program.zsh.name
    text = program.zsh.read_text()
    arrays = zsh_arrays(text)
    # The first call of _arguments is that of the program, the second that of every group.
    calls = [expanded(call, arrays) for call in re.findall(r"_arguments -C (.*)", text)]
    for name, command in program.commands.items():
        if command.commands:
            list_name = f"{name}_commands" if name else "commands"
            complain(where, f"{name or 'program'}: command",
                     re.findall(r"'([\w-]+):", arrays[list_name]), command.commands)
            complain(where, f"{name or 'program'}: option", zsh_options(calls[1 if name else 0]),
                     command.spellings)

    cases = dict(re.findall(r"^    '?([\w -]+)'?\)\n(.*?);;$", text.split("case $command in")[1],
                            re.M | re.S))
    complain(where, "case for", cases, program.leaves)
    for name in program.leaves & set(cases):
        specs = expanded(cases[name], arrays)
        complain(where, f"{name}: option", zsh_options(specs), program.commands[name].spellings)
        for option, want in program.commands[name].words.items():
            complain(where, f"{name}: word of {option}", zsh_words(specs, option), want)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=pathlib.Path)
    program = Program(parser.parse_args().program.resolve(strict=True))
    if len(program.commands) < program.words.fewest_commands:
        problems.append(f"the program's help names {len(program.commands)} commands only")
    check_man(program)
    check_bash(program)
    check_zsh(program)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
