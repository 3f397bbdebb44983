// SPDX-License-Identifier: Apache-2.0
#include "site.hpp"

#include "api/token.hpp"
#include "keystone/base/base64.hpp"
#include "keystone/crypto/random.hpp"

#include <stdexcept>

namespace keystone::testing {

using server::Role;
using server::Service;
using server::ServiceOptions;
using server::Store;
namespace http = server::http;

namespace {

constexpr std::string_view kKid = "test-key";
void require(const Status& status) {
  if (!status) {
    throw std::runtime_error(status.error().message);
  }
}

std::string read_all(const http::Response& response) {
  if (!response.stream) {
    return response.body;
  }
  std::string body;
  while (response.stream(body).value()) {
  }
  return body;
}

}  // namespace

Result<std::string> TestSigner::sign(std::string_view payload) const {
  if (broken_) {
    return fail(ErrorCode::internal, "the key is gone");
  }
  return jws_sign(payload, kKid, [this](ByteView message) { return key_.sign(message); });
}

std::string TestSigner::public_jwk() const {
  return to_json(Jwk{std::string(kKid), key_.public_key()});
}

JwkSet TestSigner::keys() const {
  JwkSet keys;
  require(keys.add({std::string(kKid), key_.public_key()}));
  return keys;
}

std::string Reply::header(std::string_view name) const {
  for (const http::Header& header : headers) {
    if (header.name == name) {
      return header.value;
    }
  }
  return {};
}

std::shared_ptr<Store> open_store(const TemporaryFolder& folder) {
  return std::make_shared<Store>(
      Store::open({server::SqliteFile{folder / "store.db"}}, fill_random).value());
}

Site::Site(ServiceOptions with, std::shared_ptr<Store> shared)
    : options(std::move(with)), store(shared ? std::move(shared) : open_store(folder)) {
  service =
      Service::create({store, signer, fill_random, [this] { return now.load(); }, observer, "test"},
                      options)
          .value();
}

Reply Site::ask(std::string_view method, std::string_view target, Asking asking) {
  http::Request request;
  request.method = method;
  const auto question = std::min(target.find('?'), target.size());
  request.path = target.substr(0, question);
  request.query = asking.query;
  if (question < target.size()) {
    request.query = target.substr(question + 1);
  }
  request.headers = std::move(asking.headers);
  request.body = std::move(asking.body);
  request.peer = std::move(asking.peer);
  request.listener = std::move(asking.listener);
  request.id = "request-" + std::to_string(++requests_);
  const auto response = service->handle(request);
  return {response.status, response.headers, read_all(response)};
}

server::http::Response Site::begin_batch(const std::string& lines) {
  server::http::Request request;
  request.method = "POST";
  request.path = "/v1/verify/batch";
  request.headers = {{"Content-Type", "application/x-ndjson"},
                     {"Authorization", "Bearer " + token_of(server::Role::verifier)}};
  request.body = lines;
  return service->handle(request);
}

std::string Site::token_of(Role role) {
  std::string& text = tokens_[role];
  if (text.empty()) {
    const auto token = server::BearerToken::generate(fill_random);
    text = token.expose_text();
    const std::string word(to_string(role));
    require(store->add_token(
        {word, server::hash_of_token(text).value(), word, "of a test", kNow, {}, {}},
        {kNow, "token.added", "test", "{}"}));
  }
  return text;
}

Reply Site::ask_as(Role role, std::string_view method, std::string_view target, Asking asking) {
  asking.headers.push_back({"Authorization", "Bearer " + token_of(role)});
  return ask(method, target, std::move(asking));
}

void Site::put(std::string_view target, const std::string& body) {
  const auto reply =
      ask_as(Role::operator_, "PUT", target, {body, {{"Content-Type", "application/json"}}});
  if (reply.status != 200 && reply.status != 201) {
    throw std::runtime_error(reply.body);
  }
}

void Site::put_policy(const std::string& name) {
  put("/v1/policies/" + name, attester.policy().serialize().value());
}

std::string Site::open(std::string query) {
  Asking asking;
  asking.query = std::move(query);
  const auto reply = ask("POST", kNewSession, std::move(asking));
  if (reply.status != 201) {
    throw std::runtime_error(reply.body);
  }
  return reply.header("Location");
}

Reply Site::answer(const std::string& path) {
  return answer(path, attester.report(nonce_in(ask("GET", path))));
}

Reply Site::answer(const std::string& path, const Report& report) {
  return ask("POST", path, {text_of(report.encode_compact()), {{"Content-Type", kReportType}}});
}

std::size_t Site::recorded(bool accepted) const {
  server::ResultQuery query;
  query.accepted = accepted;
  query.limit = 1000;
  return store->search(query).value().results.size();
}

AttestationResult Site::ear_in(const std::string& token) const {
  const auto checked =
      jws_verify(token, signer->keys(), now.load(), std::chrono::seconds(0)).value();
  if (checked.result != JwsResult::valid) {
    throw std::runtime_error(std::string(to_string(checked.result)));
  }
  return parse_ear(checked.payload).value();
}

std::vector<std::uint8_t> nonce_in(const Reply& session) {
  return base64::decode("nonce", session.json().at("nonce").get<std::string>(),
                        base64::Form::standard)
      .value();
}

Json verification(const Report& report, ByteView nonce) {
  return {{"evidence", base64::encode(report.encode_compact(), base64::Form::standard)},
          {"challenge",
           {{"kind", "nonce"},
            {"value", hex::encode(nonce)},
            {"issued", to_string(kNow - std::chrono::seconds(60))},
            {"expires", to_string(kNow + std::chrono::seconds(240))}}}};
}

}  // namespace keystone::testing
