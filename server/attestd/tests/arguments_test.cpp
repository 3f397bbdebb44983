// SPDX-License-Identifier: Apache-2.0
#include "attestd/arguments.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace keystone::server::attestd {
namespace {

Result<Command> read(std::vector<const char*> words) {
  words.insert(words.begin(), "keystone-attestd");
  return read_arguments(static_cast<int>(words.size()), words.data());
}

TEST(Arguments, WithoutACommandServe) {
  const auto command = read({"--state", "s", "--listen", "[::1]:0", "--ear", "draft"});
  ASSERT_TRUE(command);
  const auto& serve = std::get<ServeCommand>(*command);
  EXPECT_EQ(serve.state, "s");
  EXPECT_EQ(serve.listen->text(), "[::1]:0");
  EXPECT_EQ(serve.ear, EarForm::draft);
  EXPECT_FALSE(serve.insecure_http);
}

TEST(Arguments, OfATokenAreReadBeforeAnythingIsDone) {
  const auto command = read({"token", "add", "--state", "s", "--role", "operator", "--label", "x y",
                             "--expires", "2030-01-01T00:00:00Z"});
  ASSERT_TRUE(command);
  const auto& add = std::get<TokenAddCommand>(*command);
  EXPECT_EQ(add.request.role, Role::operator_);
  EXPECT_EQ(add.request.label, "x y");
  EXPECT_EQ(keystone::to_string(*add.request.expires), "2030-01-01T00:00:00Z");
}

TEST(Arguments, OfAnAuditNameItsNodeOrAnExport) {
  const auto node = read({"audit", "verify", "--state", "s"});
  ASSERT_TRUE(node);
  EXPECT_EQ(std::get<AuditVerifyCommand>(*node).place.state, "s");
  const auto file = read({"audit", "verify", "--keys", "a", "--export", "f", "--keys", "b"});
  ASSERT_TRUE(file);
  EXPECT_EQ(std::get<AuditVerifyCommand>(*file).exported, "f");
  EXPECT_EQ(std::get<AuditVerifyCommand>(*file).keys, (std::vector<std::string>{"a", "b"}));
}

TEST(Arguments, ThatMakeNoSenseAreUsage) {
  const std::vector<const char*> kWrong[] = {
      {},
      {"--listen", "127.0.0.1:0"},
      {"--state", ""},
      {"--state", "s", "--listen", "localhost:1"},
      {"--state", "s", "--ear", "other"},
      {"--state", "s", "token", "list"},
      {"serve"},
      {"token"},
      {"token", "list"},
      {"token", "add", "--state", "s", "--role", "root", "--label", "x"},
      {"token", "add", "--state", "s", "--role", "admin", "--label", "a\nb"},
      {"token", "add", "--state", "s", "--role", "admin", "--label", "x", "--expires", "soon"},
      {"token", "revoke", "--state", "s"},
      {"config", "check"},
      {"key", "rotate", "--now"},
      {"audit", "verify"},
      {"audit", "verify", "--state", "s", "--checkpoint", ""},
      {"audit", "verify", "--export", "f"},
      {"audit", "verify", "--export", "f", "--keys", "k", "--state", "s"},
      {"audit", "verify", "--export", "f", "--keys", "k", "--config", "c"},
      {"audit", "export", "--export", "f"},
      {"store", "migrate"},
  };
  for (const auto& words : kWrong) {
    const auto command = read(words);
    ASSERT_FALSE(command) << ::testing::PrintToString(words);
    EXPECT_EQ(command.error().code, ErrorCode::usage) << ::testing::PrintToString(words);
  }
}

TEST(Arguments, WinOverTheConfiguration) {
  ServeCommand command{"s", "", cli::TcpAddress{"127.0.0.1", 0, false}, EarForm::draft, false};
  const auto config = read_config(command);
  ASSERT_TRUE(config);
  EXPECT_EQ(config->server.listeners[0].port, 0);
  EXPECT_EQ(config->service.ear_form, EarForm::draft);
}

TEST(Arguments, AllowPlainHttpBeyondLoopbackOnlyOnDemand) {
  ServeCommand command{"s", "", cli::TcpAddress{"0.0.0.0", 80, false}, {}, false};
  const auto refused = read_config(command);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::usage);
  command.insecure_http = true;
  EXPECT_TRUE(read_config(command));
}

}  // namespace
}  // namespace keystone::server::attestd
