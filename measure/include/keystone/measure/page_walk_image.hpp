// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/measure/enclave.hpp"
#include "keystone/measure/page_walk.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// The private memory of an enclave of a page-walk generation, bit for bit as its host hands it to
// the Security Monitor: page tables and pages in the order in which the host takes them.
//   PageWalkInputs --lay_out()--> PageWalkImage --measure()--> Measurement
namespace keystone {

// The files. They must outlive every image made of them.
struct PageWalkInputs {
  const ByteSource& eapp;
  const ByteSource& runtime;
};

// What the host was told beside the files. Sizes in bytes, addresses virtual; all of them words of
// the machine.
struct PageWalkParameters {
  std::uint64_t untrusted_ptr;   // of the untrusted buffer
  std::uint64_t untrusted_size;  // 1 byte to 4 MiB
  std::uint64_t stack_size;      // of the eapp; 0: none, the runtime makes one
  std::uint64_t freemem;         // free memory asked for; not measured. v0.1 and v0.2: 0
  // For pagewalk-v0.1 and v0.2 alone, whose host is told what others take from the files.
  std::uint64_t runtime_stack = 0;
  std::uint64_t runtime_entry = 0;
  std::optional<std::uint64_t> user_entry{};  // must be given: the host's was uninitialised
};

// What the host of that page-walk profile takes by itself.
[[nodiscard]] PageWalkParameters default_parameters(Profile profile);

struct PhysicalRange {
  std::uint64_t base;
  std::uint64_t size;
};

// Where the enclave lies. The hash does not depend on it; the image does.
struct PageWalkPlacement {
  std::uint64_t epm_base = 0x90000000;
  std::optional<std::uint64_t> epm_size{};  // absent: what the driver takes for these files
  std::optional<std::uint64_t> utm_base{};  // absent: right behind the private memory
  // The most private memory that the host may ask for, in bytes, and the most that segments may
  // touch, counting twice where they overlap: what hostile files can cost.
  std::uint64_t max_memory = std::uint64_t{4} << 30U;
};

// Who a page belongs to.
enum class PageRole : std::uint8_t { table, runtime, eapp, stack, runtime_stack };

[[nodiscard]] std::string_view to_string(PageRole role);

// What a page holds: zeros, but for `size` bytes from `at` on, which are those of `source` from
// `offset` on.
struct PageContent {
  static constexpr std::uint16_t kNoSegment = UINT16_MAX;  // no file has that many

  const ByteSource* source = nullptr;
  std::uint64_t offset = 0;
  std::int32_t table = -1;  // of a page table: its number
  std::uint16_t at = 0;
  std::uint16_t size = 0;
  std::uint16_t segment = kNoSegment;  // the number of the program header that asked for the page
  PageRole role = PageRole::table;
};

class EnclavePages;

class PageWalkImage {
 public:
  PageWalkImage(Profile profile, std::unique_ptr<EnclavePages> pages,
                const PageWalkArguments& arguments, std::vector<std::string> warnings);
  ~PageWalkImage();
  PageWalkImage(PageWalkImage&& other) noexcept;
  PageWalkImage& operator=(PageWalkImage&& other) noexcept;

  [[nodiscard]] Profile profile() const { return profile_; }
  // What the host tells the monitor. The bases of runtime and eapp are for monitors of v0.3 and
  // later.
  [[nodiscard]] const PageWalkArguments& arguments() const { return arguments_; }
  // Private memory up to free_base, and untrusted memory, which is zeros. Lives as long as the
  // image.
  [[nodiscard]] const MemoryView& memory() const;
  // Of the page at that physical address, below free_base.
  [[nodiscard]] const PageContent& content(std::uint64_t physical_address) const;
  // Measured all the same; a user wants to know.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  Profile profile_;
  std::unique_ptr<EnclavePages> pages_;
  PageWalkArguments arguments_;
  std::vector<std::string> warnings_;
};

// Lays the files out as the host of that page-walk profile does. `malformed`, naming the input and
// the rule, for a file that the host refuses or of which the reference reads what is not there;
// `usage` for parameters out of range, or that another host takes; `limit_exceeded` for more than
// placement.max_memory, and for pages that do not fit the memory that the host asked for. Fails
// with the sources' own Errors, too.
[[nodiscard]] Result<PageWalkImage> lay_out(const PageWalkInputs& inputs, Profile profile,
                                            const PageWalkParameters& parameters,
                                            const PageWalkPlacement& placement);

// The options of the walk by the profile's monitor, over any memory.
[[nodiscard]] WalkOptions walk_options(Profile profile);

// The same over the image, with as many pages as it has.
[[nodiscard]] WalkOptions walk_options(const PageWalkImage& image);

// The hash that the Security Monitor computes; `malformed`, with the monitor's error code, if it
// refuses the enclave.
[[nodiscard]] Result<Measurement> measure(const PageWalkImage& image);

}  // namespace keystone
