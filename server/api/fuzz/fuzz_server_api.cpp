// SPDX-License-Identifier: Apache-2.0
// Requests of any kind to a server that expects a device: the answer is always well-formed, and
// none says that something was accepted, as nobody here can sign for the device.
//
// Input: method, target, content type and role, each up to a line feed, then the body.
#include "keystone/base/assert.hpp"
#include "keystone/testing/fuzz.hpp"
#include "site.hpp"

#include <cstdlib>
#include <filesystem>

namespace keystone {
namespace {

using testing::Asking;
using testing::Json;
using testing::Site;

constexpr const char* kMemory = "/dev/shm";

std::string_view take_line(std::string_view& rest) {
  const std::string_view line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  return line;
}

Site& site() {
  static Site* const only = [] {
    if (std::filesystem::exists(kMemory)) {
      ::setenv("TMPDIR", kMemory, 1);  // each input writes, and durability is not what is asked
    }
    auto* const made = new Site;  // to the end of the program
    made->put_policy("expected");
    return made;
  }();
  return *only;
}

void check(const testing::Reply& reply) {
  KEYSTONE_ASSERT(reply.status >= 200 && reply.status < 600 && reply.status != 500);
  if (reply.status >= 400) {
    KEYSTONE_ASSERT(reply.header("Content-Type") == "application/problem+json");
    KEYSTONE_ASSERT(Json::parse(reply.body).at("status") == reply.status);
  }
}

}  // namespace

void fuzz(ByteView input) {
  std::string_view rest(reinterpret_cast<const char*>(input.data()), input.size());
  const std::string_view method = take_line(rest);
  const std::string target = "/" + std::string(take_line(rest));
  Asking asking;
  asking.headers.push_back({"Content-Type", std::string(take_line(rest))});
  const std::string_view role = take_line(rest);
  asking.body = rest;
  site().now = site().now.load() + std::chrono::seconds(1);  // so that open sessions expire
  const auto reply = role == "admin" ? site().ask_as(server::Role::admin, method, target, asking)
                                     : site().ask(method, target, asking);
  check(reply);
  KEYSTONE_ASSERT(site().recorded(true) == 0);

  // The same body as evidence, so that a fuzzer need not find a session.
  const auto answered = site().ask("POST", site().open("policy=expected"), asking);
  check(answered);
  KEYSTONE_ASSERT(answered.status != 200 || !site().ear_in(answered).accepted());
}

}  // namespace keystone
