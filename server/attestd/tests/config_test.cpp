// SPDX-License-Identifier: Apache-2.0
#include "attestd/config.hpp"

#include <gtest/gtest.h>

namespace keystone::server::attestd {
namespace {

// A configuration with these members beside the schema.
Result<Config> parse(const std::string& members) {
  return Config::parse(
      R"({"schema":"keystone.attestd-config/1")" + (members.empty() ? "" : "," + members) + "}",
      "/etc/keystone");
}

std::string listener(const std::string& name, const std::string& at, const std::string& more = "") {
  return R"({"name":")" + name + R"(","listen":")" + at + "\"" + more + "}";
}

std::string listeners(const std::string& all) {
  return R"("listeners":[)" + all + "]";
}

constexpr const char* kTls = R"(,"tls":{"certificate":"c.pem","key":"/k.pem"})";

TEST(Config, HasADefaultForEverythingButItsSchema) {
  const auto config = parse("");
  ASSERT_TRUE(config);
  const Config defaults = Config::defaults();
  ASSERT_EQ(config->server.listeners.size(), 1U);
  EXPECT_EQ(config->server.listeners[0].address, "127.0.0.1");
  EXPECT_EQ(config->server.listeners[0].port, 8440);
  EXPECT_EQ(config->server.listeners[0].name, "public");
  EXPECT_EQ(config->service.session_lifetime, defaults.service.session_lifetime);
  EXPECT_FALSE(config->store);
  EXPECT_TRUE(config->check_plain_http());
}

TEST(Config, TakesPathsAsOnesOfItsFolder) {
  const auto config =
      parse(listeners(listener("public", "192.0.2.1:443", kTls)) + R"(,"store":{"path":"s.db"})");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->server.listeners[0].tls->certificate_file, "/etc/keystone/c.pem");
  EXPECT_EQ(config->server.listeners[0].tls->key_file, "/k.pem");
  EXPECT_EQ(std::get<SqliteFile>(config->store->where).path, "/etc/keystone/s.db");
}

TEST(Config, ReadsEverySection) {
  const auto config = parse(
      R"("node":"a","sessions":{"lifetime_s":60,"max_open":7,"nonce_retention_h":2,
         "nonce_spelling":"base64url"},"results":{"lifetime_s":30,"ear":"draft"},
         "keys":{"lifetime_s":7200,"announce_s":60,"overlap_s":120},
         "upkeep":{"every_s":5,"checkpoint_every_s":6,"keep_results_h":7,"keep_audit_h":8},
         "limits":{"header_ms":9,"stream_ms":8,"max_bodies_bytes":134217728},"rates":{"address":{"per_second":0},"token":{"burst":3}},
         "proxies":{"header":"forwarded","trusted":[{"network":"192.0.2.0/24"}]},
         "threads":{"loops":2,"workers":3,"queue":4},"log":{"format":"json","level":"debug"},
         "certificate_roles":[{"subject":"CN=x","role":"operator"}],"stop_grace_s":1,
         "store":{"kind":"postgresql","conninfo":"host=db","connections":9,"busy_ms":5,
         "statement_ms":6})");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->node, "a");
  EXPECT_EQ(config->service.nonce_retention, std::chrono::hours(2));
  EXPECT_EQ(config->service.nonce_spelling, NonceSpelling::base64url);
  EXPECT_EQ(config->service.ear_form, EarForm::draft);
  EXPECT_EQ(config->keys.overlap, std::chrono::seconds(120));
  EXPECT_EQ(config->upkeep.keep_audit, std::chrono::hours(8));
  EXPECT_EQ(config->server.limits.header_time, std::chrono::milliseconds(9));
  EXPECT_EQ(config->server.limits.stream_time, std::chrono::milliseconds(8));
  EXPECT_EQ(config->server.limits.max_bodies, 2 * config->service.max_batch_body);
  EXPECT_EQ(config->server.rates.per_address.per_second, 0U);
  EXPECT_EQ(config->server.rates.per_key.burst, 3U);
  EXPECT_EQ(config->server.proxies.trusted, std::vector<std::string>{"192.0.2.0/24"});
  EXPECT_EQ(config->server.queue, 4U);
  EXPECT_EQ(config->log.level, LogLevel::debug);
  EXPECT_EQ(config->service.certificate_roles.at("CN=x"), Role::operator_);
  EXPECT_EQ(std::get<Postgres>(config->store->where).connections, 9U);
  EXPECT_EQ(std::get<Postgres>(config->store->where).statement, std::chrono::milliseconds(6));
  EXPECT_EQ(config->store->busy, std::chrono::milliseconds(5));
}

