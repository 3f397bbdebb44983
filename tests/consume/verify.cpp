// SPDX-License-Identifier: Apache-2.0
// Prints what a verifier says of a report, without a challenge.
#include <keystone/verifier/verifier.hpp>

#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace {

std::string content_of(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

keystone::Result<keystone::Verdict> verify(const std::string& policy_text,
                                           const std::string& report_text) {
  KEYSTONE_TRY(const auto policy, keystone::Policy::parse(policy_text));
  KEYSTONE_TRY(const auto report,
               keystone::Report::parse({reinterpret_cast<const std::uint8_t*>(report_text.data()),
                                        report_text.size()}));
  const keystone::Instant now{std::chrono::seconds(1'780'315'200)};
  return keystone::Verifier(policy).verify({report}, keystone::Challenge::none(), now);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::cerr << "usage: verify POLICY REPORT\n";
    return 2;
  }
  const auto verdict = verify(content_of(arguments[1]), content_of(arguments[2]));
  if (!verdict) {
    std::cerr << verdict.error().message << '\n';
    return 3;
  }
  std::cout << keystone::summary(*verdict) << '\n';
  return verdict->accepted() ? 0 : 1;
}
