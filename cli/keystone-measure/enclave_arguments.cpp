// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/enclave_arguments.hpp"

#include "keystone/base/suggest.hpp"
#include "keystone/base/text.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace keystone::cli {
namespace {

constexpr std::uint64_t kMostMemory = std::uint64_t{1} << 38U;  // bytes, half of what Sv39 maps

Status require(std::string_view option, const std::string& value) {
  if (value.empty()) {
    return usage(std::string(option) + ": missing");
  }
  return {};
}

// What was said about the host of a page-walk profile.
Result<GoldenPageWalk> page_walk_request(const Spelling& spelt) {
  GoldenPageWalk given;
  KEYSTONE_TRY(given.untrusted_ptr, number_if_given("--untrusted-ptr", spelt.untrusted_ptr, {}));
  KEYSTONE_TRY(given.untrusted_size, number_if_given("--untrusted-size", spelt.untrusted_size, {}));
  KEYSTONE_TRY(given.stack_size, number_if_given("--stack-size", spelt.stack_size, {}));
  KEYSTONE_TRY(given.freemem, number_if_given("--freemem", spelt.freemem, {}));
  KEYSTONE_TRY(given.runtime_stack, number_if_given("--runtime-stack", spelt.runtime_stack, {}));
  KEYSTONE_TRY(given.runtime_entry, number_if_given("--runtime-entry", spelt.runtime_entry, {}));
  KEYSTONE_TRY(given.user_entry, number_if_given("--user-entry", spelt.user_entry, {}));
  return given;
}

}  // namespace

bool says_anything_of_a_page_walk(const Spelling& spelt) {
  return !(spelt.untrusted_ptr + spelt.untrusted_size + spelt.stack_size + spelt.freemem +
           spelt.runtime_stack + spelt.runtime_entry + spelt.user_entry + spelt.max_memory +
           spelt.utm_base)
              .empty();
}

Result<EnclaveRequest> enclave_request(const Spelling& spelt) {
  KEYSTONE_CHECK_OK(require("--eapp", spelt.eapp));
  KEYSTONE_CHECK_OK(require("--runtime", spelt.runtime));
  const auto from_stdin = (spelt.eapp == "-") + (spelt.runtime == "-") + (spelt.loader == "-");
  if (from_stdin > 1) {
    return usage("standard input can be one of the inputs only");
  }
  EnclaveRequest request{spelt.eapp, spelt.runtime, spelt.loader, kDefaultProfile,
                         spelt.loader_raw};
  if (!spelt.profile.empty()) {
    KEYSTONE_TRY(request.profile, profile_from_name(spelt.profile));
  }
  const std::string profile(info(request.profile).name);
  if (info(request.profile).scheme == Scheme::loader) {
    KEYSTONE_CHECK_OK(require("--loader", spelt.loader));
    if (says_anything_of_a_page_walk(spelt)) {
      return usage("profile " + profile +
                   " has no page tables: it takes neither stack nor "
                   "untrusted sizes, entries nor limits");
    }
    return request;
  }
  if (!spelt.loader.empty() || spelt.loader_raw) {
    return usage("profile " + profile + " has no loader");
  }
  KEYSTONE_TRY(request.page_walk, page_walk_request(spelt));
  KEYSTONE_TRY(const auto limit,
               number_if_given("--max-memory", spelt.max_memory, {1, kMostMemory}));
  request.placement.max_memory = limit.value_or(request.placement.max_memory);
  return request;
}

namespace {

// What may be said of an enclave in one argument, by the names of the options.
struct SetKey {
  std::string_view name;
  std::string Spelling::*value;
};
constexpr std::array kSetKeys = {
    SetKey{"eapp", &Spelling::eapp},
    SetKey{"runtime", &Spelling::runtime},
    SetKey{"loader", &Spelling::loader},
    SetKey{"profile", &Spelling::profile},
    SetKey{"untrusted-size", &Spelling::untrusted_size},
    SetKey{"untrusted-ptr", &Spelling::untrusted_ptr},
    SetKey{"stack-size", &Spelling::stack_size},
    SetKey{"freemem", &Spelling::freemem},
    SetKey{"runtime-stack", &Spelling::runtime_stack},
    SetKey{"runtime-entry", &Spelling::runtime_entry},
    SetKey{"user-entry", &Spelling::user_entry},
    SetKey{"max-memory", &Spelling::max_memory},
};
constexpr std::string_view kLoaderRaw = "loader-raw";

Status read_pair(std::string_view pair, Spelling& spelt) {
  if (pair == kLoaderRaw) {
    spelt.loader_raw = true;
    return {};
  }
  const auto equals = pair.find('=');
  const std::string_view name = pair.substr(0, equals);
  for (const SetKey& key : kSetKeys) {
    if (key.name != name) {
      continue;
    }
    std::string& value = spelt.*key.value;
    if (equals == std::string_view::npos || equals + 1 == pair.size()) {
      return usage(std::string(name) + ": missing");
    }
    if (!value.empty()) {
      return usage(std::string(name) + ": given twice");
    }
    value = pair.substr(equals + 1);
    return {};
  }
  std::vector<std::string_view> names = {kLoaderRaw};
  for (const SetKey& key : kSetKeys) {
    names.push_back(key.name);
  }
  return usage("input set: unknown key '" + printable(name) + "'", suggest_names(name, names));
}

bool is_input_set(std::string_view text) {
  const auto equals = text.find('=');
  return equals != std::string_view::npos &&
         std::any_of(kSetKeys.begin(), kSetKeys.end(),
                     [&](const SetKey& key) { return key.name == text.substr(0, equals); });
}

}  // namespace

Result<DiffSource> diff_source(const std::string& text) {
  if (!is_input_set(text)) {
    return DiffSource(text);
  }
  Spelling spelt;
  std::string_view rest = text;
  for (bool more = true; more;) {
    const auto comma = rest.find(',');
    KEYSTONE_CHECK_OK(read_pair(rest.substr(0, comma), spelt));
    more = comma != std::string_view::npos;
    rest.remove_prefix(more ? comma + 1 : 0);
  }
  KEYSTONE_TRY(auto request, enclave_request(spelt));
  return DiffSource(std::move(request));
}

}  // namespace keystone::cli
