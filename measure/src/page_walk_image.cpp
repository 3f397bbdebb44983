// SPDX-License-Identifier: Apache-2.0
#include "keystone/measure/page_walk_image.hpp"

#include "enclave_pages.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/measure/measured_stream.hpp"
#include "page_walk_rules.hpp"
#include "page_walk_stream.hpp"

#include <utility>

namespace keystone {
namespace {

tl::unexpected<Error> refused(const PageWalkImage& image, const SmRefusal& refusal) {
  const PageWalkRules& rules = rules_of(image.profile());
  const bool is_mapping = refusal.kind == SmRefusal::Kind::illegal_mapping;
  return fail(ErrorCode::malformed,
              "the security monitor refuses the enclave (code " +
                  std::to_string(is_mapping ? rules.illegal_mapping : rules.bad_arguments) +
                  "): " + refusal.why);
}

}  // namespace

std::string_view to_string(PageRole role) {
  switch (role) {
    case PageRole::table:
      return "table";
    case PageRole::runtime:
      return "runtime";
    case PageRole::eapp:
      return "eapp";
    case PageRole::stack:
      return "stack";
    case PageRole::runtime_stack:
      return "runtime_stack";
  }
  KEYSTONE_ASSERT(false);
}

PageWalkImage::PageWalkImage(Profile profile, std::unique_ptr<EnclavePages> pages,
                             const PageWalkArguments& arguments, std::vector<std::string> warnings)
    : profile_(profile),
      pages_(std::move(pages)),
      arguments_(arguments),
      warnings_(std::move(warnings)) {}

PageWalkImage::~PageWalkImage() = default;
PageWalkImage::PageWalkImage(PageWalkImage&& other) noexcept = default;
PageWalkImage& PageWalkImage::operator=(PageWalkImage&& other) noexcept = default;

const MemoryView& PageWalkImage::memory() const {
  return *pages_;
}

const PageContent& PageWalkImage::content(std::uint64_t physical_address) const {
  return pages_->content(physical_address);
}

WalkOptions walk_options(const PageWalkImage& image) {
  WalkOptions options = walk_options(image.profile());
  const PageWalkArguments& a = image.arguments();
  options.max_pages = (a.free_base - a.epm_base + a.utm_size) / kPageSize;
  return options;
}

Result<Measurement> measure(const PageWalkImage& image) {
  KEYSTONE_TRY(const auto answer,
               measure_pages(image.memory(), image.arguments(), walk_options(image)));
  if (const auto* const refusal = std::get_if<SmRefusal>(&answer)) {
    return refused(image, *refusal);
  }
  return Measurement{image.profile(), std::get<EnclaveHash>(answer)};
}

Result<MeasuredStream> measured_stream(const PageWalkImage& image) {
  MeasuredStream stream;
  KEYSTONE_TRY(const auto refusal,
               add_pages(stream, image.memory(), image.arguments(), walk_options(image)));
  if (refusal) {
    return refused(image, *refusal);
  }
  return stream;
}

}  // namespace keystone
