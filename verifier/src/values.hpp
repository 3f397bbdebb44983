// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "decision.hpp"

#include <string>

// What single checks looked at, in words for a finding.
namespace keystone::detail {

struct Values {
  std::string field;
  std::string got;
  std::string want;
};

// A value of the report against the entry that it selects.
template <class Entry, class Value>
[[nodiscard]] Values values_of_entry(std::string field, const Value& value,
                                     const Selection<Entry>& selection, std::string want) {
  if (selection.entry != nullptr) {
    want += " ('" + selection.entry->name + "')";
  }
  return {std::move(field), value.hex(), std::move(want)};
}

// `key` is the hex of the key that the signature is to be by.
[[nodiscard]] Values values_of_signature(std::string field, const Signature& signature,
                                         const std::string& key);

[[nodiscard]] Values values_of_data(ByteView data, const Challenge& challenge);

[[nodiscard]] Values values_of_freshness(const Challenge& challenge,
                                         std::optional<std::chrono::seconds> max_age, Instant now);

}  // namespace keystone::detail
