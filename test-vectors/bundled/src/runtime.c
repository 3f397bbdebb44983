/* SPDX-License-Identifier: Apache-2.0
 *
 * A minimal runtime: starts the app in user mode and serves its two calls.
 * Translation is off, so an address is a physical one for the app, for the
 * runtime and for the Security Monitor alike. */
#include "image.h"
#include "syscall.h"

#define CAUSE_INTERRUPT ((word)1 << (__riscv_xlen - 1))
#define CAUSE_ECALL_USER 8

enum { EXIT_BAD_APP = 2, EXIT_APP_FAULT = 3 };
#define ERROR ((word)-1)

struct frame {
    word ra, t[7], a[8];
};

struct start {
    word entry, sp;
};

/* The app's memory; calls may point to nothing else. */
static struct {
    word begin, end;
} app;

static volatile uint32_t attest_budget = 16; /* reports one app may ask for */

static _Noreturn void leave(word value)
{
    for (;;)
        sbi_sm(SBI_SM_EXIT, value, 0, 0);
}

static int owned_by_app(word address, word size)
{
    return address >= app.begin && address <= app.end && size <= app.end - address;
}

struct start load_app(word file, word file_end, word dest, word dest_end)
{
    const struct image image = image_load(file, file_end, dest, dest_end);
    if (image.entry == 0 || dest_end - image.end < PAGE_SIZE)
        leave(EXIT_BAD_APP);
    app.begin = dest;
    app.end = image.end + PAGE_SIZE; /* one page of stack behind the app */
    return (struct start){image.entry, app.end};
}

static __attribute__((noinline)) word attest(word report, word data, word size)
{
    if (attest_budget == 0 || size > ATTEST_DATA_MAX)
        return ERROR;
    if (!owned_by_app(report, REPORT_SIZE) || !owned_by_app(data, size))
        return ERROR;
    attest_budget = attest_budget - 1;
    return sbi_sm(SBI_SM_ATTEST, report, data, size);
}

void handle_trap(struct frame *frame)
{
    word cause, pc;
    __asm__ volatile("csrr %0, scause" : "=r"(cause));
    /* The Security Monitor takes interrupts itself; should one come here all
     * the same, let the host have its turn. */
    if (cause & CAUSE_INTERRUPT) {
        sbi_sm(SBI_SM_STOP, STOP_INTERRUPT, 0, 0); /* returns on resume */
        return;
    }
    if (cause != CAUSE_ECALL_USER)
        leave(EXIT_APP_FAULT);

    __asm__ volatile("csrr %0, sepc" : "=r"(pc));
    __asm__ volatile("csrw sepc, %0" ::"r"(pc + 4)); /* behind the ecall */
    switch (frame->a[7]) {
    case SYS_ATTEST:
        frame->a[0] = attest(frame->a[0], frame->a[1], frame->a[2]);
        break;
    case SYS_EXIT:
        leave(frame->a[0]);
    default:
        frame->a[0] = ERROR;
    }
}
