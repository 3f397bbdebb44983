# SPDX-License-Identifier: Apache-2.0
"""The classes of tests. Each takes a table and adds its cases."""
from ed25519_sha3 import (
    BASE, L, P, SIGN, TORSION, Signer, add, decode, encode, first, multiply,
    non_canonical_encodings, off_curve_encodings, reference_accepts, sha2, sha3,
    small_order_encodings, to_bytes, to_number)


def seed_of(label):
    return sha3(b"wycheproof-sha3:" + label.encode())[:32]


def noise(label, size):
    return b"".join(sha3(f"{label}:{i}".encode()) for i in range(size // 64 + 1))[:size]


def numbered_messages():
    return (f"message {i}".encode() for i in range(10**6))


HONEST = Signer(seed_of("honest"))
MESSAGE = b"Test"


def valid(table):
    sizes = [*range(17), 31, 32, 33, 63, 64, 65, 71, 72, 73, 127, 128, 129, 143, 144, 145, 255, 256,
             511, 512, 1023, 1024, 1096]
    for size in sizes:
        signer = Signer(seed_of(f"valid {size}"))
        message = noise("message", size)
        table.add("Valid", f"message of length {size}", signer.key, message, signer.sign(message), "valid")
    for name, message in (("zeros", bytes(64)), ("ones", b"\xff" * 64), ("a NUL", b"a\0b")):
        table.add("Valid", f"a message with {name}", HONEST.key, message, HONEST.sign(message),
                  "valid")
    for place, byte in (("R starts with 0", 0), ("S starts with 0", 32), ("S ends with 0", 63)):
        message = first(lambda m: HONEST.sign(m)[byte] == 0, numbered_messages())
        table.add("Valid", place, HONEST.key, message, HONEST.sign(message), "valid")
    other_nonce = Signer(seed_of("honest"))
    other_nonce.nonce_function = sha2
    table.add("Valid", "a nonce that is not SHA3-512's: no verifier can tell", HONEST.key, MESSAGE,
              other_nonce.sign(MESSAGE), "valid")


def malleability(table):
    for message in (b"", MESSAGE, noise("malleable", 96)):
        signature = HONEST.sign(message)
        s = to_number(signature[32:])
        steps = (("L", L), ("2 L", 2 * L), ("3 L", 3 * L), ("4 L", 4 * L), ("8 L", 8 * L),
                 ("14 L", 14 * L), ("2^253", 2**253), ("2^254", 2**254), ("2^255", 2**255),
                 ("p", P))
        for name, step in steps:
            table.add("SignatureMalleability", f"S plus {name}", HONEST.key, message,
                      signature[:32] + to_bytes(s + step), "s_not_reduced")
    for name, s, want in (("L - 1", L - 1, "mismatch"), ("L", L, "s_not_reduced"),
                          ("L + 1", L + 1, "s_not_reduced"), ("2^253 - 1", 2**253 - 1, None),
                          ("2^253", 2**253, None), ("2^256 - 1", 2**256 - 1, None)):
        table.add("SignatureMalleability", f"S is {name}", HONEST.key, MESSAGE,
                  HONEST.sign(MESSAGE)[:32] + to_bytes(s), want)


def special_values(table):
    commitments = {"0": 0, "1": 1, "L": L, "p - 1": P - 1, "p": P, "p + 1": P + 1,
                   "2^256 - 1": 2**256 - 1}
    scalars = {"0": 0, "1": 1, "L - 1": L - 1, "L": L, "p": P}
    for r_name, r in commitments.items():
        for s_name, s in scalars.items():
            table.add("SpecialValues", f"R = {r_name}, S = {s_name}", HONEST.key, b"?",
                      to_bytes(r) + to_bytes(s))
    zeros = bytes(32)
    accepted = first(lambda m: reference_accepts(zeros, m, bytes(64)), numbered_messages())
    table.add("SpecialValues", "zeros only", zeros, accepted, bytes(64), "key_small_order")
    table.add("SpecialValues", "the base point as key and R", encode(BASE), b"",
              encode(BASE) + to_bytes(1), "mismatch")


def wrong_lengths(table):
    s = HONEST.sign(MESSAGE)
    signatures = {
        "no bytes": b"", "S is missing": s[:32], "R is missing": s[32:], "the last byte": s[:63],
        "the first byte": s[1:], "a byte of R": s[:15] + s[16:], "a byte of S": s[:40] + s[41:],
        "half of S": s[:48], "a zero more": s + b"\0", "a zero in front": b"\0" + s,
        "a zero before S": s[:32] + b"\0" + s[32:], "the key behind it": s + HONEST.key,
        "the message behind it": s + MESSAGE, "twice": s + s}
    for name, signature in signatures.items():
        table.add("WrongLength", f"signature: {name}", HONEST.key, MESSAGE, signature, "malformed")
    for place, byte in (("R starts with 0", 0), ("S ends with 0", 63)):
        message = first(lambda m: HONEST.sign(m)[byte] == 0, numbered_messages())
        cut = bytearray(HONEST.sign(message))
        del cut[byte]
        table.add("WrongLength", f"signature: {place}, which is cut off", HONEST.key, message,
                  bytes(cut), "malformed")
    keys = {"no bytes": b"", "the last byte": HONEST.key[:31], "the first byte": HONEST.key[1:],
            "a zero more": HONEST.key + b"\0", "a zero in front": b"\0" + HONEST.key,
            "twice": HONEST.key * 2}
    for name, key in keys.items():
        table.add("WrongLength", f"key: {name}", key, MESSAGE, s, "malformed")


def flip(data, bit):
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def modified(table):
    signature = HONEST.sign(MESSAGE)
    bits = (0, 1, 2, 7, 8, 16, 31, 32, 63, 64, 97, 127, 128, 240, 247, 248, 251, 252, 253, 254, 255)
    for bit in bits:
        table.add("ModifiedSignature", f"bit {bit} of R", HONEST.key, MESSAGE, flip(signature, bit))
        table.add("ModifiedSignature", f"bit {bit} of S", HONEST.key, MESSAGE,
                  flip(signature, 256 + bit))
        table.add("ModifiedKey", f"bit {bit}", flip(HONEST.key, bit), MESSAGE, signature)
    r = flip(HONEST.commit(MESSAGE)[0], 255)
    table.add("ModifiedSignature", "the sign of R, with S made for it", HONEST.key, MESSAGE,
              HONEST.sign_with(MESSAGE, r, HONEST.commit(MESSAGE)[1]), "mismatch")
    inverted = bytes(255 - byte for byte in signature)
    for name, changed in (("R is zero", bytes(32) + signature[32:]),
                          ("S is zero", signature[:32] + bytes(32)),
                          ("all bits of R", inverted[:32] + signature[32:]),
                          ("all bits of S", signature[:32] + inverted[32:]),
                          ("R backwards", signature[31::-1] + signature[32:]),
                          ("S is negated", signature[:32] +
                           to_bytes(-to_number(signature[32:]) % L))):
        table.add("ModifiedSignature", name, HONEST.key, MESSAGE, changed)


def other_message_and_parts(table):
    for name, signed in (("no bytes", b""), ("a prefix", MESSAGE[:-1]), ("a zero more",
                         MESSAGE + b"\0"), ("its hash", sha3(MESSAGE)), ("another", b"Tess"),
                         ("twice", MESSAGE * 2), ("its hash by SHA-512", sha2(MESSAGE))):
        table.add("OtherMessage", name, HONEST.key, MESSAGE, HONEST.sign(signed), "mismatch")
    other = Signer(seed_of("other"))
    mine, theirs, later = HONEST.sign(MESSAGE), other.sign(MESSAGE), HONEST.sign(b"later")
    parts = {"R and S": mine[32:] + mine[:32], "S of another message": mine[:32] + later[32:],
             "R of another message": later[:32] + mine[32:],
             "S of another key": mine[:32] + theirs[32:],
             "R of another key": theirs[:32] + mine[32:],
             "the signature of another key": theirs, "the key for R": HONEST.key + mine[32:]}
    for name, signature in parts.items():
        table.add("Swapped", name, HONEST.key, MESSAGE, signature)
    table.add("Swapped", "key and R", mine[:32], MESSAGE, HONEST.key + mine[32:])


def other_hash(table):
    # RFC 8032, section 7.1, TEST 1: the arithmetic here gives what it prints.
    rfc = Signer(bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"),
                 sha2)
    if not rfc.sign(b"").hex().startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974"):
        raise AssertionError("not the signature of RFC 8032")
    table.add("OtherHash", "RFC 8032, TEST 1", rfc.key, b"", rfc.sign(b""), "mismatch")
    mixed = Signer(seed_of("honest"))
    mixed.function = sha2
    for message in (b"", MESSAGE, noise("other hash", 128)):
        standard = Signer(seed_of("honest"), sha2)
        table.add("OtherHash", "Ed25519", standard.key, message, standard.sign(message), "mismatch")
        table.add("OtherHash", "Ed25519 under the key of SHA3-512", HONEST.key, message,
                  mixed.sign(message), "mismatch")


def with_key(key, scalar=0):
    signer = Signer(seed_of("with key"))
    signer.key, signer.scalar = key, scalar
    return signer


def add_accepted_and_not(table, flag, comment, signer, want):
    """A message that the reference accepts under this key, if there is one, and one that not."""
    def accepts(message):
        return reference_accepts(signer.key, message, signer.sign(message))
    messages = [f"message {i}".encode() for i in range(60)]
    for is_wanted, name in ((accepts, "accepted"), (lambda m: not accepts(m), "refused")):
        message = next((m for m in messages if is_wanted(m)), None)
        if message is not None:
            table.add(flag, f"{comment}, {name} by the reference", signer.key, message,
                      signer.sign(message), want)


def weak_keys(table):
    for key in small_order_encodings():
        add_accepted_and_not(table, "SmallOrderKey", "R is r B", with_key(key), "key_small_order")
        accepted = first(lambda m: reference_accepts(key, m, to_bytes(1) + bytes(32)),
                         numbered_messages())
        table.add("SmallOrderKey", "R is the identity, S is zero", key, accepted,
                  to_bytes(1) + bytes(32), "key_small_order")
    for key in non_canonical_encodings():
        table.add("NonCanonicalKey", f"y is p + {to_number(key) % SIGN - P}", key, MESSAGE,
                  with_key(key).sign(MESSAGE),
                  "key_small_order" if to_number(key) % SIGN < P + 2 else "key_non_canonical")
    for i, torsion in enumerate(TORSION[1:], 1):
        key = encode(add(decode(HONEST.key), torsion))
        add_accepted_and_not(table, "MixedOrderKey", f"plus {i} times a point of order 8",
                             with_key(key, HONEST.scalar), "key_mixed_order")
    for key in off_curve_encodings():
        table.add("KeyNotOnCurve", "no such point", key, MESSAGE, with_key(key).sign(MESSAGE),
                  "key_not_on_curve")


def weak_commitments(table):
    for r in small_order_encodings():
        table.add("SmallOrderR", "S is k a", HONEST.key, MESSAGE,
                  HONEST.sign_with(MESSAGE, r, 0), "r_small_order")
    for r in non_canonical_encodings():
        table.add("NonCanonicalR", f"y is p + {to_number(r) % SIGN - P}", HONEST.key, MESSAGE,
                  HONEST.sign_with(MESSAGE, r, 0),
                  "r_small_order" if to_number(r) % SIGN < P + 2 else "r_non_canonical")
    for i, torsion in enumerate(TORSION[1:], 1):
        r = encode(add(multiply(5, BASE), torsion))
        table.add("MixedOrderR", f"plus {i} times a point of order 8", HONEST.key, MESSAGE,
                  HONEST.sign_with(MESSAGE, r, 5), "mismatch")
    for r in off_curve_encodings():
        table.add("RNotOnCurve", "no such point", HONEST.key, MESSAGE,
                  HONEST.sign_with(MESSAGE, r, 5), "mismatch")


ALL = (valid, malleability, special_values, wrong_lengths, modified, other_message_and_parts,
       other_hash, weak_keys, weak_commitments)
