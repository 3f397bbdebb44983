// SPDX-License-Identifier: Apache-2.0
#include "keystone/client/client.hpp"

#include "keystone/base/base64.hpp"
#include "keystone/base/text.hpp"
#include "retry.hpp"
#include "session_json.hpp"
#include "wire.hpp"

#include <array>
#include <thread>

namespace keystone {
namespace {

using detail::HttpAnswer;
using detail::HttpRequest;
using detail::Lost;
using detail::Retries;
using detail::SessionBody;

constexpr std::string_view kNewSession = "/challenge-response/v1/newSession";
constexpr std::string_view kSessionType =
    "application/vnd.veraison.challenge-response-session+json";
constexpr std::string_view kKeysType = "application/jwk-set+json";

bool is_busy(const HttpAnswer& answer) {
  return answer.status == 429 || answer.status == 503;
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    const auto code = static_cast<std::uint8_t>(c);
    out += is_plain ? std::string(1, c) : "%" + hex::encode(std::array{code});
  }
  return out;
}

// What an answer that is no success means for the caller.
Error refusal(const HttpAnswer& answer) {
  const std::string reason = detail::reason_of(answer.body);
  const std::string what =
      "the server answers " + std::to_string(answer.status) + (reason.empty() ? "" : ": " + reason);
  if (answer.status == 401 || answer.status == 403) {
    return {ErrorCode::usage, what, "the server wants a token or a certificate with that right"};
  }
  const bool is_its_own_fault = answer.status >= 500 || is_busy(answer);
  return {is_its_own_fault ? ErrorCode::unreachable : ErrorCode::malformed, what};
}

Status check_nonce(const SessionRequest& request, const std::vector<std::uint8_t>& got) {
  const auto* const wanted = std::get_if<std::vector<std::uint8_t>>(&request.nonce);
  const bool fits =
      wanted == nullptr ? got.size() == std::get<std::size_t>(request.nonce) : got == *wanted;
  if (!fits) {
    return fail(ErrorCode::malformed,
                "nonce: got " + hex::encode(got) + ", want the one that was asked for");
  }
  return {};
}

std::string target_of(const SessionRequest& request) {
  std::string target(kNewSession);
  if (const auto* const nonce = std::get_if<std::vector<std::uint8_t>>(&request.nonce)) {
    target += "?nonce=" + percent_encoded(base64::encode(*nonce, base64::Form::standard));
  } else {
    target += "?nonceSize=" + std::to_string(std::get<std::size_t>(request.nonce));
  }
  return request.policy.empty() ? target : target + "&policy=" + percent_encoded(request.policy);
}

}  // namespace

class AttestationClient::Impl {
 public:
  Impl(detail::Wire wire, unsigned retries, Retries::Sleep sleep)
      : wire_(std::move(wire)), retries_(retries), sleep_(std::move(sleep)) {}

  Result<ClientSession> open_session(const SessionRequest& request) {
    const HttpRequest post{"POST", target_of(request), kSessionType, {}, {}};
    KEYSTONE_TRY(const auto answer, repeatedly(post, 201));
    KEYSTONE_TRY(auto body, detail::parse_session(answer.body));
    KEYSTONE_CHECK_OK(check_nonce(request, body.nonce));
    KEYSTONE_TRY(auto path, detail::resolve_location(wire_.origin(), kNewSession, answer.location));
    return ClientSession{std::move(body.nonce), std::move(path), body.expires,
                         std::move(body.accepted)};
  }

  Result<std::string> submit(const ClientSession& session, ByteView evidence,
                             std::string_view media_type) {
    const HttpRequest post{"POST", session.path, kSessionType, media_type, evidence};
    Retries retries(retries_, sleep_);
    for (bool may_be_there = false;; may_be_there = true) {
      const auto answer = exchange(post, false, retries);
      if (answer && answer->status == 200) {
        KEYSTONE_TRY(const auto body, detail::parse_session(answer->body));
        return result_of(body);
      }
      // It was taken, now or by an attempt whose answer was lost; or nobody knows.
      const bool is_taken =
          answer && (answer->status == 202 || (may_be_there && answer->status == 409));
      const bool is_unknown = !answer && answer.error().may_have_arrived &&
                              answer.error().error.code == ErrorCode::unreachable;
      if (!is_taken && !is_unknown) {
        return fail(answer ? refusal(*answer) : answer.error().error);
      }
      KEYSTONE_TRY(const auto body, ask_for(session, retries));
      if (is_taken || body.state != "waiting") {
        return result_of(body);
      }
      if (!retries.wait()) {
        return fail(answer.error().error);
      }
    }
  }

