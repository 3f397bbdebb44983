// SPDX-License-Identifier: Apache-2.0
// Many clients at once, on two nodes over one store. ThreadSanitizer runs this, too.
#include "keystone/crypto/random.hpp"
#include "postgres_server.hpp"
#include "site.hpp"

#include <barrier>
#include <thread>

#include <gtest/gtest.h>

namespace keystone::testing {
namespace {

using server::Role;

constexpr std::size_t kClients = 64;
constexpr int kRounds = 3;

// What each of so many clients is told who ask at the same time.
template <class Ask>
std::vector<Reply> ask_at_once(std::size_t clients, const Ask& ask) {
  std::vector<Reply> replies(clients);
  std::barrier start(static_cast<std::ptrdiff_t>(clients));
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < clients; ++i) {
    threads.emplace_back([&, i] {
      start.arrive_and_wait();
      replies[i] = ask(i);
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  return replies;
}

enum class Backend { sqlite, postgres };

class Race : public ::testing::TestWithParam<Backend> {
 protected:
  Race() {
    one.put_policy();
    for (const Role role : {Role::verifier, Role::operator_}) {
      (void)one.token_of(role);
    }
  }

  // Another connection to the one database.
  std::shared_ptr<server::Store> open() {
    return std::make_shared<server::Store>(server::Store::open(where, fill_random).value());
  }
  Site& node(std::size_t client) { return client % 2 == 0 ? one : other; }

  // As the other node knows only the hash of a token.
  Asking with_token(Role role, std::string body) {
    return {
        std::move(body),
        {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + one.token_of(role)}}};
  }

  TemporaryFolder folder;
  server::StoreOptions where = GetParam() == Backend::sqlite
                                   ? server::StoreOptions{server::SqliteFile{folder / "store.db"}}
                                   : server::StoreOptions{server::Postgres{
                                         PostgresServer::shared().conninfo_of_new_schema()}};
  Site one{server::ServiceOptions{.anonymous_attesters = true}, open()};
  Site other{server::ServiceOptions{.anonymous_attesters = true}, open()};
};

TEST_P(Race, HasOneWinnerForASession) {
  for (int round = 0; round < kRounds; ++round) {
    const auto path = one.open();
    const auto report = one.attester.report(nonce_in(one.ask("GET", path)));
    const auto replies =
        ask_at_once(kClients, [&](std::size_t i) { return node(i).answer(path, report); });
    std::size_t won = 0;
    for (const Reply& reply : replies) {
      won += reply.status == 200 ? 1U : 0U;
      EXPECT_TRUE(reply.status == 200 || reply.status == 409) << reply.body;
    }
    EXPECT_EQ(won, 1U);
    EXPECT_EQ(one.recorded(true), static_cast<std::size_t>(round) + 1);
  }
}

TEST_P(Race, HasOneWinnerForANonceInManySessions) {
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < kClients; ++i) {
    paths.push_back(node(i).open("nonce=AAECAwQFBgcICQ"));
  }
  const auto report = one.attester.report(nonce_in(one.ask("GET", paths.front())));
  const auto replies =
      ask_at_once(kClients, [&](std::size_t i) { return node(i).answer(paths[i], report); });
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < kClients; ++i) {
    ASSERT_EQ(replies[i].status, 200U) << replies[i].body;
    accepted += node(i).ear_in(replies[i]).accepted() ? 1U : 0U;
  }
  EXPECT_EQ(accepted, 1U);
  EXPECT_EQ(one.recorded(true), 1U);
  EXPECT_EQ(one.recorded(false), kClients - 1);
}

TEST_P(Race, HasOneWinnerForANonceToVerify) {
  const auto nonce = bytes_for<32>("nonce");
  const Asking asking =
      with_token(Role::verifier, verification(one.attester.report(nonce), nonce).dump());
  const auto replies = ask_at_once(
      kClients, [&](std::size_t i) { return node(i).ask("POST", "/v1/verify", asking); });
  std::size_t accepted = 0;
  for (const Reply& reply : replies) {
    accepted += reply.json().at("accepted") == true ? 1U : 0U;
  }
  EXPECT_EQ(accepted, 1U);
}

TEST_P(Race, EndsWithARevocation) {
  const Json device = {{"name", "board"}, {"key", one.attester.device_key().hex()}};
  Json revoked = device;
  revoked["revoked"] = {{"at", "2026-06-01T11:00:00Z"}, {"reason", "stolen"}};
  Policy draft = one.attester.policy();
  draft.devices.clear();
  one.put("/v1/policies/default", Json{{"schema", "keystone.server-policy/1"},
                                       {"policy", Json::parse(draft.serialize().value())},
                                       {"devices", "all"}}
                                      .dump());
  one.put("/v1/devices/board", device.dump());
  const Asking revocation = with_token(Role::operator_, revoked.dump());
  (void)ask_at_once(16, [&](std::size_t i) {
    if (i == 0) {
      return one.ask("PUT", "/v1/devices/board", revocation);
    }
    if (i == 1) {
      (void)other.service->reload(other.options);
    }
    return node(i).answer(node(i).open());
  });
  EXPECT_FALSE(one.ear_in(one.answer(one.open())).accepted());
  EXPECT_FALSE(other.ear_in(other.answer(other.open())).accepted());
}

INSTANTIATE_TEST_SUITE_P(TwoNodes, Race, ::testing::Values(Backend::sqlite, Backend::postgres),
                         [](const auto& tested) {
                           return tested.param == Backend::sqlite ? "Sqlite" : "Postgres";
                         });

}  // namespace
}  // namespace keystone::testing
