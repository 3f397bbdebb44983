#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the programs write conforms to its JSON schema; what they refuse to read does not.

usage: schema_test.py PROGRAM VECTORS      (needs the python module jsonschema)
"""
import json
import pathlib
import subprocess
import sys
import tempfile

from schemas import Schema, changed, places, rename

# --- golden files ------------------------------------------------------------------------------

OF_PAGE_WALKS = ("untrusted_ptr", "untrusted_size", "stack_size", "freemem", "runtime_stack",
                 "runtime_entry", "user_entry")

def golden_file(program, vectors):
    with tempfile.TemporaryDirectory() as folder:
        golden = pathlib.Path(folder) / "golden.json"
        samples = vectors / "bundled" / "rv64"
        add = [program, "golden", "add", golden, "--quiet", "--allow-outside", "--name"]
        subprocess.run([*add, "hello", "--eapp", samples / "eapp.elf", "--runtime",
                        samples / "runtime.elf", "--loader", samples / "loader.elf"], check=True)
        elf = vectors / "pagewalk" / "elf"
        pages = ["--eapp", elf / "e_min", "--runtime", elf / "rt_min"]
        subprocess.run([*add, "pages", *pages, "--profile", "keystone-v1"], check=True)
        subprocess.run([*add, "old", *pages, "--profile", "pagewalk-v0.2",
                        *(f"--{name.replace('_', '-')}=0x1000" for name in OF_PAGE_WALKS
                          if name != "freemem")], check=True)
        subprocess.run([*add, "v1", *pages, "--profile", "keystone-v1", "--freemem", "4096"],
                       check=True)
        subprocess.run([*add, "board", "--sm", samples / "firmware.bin"], check=True)
        subprocess.run([*add, "own", "--sm", samples / "firmware.bin", "--base", "0x1000", "--size",
                        "0x2000", "--fill", "255"], check=True)
        return json.loads(golden.read_text())


def check_golden(program, vectors):
    schema = Schema(vectors, "golden")
    document = golden_file(program, vectors)
    schema.accept(document)
    good = sorted((vectors / "corpus" / "fuzz_golden").glob("good-*.json"))
    assert len(good) >= 5, good
    for path in good:
        schema.accept(json.loads(path.read_text()))
    schema.refuse_damage(document, {"platform", "base", "size", "fill", *OF_PAGE_WALKS})
    return schema.looked_at + same_as_the_reader(program, schema, document)


WRONG_PARAMETERS = {
    "loader_raw": ["true", 1, None],
    **dict.fromkeys(OF_PAGE_WALKS, ["", "-1", "010", "0X1", "1.5", "0x", "18446744073709551616",
                                    "0x10000000000000000", "1\n", 1, None]),
}


def mixed_enclaves(document):
    """Enclaves with what belongs to those of the other kind."""
    for index, enclave in enumerate(document["enclaves"]):
        parameters = ("enclaves", index, "parameters")
        for key, values in WRONG_PARAMETERS.items():
            for value in [False, "0x1", "18446744073709551615", *values]:
                yield changed(document, (*parameters, key),
                              lambda parent, key, new=value: parent.update({key: new}))
        yield changed(document, parameters, lambda parent, key: parent.update({key: {}}))
        yield changed(document, ("enclaves", index, "inputs", "loader"),
                      lambda parent, key, new=enclave["inputs"]["eapp"]: parent.update({key: new}))


def same_as_the_reader(program, schema, document):
    """The program reads just what conforms. How many documents were asked about."""
    empty = document | {"enclaves": [], "security_monitors": []}
    answers = {True: 0, False: 0}
    for enclave in document["enclaves"]:
        for changed_one in mixed_enclaves(empty | {"enclaves": [enclave]}):
            # Its files are not here: an entry of a file that was read is an error of the check.
            output = subprocess.run([program, "golden", "check", "-", "--json"], check=False,
                                    input=json.dumps(changed_one).encode(),
                                    capture_output=True).stdout
            conforms = schema.validator.is_valid(changed_one)
            assert bool(output) == conforms, (output, changed_one)
            answers[conforms] += 1
    assert answers[True] > 20 and answers[False] > 100, answers
    return sum(answers.values())


# --- transcripts -------------------------------------------------------------------------------


def check_transcript(program, vectors):
    schema = Schema(vectors, "explain")
    samples = vectors / "bundled" / "rv64"
    explain = [program, "explain", "--json", "--quiet", "--eapp", samples / "eapp.elf",
               "--runtime", samples / "runtime.elf"]
    pages = ["--profile", "keystone-v1", "--pages"]
    for options in (pages, ["--profile", "keystone-v1"], ["--loader", samples / "loader.elf"]):
        output = subprocess.run([*explain, *options], check=True, capture_output=True).stdout
        document = json.loads(output)
        schema.accept(document)
        if options == pages:
            schema.refuse_damage(document, {"notes", "warnings", "not_measured", "segment",
                                            "symbol", "pages"})
    for path in sorted((vectors / "corpus" / "fuzz_transcript").glob("good-*.json")):
        schema.accept(json.loads(path.read_text()))
    return schema.looked_at


# --- policies ----------------------------------------------------------------------------------


def policy_file(program):
    """A policy with all that the program can write into one, and with what only people write."""
    golden = pathlib.Path(__file__).parent / "expected" / "golden.json"
    limits = ["--not-before", "2026-01-01T00:00:00Z", "--not-after", "2030-12-31T23:59:59Z"]
    with tempfile.TemporaryDirectory() as folder:
        policy = pathlib.Path(folder) / "policy.json"

        def change(*words):
            subprocess.run([program, *words, "--policy", policy, "--quiet"], check=True)

        change("reference", "add", golden, *limits)
        change("reference", "revoke", "--name", "board", "--reason", "a test")
        for name, key in (("one", "1" * 64), ("two", "2" * 64)):
            change("device", "add", "--name", name, "--key", key, *limits)
        change("device", "revoke", "--name", "two", "--reason", "a test")
        document = json.loads(policy.read_text())
    document["waivers"] = {"freshness": "a test", "sm_key_strength": "a test"}
    document["max_age_s"] = 300
    return document


WRONG_VALUES = {
    "name": ["", "a" * 129, "a\nb", 1],
    "key": ["1" * 63, "1" * 65, "A" * 64, "0x" + "1" * 62, None],
    "hash": ["1" * 127, "g" * 128],
    "not_after": ["2030-12-31", "2030-12-31T23:59:59+00:00", "1969-12-31T23:59:59Z",
                  "2030-13-01T00:00:00Z", "2030-12-31T24:00:00Z", 0],
    "at": ["", "2030-12-31 23:59:59Z"],
    "reason": ["", "a\u202eb", "a" * 513],
    "freshness": ["", " ", True],
    "max_age_s": [0, 86401, -1, 1.5, "300", None],
    "waivers": [[], {"device_key": "why"}, {"nothing": "why"}],
    "devices": [[], {}, None],
    "enclaves": [[]],
    "schema": ["keystone.policy/2", None],
}


def damaged_policies(document):
    for path in list(places(document)):
        yield changed(document, path, dict.pop)
        yield changed(document, path, rename)
        for value in WRONG_VALUES.get(path[-1], []):
            yield changed(document, path, lambda parent, key, new=value: parent.update({key: new}))


def check_policy(program, vectors):
    schema = Schema(vectors, "policy")
    document = policy_file(program)
    schema.accept(document)
    schema.refuse_damage(document, {"profile", "not_before", "not_after", "revoked", "waivers",
                                    "freshness", "sm_key_strength", "max_age_s"})
    waived = {"schema": document["schema"], "devices": document["devices"],
              "waivers": {"sm_hash": "a test", "enclave_hash": "a test"}}
    answers = {0: 0, 3: 0}
    # The program reads just what conforms.
    for changed_one in [document, waived, *damaged_policies(document), *damaged_policies(waived)]:
        code = subprocess.run([program, "policy", "check", "-", "--json"], check=False,
                              input=json.dumps(changed_one).encode(), capture_output=True).returncode
        conforms = schema.validator.is_valid(changed_one)
        assert code == (0 if conforms else 3), (code, conforms, changed_one)
        answers[code] += 1
    assert answers[0] > 20 and answers[3] > 100, answers
    return schema.looked_at + sum(answers.values())


# --- verdicts ----------------------------------------------------------------------------------


def verdicts(program, vectors):
    genuine = vectors / "genuine" / "loader-rv64.E0_aligned.13.report.bin"
    report = genuine.read_bytes()
    trusted = ["--sm-hash", report[1160:1224].hex(), "--enclave-hash", report[:64].hex()]
    waived = ["--waive", "test_device_key=a test", "--waive", "sm_key_strength=a test"]
    for options in ([*waived, "--device-key", report[1320:].hex()],
                    ["--device-key", report[1320:].hex()],
                    ["--device-key", "1" * 64]):
        yield json.loads(subprocess.run(
            [program, "verify", genuine, "--json", "--data", report[72:80].hex(), *trusted,
             *options], check=False, capture_output=True).stdout)


def check_verdict(program, vectors):
    schema = Schema(vectors, "verdict")
    accepted, rejected, unknown = verdicts(program, vectors)
    for document, want in ((accepted, True), (rejected, False), (unknown, False)):
        assert document["accepted"] == want
        schema.accept(document)
        schema.refuse_damage(document, set())
        schema.refuse(document | {"accepted": not want}, "the other answer")
        for index, finding in enumerate(document["findings"]):
            others = document["findings"][:index] + document["findings"][index + 1:]
            schema.refuse(document | {"findings": others}, f"without {finding['check']}")
            schema.refuse(document | {"findings": [*others, finding]} if index < len(others) else
                          document | {"findings": [*others, finding, finding]}, "another order")
    results = {finding["result"] for document in (accepted, rejected, unknown)
               for finding in document["findings"]}
    assert results == {"passed", "failed", "waived", "not_evaluated"}, results
    for index in (0, 1, 3, 6):  # those that cannot be waived
        finding = accepted["findings"][index] | {"result": "waived", "reason": "because"}
        findings = [*accepted["findings"]]
        findings[index] = finding
        schema.refuse(accepted | {"findings": findings}, f"{finding['check']} waived")
    return schema.looked_at


def main():
    program, vectors = (pathlib.Path(word).resolve(strict=True) for word in sys.argv[1:3])
    checks = {"keystone-measure": [check_golden, check_transcript],
              "keystone-attest": [check_policy, check_verdict]}[program.name]
    for check in checks:
        looked_at = check(program, vectors)
        assert looked_at > 60, looked_at
        print(f"{check.__name__}: {looked_at} documents were looked at")


if __name__ == "__main__":
    main()
