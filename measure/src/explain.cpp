// SPDX-License-Identifier: Apache-2.0
#include "keystone/measure/explain.hpp"

#include "explain_pages.hpp"
#include "keystone/base/assert.hpp"
#include "page_entry.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

namespace keystone {
namespace {

constexpr std::array<std::string_view, 3> kLoaderWords = {"loader_size", "runtime_size",
                                                          "eapp_size"};
constexpr std::array<std::string_view, 4> kPageWalkWords = {"runtime_entry", "user_entry",
                                                            "untrusted_ptr", "untrusted_size"};
constexpr std::array<std::string_view, 6> kRoles = {"loader", "runtime",       "eapp",
                                                    "stack",  "runtime_stack", "untrusted"};
constexpr std::string_view kStack = "stack";
constexpr std::string_view kUntrusted = "untrusted";

// --- the loader scheme ------------------------------------------------------------------------

std::vector<MeasuredWord> words_of(const LoaderWindow& window) {
  return {{kLoaderWords[0], window.runtime_base - window.dram_base},
          {kLoaderWords[1], window.user_base - window.runtime_base},
          {kLoaderWords[2], window.free_base - window.user_base}};
}

// The pages of one piece of a file.
Status add_piece(const PlacedPiece& piece, const NamedFile& file, std::uint64_t dram_base,
                 PageExplainer& pages) {
  for (std::uint64_t done = 0; done < piece.size; done += kPageSize) {
    PageOrigin page;
    page.address = piece.address - dram_base + done;
    page.memory = piece.address + done;
    page.role = file.role;
    page.names = &file.names;
    page.segment = piece.segment;
    page.file = {piece.file_offset + done, std::min(piece.size - done, kPageSize)};
    page.zeros = page.file.size == kPageSize ? Zeros::none : Zeros::padding;
    KEYSTONE_CHECK_OK(pages.add(page));
  }
  return {};
}

// The memory behind an input's pieces, up to `end`: a stack.
Status add_stack(std::uint64_t begin, std::uint64_t end, std::uint64_t dram_base,
                 PageExplainer& pages) {
  for (std::uint64_t at = begin; at < end; at += kPageSize) {
    PageOrigin page;
    page.address = at - dram_base;
    page.memory = at;
    page.role = kStack;
    page.zeros = Zeros::stack;
    KEYSTONE_CHECK_OK(pages.add(page));
  }
  return {};
}

// `files`: as they are placed.
Status add_ranges(const EnclaveImage& image, const std::vector<NamedFile>& files,
                  PageExplainer& pages) {
  const std::uint64_t dram_base = image.window.dram_base;
  std::uint64_t next = dram_base;
  std::uint64_t end = dram_base;
  auto piece = image.pieces.begin();
  for (std::size_t input = 0; input < image.placed.size(); ++input) {
    for (; piece != image.pieces.end() && piece->input == input; ++piece) {
      KEYSTONE_CHECK_OK(add_piece(*piece, files[input], dram_base, pages));
      next = piece->address + (piece->size + kPageSize - 1) / kPageSize * kPageSize;
    }
    end += image.placed[input].measured_size;
    KEYSTONE_CHECK_OK(add_stack(next, end, dram_base, pages));
    next = end;
  }
  return {};
}

// --- the page walk ----------------------------------------------------------------------------

std::vector<MeasuredWord> words_of(const PageWalkArguments& arguments, const Paging& paging) {
  return {{kPageWalkWords[0], paging.wrap(arguments.runtime_entry)},
          {kPageWalkWords[1], paging.wrap(arguments.user_entry)},
          {kPageWalkWords[2], paging.wrap(arguments.untrusted_ptr)},
          {kPageWalkWords[3], paging.wrap(arguments.untrusted_size)}};
}

Zeros zeros_in(const PageContent& content) {
  if (content.role == PageRole::stack || content.role == PageRole::runtime_stack) {
    return Zeros::stack;
  }
  if (content.source == nullptr) {
    return Zeros::bss;
  }
  return content.size == kPageSize ? Zeros::none : Zeros::padding;
}

// `files`: the runtime, the eapp.
PageOrigin origin_of(const WalkedPage& walked, const PageWalkImage& image,
                     const std::vector<NamedFile>& files) {
  PageOrigin page;
  page.address = walked.virtual_address;
  page.memory = walked.physical_address;
  page.starts_run = walked.starts_range;
  const PageWalkArguments& a = image.arguments();
  if (walked.physical_address >= a.utm_base && walked.physical_address - a.utm_base < a.utm_size) {
    page.role = kUntrusted;
    page.zeros = Zeros::untrusted;
    return page;
  }
  const PageContent& content = image.content(walked.physical_address);
  page.role = to_string(content.role);
  page.zeros = zeros_in(content);
  if (content.role == PageRole::runtime || content.role == PageRole::eapp) {
    page.names = &files[content.role == PageRole::runtime ? 0 : 1].names;
    page.has_memory_names = true;
  }
  if (content.segment != PageContent::kNoSegment) {
    page.segment = content.segment;
  }
  if (content.size != 0) {
    page.zeros_before = content.at;
    page.file = {content.offset, content.size};
  }
  return page;
}

// --- both -------------------------------------------------------------------------------------

using RoleAndSource = std::pair<std::string_view, const ByteSource*>;

Result<std::vector<NamedFile>> name_files(std::initializer_list<RoleAndSource> inputs,
                                          const ExplainOptions& options) {
  std::vector<NamedFile> files;
  for (const auto& [role, source] : inputs) {
    KEYSTONE_TRY(auto names, ElfNames::read(*source, options.pages));
    files.push_back({role, *source, std::move(names)});
  }
  return files;
}

Status add_all_functions(const std::vector<NamedFile>& files, const ExplainOptions& options,
                         Explanation& explanation) {
  if (options.pages) {
    for (const NamedFile& file : files) {
      KEYSTONE_CHECK_OK(add_functions(file, explanation));
    }
  }
  return {};
}

}  // namespace

std::string_view to_string(Zeros zeros) {
  switch (zeros) {
    case Zeros::none:
      return "none";
    case Zeros::padding:
      return "padding";
    case Zeros::bss:
      return "bss";
    case Zeros::stack:
      return "stack";
    case Zeros::untrusted:
      return "untrusted";
  }
  KEYSTONE_ASSERT(false);
}

std::span<const std::string_view> word_names(Scheme scheme) {
  if (scheme == Scheme::loader) {
    return kLoaderWords;
  }
  return kPageWalkWords;
}

std::span<const std::string_view> role_names() {
  return kRoles;
}

Result<Explanation> explain(const EnclaveInputs& inputs, const EnclaveImage& image,
                            const ExplainOptions& options) {
  KEYSTONE_TRY(const auto measurement, measure(image));
  KEYSTONE_TRY(
      const auto files,
      name_files({{"loader", &inputs.loader}, {"runtime", &inputs.runtime}, {"eapp", &inputs.eapp}},
                 options));
  Explanation explanation{measurement, words_of(image.window), {}, {}, {}, 0};
  PageExplainer pages(image.memory, options, explanation);
  KEYSTONE_CHECK_OK(add_ranges(image, files, pages));
  KEYSTONE_CHECK_OK(add_all_functions(files, options, explanation));
  return explanation;
}

Result<Explanation> explain(const PageWalkInputs& inputs, const PageWalkImage& image,
                            const ExplainOptions& options) {
  KEYSTONE_TRY(const auto measurement, measure(image));
  KEYSTONE_TRY(const auto files,
               name_files({{"runtime", &inputs.runtime}, {"eapp", &inputs.eapp}}, options));
  const WalkOptions walk = walk_options(image);
  Explanation explanation{
      measurement, words_of(image.arguments(), paging_of(walk.word)), {}, {}, {}, 0};
  PageExplainer pages(image.memory(), options, explanation);
  const auto visit = [&](const WalkedPage& page) {
    return pages.add(origin_of(page, image, files));
  };
  // The monitor took the enclave when it was measured: it does not refuse it now.
  KEYSTONE_TRY(const auto refusal, walk_pages(image.memory(), image.arguments(), walk, visit));
  KEYSTONE_ASSERT(!refusal);
  KEYSTONE_CHECK_OK(add_all_functions(files, options, explanation));
  return explanation;
}

}  // namespace keystone
