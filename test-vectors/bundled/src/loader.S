/* SPDX-License-Identifier: Apache-2.0
 *
 * First code of the enclave, at the start of its memory, in supervisor mode
 * with address translation off. The Security Monitor hands over
 *   a1 start of the enclave's memory   a2 its size
 *   a3 runtime (ELF file)   a4 app (ELF file)   a5 free memory
 * Each part starts on a page and ends where the next one starts. */
#include "sbi.h"

        .file   "loader.S"
        .section .text.start, "ax", @progbits
        .globl  _start
        .type   _start, @function
_start:
        lla     sp, stack_top
        add     s0, a1, a2              /* end of the enclave's memory */
        mv      s1, a4                  /* app */
        mv      s2, a5                  /* end of the app, start of free memory */

        /* load_runtime(runtime, its end, free memory, its end) */
        mv      a0, a3
        mv      a1, s1
        mv      a2, s2
        mv      a3, s0
        call    load_runtime
        beqz    a0, refuse

        /* runtime(app, its end, free memory, its end) */
        mv      t0, a0
        mv      a2, a1
        mv      a0, s1
        mv      a1, s2
        mv      a3, s0
        jr      t0
        .size   _start, . - _start

        /* The runtime cannot be started: leave the enclave with value 1. */
        .type   refuse, @function
refuse:
        li      a0, 1
        li      a6, SBI_SM_EXIT
        li      a7, SBI_EXT_SM
        ecall
        j       refuse
        .size   refuse, . - refuse

        .section .stack, "aw", @nobits
        .balign 16
        .type   stack, @object
stack:
        .skip   4096
        .size   stack, . - stack
stack_top:
