// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "golden_example.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

// Golden files compared and written for tests.
namespace keystone {

// The structured bindings stop compiling when a field is added that is not compared here.
inline bool same(const GoldenInput& left, const GoldenInput& right) {
  const auto& [path, sha256] = left;
  return path == right.path && sha256 == right.sha256;
}

inline bool same(const GoldenPageWalk& left, const GoldenPageWalk& right) {
  const auto& [untrusted_ptr, untrusted_size, stack_size, freemem, runtime_stack, runtime_entry,
               user_entry] = left;
  return untrusted_ptr == right.untrusted_ptr && untrusted_size == right.untrusted_size &&
         stack_size == right.stack_size && freemem == right.freemem &&
         runtime_stack == right.runtime_stack && runtime_entry == right.runtime_entry &&
         user_entry == right.user_entry;
}

inline bool same(const GoldenEnclave& left, const GoldenEnclave& right) {
  const auto& [name, profile, eapp, runtime, loader, loader_raw, page_walk, hash] = left;
  const bool same_loader = loader && right.loader ? same(*loader, *right.loader)
                                                  : loader.has_value() == right.loader.has_value();
  return name == right.name && profile == right.profile && same(eapp, right.eapp) &&
         same(runtime, right.runtime) && same_loader && loader_raw == right.loader_raw &&
         same(page_walk, right.page_walk) && hash == right.hash;
}

inline bool same(const GoldenSm& left, const GoldenSm& right) {
  const auto& [name, platform, image, base, size, fill, hash] = left;
  return name == right.name && platform == right.platform && same(image, right.image) &&
         base == right.base && size == right.size && fill == right.fill && hash == right.hash;
}

template <class Entry>
inline bool same(const std::vector<Entry>& left, const std::vector<Entry>& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const Entry& a, const Entry& b) { return same(a, b); });
}

inline bool same(const GoldenFile& left, const GoldenFile& right) {
  const auto& [enclaves, security_monitors] = left;
  return same(enclaves, right.enclaves) && same(security_monitors, right.security_monitors);
}

inline std::string serialized(const GoldenFile& file) {
  auto text = file.serialize();
  return text ? *std::move(text) : throw std::runtime_error(text.error().message);
}

inline void expect_round_trip(const GoldenFile& file) {
  const std::string text = serialized(file);
  const auto read = GoldenFile::parse(text);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(same(*read, file)) << text;
  EXPECT_EQ(serialized(*read), text);
}

}  // namespace keystone
