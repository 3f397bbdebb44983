// SPDX-License-Identifier: Apache-2.0
#include "keystone/testing/input_spec.hpp"

#include "keystone/base/hex.hpp"

#include <memory>
#include <stdexcept>
#include <string>

#include <openssl/evp.h>

namespace keystone::testing {
namespace {

[[noreturn]] void refuse(std::string_view spec) {
  throw std::invalid_argument("bad input spec: " + std::string(spec));
}

Bytes shake256(const std::string& seed, std::size_t size) {
  Bytes out(size);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  if (EVP_DigestInit_ex(context.get(), EVP_shake256(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), seed.data(), seed.size()) != 1 ||
      EVP_DigestFinalXOF(context.get(), out.data(), out.size()) != 1) {
    throw std::runtime_error("SHAKE256 failed");
  }
  return out;
}

Bytes concatenated(std::string_view specs) {
  Bytes all;
  while (!specs.empty()) {
    const auto bar = std::min(specs.find('|'), specs.size());
    const Bytes part = expand_input(specs.substr(0, bar));
    all.insert(all.end(), part.begin(), part.end());
    specs.remove_prefix(std::min(bar + 1, specs.size()));
  }
  return all;
}

Bytes decoded(std::string_view digits) {
  auto bytes = hex::decode("hex", digits);
  return bytes ? *std::move(bytes) : throw std::invalid_argument(bytes.error().message);
}

}  // namespace

Bytes expand_input(std::string_view spec) {
  if (spec.starts_with("cat(") && spec.ends_with(")")) {
    return concatenated(spec.substr(4, spec.size() - 5));
  }
  const auto colon = spec.find(':');
  if (colon == std::string_view::npos) {
    refuse(spec);
  }
  const std::string_view kind = spec.substr(0, colon);
  const std::string rest(spec.substr(colon + 1));
  if (kind == "hex") {
    return decoded(rest);
  }
  if (kind == "zero") {
    return Bytes(std::stoul(rest));
  }
  const auto last = rest.rfind(':');
  if (last == std::string::npos) {
    refuse(spec);
  }
  const std::size_t size = std::stoul(rest.substr(last + 1));
  if (kind == "fill") {
    return Bytes(size, decoded(rest.substr(0, last)).at(0));
  }
  if (kind == "shake") {
    return size == 0 ? Bytes() : shake256("ksoracle1:" + rest, size);
  }
  refuse(spec);
}

}  // namespace keystone::testing
