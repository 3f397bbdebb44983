/* SPDX-License-Identifier: Apache-2.0
 *
 * The sample enclave app: writes a greeting, has it attested, exits. The
 * runtime has set up the stack. */
#include <stddef.h>
#include <stdint.h>

#include "syscall.h"

static const char greeting[] = "Hello from the bundled sample app, version ";
static volatile char version = '1';

static char message[128];
static uint8_t report[REPORT_SIZE] __attribute__((aligned(16)));

static uintptr_t syscall(uintptr_t number, uintptr_t arg0, uintptr_t arg1, uintptr_t arg2)
{
    register uintptr_t a0 __asm__("a0") = arg0;
    register uintptr_t a1 __asm__("a1") = arg1;
    register uintptr_t a2 __asm__("a2") = arg2;
    register uintptr_t a7 __asm__("a7") = number;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
    return a0;
}

/* Fills buffer with the greeting; returns its length without the final 0. */
__attribute__((noinline)) size_t greet(char *buffer, size_t size)
{
    size_t n = 0;
    if (size < sizeof greeting + 1)
        return 0;
    for (; greeting[n] != 0; n++)
        buffer[n] = greeting[n];
    buffer[n++] = version;
    buffer[n] = 0;
    return n;
}

/* Returns 0 when the Security Monitor made a report over the greeting. */
__attribute__((noinline)) int app_main(void)
{
    const size_t length = greet(message, sizeof message);
    if (length == 0)
        return 1;
    return syscall(SYS_ATTEST, (uintptr_t)report, (uintptr_t)message, length) == 0 ? 0 : 1;
}

__attribute__((section(".text.start"))) _Noreturn void _start(void)
{
    const int result = app_main();
    for (;;)
        syscall(SYS_EXIT, (uintptr_t)result, 0, 0);
}