  Result<JwkSet> fetch_keys() {
    KEYSTONE_TRY(const auto answer, repeatedly({"GET", "/jwks.json", kKeysType, {}, {}}, 200));
    auto keys = JwkSet::parse(answer.body);
    return keys ? std::move(keys) : Result<JwkSet>(fail(keys.error().within("jwks.json")));
  }

 private:
  // One answer, after as many attempts as it takes. A request whose connection broke off is made
  // again if that does no harm, or if it cannot have arrived; one that found the server busy was
  // not looked at.
  tl::expected<HttpAnswer, Lost> exchange(const HttpRequest& request, bool is_harmless,
                                          Retries& retries) {
    for (;;) {
      auto answer = wire_.exchange(request);
      if (answer && (answer->status == 502 || answer->status == 504)) {
        answer = tl::unexpected<Lost>(Lost{refusal(*answer), true});  // a proxy lost the server
      }
      const bool may_repeat = answer ? is_busy(*answer)
                                     : answer.error().error.code == ErrorCode::unreachable &&
                                           (is_harmless || !answer.error().may_have_arrived);
      if (!may_repeat || !retries.wait(answer ? answer->retry_after : std::nullopt)) {
        return answer;
      }
    }
  }

  // The answer to a request that does no harm when it is repeated, with the status that it must
  // have.
  Result<HttpAnswer> repeatedly(const HttpRequest& request, unsigned status) {
    Retries retries(retries_, sleep_);
    auto answer = exchange(request, true, retries);
    if (!answer) {
      return fail(answer.error().error);
    }
    return answer->status == status ? Result<HttpAnswer>(*std::move(answer))
                                    : Result<HttpAnswer>(fail(refusal(*answer)));
  }

  // The session, once the server has done with it what it is doing.
  Result<SessionBody> ask_for(const ClientSession& session, Retries& retries) {
    for (;;) {
      const auto answer = exchange({"GET", session.path, kSessionType, {}, {}}, true, retries);
      if (!answer) {
        return fail(answer.error().error);
      }
      if (answer->status != 200) {
        return fail(refusal(*answer));
      }
      KEYSTONE_TRY(auto body, detail::parse_session(answer->body));
      if (body.state != "processing") {
        return body;
      }
      if (!retries.wait(answer->retry_after)) {
        return fail(ErrorCode::unreachable, "the server is still processing the evidence");
      }
    }
  }

  static Result<std::string> result_of(const SessionBody& body) {
    if (body.state != "complete" || body.result.empty()) {
      return fail(ErrorCode::malformed, "session: got the state '" + printable(body.state) +
                                            (body.result.empty() ? "' without a result" : "'") +
                                            ", want complete with a result");
    }
    return body.result;
  }

  detail::Wire wire_;
  unsigned retries_;
  Retries::Sleep sleep_;
};

AttestationClient::AttestationClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
AttestationClient::~AttestationClient() = default;
AttestationClient::AttestationClient(AttestationClient&&) noexcept = default;
AttestationClient& AttestationClient::operator=(AttestationClient&&) noexcept = default;

Result<AttestationClient> AttestationClient::create(ClientOptions options) {
  KEYSTONE_TRY(auto origin, detail::parse_origin("origin", options.origin));
  if (options.timeout <= std::chrono::milliseconds(0)) {
    return fail(ErrorCode::usage, "timeout: want more than 0");
  }
  if (!options.sleep) {
    options.sleep = [](std::chrono::milliseconds wait) { std::this_thread::sleep_for(wait); };
  }
  KEYSTONE_TRY(auto wire,
               detail::Wire::create({std::move(origin), std::move(options.ca),
                                     std::move(options.certificate), std::move(options.key),
                                     std::move(options.token), options.timeout, kMaxAnswer}));
  return AttestationClient(
      std::make_unique<Impl>(std::move(wire), options.retries, std::move(options.sleep)));
}

Result<ClientSession> AttestationClient::open_session(const SessionRequest& request) {
  return impl_->open_session(request);
}

Result<std::string> AttestationClient::submit(const ClientSession& session, ByteView evidence,
                                              std::string_view media_type) {
  return impl_->submit(session, evidence, media_type);
}

Result<JwkSet> AttestationClient::fetch_keys() {
  return impl_->fetch_keys();
}

}  // namespace keystone
