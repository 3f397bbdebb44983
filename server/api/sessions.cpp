// SPDX-License-Identifier: Apache-2.0
// A session from its answer to its end.
#include "api/appraisal.hpp"
#include "api/evidence.hpp"
#include "api/handlers.hpp"
#include "api/json_text.hpp"
#include "api/session_parts.hpp"
#include "keystone/crypto/digest.hpp"

namespace keystone::server {
namespace {

constexpr std::string_view kAnsweredLabel = "keystone-attest/session-answered/v1";

// Spends nothing: the settlement does that, together with the verdict.
class DeferredReplaySet final : public ReplaySet {
 public:
  Result<bool> spend(const Nonce&, Instant, Instant) override { return true; }
};

// The session that the path names: 404 for an id that was not sealed here, 410 after its time.
Answer<Session> session_of(Call& call) {
  KEYSTONE_TRY(const auto session,
               open_session(call.parameter, call.core->secrets.expose_sealing_key()));
  if (!session) {
    return refuse(404, "session: got an id that is none");
  }
  call.handled.session = session->name();
  if (call.core->now() > session->expires) {
    return refuse(410, "session: expired at " + keystone::to_string(session->expires));
  }
  return *session;
}

tl::unexpected<Problem> closed() {
  return refuse(404, "session: got one that was closed");
}

Answer<Question> question_of(const Call& call, const Session& session) {
  using Standing = ChallengeTime::Standing;
  ChallengeTime time{session.issued, session.expires, Standing::open};
  if (!session.callers_nonce) {
    KEYSTONE_TRY(const auto issuer, issuer_for(*call.core, session.nonce.bytes().size()));
    DeferredReplaySet deferred;
    KEYSTONE_TRY(const auto redeemed, issuer.redeem(session.nonce, call.core->now(), deferred));
    time.standing = redeemed.standing;
  }
  const ByteView nonce = session.nonce.bytes();
  return Question{Challenge::exact_nonce(session.nonce),
                  time,
                  {nonce.begin(), nonce.end()},
                  {{session.nonce, remembered_until(*call.core, *call.options)}},
                  session.policy};
}

// What a session spends when its nonce was spent elsewhere: each is answered once all the same.
Result<Nonce> answered_marker(const Session& session) {
  std::vector<std::uint8_t> text(kAnsweredLabel.begin(), kAnsweredLabel.end());
  text.insert(text.end(), session.serial.begin(), session.serial.end());
  KEYSTONE_TRY(const auto digest, sha3_512(text));
  return Nonce::from(digest.bytes());
}

Origin origin_of(const Call& call, const Session& session) {
  return {call.request.id, call.caller.actor, session.name(), session.name()};
}

http::Response completed(Call& call, const Session& session, const Appraisal& appraisal) {
  call.core->sessions.remove(session.expires);
  call.handled.result = appraisal.result().id;
  call.handled.verdict = summary(appraisal.verdict);
  return session_response(call, session, 200, "complete", &appraisal.result().ear);
}

Answer<http::Response> refuse_second_answer(const Call& call, const Session& session) {
  JsonText body;
  body.add("session", session.name());
  body.add("request", call.request.id);
  KEYSTONE_TRY(const auto head,
               stored(call.core->store().append({call.core->now(), "session.answered_again",
                                                 call.caller.actor, std::move(body).object()})));
  (void)head;
  return refuse(409, "session: got a second answer, want one");
}

// The session's nonce is used up: by an answer to this session, by its end, or elsewhere.
Answer<http::Response> answer_again(Call& call, const Session& session, const Question& question,
                                    const Report& report) {
  Store& store = call.core->store();
  KEYSTONE_TRY(const bool is_closed, stored(store.is_closed(session.name())));
  if (is_closed) {
    return closed();
  }
  KEYSTONE_TRY(const auto result, stored(store.find_result(session.name())));
  if (result) {
    return refuse_second_answer(call, session);
  }
  Question again = asked_again(question);
  KEYSTONE_TRY(const auto marker, answered_marker(session));
  again.spends.push_back({marker, remembered_until(*call.core, *call.options)});
  KEYSTONE_TRY(const auto appraisal, appraise_and_settle(*call.core, *call.options, again, report,
                                                         origin_of(call, session)));
  if (!appraisal) {
    return refuse_second_answer(call, session);
  }
  return completed(call, session, *appraisal);
}

}  // namespace

Answer<http::Response> get_session(Call& call) {
  KEYSTONE_TRY(const auto session, session_of(call));
  Store& store = call.core->store();
  KEYSTONE_TRY(const bool is_closed, stored(store.is_closed(session.name())));
  if (is_closed) {
    return closed();
  }
  KEYSTONE_TRY(const auto result, stored(store.find_result(session.name())));
  if (!result) {
    return session_response(call, session, 200, "waiting", nullptr);
  }
  return session_response(call, session, 200, "complete", &result->result.ear);
}

Answer<http::Response> answer_session(Call& call) {
  KEYSTONE_TRY(const auto session, session_of(call));
  const std::string* const type = call.request.header("Content-Type");
  const std::string& body = call.request.body;
  KEYSTONE_TRY(const auto report,
               read_evidence(type == nullptr ? std::string_view() : *type,
                             {reinterpret_cast<const std::uint8_t*>(body.data()), body.size()}));
  KEYSTONE_TRY(const auto question, question_of(call, session));
  KEYSTONE_TRY(const auto appraisal, appraise_and_settle(*call.core, *call.options, question,
                                                         report, origin_of(call, session)));
  if (!appraisal) {
    return answer_again(call, session, question, report);
  }
  return completed(call, session, *appraisal);
}

Answer<http::Response> delete_session(Call& call) {
  KEYSTONE_TRY(const auto session, session_of(call));
  Store& store = call.core->store();
  KEYSTONE_TRY(const auto result, stored(store.find_result(session.name())));
  JsonText body;
  body.add("session", session.name());
  body.add("request", call.request.id);
  AuditEvent event{call.core->now(), "session.closed", call.caller.actor, std::move(body).object()};
  KEYSTONE_TRY(
      const bool was_open,
      stored(store.close_session(session.name(), session.expires,
                                 {{session.nonce, remembered_until(*call.core, *call.options)}},
                                 std::move(event))));
  if (!was_open) {
    return closed();
  }
  if (!result) {
    call.core->sessions.remove(session.expires);
  }
  http::Response response;
  response.status = 204;
  return response;
}

}  // namespace keystone::server
