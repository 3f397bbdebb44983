/* SPDX-License-Identifier: Apache-2.0
 *
 * A stand-in for machine-mode firmware at 0x80000000: the first hart clears
 * .bss, counts the boot and sleeps; the others sleep at once. rv64 only. */

        .file   "firmware.S"
        .section .text.start, "ax", @progbits
        .globl  _start
        .type   _start, @function
_start:
        csrw    mie, zero               /* no interrupt is taken */
        lla     t0, trap
        csrw    mtvec, t0
        csrr    t0, mhartid
        bnez    t0, park
        lla     sp, stack_top
        call    clear_bss
        call    count_boot
        j       park
        .size   _start, . - _start

        .text
        .type   clear_bss, @function
clear_bss:
        lla     t0, bss_start
        lla     t1, bss_end
1:      bgeu    t0, t1, 2f
        sd      zero, 0(t0)
        addi    t0, t0, 8
        j       1b
2:      ret
        .size   clear_bss, . - clear_bss

        /* boots_done = boots_before + 1 */
        .type   count_boot, @function
count_boot:
        lla     t0, boots_before
        ld      t1, 0(t0)
        addi    t1, t1, 1
        lla     t0, boots_done
        sd      t1, 0(t0)
        ret
        .size   count_boot, . - count_boot

        .type   park, @function
park:
        wfi
        j       park
        .size   park, . - park

        /* Nothing here should trap; if it does, keep the cause and sleep. */
        .balign 4
        .type   trap, @function
trap:
        csrr    t0, mcause
        lla     t1, trap_cause
        sd      t0, 0(t1)
        j       park
        .size   trap, . - trap

        .section .rodata, "a", @progbits
        .type   version, @object
version:
        .asciz  "bundled sample firmware 1"
        .size   version, . - version

        .data
        .balign 8
        .type   boots_before, @object
boots_before:
        .dword  0
        .size   boots_before, . - boots_before
        .type   trap_cause, @object
trap_cause:
        .dword  -1                      /* no trap so far */
        .size   trap_cause, . - trap_cause

        .bss
        .balign 16
        .type   boots_done, @object
boots_done:
        .skip   8
        .size   boots_done, . - boots_done
        .balign 16
        .type   stack, @object
stack:
        .skip   4096
        .size   stack, . - stack
stack_top:
