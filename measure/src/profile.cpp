// SPDX-License-Identifier: Apache-2.0
#include "keystone/measure/profile.hpp"

#include "keystone/base/assert.hpp"
#include "keystone/base/suggest.hpp"

#include <algorithm>
#include <array>

namespace keystone {
namespace {

constexpr std::array kProfiles = {
    ProfileInfo{Profile::keystone_loader_rv64, "keystone-loader-rv64",
                "loader, runtime and eapp as files; RV64",
                "keystone 58a5151 (2023-12-02) to 88c49ee (2025-03-10) and later; vector-keystone",
                Word::bits64, HostLoader::keystone_files},
    ProfileInfo{Profile::keystone_loader_rv32, "keystone-loader-rv32",
                "loader, runtime and eapp as files; RV32",
                "keystone 58a5151 (2023-12-02) to 88c49ee (2025-03-10) and later, built for RV32",
                Word::bits32, HostLoader::keystone_files},
    ProfileInfo{Profile::rust_sdk_0_3, "rust-sdk-0.3",
                "the loader's segments, runtime and eapp as files, and a stack; RV64",
                "vector-sdk/rust-sdk 93dc011 (0.3) over a keystone or vector-keystone monitor",
                Word::bits64, HostLoader::rust_sdk},
};

constexpr std::array<std::string_view, 5> kNotMeasuredByLoaderScheme = {
    "the untrusted buffer's address, size and content",
    "the size of enclave private memory, the free memory that was asked for, and its content",
    "physical addresses and the enclave id",
    "zeros at the end of a file up to the page boundary: a length counts in pages only",
    "file names, times and permissions",
};

}  // namespace

std::span<const ProfileInfo> profiles() {
  return kProfiles;
}

const ProfileInfo& info(Profile profile) {
  const auto found = std::find_if(kProfiles.begin(), kProfiles.end(),
                                  [&](const ProfileInfo& row) { return row.profile == profile; });
  KEYSTONE_ASSERT(found != kProfiles.end());
  return *found;
}

Result<Profile> profile_from_name(std::string_view name) {
  std::array<std::string_view, kProfiles.size()> names;
  std::transform(kProfiles.begin(), kProfiles.end(), names.begin(),
                 [](const ProfileInfo& row) { return row.name; });
  KEYSTONE_TRY(const auto index, index_of_name("profile", name, names));
  return kProfiles[index].profile;
}

std::span<const std::string_view> not_measured(Profile profile) {
  switch (profile) {
    case Profile::keystone_loader_rv64:
    case Profile::keystone_loader_rv32:
    case Profile::rust_sdk_0_3:
      return kNotMeasuredByLoaderScheme;
  }
  KEYSTONE_ASSERT(false);
}

}  // namespace keystone
