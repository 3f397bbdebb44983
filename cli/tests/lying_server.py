# SPDX-License-Identifier: Apache-2.0
"""An attestation server for tests: it speaks the API over TLS, and lies where it is told to.

Keys, certificates and signatures are made by the program openssl: nothing of them is from the code
under test.
"""

import base64
import contextlib
import http.server
import json
import pathlib
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.parse

SESSION = "application/vnd.veraison.challenge-response-session+json"
NONCE = bytes(range(100, 132))


def openssl(*words, **options):
    return subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True,
                          **options).stdout


def url64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def raw_signature(der):
    """r and s of 32 bytes each, from SEQUENCE { INTEGER r, INTEGER s }."""
    numbers, at = [], 2
    for _ in range(2):
        size = der[at + 1]
        numbers.append(int.from_bytes(der[at + 2:at + 2 + size], "big").to_bytes(32, "big"))
        at += 2 + size
    return b"".join(numbers)


class Key:
    """A key pair of P-256, in files."""

    def __init__(self, folder, name):
        self.file = folder / f"{name}.key"
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out",
                self.file)
        self.public = folder / f"{name}.pem"
        openssl("pkey", "-in", self.file, "-pubout", "-out", self.public)

    def jwk(self, kid="k1"):
        point = openssl("pkey", "-in", self.file, "-pubout", "-outform", "DER")[-64:]
        return {"kty": "EC", "crv": "P-256", "kid": kid, "alg": "ES256", "use": "sig",
                "x": url64(point[:32]), "y": url64(point[32:])}

    def token(self, claims, **header):
        header = {"alg": "ES256", "kid": "k1", "typ": "JWT"} | header
        text = ".".join(url64(json.dumps(part).encode()) for part in (header, claims))
        return text + "." + url64(raw_signature(
            openssl("dgst", "-sha256", "-sign", self.file, input=text.encode())))


class Authority:
    """Who vouches for servers and clients."""

    def __init__(self, folder, name):
        self.key, self.certificate = Key(folder, name), folder / f"{name}.crt"
        openssl("req", "-x509", "-new", "-key", self.key.file, "-subj", f"/CN={name}", "-days", 30,
                "-out", self.certificate)

    def vouch(self, folder, name, hosts):
        """Files with a certificate for these names, and with its key."""
        key, request, certificate = Key(folder, name), folder / "request", folder / f"{name}.crt"
        extensions = folder / "extensions"
        extensions.write_text(f"subjectAltName={hosts}\n")
        openssl("req", "-new", "-key", key.file, "-subj", f"/CN={name}", "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key.file,
                "-CAcreateserial", "-days", 30, "-extfile", extensions, "-out", certificate)
        return certificate, key.file


def claims(nonce=NONCE, status="affirming", **changes):
    """An honest result."""
    now = int(time.time())
    findings = [{"check": "sm_hash", "result": "passed" if status == "affirming" else "failed",
                 "reason": "" if status == "affirming" else "not_expected"}]
    return {
        "eat_profile": "tag:github.com,2023:veraison/ear", "iat": now, "exp": now + 300,
        "eat_nonce": url64(nonce), "ear.verifier-id": {"developer": "d", "build": "b"},
        "submods": {name: {"ear.status": status, "ear.trustworthiness-vector": {"executables": 3},
                           "ear.appraisal-policy-id": "p"} for name in ("sm", "enclave")},
        "keystone.findings": findings} | changes


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def reply(self, status, document, **headers):
        text = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.send_response(status)
        for name, value in {"Content-Length": len(text), "Connection": "close", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(text)

    def handle_one_request(self):
        with contextlib.suppress(OSError):
            super().handle_one_request()

    def do_GET(self):
        self.server.seen.append(self)
        self.reply(200, {"keys": self.server.keys})

    def do_POST(self):
        server, target = self.server, urllib.parse.urlsplit(self.path)
        self.evidence = self.body()
        server.seen.append(self)
        lie = server.lies.get(target.path.rsplit("/", 1)[-1])
        if lie:
            lie(self)
        elif target.path.endswith("/newSession"):
            query = urllib.parse.parse_qs(target.query)
            server.nonce = base64.b64decode(query["nonce"][0]) if "nonce" in query else NONCE
            self.reply(201, self.session("waiting"), Location="session/1")
        else:
            self.reply(200, self.session("complete", result=server.result(server.nonce)))

    def session(self, state, **more):
        return {"nonce": base64.b64encode(self.server.nonce).decode(),
                "expiry": "2099-01-01T00:00:00.5Z", "accept": [], "status": state} | more


class LyingServer(http.server.ThreadingHTTPServer):
    """Set `result` (nonce -> token), `keys`, and `lies` (last word of a path -> what to do)."""

    def __init__(self, certificate, key, authority=None):
        super().__init__(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        if authority:
            context.load_verify_locations(authority)
            context.verify_mode = ssl.CERT_REQUIRED
        self.socket = context.wrap_socket(self.socket, server_side=True,
                                          do_handshake_on_connect=False)
        self.result, self.keys, self.lies, self.seen, self.nonce = None, [], {}, [], NONCE
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def handle_error(self, request, client_address):
        pass  # clients that do not trust it hang up

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


@contextlib.contextmanager
def workshop():
    with tempfile.TemporaryDirectory() as folder:
        yield pathlib.Path(folder)
