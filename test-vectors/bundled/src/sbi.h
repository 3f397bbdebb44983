/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls from an enclave's supervisor mode to the Security Monitor.
 * This header is also read by the assembler, so C stays behind the guard. */
#ifndef SAMPLE_SBI_H
#define SAMPLE_SBI_H

#define SBI_EXT_SM 0x08424b45 /* extension id, in a7 */
#define SBI_SM_ATTEST 3002    /* function ids, in a6 */
#define SBI_SM_STOP 3004
#define SBI_SM_EXIT 3006

#define STOP_INTERRUPT 0 /* reason given with SBI_SM_STOP */

#ifndef __ASSEMBLER__
#include <stdint.h>

typedef uintptr_t word; /* one register */

/* Returns the SBI error code; the value in a1 is not needed here. */
static inline word sbi_sm(word function, word arg0, word arg1, word arg2)
{
    register word a0 __asm__("a0") = arg0;
    register word a1 __asm__("a1") = arg1;
    register word a2 __asm__("a2") = arg2;
    register word a6 __asm__("a6") = function;
    register word a7 __asm__("a7") = SBI_EXT_SM;
    __asm__ volatile("ecall"
                     : "+r"(a0), "+r"(a1)
                     : "r"(a2), "r"(a6), "r"(a7)
                     : "memory");
    return a0;
}
#endif
#endif
