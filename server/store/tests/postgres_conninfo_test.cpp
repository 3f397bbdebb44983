// SPDX-License-Identifier: Apache-2.0
#include "postgres_conninfo.hpp"

#include "keystone/testing/fails_with.hpp"
#include "store/database.hpp"

#include <map>
#include <memory>

#include <gtest/gtest.h>
#include <libpq-fe.h>

namespace keystone::server {
namespace {

using testing::fails_with;
using testing::succeeds;

// What libpq makes of it: its keywords and their values.
std::map<std::string, std::string> read(const std::string& conninfo) {
  char* problem = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(conninfo.c_str(), &problem), &PQconninfoFree);
  EXPECT_NE(options, nullptr) << conninfo << ": " << (problem == nullptr ? "" : problem);
  PQfreemem(problem);
  std::map<std::string, std::string> values;
  for (const PQconninfoOption* each = options.get(); each != nullptr && each->keyword != nullptr;
       ++each) {
    if (each->val != nullptr) {
      values[each->keyword] = each->val;
    }
  }
  return values;
}

constexpr const char* kSound[] = {
    "host=db dbname=attestd",
    "host = 'a b' password = 'it\\'s = ?'",
    "postgresql://db",
    "postgres://db/attestd",
    "postgresql://user@db:5433/attestd",
    "postgresql://user:pass?word@db/attestd",
    "postgresql://user:pass?word@db",
    "postgresql://[2001:db8::1]:5432/attestd?sslmode=require",
    "postgresql://a:1,b:2/attestd?target_session_attrs=read-write",
    "postgresql:///attestd?host=/run/postgresql",
    "postgresql://?host=db",
};

TEST(Conninfo, GetsLimitsOfTimeAndKeepsAllElse) {
  for (const std::string conninfo : kSound) {
    auto want = read(conninfo);
    want["connect_timeout"] = "5";
    want["tcp_user_timeout"] = "10000";
    EXPECT_EQ(read(with_limits(conninfo)), want) << conninfo;
  }
}

TEST(Conninfo, KeepsTheLimitsThatItHas) {
  for (const std::string conninfo :
       {"host=db connect_timeout=7 tcp_user_timeout=8",
        "postgresql://user:a?b@db/x?connect_timeout=7&tcp_user_timeout=8",
        "postgresql://db?tcp_user_timeout=8&connect_timeout=7"}) {
    const auto limited = read(with_limits(conninfo));
    EXPECT_EQ(limited.at("connect_timeout"), "7") << conninfo;
    EXPECT_EQ(limited.at("tcp_user_timeout"), "8") << conninfo;
  }
  EXPECT_EQ(read(with_limits("postgresql://db?connect_timeout=7")).at("tcp_user_timeout"), "10000");
}

TEST(Conninfo, IsCheckedBeforeAnybodyIsAsked) {
  for (const std::string conninfo : kSound) {
    EXPECT_TRUE(succeeds(check_conninfo(conninfo))) << conninfo;
  }
}

TEST(Conninfo, ThatCannotBeReadIsRefusedAndNotShown) {
  for (const std::string& conninfo :
       {std::string("secret-word"), std::string("password='secret-word"),
        std::string("password=secret-word host"), std::string("nonesuch=secret-word"),
        std::string("postgresql://u:secret-word@[::1/db"),
        std::string("postgresql://db?password=secret-word&nonesuch=1"),
        std::string("postgresql://u:secret-word%zz@db"),
        std::string("host=db password=secret-word\0x", 30)}) {
    const auto checked = check_conninfo(conninfo);
    EXPECT_TRUE(fails_with(checked, ErrorCode::usage, "conninfo: got")) << conninfo;
    const auto source = database_source({Postgres{conninfo}});
    ASSERT_TRUE(fails_with(source, ErrorCode::usage, "conninfo: got")) << conninfo;
    EXPECT_EQ(source.error().message.find("secret"), std::string::npos);
  }
}

}  // namespace
}  // namespace keystone::server
