#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Own ELF writer for edge cases the linker will not produce.
spec: dict(cls=64|32, entry, segs=[dict(type,vaddr,data,memsz,off?,flags)], tail=bytes, shdrs=bool)"""
import struct
def mk(path, segs, entry, cls=64, tail=b'', machine=243, etype=2, shdrs=True, hdrpad=None, phtypes=None):
    is64=cls==64
    eh=64 if is64 else 52; ph=56 if is64 else 32; sh=64 if is64 else 40
    body=bytearray(); base=eh+ph*len(segs); 
    if hdrpad: base=max(base,hdrpad)
    out=[]; pos=base
    for s in segs:
        d=s.get('data',b''); off=s.get('off')
        if off is None:
            al=s.get('falign',1); va=s['vaddr']
            if al>1:
                want=va%al; 
                while pos%al!=want: pos+=1
            off=pos
        out.append((s,off,d)); pos=max(pos,off+len(d))
    buf=bytearray(pos)
    for s,off,d in out: buf[off:off+len(d)]=d
    buf+=tail
    shoff=0; shn=0
    if shdrs:
        while len(buf)%8: buf.append(0)
        strt=len(buf); buf+=b'\0.shstrtab\0'
        while len(buf)%8: buf.append(0)
        shoff=len(buf); shn=2
        if is64: buf+=struct.pack('<IIQQQQIIQQ',0,0,0,0,0,0,0,0,0,0)+struct.pack('<IIQQQQIIQQ',1,3,0,0,strt,11,0,0,1,0)
        else: buf+=struct.pack('<IIIIIIIIII',0,0,0,0,0,0,0,0,0,0)+struct.pack('<IIIIIIIIII',1,3,0,0,strt,11,0,0,1,0)
    ident=b'\x7fELF'+bytes([2 if is64 else 1,1,1,0])+bytes(8)
    if is64: h=struct.pack('<16sHHIQQQIHHHHHH',ident,etype,machine,1,entry,eh,shoff,0,eh,ph,len(segs),sh,shn,1 if shn else 0)
    else: h=struct.pack('<16sHHIIIIIHHHHHH',ident,etype,machine,1,entry,eh,shoff,0,eh,ph,len(segs),sh,shn,1 if shn else 0)
    buf[0:eh]=h
    p=eh
    for s,off,d in out:
        fs=s.get('filesz',len(d)); ms=s.get('memsz',fs); t=s.get('type',1); fl=s.get('flags',7); al=s.get('align',0x1000); va=s['vaddr']; off=s.get('phoff',off)
        if is64: q=struct.pack('<IIQQQQQQ',t,fl,off,va,va,fs,ms,al)
        else: q=struct.pack('<IIIIIIII',t,off,va,va,fs,ms,fl,al)
        buf[p:p+ph]=q; p+=ph
    open(path,'wb').write(buf)
