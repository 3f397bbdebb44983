// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <keystone/base/number.hpp>
#include <keystone/base/text.hpp>

#include <vector>

namespace demo {
namespace {

using keystone::ErrorCode;
using keystone::fail;

keystone::Result<PeerAddress> read_peer(const std::vector<std::string_view>& words,
                                        std::uint16_t default_port) {
  if (words.empty() || words.size() > 2) {
    return fail(ErrorCode::usage,
                "peer: got " + std::to_string(words.size()) + " words, want HOST and perhaps PORT");
  }
  PeerAddress peer{std::string(words[0]), default_port};
  if (words.size() == 2) {
    KEYSTONE_TRY(const auto port, keystone::parse_unsigned("PORT", words[1], {1, 65535}));
    peer.port = static_cast<std::uint16_t>(port);
  }
  return peer;
}

}  // namespace

keystone::Result<Options> read_options(std::span<const char* const> arguments,
                                       std::uint16_t default_port,
                                       const std::map<std::string_view, std::string*>& own) {
  Options options;
  std::string timeout = std::to_string(options.timeout.count());
  auto with_value = own;
  with_value["--policy"] = &options.policy_file;
  with_value["--timeout"] = &timeout;
  std::vector<std::string_view> words;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    const auto option = with_value.find(argument);
    if (argument == "--help") {
      options.help = true;
      return options;
    }
    if (argument == "--bind") {
      options.bind = true;
    } else if (option != with_value.end() && i + 1 < arguments.size()) {
      *option->second = arguments[++i];
    } else if (option != with_value.end()) {
      return fail(ErrorCode::usage, std::string(argument) + ": got no value, want one");
    } else if (argument.substr(0, 1) == "-") {
      return fail(ErrorCode::usage, "unknown option: " + keystone::printable(argument));
    } else {
      words.push_back(argument);
    }
  }
  if (options.policy_file.empty()) {
    return fail(ErrorCode::usage, "--policy: got none, want a policy file");
  }
  KEYSTONE_TRY(options.peer, read_peer(words, default_port));
  KEYSTONE_TRY(const auto seconds, keystone::parse_unsigned("--timeout", timeout, {1, 3600}));
  options.timeout = std::chrono::seconds(seconds);
  return options;
}

}  // namespace demo
