// SPDX-License-Identifier: Apache-2.0
#include "page_walk_rules.hpp"

#include "keystone/base/assert.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace keystone {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20U;
constexpr std::uint64_t kRuntimeEntry = 0xffffffffc0000000;  // RUNTIME_START_ADDRESS of v0.1, v0.2

// Defaults of sdk/include/host/Params.hpp (v0.3 on), of sdk/lib/host/include/params.h (older).
constexpr PageWalkParameters kV1 = {0xffffffff80000000, 8192, 16384, kMiB};
constexpr PageWalkParameters kV1Rv32 = {0x80000000, 8192, 8192, kMiB / 2};
constexpr PageWalkParameters kV02 = {0xffffffffe0000000, 8192, kMiB, 0, kMiB, kRuntimeEntry, {}};
constexpr PageWalkParameters kV01 = {0xffffffffe0000000, 8192, 16384, 0, 16384, kRuntimeEntry, {}};

constexpr std::uint64_t kAnyNumber = UINT64_MAX;

constexpr PageWalkRules sdk_rules(Profile profile, ElfHost elf,
                                  const PageWalkParameters& defaults) {
  return {.profile = profile,
          .elf = elf,
          .driver_loads = false,
          .bases_by_mapping = false,
          .entries = FileEntries::dirty,
          .on_file_page = OnMapped::keep,
          .on_other_page = OnMapped::keep,
          .max_pages = kAnyNumber,
          .checks = WalkChecks::refuse,
          .bad_arguments = 100008,
          .illegal_mapping = 100015,
          .defaults = defaults};
}

constexpr PageWalkRules v0_3_rules() {
  PageWalkRules rules = sdk_rules(Profile::pagewalk_v0_3, ElfHost::sdk64, kV1);
  rules.bases_by_mapping = true;
  rules.on_file_page = OnMapped::overwrite;
  rules.bad_arguments = 8;
  rules.illegal_mapping = 15;
  return rules;
}

constexpr PageWalkRules driver_rules(Profile profile, ElfHost elf,
                                     const PageWalkParameters& defaults) {
  return {.profile = profile,
          .elf = elf,
          .driver_loads = true,
          .bases_by_mapping = false,
          .entries = elf == ElfHost::driver_v1 ? FileEntries::clean : FileEntries::dirty,
          .on_file_page = OnMapped::replace,
          .on_other_page = OnMapped::replace,
          .max_pages = elf == ElfHost::driver_v1 ? kMaxBuddyPages : kAnyNumber,
          .checks = WalkChecks::skip_foreign,
          .bad_arguments = 0,  // it refuses none
          .illegal_mapping = 0,
          .defaults = defaults};
}

constexpr std::array kRules = {
    sdk_rules(Profile::keystone_v1, ElfHost::sdk64, kV1),
    sdk_rules(Profile::keystone_v1_rv32, ElfHost::sdk32, kV1Rv32),
    v0_3_rules(),
    driver_rules(Profile::pagewalk_v0_2, ElfHost::driver_v2, kV02),
    driver_rules(Profile::pagewalk_v0_1, ElfHost::driver_v1, kV01),
};

}  // namespace

const PageWalkRules& rules_of(Profile profile) {
  const auto* const found =
      std::find_if(kRules.begin(), kRules.end(),
                   [&](const PageWalkRules& rules) { return rules.profile == profile; });
  KEYSTONE_ASSERT(found != kRules.end());
  return *found;
}

tl::unexpected<Error> undefined(std::string what) {
  return fail(ErrorCode::malformed, std::move(what),
              "the reference does not define a hash for this input");
}

PageWalkParameters default_parameters(Profile profile) {
  return rules_of(profile).defaults;
}

WalkOptions walk_options(Profile profile) {
  WalkOptions options;
  options.word = info(profile).word;
  options.checks = rules_of(profile).checks;
  return options;
}

}  // namespace keystone
