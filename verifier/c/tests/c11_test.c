/* SPDX-License-Identifier: Apache-2.0 */
/* A client in C11: the header alone, a genuine report, and numbers that no enumerator of C++ could
 * have. Usage: verifier_c11_test REPORT, a fixed report of the published test device key. */
#include "keystone/verifier.h"

#include <stdio.h>
#include <string.h>

static int failures = 0;

#define CHECK(condition)                                               \
  do {                                                                 \
    if (!(condition)) {                                                \
      fprintf(stderr, "%d: %s does not hold\n", __LINE__, #condition); \
      ++failures;                                                      \
    }                                                                  \
  } while (0)

/* Where a fixed report of 1352 bytes has what a policy expects. */
enum {
  ENCLAVE_HASH = 0,
  DATA_LENGTH = 64,
  DATA = 72,
  SM_HASH = 1160,
  DEVICE_KEY = 1320,
  SIZE = 1352
};

static keystone_policy* policy_for(const uint8_t* report) {
  keystone_policy* policy = NULL;
  CHECK(keystone_policy_new(&policy, NULL) == KEYSTONE_OK);
  CHECK(keystone_policy_add_device(policy, report + DEVICE_KEY, NULL) == KEYSTONE_OK);
  CHECK(keystone_policy_add_sm_hash(policy, report + SM_HASH, NULL) == KEYSTONE_OK);
  CHECK(keystone_policy_add_enclave_hash(policy, report + ENCLAVE_HASH, NULL) == KEYSTONE_OK);
  return policy;
}

/* The genuine report under this policy, asked for 20 s after the challenge was made. */
static keystone_verdict* verdict_by(const keystone_policy* policy, const uint8_t* bytes) {
  const keystone_challenge_time time = {1000, 1030, KEYSTONE_STANDING_OPEN};
  keystone_verifier* verifier = NULL;
  keystone_report* report = NULL;
  keystone_challenge* challenge = NULL;
  keystone_verdict* verdict = NULL;
  size_t size = 0;
  CHECK(keystone_verifier_new(policy, &verifier, NULL) == KEYSTONE_OK);
  CHECK(keystone_report_parse(bytes, SIZE, KEYSTONE_FORMAT_FIXED, 0, &report, NULL) == KEYSTONE_OK);
  const uint8_t* const data = keystone_report_data(report, &size);
  CHECK(size == bytes[DATA_LENGTH] && size > 0);
  CHECK(data != NULL && memcmp(data, bytes + DATA, size) == 0);
  CHECK(keystone_challenge_exact_data(bytes + DATA, size, &challenge, NULL) == KEYSTONE_OK);
  CHECK(keystone_challenge_set_time(challenge, &time, NULL) == KEYSTONE_OK);
  CHECK(keystone_verify(verifier, report, challenge, 1020, &verdict, NULL) == KEYSTONE_OK);
  keystone_challenge_free(challenge);
  keystone_report_free(report);
  keystone_verifier_free(verifier);
  return verdict;
}

static void rejects_the_test_key_and_the_weak_key(const uint8_t* report) {
  keystone_policy* const policy = policy_for(report);
  keystone_verdict* const verdict = verdict_by(policy, report);
  CHECK(keystone_verdict_accepted(verdict) == 0);
  CHECK(strcmp(keystone_verdict_summary(verdict), "rejected: test_device_key, sm_key_strength") ==
        0);
  keystone_verdict_free(verdict);
  keystone_policy_free(policy);
}

static void accepts_with_waivers(const uint8_t* report) {
  keystone_policy* const policy = policy_for(report);
  keystone_finding finding;
  size_t waived = 0;
  CHECK(keystone_policy_waive(policy, "test_device_key", "emulated", NULL) == KEYSTONE_OK);
  CHECK(keystone_policy_waive(policy, "sm_key_strength", "emulated", NULL) == KEYSTONE_OK);
  keystone_verdict* const verdict = verdict_by(policy, report);
  CHECK(keystone_verdict_accepted(verdict) == 1);
  for (size_t i = 0; i < keystone_verdict_count(verdict); ++i) {
    CHECK(keystone_verdict_finding(verdict, i, &finding, NULL) == KEYSTONE_OK);
    CHECK(finding.result == KEYSTONE_PASSED || finding.result == KEYSTONE_WAIVED);
    if (finding.result == KEYSTONE_WAIVED) {
      CHECK(strcmp(finding.reason, "emulated") == 0);
      ++waived;
    }
  }
  CHECK(waived == 2);
  keystone_verdict_free(verdict);
  keystone_policy_free(policy);
}

static void rejects_other_data(const uint8_t* report) {
  uint8_t changed[SIZE];
  memcpy(changed, report, SIZE);
  changed[DATA] ^= 1;
  keystone_policy* const policy = policy_for(changed);
  keystone_verdict* const verdict = verdict_by(policy, changed);
  CHECK(strstr(keystone_verdict_summary(verdict), "enclave_signature") != NULL);
  keystone_verdict_free(verdict);
  keystone_policy_free(policy);
}

static void refuses_standing(keystone_challenge* challenge, unsigned number) {
  keystone_error* error = NULL;
  keystone_challenge_time time = {0, 0, KEYSTONE_STANDING_OPEN};
  time.standing = (keystone_standing)number;
  const keystone_status status = keystone_challenge_set_time(challenge, &time, &error);
  CHECK(status == KEYSTONE_ERROR_USAGE && keystone_error_status(error) == status);
  CHECK(strstr(keystone_error_message(error), "standing: got ") != NULL);
  keystone_error_free(error);
}

static void refuses_format(const uint8_t* bytes, unsigned number) {
  keystone_error* error = NULL;
  keystone_report* report = NULL;
  const keystone_status status =
      keystone_report_parse(bytes, SIZE, (keystone_report_format)number, 0, &report, &error);
  CHECK(status == KEYSTONE_ERROR_USAGE && keystone_error_status(error) == status);
  CHECK(strstr(keystone_error_message(error), "format: got ") != NULL);
  CHECK(report == NULL);
  keystone_error_free(error);
}

static void refuses_numbers_of_no_enumerator(const uint8_t* report) {
  static const unsigned numbers[] = {4, 0x7fffffff, 0xffffffff};
  keystone_challenge* challenge = NULL;
  CHECK(keystone_challenge_none(&challenge, NULL) == KEYSTONE_OK);
  refuses_standing(challenge, 3);
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; ++i) {
    refuses_standing(challenge, numbers[i]);
    refuses_format(report, numbers[i]);
  }
  keystone_challenge_free(challenge);
}

int main(int count, char** arguments) {
  static uint8_t report[SIZE];
  FILE* const file = count == 2 ? fopen(arguments[1], "rb") : NULL;
  if (file == NULL || fread(report, 1, SIZE, file) != SIZE) {
    fputs("usage: verifier_c11_test REPORT\n", stderr);
    return 2;
  }
  fclose(file);
  CHECK(strlen(keystone_version()) > 0);
  rejects_the_test_key_and_the_weak_key(report);
  accepts_with_waivers(report);
  rejects_other_data(report);
  refuses_numbers_of_no_enumerator(report);
  return failures == 0 ? 0 : 1;
}
