// SPDX-License-Identifier: Apache-2.0
#include "diagnose_stripped.hpp"

#include "diagnose_ways.hpp"
#include "keystone/base/arithmetic.hpp"

#include <algorithm>

namespace keystone {
namespace {

Result<bool> holds(const ByteSource& file, const std::vector<std::uint8_t>& bytes) {
  if (file.size() != bytes.size()) {
    return false;
  }
  std::vector<std::uint8_t> other(bytes.size());
  KEYSTONE_CHECK_OK(file.read_at(0, other));
  return other == bytes;
}

}  // namespace

Result<const ByteSource*> StrippedFiles::of(const ByteSource& file, Strip mode) {
  const auto known = std::find_if(answers_.begin(), answers_.end(), [&](const Answer& answer) {
    return answer.file == &file && answer.mode == mode;
  });
  if (known != answers_.end()) {
    return known->stripped;
  }
  KEYSTONE_TRY(const ByteSource* const source, make(file, mode));
  answers_.push_back({&file, mode, source});
  return source;
}

Result<const ByteSource*> StrippedFiles::make(const ByteSource& file, Strip mode) {
  auto bytes = stripped(file, mode);
  if (!bytes) {
    return is_refusal(bytes.error()) ? Result<const ByteSource*>(nullptr) : fail(bytes.error());
  }
  KEYSTONE_TRY(const bool is_unchanged, holds(file, *bytes));
  if (is_unchanged) {
    return nullptr;
  }
  const auto same = std::find_if(forms_.begin(), forms_.end(),
                                 [&](const auto& form) { return form->bytes == *bytes; });
  if (same != forms_.end()) {
    return &(*same)->source;
  }
  forms_.push_back(std::make_unique<Form>(*std::move(bytes)));
  return &forms_.back()->source;
}

}  // namespace keystone
