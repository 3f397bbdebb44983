/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEYSTONE_VERIFIER_H
#define KEYSTONE_VERIFIER_H

#include <stddef.h>
#include <stdint.h>

/*
 * The verifier for C (C11) and for whatever speaks to C. What each thing means is said in the C++
 * headers beside this one (keystone/verifier/, keystone/report/); this is the same, function by
 * function.
 *
 * Ownership: a handle that a function gives through its last-but-one parameter `out` is the
 * caller's, to be given to the _free function of its type, which takes NULL too. Nothing keeps a
 * pointer to what it was given: inputs may go as soon as the call is back. Strings and bytes inside
 * a handle live as long as the handle.
 *
 * Errors: a function that can fail answers a keystone_status. With anything but KEYSTONE_OK it has
 * changed nothing, a handle *out is NULL, bytes that it would have written are zero, and *error, if
 * `error` is not NULL, is a keystone_error, the caller's to free; with KEYSTONE_OK, *error is NULL.
 * What *error was before does not matter, and is not freed. A NULL handle, `out`, string or buffer
 * of more than 0 bytes, and a number that no enumerator has, are KEYSTONE_ERROR_USAGE.
 * A rejection is not an error: it is in the verdict, and keystone_verdict_accepted() of anything
 * that is not an accepting verdict, NULL included, is 0.
 *
 * Threads: different handles may be used from different threads at will; one handle from several at
 * once where it is const. A keystone_replay_set locks itself. No exception leaves the library.
 *
 * Times are Unix seconds; no library here asks a clock.
 */

#if defined(__GNUC__)
#define KEYSTONE_API __attribute__((visibility("default")))
#else
#define KEYSTONE_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef enum keystone_status {
  KEYSTONE_OK = 0,
  KEYSTONE_ERROR_USAGE = 1,          /* the call contradicts this header */
  KEYSTONE_ERROR_MALFORMED = 2,      /* input is not what its format says */
  KEYSTONE_ERROR_LIMIT_EXCEEDED = 3, /* input is larger or deeper than a documented bound */
  KEYSTONE_ERROR_INTERNAL = 4        /* no memory, or a library that must work did not */
} keystone_status;

typedef struct keystone_error keystone_error;
typedef struct keystone_policy keystone_policy;
typedef struct keystone_report keystone_report;
typedef struct keystone_challenge keystone_challenge;
typedef struct keystone_verifier keystone_verifier;
typedef struct keystone_verdict keystone_verdict;
typedef struct keystone_issuer keystone_issuer;
typedef struct keystone_replay_set keystone_replay_set;

/* The version of the library, such as "0.1.0". */
KEYSTONE_API const char* keystone_version(void);

/* ---- errors ------------------------------------------------------------------------------- */

/* What the function answered; KEYSTONE_OK for NULL. */
KEYSTONE_API keystone_status keystone_error_status(const keystone_error* error);
/* One line, lower case, without a full stop; "" for NULL. */
KEYSTONE_API const char* keystone_error_message(const keystone_error* error);
/* What to try, or ""; "" for NULL. */
KEYSTONE_API const char* keystone_error_hint(const keystone_error* error);
KEYSTONE_API void keystone_error_free(keystone_error* error);

/* ---- policies ----------------------------------------------------------------------------- */

/* Sizes in bytes. */
#define KEYSTONE_HASH_SIZE 64
#define KEYSTONE_PUBLIC_KEY_SIZE 32
#define KEYSTONE_MAX_DATA 1024
#define KEYSTONE_CHANNEL_BINDING_SIZE 64
#define KEYSTONE_ISSUER_KEY_SIZE 32

/* Reads a policy file's text (JSON, comments allowed), which must be complete. */
KEYSTONE_API keystone_status keystone_policy_parse(const char* text, size_t size,
                                                   keystone_policy** out, keystone_error** error);

/* A policy that accepts nothing yet. */
KEYSTONE_API keystone_status keystone_policy_new(keystone_policy** out, keystone_error** error);
/* Each adds an entry without limits in time; findings name it device-1, security-monitor-1 or
 * enclave-1 and so on. KEYSTONE_ERROR_USAGE for a key or hash that is there already. */
KEYSTONE_API keystone_status keystone_policy_add_device(keystone_policy* policy,
                                                        const uint8_t key[KEYSTONE_PUBLIC_KEY_SIZE],
                                                        keystone_error** error);
KEYSTONE_API keystone_status keystone_policy_add_sm_hash(keystone_policy* policy,
                                                         const uint8_t hash[KEYSTONE_HASH_SIZE],
                                                         keystone_error** error);
KEYSTONE_API keystone_status keystone_policy_add_enclave_hash(
    keystone_policy* policy, const uint8_t hash[KEYSTONE_HASH_SIZE], keystone_error** error);
/* `check` is a word such as "freshness", of a check that can be waived and was not yet; the reason
 * is a line of at most 512 bytes, not empty. Else KEYSTONE_ERROR_USAGE. */
KEYSTONE_API keystone_status keystone_policy_waive(keystone_policy* policy, const char* check,
                                                   const char* reason, keystone_error** error);
