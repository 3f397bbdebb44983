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
                Word::bits64, Scheme::loader, HostLoader::keystone_files},
    ProfileInfo{Profile::keystone_loader_rv32, "keystone-loader-rv32",
                "loader, runtime and eapp as files; RV32",
                "keystone 58a5151 (2023-12-02) to 88c49ee (2025-03-10) and later, built for RV32",
                Word::bits32, Scheme::loader, HostLoader::keystone_files},
    ProfileInfo{Profile::rust_sdk_0_3, "rust-sdk-0.3",
                "the loader's segments, runtime and eapp as files, and a stack; RV64",
                "vector-sdk/rust-sdk 93dc011 (0.3) over a keystone or vector-keystone monitor",
                Word::bits64, Scheme::loader, HostLoader::rust_sdk},
    ProfileInfo{Profile::keystone_v1, "keystone-v1", "page tables of the host library; RV64",
                "v0.4, v1.0.0, and master until 54a7e59 (2023-11-21); vector-sdk/rust-sdk 8cbcbec",
                Word::bits64, Scheme::page_walk, HostLoader::page_tables},
    ProfileInfo{Profile::keystone_v1_rv32, "keystone-v1-rv32",
                "page tables of the host library; RV32",
                "v1.0.0, and master until 54a7e59 (2023-11-21), built for RV32", Word::bits32,
                Scheme::page_walk, HostLoader::page_tables},
    ProfileInfo{Profile::pagewalk_v0_3, "pagewalk-v0.3",
                "page tables of the driver, files of the host library; RV64", "v0.3 (2019-07-17)",
                Word::bits64, Scheme::page_walk, HostLoader::page_tables},
    ProfileInfo{Profile::pagewalk_v0_2, "pagewalk-v0.2",
                "page tables and files of the driver, with .bss; RV64", "v0.2 (2019-03-13)",
                Word::bits64, Scheme::page_walk, HostLoader::page_tables},
    ProfileInfo{Profile::pagewalk_v0_1, "pagewalk-v0.1",
                "page tables and files of the driver, without .bss; RV64",
                "v0.1 and v0.1-c2e5205 (2018-11)", Word::bits64, Scheme::page_walk,
                HostLoader::page_tables},
};

constexpr std::array<std::string_view, 5> kNotMeasuredByLoaderScheme = {
    "the untrusted buffer's address, size and content",
    "the size of enclave private memory, the free memory that was asked for, and its content",
    "physical addresses and the enclave id",
    "zeros at the end of a file up to the page boundary: a length counts in pages only",
    "file names, times and permissions",
};

constexpr std::array<std::string_view, 5> kNotMeasuredByPageWalk = {
    "the permissions of pages: read, write, execute and user",
    "physical addresses, the page tables themselves and the enclave id",
    "the size of enclave private memory and the free memory that was asked for",
    "what the files hold outside their load segments: sections, symbols, permissions of segments",
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
  switch (info(profile).scheme) {
    case Scheme::loader:
      return kNotMeasuredByLoaderScheme;
    case Scheme::page_walk:
      return kNotMeasuredByPageWalk;
  }
  KEYSTONE_ASSERT(false);
}

}  // namespace keystone
