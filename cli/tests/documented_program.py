# SPDX-License-Identifier: Apache-2.0
"""A program as documented_options.py sees it: what its help says, and the words that it takes."""

import json
import pathlib
import re
import subprocess

CLI = pathlib.Path(__file__).resolve().parent.parent
SCHEMAS = CLI.parent / "test-vectors" / "schema"
GROUPS = {"Options:", "Page-walk profiles:"}  # of options in a help text
LISTED = {"--format", "--input-format", "--to"}  # options whose help lists their words


class Words:
    """The words that a program takes, by option, and where its man page lists them."""

    def __init__(self, by_option, in_man, fewest_commands, completions):
        self.by_option = by_option  # of options whose help does not list them
        self.in_man = in_man  # title of a section: the words that it lists; beside FORMATS
        self.fewest_commands = fewest_commands  # a help text that is not understood must not pass
        self.completions = completions  # words on the line so far: what bash offers for the last


def measure(program):
    def names(table):
        done = subprocess.run([program, table, "--json"], check=True, capture_output=True)
        return {row["name"] for row in json.loads(done.stdout)[table]}

    profiles, platforms = names("profiles"), names("platforms")
    return Words(
        {"--profile": profiles, "--platform": platforms},
        {"PROFILES": profiles, "PLATFORMS": platforms}, 10,
        {
            ("e",): {"enclave", "explain"},
            ("di",): {"diff", "diagnose"},
            ("golden", "re"): {"remove"},
            ("im",): {"image"},
            ("image", "--ma"): {"--max-memory", "--map"},
            ("golden", "add", "g.json", "--user"): {"--user-entry"},
            ("enclave", "--stack-size", ""): set(),
            ("enclave", "--profile", "pagewalk-v0.3"): {"pagewalk-v0.3"},
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
        })


def attest(program):
    def names(*words):
        """The names that the program offers where it gets one that it does not know."""
        done = subprocess.run([program, "emulate", *words, "?"], check=False, capture_output=True,
                              text=True)
        return set(re.search(r"hint: one of (.+)", done.stderr)[1].split(", "))

    profiles = names("attest", "--device-key", "k", "--firmware", "f", "--eapp", "e", "--runtime",
                     "r", "--profile")
    platforms = names("boot", "--device-key", "k", "--platform")
    protocols = names("serve", "--device-key", "k", "--firmware", "f", "--eapp", "e", "--runtime",
                      "r", "--loader", "l", "--listen", "127.0.0.1:0", "--protocol")
    verdict = json.loads((SCHEMAS / "verdict.schema.json").read_text())
    policy = json.loads((SCHEMAS / "policy.schema.json").read_text())
    checks = set(verdict["$defs"]["check"]["enum"])
    waivable = set(policy["properties"]["waivers"]["properties"])
    return Words(
        {"--waive": {f"{check}=" for check in waivable}, "--profile": profiles,
         "--platform": platforms, "--boot-rom": {"upstream", "sound"}, "--protocol": protocols},
        {"CHECKS": checks}, 25,
        {
            ("v",): {"verify"},
            ("re",): {"report", "reference", "request"},
            ("report", "s"): {"show", "scrub"},
            ("device", "r"): {"revoke"},
            ("verify", "--nonce"): {"--nonce", "--nonce-prefix"},
            ("verify", "r.bin", "--policy", "CMakeL"): {"CMakeLists.txt"},
            ("verify", "r.bin", "--waive", "sm"): {"sm_hash=", "sm_key_strength="},
            ("report", "convert", "r.bin", "--to", "=", "j"): {"json"},
            ("reference", "add", "CMakeL"): {"CMakeLists.txt"},
            ("reference", "add", "--name", ""): set(),
            ("device", "list", "--po"): {"--policy"},
            ("request", "--nonce"): {"--nonce", "--nonce-size"},
            ("request", "--evidence", "CMakeL"): {"CMakeLists.txt"},
            ("request", "--key", "CMakeL"): {"CMakeLists.txt"},
            ("request", "--policy", ""): set(),
            ("emulate", "r"): {"run-script"},
            ("emulate", "negatives", "--s"): {"--seed"},
            ("emulate", "boot", "--device-key", "CMakeL"): {"CMakeLists.txt"},
            ("emulate", "attest", "--profile", "=", "rust"): {"rust-sdk-0.3"},
            ("emulate", "seal", "--ident", ""): set(),
            ("emulate", "serve", "--protocol", "w"): {"wasm-demo"},
            ("emulate", "serve", "--listen", ""): set(),
            ("verify", "--device-key", ""): set(),
            ("verify", "--key", ""): set(),
            ("nothing", "--"): set(),
        })