/* The longest that a challenge may have been out, 1 to 86400 seconds; others are
 * KEYSTONE_ERROR_USAGE. */
KEYSTONE_API keystone_status keystone_policy_set_max_age(keystone_policy* policy, uint32_t seconds,
                                                         keystone_error** error);
KEYSTONE_API void keystone_policy_free(keystone_policy* policy);

/* ---- reports ------------------------------------------------------------------------------ */

typedef enum keystone_report_format {
  KEYSTONE_FORMAT_ANY = 0, /* found out */
  KEYSTONE_FORMAT_FIXED = 1,
  KEYSTONE_FORMAT_COMPACT = 2,
  KEYSTONE_FORMAT_JSON = 3
} keystone_report_format;

/* Ignore bytes behind a fixed report, as eapp buffers have. */
#define KEYSTONE_ALLOW_TRAILING 1u

/* Reads a report, which says nothing about whether it is genuine. `flags` is 0 or
 * KEYSTONE_ALLOW_TRAILING. KEYSTONE_ERROR_MALFORMED or KEYSTONE_ERROR_LIMIT_EXCEEDED for what is
 * not a report of that format. */
KEYSTONE_API keystone_status keystone_report_parse(const uint8_t* bytes, size_t size,
                                                   keystone_report_format format, uint32_t flags,
                                                   keystone_report** out, keystone_error** error);
/* The format it came in; KEYSTONE_FORMAT_ANY for NULL. */
KEYSTONE_API keystone_report_format keystone_report_format_of(const keystone_report* report);
/* The data that the enclave gave, `*size` bytes, at most KEYSTONE_MAX_DATA. Check a verdict before
 * use. NULL and 0 for a NULL report, NULL for a NULL `size`. */
KEYSTONE_API const uint8_t* keystone_report_data(const keystone_report* report, size_t* size);
KEYSTONE_API void keystone_report_free(keystone_report* report);

/* ---- challenges --------------------------------------------------------------------------- */

/* Nothing was asked: report_data and freshness fail. */
KEYSTONE_API keystone_status keystone_challenge_none(keystone_challenge** out,
                                                     keystone_error** error);
/* The data must be these 0 to 1024 bytes; more are KEYSTONE_ERROR_USAGE. */
KEYSTONE_API keystone_status keystone_challenge_exact_data(const uint8_t* data, size_t size,
                                                           keystone_challenge** out,
                                                           keystone_error** error);
/* The data must be the nonce of 8 to 64 bytes; or must start with it. KEYSTONE_ERROR_USAGE for
 * another size. */
KEYSTONE_API keystone_status keystone_challenge_exact_nonce(const uint8_t* nonce, size_t size,
                                                            keystone_challenge** out,
                                                            keystone_error** error);
KEYSTONE_API keystone_status keystone_challenge_nonce_prefix(const uint8_t* nonce, size_t size,
                                                             keystone_challenge** out,
                                                             keystone_error** error);
/* The data must be this channel binding. */
KEYSTONE_API keystone_status
keystone_challenge_channel(const uint8_t binding[KEYSTONE_CHANNEL_BINDING_SIZE],
                           keystone_challenge** out, keystone_error** error);

typedef enum keystone_standing {
  KEYSTONE_STANDING_OPEN = 0,
  KEYSTONE_STANDING_USED_BEFORE = 1,
  KEYSTONE_STANDING_NOT_ISSUED = 2
} keystone_standing;

/* For `expires`: the policy's max_age alone limits the challenge. */
#define KEYSTONE_NO_EXPIRY INT64_MAX

typedef struct keystone_challenge_time {
  int64_t issued;
  int64_t expires; /* the last second, or KEYSTONE_NO_EXPIRY */
  keystone_standing standing;
} keystone_challenge_time;

/* Sets or replaces the challenge's time. Without one, freshness fails. */
KEYSTONE_API keystone_status keystone_challenge_set_time(keystone_challenge* challenge,
                                                         const keystone_challenge_time* time,
                                                         keystone_error** error);
KEYSTONE_API void keystone_challenge_free(keystone_challenge* challenge);

/* The handshake as both ends saw it; see keystone/crypto/channel_binding.hpp. The first four are of
 * at most 65536 bytes and not empty. */
typedef struct keystone_channel_transcript {
  const char* suite;
  const uint8_t* client_public_key;
  size_t client_public_key_size;
  const uint8_t* enclave_public_key;
  size_t enclave_public_key_size;
  const uint8_t* nonce; /* 32 bytes or more */
  size_t nonce_size;
  const uint8_t* earlier_handshake;
  size_t earlier_handshake_size;
} keystone_channel_transcript;

/* KEYSTONE_ERROR_USAGE for a transcript that is not as described. */
KEYSTONE_API keystone_status keystone_bind_channel(const keystone_channel_transcript* transcript,
                                                   uint8_t out[KEYSTONE_CHANNEL_BINDING_SIZE],
                                                   keystone_error** error);

/* ---- issuing challenges ------------------------------------------------------------------- */

