// SPDX-License-Identifier: Apache-2.0
#include "diagnose_ways.hpp"

#include "host_elf.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/base/number.hpp"
#include "page_walk_rules.hpp"

#include <array>

namespace keystone {
namespace {

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = kKiB * kKiB;

// From what upstream's headers, examples and build options have had.
constexpr std::array<std::uint64_t, 6> kStackSizes = {0,         8 * kKiB,   16 * kKiB,
                                                      64 * kKiB, 256 * kKiB, kMiB};
constexpr std::uint64_t kLargestUntrusted = 4 * kMiB;  // the driver refuses more

// What the host of v0.1 and v0.2 is told: what starts the eapp is in no file that the monitor sees.
std::uint64_t entry_of(const ByteSource& file) {
  const auto elf = read_host_elf(file, ElfHost::driver_v1);
  return elf ? elf->entry : 0;  // laying it out says what is wrong with the file
}

class Ways {
 public:
  explicit Ways(const DiagnoseInputs& inputs) : inputs_(inputs) {}

  std::vector<EnclaveWay> all() {
    add_defaults(false);
    add_stripped(Strip::all);
    add_stripped(Strip::debug);
    for_page_walks([&](const EnclaveWay& way) { add_stacks(way); });
    for_page_walks([&](const EnclaveWay& way) { add_untrusted_sizes(way); });
    add_defaults(true);
    for_page_walks([&](EnclaveWay way) {
      if (rules_of(way.profile).driver_loads) {
        way.parameters.user_entry = 0;
        add(std::move(way), "user entry 0");
      }
    });
    for_page_walks([&](const EnclaveWay& way) {
      for (const EnclaveWay& with_stack : stack_ways(way)) {
        add_untrusted_sizes(with_stack);
      }
    });
    KEYSTONE_ASSERT(ways_.size() <= kMaxAttempts);
    return std::move(ways_);
  }

 private:
  // The way that a profile takes by itself.
  [[nodiscard]] EnclaveWay plain(const ProfileInfo& row, bool swapped) const {
    EnclaveWay way{{}, row.profile, swapped, false, {}};
    way.attempt.profile = row.name;
    describe(way, swapped ? "eapp and runtime swapped" : "");
    if (row.scheme == Scheme::page_walk) {
      way.parameters = default_parameters(row.profile);
      if (rules_of(row.profile).driver_loads) {
        way.parameters.user_entry = entry_of(swapped ? inputs_.runtime : inputs_.eapp);
      }
    }
    return way;
  }

  void add_defaults(bool swapped) {
    for (const ProfileInfo& row : profiles()) {
      if (row.scheme == Scheme::page_walk || inputs_.loader != nullptr) {
        add(plain(row, swapped), "");
      }
    }
    for (const ProfileInfo& row : profiles()) {
      if (row.host_loader == HostLoader::keystone_files && inputs_.loader != nullptr) {
        EnclaveWay way = plain(row, swapped);
        way.loader_raw = true;
        add(std::move(way), "the loader as a raw file");
      }
    }
  }

  // Of the loader only what it loads is measured, which strip leaves alone; but the Rust SDK's host
  // takes the file's headers for a part of it where the first segment has them.
  void add_stripped(Strip mode) {
    for (const ProfileInfo& row : profiles()) {
      if (row.scheme != Scheme::loader || inputs_.loader == nullptr) {
        continue;
      }
      for (const bool loader : {false, true}) {
        if (loader && row.host_loader != HostLoader::rust_sdk) {
          continue;
        }
        add_stripped(row, {mode, true, false, loader});
        add_stripped(row, {mode, false, true, loader});
        add_stripped(row, {mode, true, true, loader});
      }
      if (row.host_loader == HostLoader::rust_sdk) {
        add_stripped(row, {mode, false, false, true});
      }
    }
  }

  void add_stripped(const ProfileInfo& row, const StrippedInputs& files) {
    EnclaveWay way = plain(row, false);
    way.stripped = files;
    std::vector<std::string> names;
    for (const auto& [is_stripped, name] : {std::pair(files.eapp, "the eapp"),
                                            {files.runtime, "the runtime"},
                                            {files.loader, "the loader"}}) {
      if (is_stripped) {
        names.emplace_back(name);
      }
    }
    std::string all = names.front();
    for (std::size_t i = 1; i < names.size(); ++i) {
      all += (i + 1 == names.size() ? " and " : ", ") + names[i];
    }
    add(std::move(way),
        all + (files.mode == Strip::all ? " stripped (strip)" : " stripped (strip -g)"));
  }

  template <class Visit>
  void for_page_walks(const Visit& visit) const {
    for (const ProfileInfo& row : profiles()) {
      if (row.scheme == Scheme::page_walk) {
        visit(plain(row, false));
      }
    }
  }

  // `way` with other stacks than its own.
  [[nodiscard]] static std::vector<EnclaveWay> stack_ways(const EnclaveWay& way) {
    std::vector<EnclaveWay> ways;
    for (const std::uint64_t size : kStackSizes) {
      if (size != way.parameters.stack_size) {
        ways.push_back(way);
        ways.back().parameters.stack_size = size;
        describe(ways.back(), "stack size " + std::to_string(size));
      }
    }
    for (const std::uint64_t size : kStackSizes) {
      if (rules_of(way.profile).driver_loads && size != way.parameters.stack_size) {
        ways.push_back(way);
        ways.back().parameters.stack_size = size;
        ways.back().parameters.runtime_stack = size;
        describe(ways.back(), "stack size and runtime stack " + std::to_string(size));
      }
    }
    return ways;
  }

  void add_stacks(const EnclaveWay& way) {
    for (EnclaveWay& with_stack : stack_ways(way)) {
      add(std::move(with_stack), "");
    }
  }

  void add_untrusted_sizes(const EnclaveWay& way) {
    for (std::uint64_t size = kPageSize; size <= kLargestUntrusted; size *= 2) {
      if (size != way.parameters.untrusted_size) {
        EnclaveWay other = way;
        other.parameters.untrusted_size = size;
        add(std::move(other), "untrusted size " + std::to_string(size));
      }
    }
  }

  static void describe(EnclaveWay& way, const std::string& what) {
    std::string& text = way.attempt.description;
    text += (text.empty() || what.empty() ? "" : ", ") + what;
  }

  void add(EnclaveWay way, const std::string& what) {
    describe(way, what);
    way.attempt.options = options_of(way);
    ways_.push_back(std::move(way));
  }

  [[nodiscard]] static std::string options_of(const EnclaveWay& way) {
    std::string options = "--profile " + way.attempt.profile;
    if (info(way.profile).scheme == Scheme::loader) {
      return options + (way.loader_raw ? " --loader-raw" : "");
    }
    const PageWalkParameters defaults = default_parameters(way.profile);
    const PageWalkParameters& p = way.parameters;
    if (p.stack_size != defaults.stack_size) {
      options += " --stack-size " + std::to_string(p.stack_size);
    }
    if (p.runtime_stack != defaults.runtime_stack) {
      options += " --runtime-stack " + std::to_string(p.runtime_stack);
    }
    if (p.untrusted_size != defaults.untrusted_size) {
      options += " --untrusted-size " + std::to_string(p.untrusted_size);
    }
    if (p.user_entry) {
      options += " --user-entry " + to_hex_number(*p.user_entry);
    }
    return options;
  }

  const DiagnoseInputs& inputs_;
  std::vector<EnclaveWay> ways_;
};

}  // namespace

std::vector<EnclaveWay> enclave_ways(const DiagnoseInputs& inputs) {
  return Ways(inputs).all();
}

}  // namespace keystone