TEST(Config, RefusesAConninfoThatLibpqCannotReadAndDoesNotShowIt) {
  const auto with = [](const std::string& conninfo) {
    return parse(R"("store":{"kind":"postgresql","conninfo":")" + conninfo + "\"}");
  };
  for (const char* const sound :
       {"host=db password='a b'", "postgresql://u:pass@db/x?sslmode=require"}) {
    EXPECT_TRUE(with(sound)) << sound;
  }
  for (const char* const wrong :
       {"secret", "host=db password='secret", "host=db passwrod=secret",
        "postgresql://u:secret@[db", "postgresql://u:secret@db?nonesuch=1"}) {
    const auto config = with(wrong);
    ASSERT_FALSE(config) << wrong;
    EXPECT_EQ(config.error().code, ErrorCode::malformed);
    EXPECT_EQ(config.error().message.find("store.conninfo: got what libpq cannot read"), 0U);
    EXPECT_EQ(config.error().message.find("secret"), std::string::npos);
  }
}

TEST(Config, NamesThePlaceOfWhatIsWrong) {
  const std::pair<std::string, std::string> kWrong[] = {
      {R"("nodes":"a")", "nodes"},
      {R"("node":"")", "node"},
      {R"("node":"a\nb")", "node"},
      {R"("listeners":[])", "listeners"},
      {listeners(listener("admin", "127.0.0.1:1")), "listeners"},
      {listeners(listener("other", "127.0.0.1:1")), "listeners[0].name"},
      {listeners(listener("public", "localhost:1")), "listeners[0].listen"},
      {listeners(listener("public", "127.0.0.1:1", R"(,"tls":{"key":"k"})")),
       "listeners[0].tls.certificate"},
      {listeners(listener("public", "127.0.0.1:1",
                          R"(,"tls":{"certificate":"c","key":"k","client_ca":"a"})")),
       "listeners[0].tls.client_ca"},
      {listeners(listener("public", "127.0.0.1:1", R"(,"tls":{"certificate":"c","key":"k",
                          "client_certificates":"required"})")),
       "listeners[0].tls.client_ca"},
      {R"("sessions":{"lifetime_s":0})", "sessions.lifetime_s"},
      {R"("sessions":{"lifetime_s":3301})", "sessions.lifetime_s"},
      {R"("sessions":{"lifetime_s":1.5})", "sessions.lifetime_s"},
      {R"("sessions":{"lifetime":1})", "sessions.lifetime"},
      {R"("results":{"ear":"final"})", "results.ear"},
      {R"("keys":{"lifetime_s":3600,"announce_s":3600})", "keys.announce_s"},
      {R"("limits":{"max_headers":0})", "limits.max_headers"},
      {R"("limits":{"max_bodies_bytes":134217727})", "limits.max_bodies_bytes"},
      {R"("limits":{"stream_ms":0})", "limits.stream_ms"},
      {R"("rates":{"address":{"burst":0}})", "rates.address.burst"},
      {R"("proxies":{})", "proxies.trusted"},
      {R"("log":{"level":"trace"})", "log.level"},
      {R"("certificate_roles":[{"subject":"CN=x","role":"root"}])", "certificate_roles[0].role"},
      {R"("certificate_roles":[{"subject":"a","role":"admin"},{"subject":"a","role":"admin"}])",
       "certificate_roles[1].subject"},
      {R"("store":{"kind":"mysql"})", "store.kind"},
      {R"("store":{"kind":"postgresql"})", "store.conninfo"},
      {R"("store":{"kind":"sqlite","conninfo":"x"})", "store.conninfo"},
      {R"("store":{"kind":"sqlite","statement_ms":5})", "store.statement_ms"},
      {R"("store":{"kind":"postgresql","conninfo":"host=x","statement_ms":0})",
       "store.statement_ms"},
      {R"("insecure_http":1)", "insecure_http"},
  };
  for (const auto& [members, place] : kWrong) {
    const auto config = parse(members);
    ASSERT_FALSE(config) << members;
    EXPECT_EQ(config.error().code, ErrorCode::malformed) << members;
    EXPECT_EQ(config.error().message.substr(0, place.size() + 1), place + ":")
        << config.error().message;
  }
}

