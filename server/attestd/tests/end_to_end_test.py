#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""From an emulated device to a result that another implementation of JWT verifies.

    end_to_end_test.py PROGRAM ATTEST VECTORS     (needs the python module jwt)
"""

import signal
import ssl
import time

import jwt

from device import attesting
from node import REPORT, NodeTest, certificates, main, put_policy, trusting

AFFIRMING = {
    "platform": {"instance-identity": 2},
    "sm": {"executables": 3},
    "enclave": {"executables": 3},
}


class EndToEnd(NodeTest):
    def tls(self, **more):
        certificates(self.folder)
        tls = {"certificate": "server.pem", "key": "server.key", **more}
        listener = {"name": "public", "listen": "127.0.0.1:0", "tls": tls}
        return self.write_config(listeners=[listener], certificate_roles=[
            {"subject": "CN=client,O=tests", "role": "verifier"}])

    def decode(self, node, token):
        """The claims, as python3-jwt verifies them with the key that the token names."""
        keys = jwt.PyJWKSet.from_dict(node.ask("GET", "/jwks.json").json())
        kid = jwt.get_unverified_header(token)["kid"]
        key, = [key for key in keys.keys if key.key_id == kid]
        return jwt.decode(token, key.key, algorithms=["ES256"],
                          options={"require": ["exp", "iat"]})

    def attest(self, node, device, change=lambda report: report):
        session, nonce = node.open_session()
        self.assertEqual(len(nonce), 32)
        answer = node.ask("POST", session, change(device.report(nonce)), media=REPORT)
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(answer.json()["status"], "complete")
        return answer.json()["result"], nonce

    def check_claims(self, claims, nonce, statuses):
        self.assertEqual(claims["eat_profile"], "tag:github.com,2023:veraison/ear")
        self.assertLess(abs(claims["iat"] - time.time()), 3600)
        self.assertEqual(claims["exp"] - claims["iat"], 300)
        self.assertEqual(set(claims["ear.verifier-id"]), {"developer", "build"})
        padded = claims["eat_nonce"] + "=" * (-len(claims["eat_nonce"]) % 4)
        self.assertEqual(jwt.utils.base64url_decode(padded), nonce)
        self.assertEqual({name: submod["ear.status"] for name, submod in claims["submods"].items()},
                         statuses)

    def test_an_accepted_report_is_affirmed_over_tls(self):
        with attesting(self) as device, self.running(
                config=self.tls(), context=trusting(self.folder)) as node:
            self.assertTrue(node.url.startswith("https://"))
            put_policy(node, self.admin_token(), device.policy())
            token, nonce = self.attest(node, device)
            claims = self.decode(node, token)
            self.check_claims(claims, nonce, dict.fromkeys(AFFIRMING, "affirming"))
            for name, values in AFFIRMING.items():
                vector = claims["submods"][name]["ear.trustworthiness-vector"]
                self.assertEqual({claim: vector[claim] for claim in values}, values)
            self.assertEqual({finding["result"] for finding in claims["keystone.findings"]},
                             {"passed"})
            results = node.ask("GET", "/v1/results", token=self.admin_token()).json()
            self.assertEqual([entry["accepted"] for entry in results["items"]], [True])

    def test_what_was_changed_on_the_way_is_contraindicated(self):
        def flip(report):
            return report[:100] + bytes([report[100] ^ 1]) + report[101:]

        with attesting(self) as device, self.running() as node:
            put_policy(node, self.admin_token(), device.policy())
            token, nonce = self.attest(node, device, flip)
            self.check_claims(self.decode(node, token), nonce,
                              dict.fromkeys(AFFIRMING, "contraindicated"))

    def test_without_a_policy_all_is_contraindicated(self):
        with attesting(self) as device, self.running() as node:
            token, nonce = self.attest(node, device)
            self.check_claims(self.decode(node, token), nonce,
                              dict.fromkeys(AFFIRMING, "contraindicated"))

    def test_the_draft_form_is_there_on_demand(self):
        with attesting(self) as device, self.running("--ear", "draft") as node:
            put_policy(node, self.admin_token(), device.policy())
            claims = self.decode(node, self.attest(node, device)[0])
            self.assertEqual(claims["eat_profile"], "tag:ietf.org,2026:rats/ear#03")
            self.assertEqual({submod["ear_status"] for submod in claims["submods"].values()},
                             {"affirming"})

    def test_a_result_of_before_a_rotation_verifies_after_it(self):
        with attesting(self) as device, self.running() as node:
            token, nonce = self.attest(node, device)
            self.command("key", "rotate", "--state", self.state, "--now")
        with self.running() as node:
            self.decode(node, token)

    def test_a_client_certificate_stands_for_its_role(self):
        config = self.tls(client_ca="ca.pem", client_certificates="optional")
        with self.running(config=config, context=trusting(self.folder)) as node:
            path = "/v1/results"
            self.assertEqual(node.ask("GET", path).status, 401)
            node.context = trusting(self.folder, "client")
            self.assertEqual(node.ask("GET", path).status, 403)  # a verifier, and no operator
            node.context = trusting(self.folder, "other")
            with self.assertRaises(OSError):
                node.ask("GET", path)
            node.context = trusting(self.folder)
            self.assertEqual(node.ask("GET", "/healthz").status, 200)

    def test_a_client_without_a_certificate_is_refused_where_one_is_required(self):
        config = self.tls(client_ca="ca.pem", client_certificates="required")
        with self.running(config=config, context=trusting(self.folder)) as node:
            with self.assertRaises(OSError):
                node.ask("GET", "/healthz")
            node.context = trusting(self.folder, "client")
            self.assertEqual(node.ask("GET", "/healthz").status, 200)

    def test_new_certificates_are_taken_without_a_restart(self):
        config = self.tls()
        with self.running(config=config, context=trusting(self.folder)) as node:
            kept = node.connect()
            self.assertEqual(node.ask("GET", "/healthz", connection=kept).status, 200)
            (self.folder / "server.pem").write_text("no certificate")
            node.signal(signal.SIGHUP)
            node.wait_for("not reloaded")
            self.assertEqual(node.ask("GET", "/healthz").status, 200)
            certificates(self.folder)  # of another authority, with the same name
            node.signal(signal.SIGHUP)
            node.wait_for("info reloaded")
            with self.assertRaises(ssl.SSLError):
                node.ask("GET", "/healthz")
            node.context = trusting(self.folder)
            self.assertEqual(node.ask("GET", "/healthz").status, 200)
            self.assertEqual(node.ask("GET", "/healthz", connection=kept).status, 200)
            kept.close()


if __name__ == "__main__":
    main()
