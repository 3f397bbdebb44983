#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes ed25519-sha3-512.json: the classes of Wycheproof's Ed25519 tests, for SHA3-512.

usage: generate.py [--check]      --check: compare with the file instead of writing it
"""
import json
import pathlib
import sys

import classes
from ed25519_sha3 import reference_accepts, strict_result

OUTPUT = pathlib.Path(__file__).resolve().parent / "ed25519-sha3-512.json"

NOTES = {
    "Valid": "An honest signature.",
    "SignatureMalleability": "S is about the group order or beyond it. Who accepts it there lets "
                             "anyone make a second signature from a first.",
    "SpecialValues": "R and S are edge values such as 0, 1, L and p, made without any secret.",
    "WrongLength": "Key or signature have another length. There is no such input to a verifier "
                   "that takes 32 and 64 bytes: reading them must fail (malformed), and "
                   "'reference' is false.",
    "ModifiedSignature": "Bits of an honest signature are changed.",
    "ModifiedKey": "Bits of the key are changed.",
    "OtherMessage": "The signature is one of another message.",
    "Swapped": "Honest parts in each other's place.",
    "OtherHash": "SHA-512 where SHA3-512 belongs.",
    "SmallOrderKey": "The key has order 1, 2, 4 or 8: it verifies messages that nobody signed.",
    "NonCanonicalKey": "The y of the key is p or more.",
    "MixedOrderKey": "The key is an honest one plus a point of small order.",
    "KeyNotOnCurve": "No point of the curve has this y.",
    "SmallOrderR": "R has order 1, 2, 4 or 8, and S is made so that the equation holds, "
                   "multiplied by 8.",
    "NonCanonicalR": "The y of R is p or more.",
    "MixedOrderR": "R is an honest one plus a point of small order, which verifiers with the "
                   "cofactor in their equation accept.",
    "RNotOnCurve": "No point of the curve has the y of R.",
}


class Table:
    def __init__(self):
        self.tests = []

    def add(self, flag, comment, key, message, signature, want=None):
        """A case. `want` is what it is meant to show; without one, anything but "valid"."""
        result = strict_result(key, message, signature)
        is_as_meant = result == want if want else result != "valid"
        if not is_as_meant:
            raise AssertionError(f"{flag}, {comment}: got {result}, want {want}")
        self.tests.append({
            "id": len(self.tests) + 1, "comment": comment, "flags": [flag], "key": key.hex(),
            "msg": message.hex(), "sig": signature.hex(), "result": result,
            "reference": reference_accepts(key, message, signature)})


def rendered():
    table = Table()
    for make in classes.ALL:
        make(table)
    head = {"schema": "ed25519-sha3-512 verification, one table",
            "source": "the classes of Project Wycheproof's ed25519_test.json and of the papers on "
                      "keys and commitments outside the prime-order group; every value is our own",
            "generated_by": "test-vectors/wycheproof-sha3/generate.py", "notes": NOTES}
    lines = ",\n".join("  " + json.dumps(test) for test in table.tests)
    return json.dumps(head, indent=1)[:-2] + ',\n "tests": [\n' + lines + "\n ]\n}\n"


def main():
    text = rendered()
    if sys.argv[1:] == ["--check"]:
        if OUTPUT.read_text() != text:
            sys.exit(f"{OUTPUT.name} is not what generate.py makes")
    elif not sys.argv[1:]:
        OUTPUT.write_text(text)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
