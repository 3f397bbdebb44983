# SPDX-License-Identifier: Apache-2.0
"""Reading test-vectors/: a key that is not read, or too few cases, is a failure."""

import json


def load_cases(folder, name, keys, fewest, optional=(), under="cases"):
    """The cases of the file `name`, each with all of `keys`, some of `optional` and no others."""
    cases = json.loads((folder / name).read_text("utf-8"))[under]
    for number, case in enumerate(cases):
        if not set(keys) <= set(case) <= {*keys, *optional}:
            raise ValueError(f"{name}: case {number} has the keys {sorted(case)}")
    if len(cases) < fewest:
        raise ValueError(f"{name}: has {len(cases)} cases only, want {fewest}")
    return cases
