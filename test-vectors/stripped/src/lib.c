// SPDX-License-Identifier: Apache-2.0
int answer(int question, const char *hint);
int fallback(void);
__attribute__((weak)) void missing(void);

static int counter = 9;
__attribute__((visibility("hidden"))) int secret = 3;

static int scaled(int value) { return value ^ counter; }

__attribute__((weak)) int fallback(void) { return 4; }

int answer(int question, const char *hint) {
  if (missing) {
    missing();
  }
  counter++;
  return scaled(question) + hint[0] + fallback() + secret;
}
