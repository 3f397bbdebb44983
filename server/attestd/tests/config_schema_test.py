#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The program reads just those configurations that conform to the schema, and takes SIGHUP's word
for nothing else.

    config_schema_test.py PROGRAM VECTORS     (needs the python module jsonschema)
"""

import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "cli" / "tests"))
from schemas import Schema, changed, places, rename  # noqa: E402

FULL = {
    "schema": "keystone.attestd-config/1", "node": "a", "insecure_http": True,
    "anonymous_attesters": False, "anonymous_metrics": True,
    "listeners": [{"name": "public", "listen": "127.0.0.1:1"},
                  {"name": "admin", "listen": "[::1]:65535"}],
    "certificate_roles": [{"subject": "CN=x", "role": "operator"}],
    "store": {"kind": "postgresql", "conninfo": "host=db", "connections": 4, "busy_ms": 5,
              "statement_ms": 6},
    "sessions": {"lifetime_s": 1, "max_open": 1, "nonce_retention_h": 1,
                 "nonce_spelling": "base64"},
    "results": {"lifetime_s": 1, "ear": "draft"},
    "keys": {"lifetime_s": 7200, "announce_s": 0, "overlap_s": 60},
    "upkeep": {"every_s": 1, "checkpoint_every_s": 1, "keep_results_h": 1, "keep_audit_h": 1},
    "limits": {"max_connections": 1, "max_connections_per_address": 1, "max_head_bytes": 1024,
               "max_headers": 8, "max_target_bytes": 1024, "max_bodies_bytes": 1 << 27,
               "handshake_ms": 1, "header_ms": 1, "body_ms": 1, "min_body_bytes_per_s": 1,
               "idle_ms": 1, "write_ms": 1, "stream_ms": 1, "linger_ms": 1},
    "rates": {"address": {"per_second": 0, "burst": 1}, "token": {"per_second": 0, "burst": 1},
              "max_tracked": 1},
    "proxies": {"header": "forwarded", "trusted": [{"network": "192.0.2.0/24"}]},
    "threads": {"loops": 0, "workers": 1, "queue": 1},
    "log": {"format": "json", "level": "debug"},
    "stop_grace_s": 1,
}
VALUES = [0, 10 ** 18, "", "admin", True, None, [], 1.5]


def damaged():
    for path in list(places(FULL)):
        yield changed(FULL, path, dict.pop)
        yield changed(FULL, path, rename)
        for value in VALUES:
            yield changed(FULL, path, lambda parent, key, new=value: parent.update({key: new}))
    for index, key in ((0, "name"), (0, "listen"), (1, "name")):
        for value in VALUES:
            yield changed(FULL, ("listeners", index, key),
                          lambda parent, key, new=value: parent.update({key: new}))


def main():
    program, vectors = (pathlib.Path(word).resolve(strict=True) for word in sys.argv[1:3])
    schema = Schema(vectors, "attestd-config")
    schema.accept(FULL)
    schema.accept({"schema": FULL["schema"]})
    answers = {0: 0, 3: 0}
    for document in damaged():
        code = subprocess.run([program, "config", "check", "-", "--json"], check=False,
                              input=json.dumps(document).encode(), capture_output=True).returncode
        conforms = schema.validator.is_valid(document)
        assert code == (0 if conforms else 3), (code, conforms, document)
        answers[code] += 1
    assert answers[0] > 50 and answers[3] > 400, answers
    print(f"{answers[0]} read, {answers[3]} refused")


if __name__ == "__main__":
    main()
