// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include <keystone/base/instant.hpp>
#include <keystone/base/result.hpp>
#include <keystone/verifier/challenge.hpp>
#include <keystone/verifier/policy.hpp>
#include <keystone/verifier/verdict.hpp>

#include <functional>
#include <string>
#include <string_view>

// What any client does that verifies a report before it trusts a connection.
namespace demo {

// Answers of a client that did its job; what keeps it from that is an Error.
enum class Answer { accepted, rejected };

// A whole program but for what it does: prints errors and the help, and returns the exit code (0
// accepted, 1 rejected, 2 usage, 3 malformed or unreadable, 4 internal, 5 peer not reached). What
// throws ends it with 4, and never with an acceptance.
[[nodiscard]] int run_client(const std::string& name, std::string_view help,
                             const keystone::Result<Options>& options,
                             const std::function<keystone::Result<Answer>(const Options&)>& run);

// The policy in the file of that name.
[[nodiscard]] keystone::Result<keystone::Policy> read_policy(const std::string& file);

// The clock, which only the caller of a verifier asks.
[[nodiscard]] keystone::Instant now();

// The time of a challenge that is made now and may be answered for `lifetime`. To be taken before
// the nonce goes out. It says "not answered before", which holds where a nonce is made for one
// handshake and for no other.
[[nodiscard]] keystone::ChallengeTime issued_now(std::chrono::seconds lifetime);

// Prints one line, `<subject>: accepted` or `<subject>: rejected: ...`, and below it each check
// that did not simply pass.
void print_verdict(std::string_view subject, const keystone::Verdict& verdict);

// Whether the report's data are the binding that the challenge asks for. A verdict alone does not
// say so: it accepts, too, where a policy waives `report_data`, and then anybody may hold the key.
[[nodiscard]] bool binds_channel(const keystone::Verdict& verdict,
                                 const keystone::Challenge& challenge);

}  // namespace demo
