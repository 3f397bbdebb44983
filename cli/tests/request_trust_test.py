#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whom `keystone-attest request` speaks to, and which results it believes.

    request_trust_test.py PROGRAM VECTORS
"""

import json
import time

from lying_server import Authority, LyingServer, claims, url64
from request_case import RequestTest, run_tests


class Beliefs(RequestTest):
    def test_believes_a_pinned_key_in_each_form(self):
        self.server.keys = []
        forms = {"jwk": self.key.jwk(), "jwks": {"keys": [self.other_key.jwk("k0"),
                                                          self.key.jwk()]}}
        for name, document in forms.items():
            (self.folder / name).write_text(json.dumps(document))
        for path in (self.folder / "jwk", self.folder / "jwks", self.key.public):
            self.assertEqual(self.request("--ear-key", path)[0], 0, path)
        self.assertTrue(all("jwks" not in seen.path for seen in self.server.seen))

    def test_believes_no_other_key(self):
        self.expect(3, "mismatch", "--ear-key", self.other_key.public)
        self.server.keys = [self.other_key.jwk()]
        self.expect(3, "mismatch")
        self.server.keys = [self.key.jwk("k2"), self.other_key.jwk("k3")]
        self.expect(3, "unknown_key")
        self.server.keys = []
        self.expect(3, "unknown_key")

    def test_pins_no_private_key(self):
        self.expect(3, "signer.key", "--ear-key", self.key.file)
        self.assertEqual(self.server.seen, [])

    def test_believes_no_result_for_another_nonce(self):
        self.server.result = lambda nonce: self.key.token(claims(nonce[:-1] + b"\0"))
        self.expect(3, "eat_nonce")

    def test_believes_no_result_out_of_its_time(self):
        now = int(time.time())
        for times, fact in (({"iat": now - 900, "exp": now - 600}, "expired"),
                            ({"iat": now + 600, "exp": now + 900}, "not_yet_valid")):
            self.server.result = lambda nonce, it=times: self.key.token(claims(nonce) | it)
            self.expect(3, fact)

    def test_believes_no_token_without_a_signature(self):
        def unsigned(nonce):
            header, payload = ({"alg": "none"}, claims(nonce))
            return ".".join(url64(json.dumps(part).encode()) for part in (header, payload)) + "."
        self.server.result = unsigned
        self.expect(3, "other_algorithm")

    def test_leaves_no_file_behind_what_it_does_not_believe(self):
        self.server.keys = [self.other_key.jwk()]
        self.expect(3, "mismatch", "--ear-out", self.folder / "none.jwt")
        self.assertFalse((self.folder / "none.jwt").exists())


class Connections(RequestTest):
    def test_trusts_the_certificates_that_it_is_told(self):
        other = Authority(self.folder, "another")
        self.expect(5, "certificate", ca=other.certificate)
        self.assertEqual(self.server.seen, [])

    def test_takes_an_empty_file_for_a_slip(self):
        empty = self.folder / "empty"
        empty.write_text("\n")
        self.expect(3, "empty", "--token-file", empty)
        empty.write_text("")
        self.expect(3, "empty", ca=empty)  # else it would trust whom the system trusts
        self.expect(3, "empty", "--cert", empty, "--key", self.files[1])
        self.assertEqual(self.server.seen, [])

    def request_of(self, files, **options):
        with LyingServer(*files, **options) as server:
            server.keys, server.result = self.server.keys, self.server.result
            return [self.request(url=f"https://{host}:{server.port}")[0]
                    for host in ("localhost", "127.0.0.1")]

    def test_knows_a_server_by_its_name(self):
        self.assertEqual(self.request_of(self.files), [0, 0])
        for hosts, want in (("DNS:localhost", [0, 5]), ("IP:127.0.0.1", [5, 0]),
                            ("DNS:example.com,IP:127.0.0.2", [5, 5])):
            files = self.authority.vouch(self.folder, "named", hosts)
            self.assertEqual(self.request_of(files), want, hosts)

    def test_shows_its_own_certificate(self):
        certificate, key = self.authority.vouch(self.folder, "client", "DNS:client")
        with LyingServer(*self.files, self.authority.certificate) as server:
            server.keys, server.result = self.server.keys, self.server.result
            url = f"https://localhost:{server.port}"
            self.assertEqual(self.request("--cert", certificate, "--key", key, url=url)[0], 0)
            self.assertEqual(self.request(url=url)[0], 5)
        self.expect(2, "--cert", "--cert", certificate)
        self.expect(2, "key", "--cert", certificate, "--key", self.other_key.file)

    def test_follows_nobody(self):
        for status in (301, 302, 307, 308):
            self.lie("newSession", status, {}, Location=self.url + "/elsewhere")
            self.expect(3, str(status))
        self.lie("newSession", 201, {"nonce": "AAAA", "status": "waiting"},
                 Location="https://example.com/session")
        self.expect(3, "nonce")
        self.assertTrue(all("newSession" in seen.path for seen in self.server.seen))

    def test_goes_to_no_other_server(self):
        for location in ("https://example.com/1", "//example.com/1", "http://localhost/1"):
            self.server.lies["newSession"] = lambda handler, to=location: handler.reply(
                201, handler.session("waiting"), Location=to)
            self.expect(3, "location")

    def test_reads_no_answer_without_an_end(self):
        self.lie("newSession", 201, b" " * 600_000)
        self.expect(3, "too long")

    def test_reads_chunks_in_pieces_of_any_size(self):
        def in_chunks(text):
            def lie(handler):
                handler.send_response(201)
                handler.send_header("Transfer-Encoding", "chunked")
                handler.send_header("Location", "/session/1")
                handler.end_headers()
                framed = b"%x\r\n%s\r\n" % (len(text), text) if text else b""
                for byte in framed + b"0\r\n\r\n":  # a record of TLS each
                    handler.wfile.write(bytes([byte]))
            return lie

        self.server.lies["newSession"] = lambda handler: in_chunks(
            json.dumps(handler.session("waiting")).encode())(handler)
        self.assertEqual(self.request()[0], 0)
        self.server.lies["newSession"] = in_chunks(b"")
        self.expect(3, "")

    def test_waits_no_longer_than_it_is_told(self):
        self.server.lies["newSession"] = lambda handler: time.sleep(3)
        self.expect(5, "", "--timeout", "1")

    def test_says_what_the_server_says(self):
        for status, code in ((400, 3), (401, 2), (403, 2), (404, 3), (500, 5), (503, 5)):
            self.lie("newSession", status, {"title": "T", "detail": "because"})
            self.expect(code, f"{status}: because")

    def test_says_that_nobody_listens(self):
        with LyingServer(*self.files) as server:
            port = server.port
        self.expect(5, f"localhost:{port}", url=f"https://localhost:{port}")
        self.expect(5, "name.invalid", url="https://name.invalid")

    def test_speaks_in_the_clear_on_this_machine_alone(self):
        self.expect(2, "https", url="http://192.0.2.1")
        self.expect(5, "", url=f"http://localhost:{self.server.port}")  # which speaks TLS

    def test_takes_errors_as_json(self):
        code, lines, said = self.request("--json", url="ftp://localhost")
        self.assertEqual((code, lines, json.loads(said)["code"]), (2, [], "usage"))


if __name__ == "__main__":
    run_tests()
