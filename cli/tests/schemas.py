# SPDX-License-Identifier: Apache-2.0
"""A JSON schema of test-vectors/schema/, and documents with one thing changed."""

import copy
import json

import jsonschema


def places(value, path=()):
    """The path of every member of every object."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield (*path, key)
            yield from places(member, (*path, key))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from places(member, (*path, index))


def changed(document, path, change):
    """A copy of which the object that holds `path` was given to change(object, key)."""
    copied = copy.deepcopy(document)
    parent = copied
    for step in path[:-1]:
        parent = parent[step]
    change(parent, path[-1])
    return copied


def rename(parent, key):
    parent[key + "x"] = parent.pop(key)


class Schema:
    def __init__(self, vectors, name):
        text = json.loads((vectors / "schema" / f"{name}.schema.json").read_text())
        kind = jsonschema.validators.validator_for(text)
        kind.check_schema(text)
        self.validator = kind(text)
        self.looked_at = 0

    def accept(self, document):
        self.looked_at += 1
        self.validator.validate(document)

    def refuse(self, document, why):
        self.looked_at += 1
        assert not self.validator.is_valid(document), f"accepted: {why}"

    def refuse_damage(self, document, optional):
        """No member may lack, or have another name, unless it is an optional one."""
        for path in list(places(document)):
            without = changed(document, path, dict.pop)
            if path[-1] not in optional:
                self.refuse(without, f"without {path}")
            self.refuse(changed(document, path, rename), f"an unknown key for {path}")
