#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# deterministic pseudo random bytes: xorshift64*; usage mkbig.py BYTES OUT
import sys
n=int(sys.argv[1]); x=0x9E3779B97F4A7C15; o=bytearray(); M=(1<<64)-1
blk=bytearray()
for _ in range(8192):
    x^=x>>12; x^=(x<<25)&M; x^=x>>27; blk+=((x*0x2545F4914F6CDD1D)&M).to_bytes(8,'little')
k=0
while len(o)<n:
    b=bytearray(blk); b[0:8]=k.to_bytes(8,'little'); o+=b; k+=1
open(sys.argv[2],'wb').write(o[:n])
