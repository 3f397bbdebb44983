#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Golden files that the program writes conform to their JSON schema; files that it refuses do not.

usage: schema_test.py PROGRAM VECTORS      (needs the python module jsonschema)
"""
import copy
import json
import pathlib
import subprocess
import sys
import tempfile

import jsonschema


def written_by_program(program, vectors):
    with tempfile.TemporaryDirectory() as folder:
        golden = pathlib.Path(folder) / "golden.json"
        samples = vectors / "bundled" / "rv64"
        add = [program, "golden", "add", golden, "--quiet", "--allow-outside", "--name"]
        subprocess.run([*add, "hello", "--eapp", samples / "eapp.elf", "--runtime",
                        samples / "runtime.elf", "--loader", samples / "loader.elf"], check=True)
        subprocess.run([*add, "board", "--sm", samples / "firmware.bin"], check=True)
        subprocess.run([*add, "own", "--sm", samples / "firmware.bin", "--base", "0x1000", "--size",
                        "0x2000", "--fill", "255"], check=True)
        return json.loads(golden.read_text())


def places(value, path=()):
    """The path of every member of every object."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield (*path, key)
            yield from places(member, (*path, key))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from places(member, (*path, index))


def main():
    program, vectors = sys.argv[1], pathlib.Path(sys.argv[2])
    schema = json.loads((vectors / "schema" / "golden.schema.json").read_text())
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    check = validator(schema)
    document = written_by_program(program, vectors)
    check.validate(document)
    good = sorted((vectors / "corpus" / "fuzz_golden").glob("good-*.json"))
    for path in good:
        check.validate(json.loads(path.read_text()))

    optional = {"platform", "base", "size", "fill"}
    damaged = 0
    for path in list(places(document)):
        without, renamed = copy.deepcopy(document), copy.deepcopy(document)
        for wrong in (without, renamed):
            parent = wrong
            for step in path[:-1]:
                parent = parent[step]
            value = parent.pop(path[-1])
            if wrong is renamed:
                parent[path[-1] + "x"] = value
        assert path[-1] in optional or not check.is_valid(without), f"accepted without {path}"
        assert not check.is_valid(renamed), f"accepted an unknown key for {path}"
        damaged += 2
    assert damaged > 60 and len(good) >= 5, (damaged, len(good))
    print(f"{len(good) + 1} files conform, {damaged} damaged ones were looked at")


if __name__ == "__main__":
    main()
