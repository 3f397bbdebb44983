# SPDX-License-Identifier: Apache-2.0
"""What the page of `explain --html` must say of a page, out of the transcript."""

import re

PAGE = 4096


def area(path):
    """Of the polygons `M x y L x y ... Z`."""
    twice = 0.0
    for outline in path.split("Z")[:-1]:
        points = [tuple(map(float, pair.split())) for pair in re.split("[ML]", outline)[1:]]
        twice += sum(a[0] * b[1] - b[0] * a[1]
                     for a, b in zip(points, points[1:] + points[:1]))
    return twice / 2


def expected_facts(range_, index, page, address_name):
    """What must be told of a page, out of the transcript."""
    at = page * PAGE
    begin = max(at, range_["zeros_before"])
    count = max(0, min(at + PAGE, range_["zeros_before"] + range_["file_bytes"]) - begin)
    offset = int(range_["file_offset"], 16) + begin - range_["zeros_before"]
    facts = {address_name: hex(int(range_["address"], 16) + at), "part": range_["role"],
             "range": str(index), "sha256": range_["pages"][page]["sha256"],
             "source": f"{count} bytes from file offset {offset:#x}" if count
                       else "not in the file"}
    if count < PAGE:
        facts["zeros"] = f"{PAGE - count} bytes: {range_['zeros']}"
    if "segment" in range_:
        facts["segment"] = str(range_["segment"])
    if range_["sections"]:
        facts["sections"] = re.sub("[\x00-\x1f\u202e]", "\ufffd", range_["sections"])
    if "symbol" in range_["pages"][page]:
        facts["symbol"] = range_["pages"][page]["symbol"]
    return facts
