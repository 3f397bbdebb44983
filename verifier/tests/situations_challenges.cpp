// SPDX-License-Identifier: Apache-2.0
// What was asked, and when.
#include "keystone/crypto/channel_binding.hpp"
#include "situation_maker.hpp"

namespace keystone::testing {
namespace {

ChannelBinding channel(std::string_view enclave_key, std::string_view nonce) {
  const auto client = bytes_for<32>("client key");
  const auto enclave = bytes_for<32>(enclave_key);
  const auto nonce_bytes = bytes_for<32>(nonce);
  ChannelTranscript transcript{"x25519-xchacha20poly1305", client, enclave, nonce_bytes, {}};
  return bind_channel(transcript).value();
}

// The enclave binds its channel; the client asks for the binding of what it sees.
void bind(Draft& situation, const ChannelBinding& seen) {
  const ChannelBinding bound = channel("enclave key", "channel nonce");
  situation.data.assign(bound.bytes().begin(), bound.bytes().end());
  situation.ask("channel", seen.bytes());
}

void answers_with(Draft& situation, const Bytes& data) {
  situation.data = data;
  situation.fails(Check::report_data, "mismatch");
}

}  // namespace

void add_data(Situations& all) {
  all.add("no-challenge-was-asked", [](Draft& it) {
    it.challenge = {{"now", kSituationNow}, {"kind", "none"}};
    it.fails(Check::report_data, "no_challenge");
    it.fails(Check::freshness, "no_challenge");
  });
  all.add("the-data-are-another-nonce", [](Draft& it) { answers_with(it, Bytes(32, 9)); });
  all.add("the-data-are-empty-where-a-nonce-was-asked", [](Draft& it) { answers_with(it, {}); });
  all.add("the-data-are-longer-than-the-nonce", [](Draft& it) {
    Bytes longer = it.data;
    longer.push_back(0);
    answers_with(it, longer);
  });
  all.add("the-data-start-with-the-nonce-as-asked", [](Draft& it) {
    it.ask("nonce_prefix", it.data);
    it.data.insert(it.data.end(), 100, 0x42);
  });
  all.add("the-data-are-the-nonce-that-was-asked-as-a-prefix",
          [](Draft& it) { it.ask("nonce_prefix", it.data); });
  all.add("the-data-do-not-start-with-the-nonce", [](Draft& it) {
    it.ask("nonce_prefix", it.data);
    answers_with(it, Bytes(100, 0x42));
  });
  all.add("the-data-end-within-the-nonce", [](Draft& it) {
    it.ask("nonce_prefix", it.data);
    answers_with(it, Bytes(it.data.begin(), it.data.end() - 1));
  });
  all.add("the-data-are-nine-expected-bytes", [](Draft& it) {
    it.data = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    it.ask("data", it.data);
  });
  all.add("the-data-are-not-the-expected-bytes", [](Draft& it) {
    it.ask("data", Bytes{0, 1, 2, 3, 4, 5, 6, 7, 8});
    answers_with(it, {0, 1, 2, 3, 4, 5, 6, 7});
  });
  all.add("the-data-are-empty-as-expected", [](Draft& it) {
    it.data.clear();
    it.ask("data", it.data);
  });
  all.add("the-data-bind-this-channel",
          [](Draft& it) { bind(it, channel("enclave key", "channel nonce")); });
  all.add("the-data-bind-a-channel-with-another-key", [](Draft& it) {
    bind(it, channel("key of a man in the middle", "channel nonce"));
    it.fails(Check::report_data, "mismatch");
  });
  all.add("the-data-bind-a-channel-of-another-nonce", [](Draft& it) {
    bind(it, channel("enclave key", "nonce of today"));
    it.fails(Check::report_data, "mismatch");
  });
}

void add_times(Situations& all) {
  all.add("the-challenge-is-in-its-only-second", [](Draft& it) {
    it.challenge["issued"] = kSituationNow;
    it.challenge["expires"] = kSituationNow;
  });
  all.add("the-challenge-was-answered-before", [](Draft& it) {
    it.challenge["standing"] = "used_before";
    it.fails(Check::freshness, "used_before");
  });
  all.add("the-challenge-was-never-issued", [](Draft& it) {
    it.challenge["standing"] = "not_issued";
    it.fails(Check::freshness, "not_issued");
  });
  all.add("the-challenge-has-expired", [](Draft& it) {
    it.challenge["expires"] = "2026-06-01T11:59:59Z";
    it.fails(Check::freshness, "expired");
  });
  all.add("the-challenge-was-issued-in-the-future", [](Draft& it) {
    it.challenge["issued"] = "2026-06-01T12:00:01Z";
    it.fails(Check::freshness, "not_yet_valid");
  });
  all.add("the-challenge-has-no-time", [](Draft& it) {
    for (const char* const key : {"issued", "expires", "standing"}) {
      it.challenge.erase(key);
    }
    it.fails(Check::freshness, "no_time_limit");
  });
  all.add("the-challenge-has-no-end", [](Draft& it) {
    it.challenge.erase("expires");
    it.fails(Check::freshness, "no_time_limit");
  });
  all.add("the-challenge-has-no-end-but-the-policy-has", [](Draft& it) {
    it.challenge.erase("expires");
    it.policy["max_age_s"] = 60;
  });
  all.add("the-challenge-is-older-than-the-policy-allows", [](Draft& it) {
    it.policy["max_age_s"] = 59;
    it.fails(Check::freshness, "expired");
  });
  all.add("the-challenge-ends-before-the-policy-would", [](Draft& it) {
    it.challenge["expires"] = "2026-06-01T11:59:59Z";
    it.policy["max_age_s"] = 86'400;
    it.fails(Check::freshness, "expired");
  });
}

}  // namespace keystone::testing
