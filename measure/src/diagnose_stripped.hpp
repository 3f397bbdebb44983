// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/measure/byte_source.hpp"
#include "stripped.hpp"

#include <memory>
#include <vector>

namespace keystone {

// Stripped forms of files, each made when it is first asked for.
class StrippedFiles {
 public:
  // `file` as strip leaves it, as long as this object and `file`: the same source for the same
  // bytes. Null where strip takes no such file, or changes nothing. Fails with the source's Errors.
  [[nodiscard]] Result<const ByteSource*> of(const ByteSource& file, Strip mode);

 private:
  struct Form {
    std::vector<std::uint8_t> bytes;
    ArraySource source;

    explicit Form(std::vector<std::uint8_t> made) : bytes(std::move(made)), source(bytes) {}
    Form(const Form&) = delete;
    Form& operator=(const Form&) = delete;
  };
  struct Answer {
    const ByteSource* file;
    Strip mode;
    const ByteSource* stripped;
  };

  Result<const ByteSource*> make(const ByteSource& file, Strip mode);

  std::vector<std::unique_ptr<Form>> forms_;
  std::vector<Answer> answers_;
};

}  // namespace keystone
