#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The memory that a large enclave takes: memory_test.py PROGRAM"""

import os
import pathlib
import resource
import subprocess
import sys
import tempfile

EAPP_SIZE = 4 << 30
MOST_KIB = 32 << 10  # resident, at the peak


def main():
    program = pathlib.Path(sys.argv[1]).resolve(strict=True)
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: pathlib.Path(folder, name) for name in ("eapp", "runtime", "loader")}
        for path in paths.values():
            path.write_bytes(b"content")
        os.truncate(paths["eapp"], EAPP_SIZE)  # sparse: it takes no room on the disk
        done = subprocess.run(
            [program, "enclave", "-q", *(f"--{name}={path}" for name, path in paths.items())],
            capture_output=True, check=True)
    assert len(done.stdout) == 129, done.stdout
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"{peak} KiB resident at the peak, want at most {MOST_KIB}")
    return 0 if peak <= MOST_KIB else 1


if __name__ == "__main__":
    sys.exit(main())