/* Keeps the nonces that were spent, in memory, until they expire; at most `capacity` at a time, and
 * KEYSTONE_ERROR_LIMIT_EXCEEDED from keystone_issuer_redeem() when there are as many. */
KEYSTONE_API keystone_status keystone_replay_set_new(size_t capacity, keystone_replay_set** out,
                                                     keystone_error** error);
KEYSTONE_API void keystone_replay_set_free(keystone_replay_set* set);

/* Nonces of 8 to 64 bytes that live for 1 to 86400 seconds; else KEYSTONE_ERROR_USAGE. The key is
 * secret; it is copied, and the caller wipes its own. */
KEYSTONE_API keystone_status keystone_issuer_new(const uint8_t key[KEYSTONE_ISSUER_KEY_SIZE],
                                                 size_t nonce_size, uint32_t lifetime_s,
                                                 keystone_issuer** out, keystone_error** error);
/* Writes a new nonce of the issuer's size to `nonce`, which has `size` bytes: exactly as many. The
 * randomness is the system's. */
KEYSTONE_API keystone_status keystone_issuer_issue(const keystone_issuer* issuer, int64_t now,
                                                   uint8_t* nonce, size_t size,
                                                   keystone_error** error);
/* Spends the nonce, whatever the verdict will be, and says what keystone_challenge_set_time() is to
 * be told of it. KEYSTONE_ERROR_USAGE for a size that no nonce has. With anything but KEYSTONE_OK,
 * nothing may be accepted, and *time has the standing KEYSTONE_STANDING_NOT_ISSUED. */
KEYSTONE_API keystone_status keystone_issuer_redeem(const keystone_issuer* issuer,
                                                    const uint8_t* nonce, size_t size, int64_t now,
                                                    keystone_replay_set* replays,
                                                    keystone_challenge_time* time,
                                                    keystone_error** error);
KEYSTONE_API void keystone_issuer_free(keystone_issuer* issuer);

/* ---- verdicts ----------------------------------------------------------------------------- */

/* A verifier by a copy of the policy. */
KEYSTONE_API keystone_status keystone_verifier_new(const keystone_policy* policy,
                                                   keystone_verifier** out, keystone_error** error);
KEYSTONE_API void keystone_verifier_free(keystone_verifier* verifier);

/* Answers every check. The challenge MUST NOT be made from the report, and is to be used once. */
KEYSTONE_API keystone_status keystone_verify(const keystone_verifier* verifier,
                                             const keystone_report* report,
                                             const keystone_challenge* challenge, int64_t now,
                                             keystone_verdict** out, keystone_error** error);

/* keystone_verify() of each of `count` reports with its challenge, all of them faster. Up to
 * `threads` threads share the work, 1 being the caller's alone and 0 as many as the machine runs at
 * once. `verdicts` has room for `count`, and each is the caller's to free; with anything but
 * KEYSTONE_OK, all of them are NULL. A verdict takes some 550 bytes until its texts are asked for,
 * and keeps what it shares with the handles that it was made with: the policy, and the bytes of
 * report and challenge. */
KEYSTONE_API keystone_status keystone_verify_batch(const keystone_verifier* verifier,
                                                   const keystone_report* const* reports,
                                                   const keystone_challenge* const* challenges,
                                                   size_t count, int64_t now, uint32_t threads,
                                                   keystone_verdict** verdicts,
                                                   keystone_error** error);

/* 1 if every check passed or was waived; else, and for NULL, 0. */
KEYSTONE_API int keystone_verdict_accepted(const keystone_verdict* verdict);

typedef enum keystone_check_result {
  KEYSTONE_NOT_EVALUATED = 0,
  KEYSTONE_PASSED = 1,
  KEYSTONE_FAILED = 2,
  KEYSTONE_WAIVED = 3
} keystone_check_result;

/* The strings are never NULL, and live as long as the verdict. All those of a verdict are made when
 * one is first asked for: some 4 KB, more where there is much data. */
typedef struct keystone_finding {
  const char* check;
  keystone_check_result result;
  const char* field;
  const char* got;
  const char* want;
  const char* reason;
} keystone_finding;

/* How many findings there are: one for each check; 0 for NULL. */
KEYSTONE_API size_t keystone_verdict_count(const keystone_verdict* verdict);
/* Finding number `index`, from 0; KEYSTONE_ERROR_USAGE if there is none: then *out has the result
 * KEYSTONE_NOT_EVALUATED and empty strings. */
KEYSTONE_API keystone_status keystone_verdict_finding(const keystone_verdict* verdict, size_t index,
                                                      keystone_finding* out,
                                                      keystone_error** error);
/* {"schema": "keystone.verdict/1", ...}, and the verdict in one line; "" for NULL, and where there
 * is no memory for them. */
KEYSTONE_API const char* keystone_verdict_json(const keystone_verdict* verdict);
KEYSTONE_API const char* keystone_verdict_summary(const keystone_verdict* verdict);
KEYSTONE_API void keystone_verdict_free(keystone_verdict* verdict);

#ifdef __cplusplus
}
#endif

#endif
