/* SPDX-License-Identifier: Apache-2.0 */
/* Verifies one report against a policy and the nonce that was asked for. See README.md. */
#include <keystone/verifier.h>

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ACCEPTED = 0, REJECTED = 1, BAD_USAGE = 2, BAD_INPUT = 3, FAILED = 4 };

/* No policy and no report is larger. */
enum { MAX_FILE = 16 * 1024 * 1024, MAX_NONCE = 64 };

/* What main() owns. */
struct job {
  keystone_policy* policy;
  keystone_report* report;
  keystone_challenge* challenge;
  keystone_verifier* verifier;
  keystone_verdict* verdict;
};

struct file {
  unsigned char* bytes;
  size_t size;
};

static int usage(void) {
  fputs(
      "usage: c-verify POLICY REPORT NONCE [ISSUED]\n"
      "  NONCE   8 to 64 bytes in hex: what the report's data must be\n"
      "  ISSUED  when the nonce was sent, in Unix seconds; without it, freshness fails\n",
      stderr);
  return BAD_USAGE;
}

/* Says what went wrong with `subject`, frees the error, and answers the exit code. */
static int explain(const char* subject, keystone_error* error) {
  const keystone_status status = keystone_error_status(error);
  fprintf(stderr, "c-verify: error: %s: %s\n", subject, keystone_error_message(error));
  if (keystone_error_hint(error)[0] != '\0') {
    fprintf(stderr, "c-verify: hint: %s\n", keystone_error_hint(error));
  }
  keystone_error_free(error);
  switch (status) {
    case KEYSTONE_ERROR_USAGE:
      return BAD_USAGE;
    case KEYSTONE_ERROR_MALFORMED:
    case KEYSTONE_ERROR_LIMIT_EXCEEDED:
      return BAD_INPUT;
    default:
      return FAILED;
  }
}

/* All of the file at `path`, to be freed; its bytes are NULL if it cannot be had. */
static struct file read_file(const char* path) {
  struct file file = {NULL, 0};
  FILE* const stream = fopen(path, "rb");
  unsigned char* const bytes = stream == NULL ? NULL : malloc(MAX_FILE + 1);
  if (bytes != NULL) {
    file.size = fread(bytes, 1, MAX_FILE + 1, stream);
  }
  if (bytes == NULL || ferror(stream)) {
    fprintf(stderr, "c-verify: error: %s: %s\n", path, strerror(errno));
    free(bytes);
  } else if (file.size > MAX_FILE) {
    fprintf(stderr, "c-verify: error: %s: larger than %d bytes\n", path, MAX_FILE);
    free(bytes);
  } else {
    file.bytes = bytes;
  }
  if (stream != NULL) {
    fclose(stream);
  }
  return file;
}

static int digit(char c) {
  static const char digits[] = "0123456789abcdef";
  const char* const found = c == '\0' ? NULL : strchr(digits, c);
  return found == NULL ? -1 : (int)(found - digits);
}

/* The bytes that `hex` spells; 0 if it is not hex, or spells more than MAX_NONCE. */
static size_t decode(const char* hex, uint8_t* out) {
  const size_t size = strlen(hex) / 2;
  if (strlen(hex) % 2 != 0 || size > MAX_NONCE) {
    return 0;
  }
  for (size_t i = 0; i < size; ++i) {
    const int high = digit(hex[2 * i]);
    const int low = digit(hex[2 * i + 1]);
    if (high < 0 || low < 0) {
      return 0;
    }
    out[i] = (uint8_t)(high * 16 + low);
  }
  return size;
}

static int load_policy(struct job* job, const char* path) {
  keystone_error* error = NULL;
  struct file file = read_file(path);
  if (file.bytes == NULL) {
    return BAD_INPUT;
  }
  keystone_status status =
      keystone_policy_parse((const char*)file.bytes, file.size, &job->policy, &error);
  free(file.bytes);
  if (status == KEYSTONE_OK) {
    status = keystone_verifier_new(job->policy, &job->verifier, &error);
  }
  return status == KEYSTONE_OK ? ACCEPTED : explain(path, error);
}

static int load_report(struct job* job, const char* path) {
  keystone_error* error = NULL;
  struct file file = read_file(path);
  if (file.bytes == NULL) {
    return BAD_INPUT;
  }
  const keystone_status status =
      keystone_report_parse(file.bytes, file.size, KEYSTONE_FORMAT_ANY, 0, &job->report, &error);
  free(file.bytes);
  return status == KEYSTONE_OK ? ACCEPTED : explain(path, error);
}

/* `issued` is NULL if nobody knows when the nonce was sent. */
static int make_challenge(struct job* job, const char* nonce, const char* issued) {
  keystone_error* error = NULL;
  uint8_t bytes[MAX_NONCE];
  const size_t size = decode(nonce, bytes);
  if (size == 0) {
    return usage();
  }
  keystone_status status = keystone_challenge_exact_nonce(bytes, size, &job->challenge, &error);
  if (status == KEYSTONE_OK && issued != NULL) {
    char* end = NULL;
    errno = 0;
    const long long seconds = strtoll(issued, &end, 10);
    if (end == issued || *end != '\0' || errno != 0) {
      return usage();
    }
    /* Until when it counts is the policy's to say: max_age_s. */
    const keystone_challenge_time time = {seconds, KEYSTONE_NO_EXPIRY, KEYSTONE_STANDING_OPEN};
    status = keystone_challenge_set_time(job->challenge, &time, &error);
  }
  return status == KEYSTONE_OK ? ACCEPTED : explain("NONCE", error);
}

static void print_finding(const keystone_finding* finding) {
  static const char* const words[] = {"not evaluated", "passed", "failed", "waived"};
  printf("  %-18s %s", finding->check, words[finding->result]);
  if (finding->result != KEYSTONE_PASSED) {
    printf(": %s", finding->reason);
  }
  putchar('\n');
}

static int verify(struct job* job) {
  keystone_error* error = NULL;
  if (keystone_verify(job->verifier, job->report, job->challenge, (int64_t)time(NULL),
                      &job->verdict, &error) != KEYSTONE_OK) {
    return explain("the report", error);
  }
  puts(keystone_verdict_summary(job->verdict));
  for (size_t i = 0; i < keystone_verdict_count(job->verdict); ++i) {
    keystone_finding finding;
    if (keystone_verdict_finding(job->verdict, i, &finding, &error) != KEYSTONE_OK) {
      return explain("the verdict", error);
    }
    print_finding(&finding);
  }
  if (fflush(stdout) != 0) {
    return FAILED;
  }
  return keystone_verdict_accepted(job->verdict) ? ACCEPTED : REJECTED;
}

int main(int count, char** arguments) {
  struct job job = {NULL, NULL, NULL, NULL, NULL};
  if (count != 4 && count != 5) {
    return usage();
  }
  int code = load_policy(&job, arguments[1]);
  if (code == ACCEPTED) {
    code = load_report(&job, arguments[2]);
  }
  if (code == ACCEPTED) {
    code = make_challenge(&job, arguments[3], count == 5 ? arguments[4] : NULL);
  }
  if (code == ACCEPTED) {
    code = verify(&job);
  }
  keystone_verdict_free(job.verdict);
  keystone_verifier_free(job.verifier);
  keystone_challenge_free(job.challenge);
  keystone_report_free(job.report);
  keystone_policy_free(job.policy);
  return code;
}
