/* SPDX-License-Identifier: Apache-2.0 */
/* own tiny program; content selected by -D flags */
  .option norvc
  .section .text,"ax"
  .globl _start
_start:
  li a0, 42
  li a7, 1101
  ecall
1: j 1b
#ifdef TEXTPAD
  .fill TEXTPAD, 1, 0x13
#endif
#ifdef RODATA
  .section .rodata,"a"
  .ascii "oracle rodata "
  .fill RODATA, 1, 0x52
#endif
#ifdef DATA
  .section .data,"aw"
dat: .ascii "oracle data "
  .fill DATA, 1, 0x44
#endif
#ifdef BSS
  .section .bss,"aw",@nobits
  .globl bss
bss: .skip BSS
#endif
#ifdef BIG
  .section .big,"a"
  .incbin "big.bin"
#endif
