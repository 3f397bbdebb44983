// SPDX-License-Identifier: Apache-2.0
// What a session is made of, each part alone and with the very bytes of a session.
#include "device.hpp"
#include "keystone/base/base64.hpp"
#include "keystone/crypto/random.hpp"
#include "keystone/verifier/verifier.hpp"
#include "measured.hpp"

#include <algorithm>
#include <atomic>
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
  Served(const LoadProcess& with, bool is_fresh) : clients(with), fresh(is_fresh) {}

  void run(std::uint32_t sessions) const {
    clients.run({Load::Kind::sessions, server->port(), 0, kClients, sessions, 1, fresh});
  }

  const LoadProcess& clients;
  bool fresh;
  Site site;
  std::optional<Listening> server;
};

Task complete(const char* name, const LoadProcess& clients, bool fresh) {
  const auto served = std::make_shared<Served>(clients, fresh);
  served->server.emplace(served->site.folder, served->site.service);
  return {name, [served](std::uint32_t sessions) { served->run(sessions); }, 0,
          [served] { return served->site.settlements_a_transaction(); }};
}

// A report, and what it answers.
struct Question {
  Question(std::uint32_t number, bool fresh)
      : nonce(Nonce::from(nonce_of(number)).value()),
        evidence{report_of(nonce.bytes(), fresh)},
        challenge(Challenge::exact_nonce(nonce).at({Instant{}, Instant{}})) {}

  static std::vector<std::uint8_t> nonce_of(std::uint32_t number) {
    std::vector<std::uint8_t> bytes(Nonce::kDefaultSize);
    bytes[0] = static_cast<std::uint8_t>(number);
    bytes[1] = static_cast<std::uint8_t>(number >> 8U);
    return bytes;
  }

  Nonce nonce;
  Evidence evidence;
  Challenge challenge;
};

// More reports than a verifier remembers devices, so that a fresh one stays fresh.
Task verification(const char* name, bool fresh) {
  const auto questions = std::make_shared<std::vector<Question>>();
  for (std::uint32_t i = 0; i < KeyCache::kDefaultCapacity + kTurn; ++i) {
    questions->emplace_back(i, fresh);
  }
  const auto verifier = std::make_shared<Verifier>(testing::Attester().policy());
  const auto next = std::make_shared<std::atomic<std::uint32_t>>(0);
  const auto verify = [=](std::uint32_t) {
    const Question& question = (*questions)[(*next)++ % questions->size()];
    require(verifier->verify(question.evidence, question.challenge, Instant{}).accepted(),
            "not accepted");
  };
  return {name, [verify](std::uint32_t times) { on_workers(times, verify); }};
}

}  // namespace

Task complete_session(const LoadProcess& clients) {
  return complete("complete_session", clients, true);
}

Task complete_session_known(const LoadProcess& clients) {
  return complete("complete_session_known", clients, false);
}

Task two_bare_http(const LoadProcess& clients) {
  const auto served = std::make_shared<Served>(clients, true);
  served->server.emplace(served->site.folder, std::make_shared<Repeater>(Exchange(served->site)));
  return {"two_bare_http", [served](std::uint32_t sessions) { served->run(sessions); }};
}

Task two_verifications() {
  return verification("two_verifications", true);
}

Task verification_known() {
  return verification("verification_known", false);
}

Task one_es256() {
  const auto site = std::make_shared<Site>();
  const std::string ear = settlement_of(*site).result.ear;
  const auto start = ear.find('.') + 1;
  const auto bytes =
      base64::decode("ear", ear.substr(start, ear.rfind('.') - start), base64::Form::url).value();
  const std::string payload(bytes.begin(), bytes.end());
  const auto sign = [=](std::uint32_t) {
    require(site->signer->sign(payload).has_value(), "not signed");
  };
  return {"one_es256", [sign](std::uint32_t times) { on_workers(times, sign); }};
}

Task one_store_write() {
  const auto site = std::make_shared<Site>();
  const server::Settlement pattern = settlement_of(*site);
  const auto write = [=](std::uint32_t) {
    const server::Settlement settlement = another(pattern);
    const server::Settlement* const place = &settlement;
    const auto settled = site->store->settle({&place, 1}).value();
    require(settled.front() == server::Settled::recorded, "not recorded");
  };
  return {"one_store_write", [write](std::uint32_t times) { on_workers(times, write); }, 0,
          [site] { return site->settlements_a_transaction(); }};
}

}  // namespace keystone::bench