TEST(Config, ShowsNothingOfAConnectionStringThatIsWrong) {
  const auto config = parse(R"("store":{"kind":"postgresql","conninfo":"password=hunter2\n"})");
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().message.find("hunter2"), std::string::npos);
}

TEST(Config, IsOfItsOwnSchemaAndOfNoOther) {
  for (const char* const text : {"", "{}", "[]", R"({"schema":"keystone.attestd-config/2"})",
                                 R"({"schema":"keystone.attestd-config/1",})"}) {
    EXPECT_FALSE(Config::parse(text, "")) << text;
  }
}

TEST(Config, RefusesPlainHttpBeyondLoopbackUnlessItIsWanted) {
  for (const char* const at : {"0.0.0.0:80", "[::]:80", "192.0.2.1:80"}) {
    auto config = parse(listeners(listener("public", at)));
    ASSERT_TRUE(config);
    const auto refused = config->check_plain_http();
    ASSERT_FALSE(refused) << at;
    EXPECT_EQ(refused.error().code, ErrorCode::usage);
    config->insecure_http = true;
    EXPECT_TRUE(config->check_plain_http());
  }
  EXPECT_TRUE(parse(listeners(listener("public", "0.0.0.0:80", kTls)))->check_plain_http());
  EXPECT_FALSE(
      parse(listeners(listener("public", "127.0.0.1:80") + "," + listener("admin", "0.0.0.0:81")))
          ->check_plain_http());
}

TEST(Config, LetsAttestersAskWithoutATokenOnlyWhereThisMachineAloneCan) {
  const std::string local = listeners(listener("public", "[::1]:80"));
  EXPECT_TRUE(parse(local)->service_options().anonymous_attesters);
  EXPECT_FALSE(
      parse(local + R"(,"anonymous_attesters":false)")->service_options().anonymous_attesters);
  EXPECT_FALSE(parse(local + R"(,"proxies":{"trusted":[{"network":"127.0.0.1"}]})")
                   ->service_options()
                   .anonymous_attesters);
  const std::string open = listeners(listener("public", "0.0.0.0:443", kTls));
  EXPECT_FALSE(parse(open)->service_options().anonymous_attesters);
  EXPECT_TRUE(
      parse(open + R"(,"anonymous_attesters":true)")->service_options().anonymous_attesters);
  EXPECT_FALSE(parse(listeners(listener("public", "[::1]:80") + "," +
                               listener("public", "0.0.0.0:443", kTls)))
                   ->service_options()
                   .anonymous_attesters);
}

TEST(Config, KeepsRoutesOfOperatorsToTheirListenerIfThereIsOne) {
  EXPECT_EQ(parse("")->service_options().admin_listener, "");
  EXPECT_EQ(
      parse(listeners(listener("public", "127.0.0.1:1") + "," + listener("admin", "127.0.0.1:2")))
          ->service_options()
          .admin_listener,
      "admin");
}

TEST(Config, PutsTheOnePublicListenerSomewhereElse) {
  auto config = parse(
      listeners(listener("admin", "127.0.0.1:2") + "," + listener("public", "192.0.2.1:1", kTls)));
  ASSERT_TRUE(config->listen_at({"::1", 7, true}));
  EXPECT_EQ(config->server.listeners[0].address, "127.0.0.1");
  EXPECT_EQ(config->server.listeners[1].address, "::1");
  EXPECT_EQ(config->server.listeners[1].port, 7);
  EXPECT_TRUE(config->server.listeners[1].tls);
  auto two =
      parse(listeners(listener("public", "127.0.0.1:1") + "," + listener("public", "[::1]:1")));
  EXPECT_FALSE(two->listen_at({"::1", 7, true}));
}

}  // namespace
}  // namespace keystone::server::attestd
