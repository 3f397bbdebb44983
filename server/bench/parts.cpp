// SPDX-License-Identifier: Apache-2.0
// What a session is made of, each part alone and with the very bytes of a session.
#include "keystone/base/base64.hpp"
#include "keystone/crypto/random.hpp"
#include "keystone/verifier/verifier.hpp"
#include "measured.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <vector>

namespace keystone::bench {
namespace {

namespace http = server::http;

std::string value_of(const http::Response& response, std::string_view name) {
  const auto header = std::find_if(response.headers.begin(), response.headers.end(),
                                   [&](const http::Header& one) { return one.name == name; });
  return header == response.headers.end() ? std::string() : header->value;
}

// The answers of one session, which the site has on record.
struct Exchange {
  explicit Exchange(const Site& site) : opened(site.ask(kNewSession, {})) {
    const auto digits = opened.body.find("\"nonce\":\"") + 9;
    const auto end = opened.body.find('"', digits);
    const auto nonce =
        base64::decode("nonce", opened.body.substr(digits, end - digits), base64::Form::standard);
    const auto report = site.attester.report(nonce.value()).encode_compact();
    answered = site.ask(value_of(opened, "Location"), {report.begin(), report.end()});
    if (opened.status != 201 || answered.status != 200) {
      throw std::runtime_error("no session");
    }
  }

  http::Response opened;
  http::Response answered;
};

// Gives the same two answers to whoever asks.
class Repeater final : public http::Handler {
 public:
  explicit Repeater(Exchange exchange) : exchange_(std::move(exchange)) {}
  std::size_t max_body(std::string_view, std::string_view) const override { return 65'536; }
  std::optional<std::string> rate_key(const http::Request&) const override { return {}; }
  http::Response handle(const http::Request& request) override {
    return request.path == kNewSession ? exchange_.opened : exchange_.answered;
  }
  http::Response refuse(unsigned, std::string_view, std::string_view) const override { return {}; }
  void on_event(const http::TransportEvent&) override {}

 private:
  Exchange exchange_;
};

// What is on record of a session.
server::Settlement settlement_of(const Site& site) {
  const Exchange exchange(site);
  const auto page = site.store->search({}).value();
  const auto head = site.store->audit_head().value();
  const auto records = site.store->audit_records(head.seq, 1).value();
  return {{}, page.results.front().result, records.front().event};
}

// The same of another session.
server::Settlement another(server::Settlement settlement) {
  std::vector<std::uint8_t> nonce(Nonce::kDefaultSize);
  fill_random(nonce);
  settlement.result.id = hex::encode(ByteView(nonce).first(16));
  settlement.spends = {
      {Nonce::from(nonce).value(), settlement.event.time + std::chrono::hours(24 * 30)}};
  return settlement;
}

void require(bool done, const char* what) {
  if (!done) {
    throw std::runtime_error(what);
  }
}

// A server, and clients that open sessions with it.
struct Served {
  explicit Served(const LoadProcess& with) : clients(with) {}

  void run(std::uint32_t sessions) const {
    clients.run({Load::Kind::sessions, server->port(), 0, kClients, sessions, 1});
  }

  const LoadProcess& clients;
  Site site;
  std::optional<Listening> server;
};

}  // namespace

Task complete_session(const LoadProcess& clients) {
  const auto served = std::make_shared<Served>(clients);
  served->server.emplace(served->site.folder, served->site.service);
  return {"complete_session", [served](std::uint32_t sessions) { served->run(sessions); }, 0,
          [served] { return served->site.settlements_a_transaction(); }};
}

Task two_bare_http(const LoadProcess& clients) {
  const auto served = std::make_shared<Served>(clients);
  served->server.emplace(served->site.folder, std::make_shared<Repeater>(Exchange(served->site)));
  return {"two_bare_http", [served](std::uint32_t sessions) { served->run(sessions); }};
}

// The device's signature and the Security Monitor's: this verifier remembers no device.
Task two_verifications() {
  const testing::Attester attester;
  const Instant now{};
  const Nonce nonce = Nonce::from(std::vector<std::uint8_t>(Nonce::kDefaultSize, 7)).value();
  const Challenge challenge = Challenge::exact_nonce(nonce).at({now, now});
  const Evidence evidence{attester.report(nonce.bytes())};
  const auto verifier = std::make_shared<Verifier>(attester.policy(), KeyCache(0));
  const auto verify = [=] {
    require(verifier->verify(evidence, challenge, now).accepted(), "not accepted");
  };
  return {"two_verifications", [verify](std::uint32_t times) { on_workers(times, verify); }};
}

Task one_es256() {
  const auto site = std::make_shared<Site>();
  const std::string ear = settlement_of(*site).result.ear;
  const auto start = ear.find('.') + 1;
  const auto bytes =
      base64::decode("ear", ear.substr(start, ear.rfind('.') - start), base64::Form::url).value();
  const std::string payload(bytes.begin(), bytes.end());
  const auto sign = [=] { require(site->signer->sign(payload).has_value(), "not signed"); };
  return {"one_es256", [sign](std::uint32_t times) { on_workers(times, sign); }};
}

Task one_store_write() {
  const auto site = std::make_shared<Site>();
  const server::Settlement pattern = settlement_of(*site);
  const auto write = [=] {
    const auto settled = site->store->settle({another(pattern)}).value();
    require(settled.front() == server::Settled::recorded, "not recorded");
  };
  return {"one_store_write", [write](std::uint32_t times) { on_workers(times, write); }, 0,
          [site] { return site->settlements_a_transaction(); }};
}

}  // namespace keystone::bench
