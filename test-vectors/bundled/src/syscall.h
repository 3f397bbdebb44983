/* SPDX-License-Identifier: Apache-2.0
 *
 * The sample app's calls to the sample runtime: number in a7, arguments from
 * a0, result in a0. The numbers are private to these two programs. */
#ifndef SAMPLE_SYSCALL_H
#define SAMPLE_SYSCALL_H

#define SYS_ATTEST 1 /* a0 report buffer, a1 data, a2 size of the data */
#define SYS_EXIT 2   /* a0 exit value */

#define REPORT_SIZE 2048     /* room the report buffer must have */
#define ATTEST_DATA_MAX 1024 /* most data one report can carry */

#endif
