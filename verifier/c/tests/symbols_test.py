#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The shared library shows what its header declares, and has nothing in it that signs.

Usage: symbols_test.py NM HEADER LIBRARY CRYPTO_ARCHIVE CRYPTO_SIGN_ARCHIVE
"""
import re
import subprocess
import sys

NODE = "KEYSTONE_VERIFIER_1"

# By name, whoever may call it: signatures, keys and secret scalars of libsodium and of OpenSSL. What
# our own part crypto_sign calls beyond these is looked up.
SIGNS = re.compile(
    r"crypto_sign|SecretKey|crypto_core_ed25519_scalar_(add|sub|mul|negate|complement|invert|random)"
    r"|EVP_(DigestSign|PKEY_sign|SignFinal)|ED25519_sign|crypto_kdf"
)


def nm(tool, *arguments):
    """The names that nm prints, with their versions."""
    lines = subprocess.run(
        [tool, "--format=posix", *arguments], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    return [line.split()[0:2] for line in lines if len(line.split()) >= 2]


def declared_in(header):
    text = re.sub(r"/\*.*?\*/", "", open(header, encoding="utf-8").read(), flags=re.S)
    return set(re.findall(r"\bKEYSTONE_API\b[^;{}]*?\b(keystone_\w+)\s*\(", text))


def of_backends(tool, archive):
    """What an archive needs of libsodium and OpenSSL."""
    backends = re.compile(r"(crypto_|sodium_|randombytes|EVP_|OSSL_|ED25519)")
    return {name for name, _ in nm(tool, "--undefined-only", archive) if backends.match(name)}


def check_exports(tool, header, library):
    want = {f"{name}@@{NODE}" for name in declared_in(header)}
    assert len(want) >= 40, f"the header declares {len(want)} functions, want at least 40"
    got = nm(tool, "--dynamic", "--defined-only", library)
    # The node itself is an absolute symbol.
    exported = {name for name, kind in got if kind != "A"}
    assert exported == want, f"exported and declared differ in {sorted(exported ^ want)}"


def check_nothing_signs(tool, library, verifies, signs):
    only_signing = of_backends(tool, signs) - of_backends(tool, verifies)
    assert only_signing, "what signs calls nothing of its own: this test looks at nothing"
    names = {name.split("@")[0] for name, _ in nm(tool, library)}
    names |= {name.split("@")[0] for name, _ in nm(tool, "--dynamic", library)}
    assert "keystone_verify" in names and len(names) > 100, "nm sees too little"
    found = sorted(name for name in names if name in only_signing or SIGNS.search(name))
    assert not found, f"it can sign: {found}"


def main():
    tool, header, library, verifies, signs = sys.argv[1:]
    check_exports(tool, header, library)
    check_nothing_signs(tool, library, verifies, signs)


main()
