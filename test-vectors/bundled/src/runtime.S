/* SPDX-License-Identifier: Apache-2.0
 *
 * Entry and trap path of the runtime (supervisor mode, translation off). */
#if __riscv_xlen == 64
#define STORE sd
#define LOAD ld
#define WORD 8
#else
#define STORE sw
#define LOAD lw
#define WORD 4
#endif
#define FRAME (16 * WORD)

#define SSTATUS_SIE 0x002
#define SSTATUS_SPP 0x100

        .file   "runtime.S"
        .section .text.start, "ax", @progbits

        /* a0 app (ELF file), a1 its end, a2 free memory, a3 its end */
        .globl  _start
        .type   _start, @function
_start:
        csrci   sstatus, SSTATUS_SIE
        lla     sp, stack_top
        lla     t0, trap
        csrw    stvec, t0
        call    load_app                /* a0 app's entry, a1 its stack */
        csrw    sepc, a0
        csrw    sscratch, sp            /* in user mode: our stack */
        li      t0, SSTATUS_SPP
        csrc    sstatus, t0             /* sret goes to user mode */
        mv      sp, a1
        /* The app starts with no value of ours in a register. */
        .irp    r, ra, gp, tp, t0, t1, t2, s0, s1, a0, a1, a2, a3, a4, a5, a6, a7
        mv      \r, zero
        .endr
        .irp    r, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, t3, t4, t5, t6
        mv      \r, zero
        .endr
        sret
        .size   _start, . - _start

        /* Saves what a C function may change; order as in struct frame. */
        .balign 4
        .type   trap, @function
trap:
        csrrw   sp, sscratch, sp
        addi    sp, sp, -FRAME
        .set    .Lslot, 0
        .irp    r, ra, t0, t1, t2, t3, t4, t5, t6, a0, a1, a2, a3, a4, a5, a6, a7
        STORE   \r, .Lslot*WORD(sp)
        .set    .Lslot, .Lslot + 1
        .endr
        mv      a0, sp
        call    handle_trap
        .set    .Lslot, 0
        .irp    r, ra, t0, t1, t2, t3, t4, t5, t6, a0, a1, a2, a3, a4, a5, a6, a7
        LOAD    \r, .Lslot*WORD(sp)
        .set    .Lslot, .Lslot + 1
        .endr
        addi    sp, sp, FRAME
        csrrw   sp, sscratch, sp
        sret
        .size   trap, . - trap

        .bss
        .balign 16
        .type   stack, @object
stack:
        .skip   4096
        .size   stack, . - stack
stack_top:
