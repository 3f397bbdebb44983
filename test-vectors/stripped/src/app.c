// SPDX-License-Identifier: Apache-2.0
// One of the two sources of programs that are stripped: local and global symbols of one name, names
// that end alike, thread storage, and constructors.
int answer(int question, const char *hint);
int re_answer(int question);

static int counter = 5;
static char scratch[5000];
const char *hints[] = {"first", "second", "third"};
_Thread_local int asked = 3;
_Thread_local int refused;

static int scaled(int value) { return value * 3 + counter; }

static void __attribute__((constructor)) start_counting(void) { counter = 7; }

void *__tls_get_addr(void *where) { return where; }

int re_answer(int question) {
  scratch[question] = 1;
  return scaled(question) + asked + refused;
}

void _start(void) {
  counter += answer(re_answer(3), hints[1]);
  for (;;) {
  }
}
