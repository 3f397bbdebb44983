// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace keystone::testing {

// A policy file with every key that there is, as it is written.
inline constexpr std::string_view kPolicyExample = R"({
  "schema": "keystone.policy/1",
  "devices": [
    {
      "name": "board-7",
      "key": "1111111111111111111111111111111111111111111111111111111111111111",
      "not_before": "2026-01-01T00:00:00Z",
      "not_after": "2030-12-31T23:59:59Z"
    },
    {
      "name": "board-3",
      "key": "4444444444444444444444444444444444444444444444444444444444444444",
      "revoked": {
        "at": "2026-03-01T09:00:00Z",
        "reason": "lost in transport"
      }
    }
  ],
  "security_monitors": [
    {
      "name": "sm 2.1",
      "profile": "generic",
      "hash": "22222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222",
      "not_after": "2027-06-30T00:00:00Z"
    }
  ],
  "enclaves": [
    {
      "name": "hello 4",
      "hash": "33333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333",
      "revoked": {
        "at": "2026-05-01T00:00:00Z",
        "reason": "superseded"
      }
    }
  ],
  "waivers": {
    "sm_key_strength": "boards of the first series"
  },
  "max_age_s": 300
}
)";

// One that has what it must have, and no more.
inline constexpr std::string_view kShortestPolicy = R"({
  "schema": "keystone.policy/1",
  "devices": [
    {
      "name": "a",
      "key": "1111111111111111111111111111111111111111111111111111111111111111"
    }
  ],
  "security_monitors": [
    {
      "name": "a",
      "hash": "22222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222"
    }
  ],
  "enclaves": [
    {
      "name": "a",
      "hash": "33333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333"
    }
  ]
}
)";

}  // namespace keystone::testing
