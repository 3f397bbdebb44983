// SPDX-License-Identifier: Apache-2.0
#include "explain_support.hpp"

#include "keystone/base/number.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>

#include <cryptopp/sha.h>

namespace keystone::testing {
namespace {

std::size_t word_size(const Explanation& explanation) {
  return size_of(info(explanation.measurement.profile).word);
}

// The hash over words and ranges; `bytes` gives those of a range.
std::string hash_by(const Explanation& explanation,
                    const std::function<Bytes(const MeasuredRange&)>& bytes) {
  const std::size_t width = word_size(explanation);
  Bytes stream;
  const auto append = [&](const Bytes& more) {
    stream.insert(stream.end(), more.begin(), more.end());
  };
  for (const MeasuredWord& word : explanation.words) {
    append(le(word.value, width));
  }
  for (const MeasuredRange& range : explanation.ranges) {
    append(range.starts_run ? le(range.address, width) : Bytes());
    append(bytes(range));
  }
  return independent_sha3_512(stream);
}

Bytes read_memory(const MemoryView& memory, std::uint64_t address, std::uint64_t size) {
  Bytes bytes(size);
  EXPECT_TRUE(succeeds(memory.read(address, bytes)));
  return bytes;
}

}  // namespace

Result<Explanation> explain_files(const Files& files, Profile profile,
                                  const ExplainOptions& options) {
  if (info(profile).scheme == Scheme::page_walk) {
    return explain_files(files, profile, default_parameters(profile), options);
  }
  const ArraySource sources[] = {ArraySource(files.eapp), ArraySource(files.runtime),
                                 ArraySource(files.loader)};
  const EnclaveInputs inputs{sources[0], sources[1], sources[2], files.loader_raw};
  KEYSTONE_TRY(const auto image, lay_out(inputs, profile));
  auto explanation = explain(inputs, image, options);
  if (explanation) {
    EXPECT_EQ(hash_by_memory(*explanation, image), explanation->measurement.hash.hex());
  }
  return explanation;
}

Result<Explanation> explain_files(const Files& files, Profile profile,
                                  const PageWalkParameters& parameters,
                                  const ExplainOptions& options) {
  const ArraySource eapp(files.eapp);
  const ArraySource runtime(files.runtime);
  const PageWalkInputs inputs{eapp, runtime};
  KEYSTONE_TRY(const auto image, lay_out(inputs, profile, parameters, {}));
  auto explanation = explain(inputs, image, options);
  if (explanation) {
    EXPECT_EQ(hash_by_memory(*explanation, image), explanation->measurement.hash.hex());
  }
  return explanation;
}

Explanation explained(const Files& files, Profile profile, const ExplainOptions& options) {
  auto explanation = explain_files(files, profile, options);
  EXPECT_TRUE(succeeds(explanation));
  return std::move(explanation).value();
}

Explanation explained(const Files& files, Profile profile, const PageWalkParameters& parameters) {
  auto explanation = explain_files(files, profile, parameters, kWithPages);
  EXPECT_TRUE(succeeds(explanation));
  return std::move(explanation).value();
}

std::string hash_by_files(const Explanation& explanation, const Files& files) {
  return hash_by(explanation, [&](const MeasuredRange& range) {
    const std::map<std::string_view, const Bytes&> inputs = {
        {"eapp", files.eapp}, {"runtime", files.runtime}, {"loader", files.loader}};
    Bytes bytes(range.size);
    if (range.file_bytes != 0) {
      const Bytes& file = inputs.at(range.role);
      for (std::uint64_t i = 0; i < range.file_bytes; ++i) {
        bytes.at(range.zeros_before + i) = file.at(range.file_offset + i);
      }
    }
    return bytes;
  });
}

std::string hash_by_memory(const Explanation& explanation, const EnclaveImage& image) {
  return hash_by(explanation, [&](const MeasuredRange& range) {
    return read_memory(image.memory, image.window.dram_base + range.address, range.size);
  });
}

std::string hash_by_memory(const Explanation& explanation, const PageWalkImage& image) {
  std::map<std::uint64_t, std::uint64_t> physical;  // by virtual address
  const auto visit = [&](const WalkedPage& page) {
    physical[page.virtual_address] = page.physical_address;
    return Status();
  };
  EXPECT_TRUE(succeeds(walk_pages(image.memory(), image.arguments(), walk_options(image), visit)));
  return hash_by(explanation, [&](const MeasuredRange& range) {
    Bytes bytes;
    for (std::uint64_t at = 0; at < range.size; at += kPageSize) {
      const Bytes page = read_memory(image.memory(), physical.at(range.address + at), kPageSize);
      bytes.insert(bytes.end(), page.begin(), page.end());
    }
    return bytes;
  });
}

std::string independent_sha256(ByteView bytes) {
  CryptoPP::SHA256 hash;
  std::array<std::uint8_t, CryptoPP::SHA256::DIGESTSIZE> digest{};
  hash.CalculateDigest(digest.data(), bytes.data(), bytes.size());
  return hex::encode(digest);
}

std::vector<std::string> lines_of(const Explanation& explanation) {
  std::vector<std::string> lines;
  for (const MeasuredRange& range : explanation.ranges) {
    std::string line = std::string(range.role) + " " + to_hex_number(range.address) + " " +
                       std::to_string(range.size);
    line += range.starts_run ? ", run" : "";
    if (range.file_bytes != 0) {
      line += ", " + std::to_string(range.zeros_before) + "+" + std::to_string(range.file_bytes) +
              " at " + to_hex_number(range.file_offset);
    }
    line += range.segment ? ", segment " + std::to_string(*range.segment) : "";
    line += range.sections.empty() ? "" : ", [" + range.sections + "]";
    lines.push_back(line + ", " + std::string(to_string(range.zeros)));
  }
  return lines;
}

Files bundled(const std::string& machine) {
  const auto read = [&](const std::string& name) {
    return read_vector_file("bundled/" + machine + "/" + name);
  };
  return {read("eapp.elf"), read("runtime.elf"), read("loader.elf")};
}

Files walk_files(const std::string& eapp, const std::string& runtime) {
  return {
      read_vector_file("pagewalk/elf/" + eapp), read_vector_file("pagewalk/elf/" + runtime), {}};
}

ElfSpec program_at(std::uint64_t address, const Bytes& text, std::uint64_t bss) {
  // One place for both: the section starts where the first contents of the file do.
  ElfSpec spec{.entry = address,
               .segments = {{.content = text, .vaddr = address, .memsz = text.size() + bss}}};
  const std::uint64_t at = 64 + 56;  // behind the header and the only program header
  spec.sections.push_back(
      {.name = ".text", .offset = at, .size = text.size(), .addr = address, .flags = 6});
  if (bss != 0) {
    spec.sections.push_back({.name = ".bss",
                             .type = kSectionNoBits,
                             .offset = at + text.size(),
                             .size = bss,
                             .addr = address + text.size(),
                             .flags = 3});
  }
  return spec;
}

}  // namespace keystone::testing
