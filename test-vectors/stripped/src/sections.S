# SPDX-License-Identifier: Apache-2.0
# Sections that strip takes for debug information, and some that only look like it.
    .globl _start
    .text
_start:
    nop

    .macro section name, flags, align, symbol
    .section \name, "\flags"
    .balign \align
\symbol:
    .string "\name"
    .endm

    section .debug, "", 1, in_debug
    section .debug_own, "", 4, in_debug_own
    section .debuglike, "", 1, in_debuglike
    section .mydebug, "", 8, in_mydebug
    section .gdb_index, "", 1, in_gdb_index
    section .gdb_index2, "", 1, in_gdb_index2
    section .line, "", 2, in_line
    section .stabstr, "", 1, in_stabs
    section .gnu.linkonce.wi.own, "", 1, in_wi
    section .gnu.debuglto_.debug_info, "", 1, in_lto
    section .gnu_debuglink, "", 4, in_link
    section .gnu.debugdata, "", 16, in_data
    section .debug_loaded, "a", 1, in_loaded

    .globl x, ax, bax, other
    .set x, 1
    .set ax, 2
    .set bax, 3
    .set other, 4
    .local bx, cbx
    .set bx, 5
    .set cbx, 6
