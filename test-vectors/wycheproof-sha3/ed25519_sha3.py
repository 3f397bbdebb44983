# SPDX-License-Identifier: Apache-2.0
"""ed25519-sha3-512 over plain integers: RFC 8032, section 5.1, with the hash exchanged.

Every point of the curve is taken, in every encoding. Nothing here is constant-time or fast.
"""
import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SIGN = 1 << 255

# Points in extended coordinates (X, Y, Z, T): x = X/Z, y = Y/Z, x y = T/Z.
IDENTITY = (0, 1, 1, 0)


def add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def negate(p):
    return (-p[0] % P, p[1], p[2], -p[3] % P)


def multiply(number, p):
    product = IDENTITY
    for bit in bin(number)[2:]:
        product = add(product, product)
        if bit == "1":
            product = add(product, p)
    return product


def is_identity(p):
    return p[0] == 0 and p[1] == p[2]


def recover_x(y, is_odd):
    """The x of that parity; 0 has no other. None where there is no point with this y."""
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - xx) % P:
        return None
    return x if x % 2 == is_odd else -x % P


def decode(encoded):
    """The point, with y mod p and the sign ignored where x = 0; or None."""
    number = int.from_bytes(encoded, "little")
    y = number % SIGN % P
    x = recover_x(y, number // SIGN)
    return None if x is None else (x, y, 1, x * y % P)


def encode(p):
    inverse = pow(p[2], P - 2, P)
    x, y = p[0] * inverse % P, p[1] * inverse % P
    return (y + SIGN * (x % 2)).to_bytes(32, "little")


BASE = decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def sha3(data):
    return hashlib.sha3_512(data).digest()


def sha2(data):
    return hashlib.sha512(data).digest()


def to_number(data):
    return int.from_bytes(data, "little")


def to_bytes(number):
    return number.to_bytes(32, "little")


class Signer:
    """All that goes into signatures; the cases damage one part of it."""

    def __init__(self, seed, function=sha3):
        digest = bytearray(function(seed))
        digest[0] &= 248
        digest[31] = digest[31] & 63 | 64
        self.scalar, self.prefix = to_number(digest[:32]), bytes(digest[32:])
        self.key = encode(multiply(self.scalar, BASE))
        self.function = function  # of the equation
        self.nonce_function = function

    def commit(self, message):
        r = to_number(self.nonce_function(self.prefix + message)) % L
        return encode(multiply(r, BASE)), r

    def sign(self, message):
        return self.sign_with(message, *self.commit(message))

    def sign_with(self, message, commitment, r):
        k = to_number(self.function(commitment + self.key + message)) % L
        return commitment + to_bytes((r + k * self.scalar) % L)


def fits_equation(key, point, message, signature):
    """Whether the encoding of S B - k A is R, byte for byte."""
    k = to_number(sha3(signature[:32] + key + message)) % L
    right = multiply(k, negate(point))
    return encode(add(multiply(to_number(signature[32:]), BASE), right)) == signature[:32]


def reference_accepts(key, message, signature):
    """Keystone's own verifier."""
    if len(key) != 32 or len(signature) != 64 or signature[63] & 0xE0:
        return False
    point = decode(key)
    return point is not None and fits_equation(key, point, message, signature)


def has_small_order(point):
    return point is not None and is_identity(multiply(8, point))


def strict_result(key, message, signature):
    """The first reason for which a strict verifier refuses, or "valid"."""
    if len(key) != 32 or len(signature) != 64:
        return "malformed"
    point, commitment = decode(key), decode(signature[:32])
    reasons = [
        ("s_not_reduced", to_number(signature[32:]) >= L),
        ("key_small_order", has_small_order(point)),
        ("key_non_canonical", to_number(key) % SIGN >= P),
        ("key_mixed_order", point is not None and not is_identity(multiply(L, point))),
        ("key_not_on_curve", point is None),
        ("r_small_order", has_small_order(commitment)),
        ("r_non_canonical", to_number(signature[:32]) % SIGN >= P),
    ]
    for reason, holds in reasons:
        if holds:
            return reason
    return "valid" if fits_equation(key, point, message, signature) else "mismatch"


def first(accepts, candidates):
    return next(candidate for candidate in candidates if accepts(candidate))


def torsion_points():
    """i times a point of order 8, which L times a point of the whole curve is."""
    def is_generator(point):
        return not is_identity(multiply(4 * L, point))
    points = (decode(to_bytes(y)) for y in range(2, 100))
    generator = multiply(L, first(is_generator, (p for p in points if p)))
    return [multiply(i, generator) for i in range(8)]


TORSION = torsion_points()


def small_order_encodings():
    """The 14: y = 0, 1 and p - 1, those of order 8, and y + p where that is below 2^255."""
    ys = sorted({to_number(encode(p)) % SIGN for p in TORSION})
    ys += [P, P + 1]
    return [to_bytes(y + sign) for y in ys for sign in (0, SIGN)]


def non_canonical_encodings():
    return [to_bytes(y + sign) for y in range(P, SIGN) for sign in (0, SIGN)]


def off_curve_encodings():
    return [to_bytes(y) for y in range(2, 20) if decode(to_bytes(y)) is None][:4]
