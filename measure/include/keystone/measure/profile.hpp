// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace keystone {

// The page of every Keystone generation, in bytes (PAGE_SIZE, keystone sm/src/page.h @88c49ee).
inline constexpr std::uint64_t kPageSize = 4096;

// The native word of the enclave's machine: what the Security Monitor hashes numbers as.
enum class Word : std::uint8_t { bits32 = 4, bits64 = 8 };

[[nodiscard]] constexpr std::size_t size_of(Word word) {
  return static_cast<std::size_t>(word);
}

// Names one way of measuring an enclave. Closed: a hash without its profile means nothing.
enum class Profile : std::uint8_t {
  keystone_loader_rv64,
  keystone_loader_rv32,
  rust_sdk_0_3,
  keystone_v1,
  keystone_v1_rv32,
  pagewalk_v0_3,
  pagewalk_v0_2,
  pagewalk_v0_1,
};

inline constexpr Profile kDefaultProfile = Profile::keystone_loader_rv64;

// What the Security Monitor hashes.
enum class Scheme : std::uint8_t {
  loader,     // three regions of memory, which a loader in the enclave unpacks (enclave.hpp)
  page_walk,  // what the page tables map that the host built (page_walk.hpp)
};

// Who lays out the enclave's memory, and how.
enum class HostLoader : std::uint8_t {
  keystone_files,  // the three files as they are, each padded to a page
  rust_sdk,        // the loader's segments, the runtime file, the eapp file and a stack
  page_tables,     // eapp and runtime, unpacked and mapped
};

// A row of the profile table.
struct ProfileInfo {
  Profile profile;
  std::string_view name;
  std::string_view description;
  std::string_view upstream;  // the commits and releases it stands for
  Word word;
  Scheme scheme;
  HostLoader host_loader;
};

// All profiles, the default first.
[[nodiscard]] std::span<const ProfileInfo> profiles();

[[nodiscard]] const ProfileInfo& info(Profile profile);

// The profile of that name, or `usage` with the near names as a hint.
[[nodiscard]] Result<Profile> profile_from_name(std::string_view name);

// What the hash of an enclave does not cover, a sentence each, for every profile.
[[nodiscard]] std::span<const std::string_view> not_measured(Profile profile);

}  // namespace keystone
