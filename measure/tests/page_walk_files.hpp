// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "elf_builder.hpp"
#include "keystone/measure/page_walk_image.hpp"
#include "support.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

// Files laid out by a page-walk host, and what then is in the enclave's memory.
namespace keystone::testing {

// The profiles whose host library unpacks the files, and those whose driver does.
inline constexpr Profile kSdkProfiles[] = {Profile::keystone_v1, Profile::keystone_v1_rv32,
                                           Profile::pagewalk_v0_3};
inline constexpr Profile kDriverProfiles[] = {Profile::pagewalk_v0_2, Profile::pagewalk_v0_1};

// The profile's name, for the instances of a parameterised test.
[[nodiscard]] std::string suite_name(const ::testing::TestParamInfo<Profile>& test);

// The defaults, with the user entry 0 where the host must be told one.
[[nodiscard]] PageWalkParameters parameters_for(Profile profile);

// Addresses that runtimes and eapps have as a rule.
[[nodiscard]] std::uint64_t runtime_address(Profile profile);
inline constexpr std::uint64_t kEappAddress = 0x10000;

// A file with these segments, of the class that belongs to the profile.
[[nodiscard]] Bytes program(std::vector<SegmentSpec> segments, Profile profile);
// A file of one segment, which is a page of contents.
[[nodiscard]] Bytes plain_runtime(Profile profile);
[[nodiscard]] Bytes plain_eapp(Profile profile);

// The two files of an enclave.
class TwoFiles {
 public:
  TwoFiles(Bytes eapp, Bytes runtime);

  // The image must not outlive this.
  [[nodiscard]] Result<PageWalkImage> lay_out(Profile profile) const;
  [[nodiscard]] Result<PageWalkImage> lay_out(Profile profile, const PageWalkParameters& parameters,
                                              const PageWalkPlacement& placement = {}) const;

  // The hash as hex, or the Error of lay_out() or measure().
  [[nodiscard]] Result<std::string> hash(Profile profile) const;
  [[nodiscard]] Result<std::string> hash(Profile profile, const PageWalkParameters& parameters,
                                         const PageWalkPlacement& placement = {}) const;

 private:
  struct Contents;
  std::shared_ptr<const Contents> contents_;
};

// The hash; an Error fails the test, and gives a text that is no hash.
[[nodiscard]] std::string value_of(const Result<std::string>& hash);

// The two files, of which the runtime, or the eapp, is the plain one.
[[nodiscard]] TwoFiles eapp_of(std::vector<SegmentSpec> segments, Profile profile);
[[nodiscard]] TwoFiles runtime_of(std::vector<SegmentSpec> segments, Profile profile);

// A page that the tables map.
struct MappedPage {
  std::uint64_t physical = 0;
  std::uint64_t entry = 0;
  Bytes bytes{};
};

// Every mapped page by its virtual address, whatever a monitor says to it. None for an Error.
using MappedPages = std::map<std::uint64_t, MappedPage>;
[[nodiscard]] MappedPages mapped_pages(const Result<PageWalkImage>& image);

// Whether exactly these pages are mapped in [from, to), with these contents.
using Contents = std::map<std::uint64_t, Bytes>;
[[nodiscard]] ::testing::AssertionResult maps(const Result<PageWalkImage>& image,
                                              std::uint64_t from, std::uint64_t to,
                                              const Contents& want);
// The same for the gigabyte below the stack, where tests put eapps.
[[nodiscard]] ::testing::AssertionResult maps_eapp(const Result<PageWalkImage>& image,
                                                   const Contents& want);

// A page: `bytes`, of which the first is at `at`, and zeros.
[[nodiscard]] Bytes page_of(const Bytes& bytes, std::size_t at = 0);
[[nodiscard]] Bytes slice(const Bytes& bytes, std::size_t from, std::size_t size);

}  // namespace keystone::testing