def attestd(_program):
    schema = json.loads((SCHEMAS / "attestd-config.schema.json").read_text())
    results = schema["properties"]["results"]["properties"]
    roles = schema["properties"]["certificate_roles"]["items"]["properties"]["role"]
    return Words(
        {"--ear": set(results["ear"]["enum"]), "--role": set(roles["enum"])},
        {"ROLES": set(roles["enum"])}, 14,
        {
            ("t",): {"token"},
            ("--li",): {"--listen"},
            ("--config", "CMakeL"): {"CMakeLists.txt"},
            ("--state", "CMakeL"): set(),
            ("--listen", ""): set(),
            ("--ear", "=", "dr"): {"draft"},
            ("token", "re"): {"revoke"},
            ("token", "add", "--role", "o"): {"operator"},
            ("token", "revoke", "--id", ""): set(),
            ("config", "check", "CMakeL"): {"CMakeLists.txt"},
            ("audit", "verify", "--checkpoint", "CMakeL"): {"CMakeLists.txt"},
            ("key", "rotate", "--n"): {"--now"},
            ("nothing", "--"): set(),
        })


WORDS = {"keystone-measure": measure, "keystone-attest": attest, "keystone-attestd": attestd}


def listed_words(text):
    """The words of a help text like `hex (default), json or c-header`."""
    text = re.sub(r" \(default[^)]*\)", "", text)
    return set(re.split(r",\s*|\s+or\s+", text.strip()))


class Command:
    """What the program says of one of its commands."""

    def __init__(self, program, name):
        text = subprocess.run([program, *name.split(), "--help"], check=True, capture_output=True,
                              text=True).stdout
        self.options = []  # each with all its spellings
        self.commands = []  # below this one
        self.words = {}  # by option
        self.positional = False
        section = ""
        for line in text.splitlines():
            if line and not line.startswith(" "):
                section = line
            entry = re.match(r"  (\S+)", line)
            if not entry:
                continue
            if section in GROUPS:
                self.options.append(entry[1].split(","))
                if entry[1] in LISTED:
                    self.words[entry[1]] = listed_words(re.split(r"\s{2,}", line.strip(), 1)[1])
            elif section == "Subcommands:":
                self.commands.append(entry[1])
            elif section == "Positionals:":
                self.positional = True
        self.spellings = {spelling for option in self.options for spelling in option}


class Program:
    """A program: its commands by name, what documents it, and the words that it takes."""

    def __init__(self, path):
        self.path = path
        self.name = path.name
        self.man = CLI / "man" / f"{self.name}.1"
        self.bash = CLI / "completions" / f"{self.name}.bash"
        self.zsh = CLI / "completions" / f"_{self.name}"
        self.words = WORDS[self.name](path)
        self.commands = {}
        self.ask("")
        self.leaves = {name for name, command in self.commands.items() if not command.commands}

    def ask(self, name):
        command = self.commands[name] = Command(self.path, name)
        for option, words in self.words.by_option.items():
            if option in command.spellings:
                command.words[option] = words
        for word in command.commands:
            self.ask(f"{name} {word}".strip())
