#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
import os,subprocess,sys
sys.path.insert(0,os.path.dirname(os.path.abspath(__file__)))
from mkelf import mk
S=os.path.dirname(os.path.abspath(__file__)); O=os.path.join(os.path.dirname(S),'elf'); os.makedirs(O,exist_ok=True)
RT=0xffffffffc0000000
def ld(base,layout,xlen):
    # layout: list of (section, 'align expr or absolute address' or None)
    t='ENTRY(_start)\nPHDRS{'+''.join(f' p{i} PT_LOAD;' for i,_ in enumerate(layout))+'}\nSECTIONS{\n . = 0x%x;\n'%base
    for i,(secs,where) in enumerate(layout):
        if where: t+=f' . = {where};\n'
        for s in secs: t+=f' {s} : {{ *({s} {s}.*) }} :p{i}\n'
    t+=' /DISCARD/ : { *(.comment) *(.note*) *(.riscv.attributes) *(.eh_frame) }\n}\n'
    return t
def link(name,base,layout,defs,xlen=64,big=None,extra=[]):
    w=os.path.join(O,'_'+name); open(w+'.ld','w').write(ld(base,layout,xlen))
    inc=[]
    if big:
        d=os.path.join(O,'_big'); os.makedirs(d,exist_ok=True)
        subprocess.check_call([sys.executable,S+'/mkbig.py',str(big),d+'/big.bin']); inc=['-Wa,-I'+d]; defs=defs+['BIG=1']
    m=['-march=rv64imac','-mabi=lp64'] if xlen==64 else ['-march=rv32imac','-mabi=ilp32']
    e='elf64lriscv' if xlen==64 else 'elf32lriscv'
    subprocess.check_call(['riscv64-unknown-elf-gcc',*m,'-c',*['-D'+x for x in defs],*inc,S+'/prog.S','-o',w+'.o'])
    subprocess.check_call(['riscv64-unknown-elf-ld','-m',e,'-static','-nostdlib','-z','max-page-size=4096','--build-id=none',*extra,'-T',w+'.ld',w+'.o','-o',os.path.join(O,name)])
    os.unlink(w+'.o'); os.unlink(w+'.ld')
A='ALIGN(0x1000)'
T,R,D,B,G=['.text'],['.rodata'],['.data'],['.bss'],['.big']
for x in (64,32):
    p='' if x==64 else 'r32_'
    rt=RT if x==64 else 0xc0000000
    link(p+'rt_min',rt,[(T,None)],[],x)
    link(p+'rt_multi',rt,[(T,None),(R,A),(D+B,A)],['TEXTPAD=5000','RODATA=9000','DATA=3000','BSS=20000'],x)
    link(p+'rt_gap',rt,[(T,None),(R,'0x%x'%(rt+0x8000)),(D+B,'0x%x'%(rt+0x30000))],['RODATA=100','DATA=100','BSS=4097'],x)
    link(p+'e_min',0x10000,[(T,None)],[],x)
    link(p+'e_low',0x1000,[(T,None),(D+B,A)],['DATA=10','BSS=10'],x)
    link(p+'e_bss',0x10000,[(T,None),(D+B,A)],['DATA=4000','BSS=40000'],x)
    link(p+'e_multi',0x10000,[(T,None),(R,A),(D,A),(B,A)],['TEXTPAD=4096','RODATA=8192','DATA=12288','BSS=8192'],x)
    link(p+'e_gap',0x10000,[(T,None),(R,'0x14000'),(D+B,'0x20000')],['TEXTPAD=4096','RODATA=10','DATA=4096','BSS=1'],x)
    link(p+'e_share',0x10000,[(T,None),(R,None),(D+B,None)],['TEXTPAD=5000','RODATA=3000','DATA=6000','BSS=9000'],x)
    link(p+'e_unalign',0x10000,[(T,None),(D+B,'0x12345')],['DATA=100','BSS=9000'],x)
    link(p+'e_cross',0x1fe000 if x==64 else 0x3fe000,[(T,None),(D+B,A)],['TEXTPAD=9000','DATA=9000','BSS=9000'],x)
    link(p+'e_1m',0x10000,[(T,None),(G,A),(D+B,A)],['DATA=10','BSS=10000'],x,big=1<<20)
    link(p+'e_nearstack',0x3fff8000,[(T,None)],['TEXTPAD=12288'],x)
    link(p+'e_instack',0x3fffd000,[(T,None)],['TEXTPAD=100'],x)
    link(p+'e_abovestack',0x50000000,[(T,None)],[],x)
link('rt_3m',RT,[(T,None),(G,A),(B,A)],['BSS=5000'],64,big=3<<20)
link('rt_share',RT,[(T,None),(R,None),(D+B,None)],['TEXTPAD=5000','RODATA=3000','DATA=6000','BSS=9000'],64)
link('e_16m',0x10000,[(T,None),(G,A),(D+B,A)],['DATA=10','BSS=100000'],64,big=16<<20)
link('e_64m',0x10000,[(T,None),(G,A),(D+B,A)],['DATA=10','BSS=100000'],64,big=64<<20)
link('e_bigbss',0x10000,[(T,None),(D+B,A)],['DATA=10','BSS=3000000'],64)
# hand written edge cases (own ELF writer)
P=lambda n,c: bytes([c])*n
code=bytes.fromhex('1305a002')+bytes.fromhex('93084045')+bytes.fromhex('73000000')+bytes.fromhex('6f000000')
m=lambda n,segs,entry=0x10000,**k: mk(os.path.join(O,n),segs,entry,**k)
al=dict(falign=4096)
for cls,p in((64,''),(32,'r32_')):
    k=dict(cls=cls)
    m(p+'x_revorder',[dict(vaddr=0x14000,data=P(5000,0x33),**al),dict(vaddr=0x10000,data=code+P(4000,0x22),**al)],**k)
    m(p+'x_bssonly',[dict(vaddr=0x10000,data=code,memsz=0x2000,**al),dict(vaddr=0x15000,data=b'',memsz=0x2001,**al)],**k)
    m(p+'x_overread',[dict(vaddr=0x10000,data=code,**al),dict(vaddr=0x12f00,data=P(16,0x41)),dict(type=4,vaddr=0x13000,data=P(600,0x99))],tail=P(3000,0x77),**k)
    m(p+'x_overread_eof',[dict(vaddr=0x10000,data=code,**al),dict(vaddr=0x12100,data=P(16,0x41))],shdrs=True,**k)
    m(p+'x_unal_long',[dict(vaddr=0x10000,data=code,**al),dict(vaddr=0x12800,data=P(10000,0x42),memsz=30001)],**k)
    m(p+'x_unal_bss',[dict(vaddr=0x10000,data=code,**al),dict(vaddr=0x12800,data=b'',memsz=100,off=0x100)],**k)
    m(p+'x_unal_bss2',[dict(vaddr=0x10000,data=code,**al),dict(vaddr=0x12800,data=b'',memsz=9000,off=0x100)],**k)
    m(p+'x_filesz_gt_memsz',[dict(vaddr=0x10000,data=code+P(9000,0x21),memsz=100,**al)],**k)
    m(p+'x_samepage',[dict(vaddr=0x10000,data=code+P(3000,0x61),memsz=3500,**al),dict(vaddr=0x10e00,data=P(512,0x62)),dict(vaddr=0x11000,data=P(100,0x63),**al)],**k)
    m(p+'x_samepage2',[dict(vaddr=0x10000,data=code+P(0x1800,0x61),**al),dict(vaddr=0x11c00,data=P(0x1000,0x62))],**k)
    m(p+'x_dup',[dict(vaddr=0x10000,data=code+P(5000,0x61),**al),dict(vaddr=0x10000,data=P(9000,0x62),**al)],**k)
    m(p+'x_va0',[dict(vaddr=0,data=code+P(5000,0x61),**al)],entry=0,**k)
    m(p+'x_note_low',[dict(type=4,vaddr=0xf100,data=P(32,0x70)),dict(vaddr=0x10000,data=code,**al)],**k)
    m(p+'x_note_low_al',[dict(type=4,vaddr=0xe000,data=P(32,0x70),**al),dict(vaddr=0x10000,data=code,**al)],**k)
    m(p+'x_note_high',[dict(vaddr=0x10000,data=code,**al),dict(type=4,vaddr=0x400100,data=P(32,0x70))],**k)
    m(p+'x_memsz0',[dict(vaddr=0x10000,data=code,**al),dict(vaddr=0x18000,data=P(5000,0x55),memsz=0,**al)],**k)
    m(p+'x_unalmin',[dict(vaddr=0x10010,data=code)],entry=0x10010,**k)
    m(p+'x_noshdr',[dict(vaddr=0x10000,data=code,**al)],shdrs=False,**k)
    m(p+'x_x86',[dict(vaddr=0x10000,data=code,**al)],machine=62 if cls==64 else 3,**k)
    m(p+'x_dyn',[dict(vaddr=0x10000,data=code,**al)],etype=3,**k)
    m(p+'x_entry_out',[dict(vaddr=0x10000,data=code,**al)],entry=0x7777,**k)
    m(p+'x_trunc',[dict(vaddr=0x10000,data=code,**al),dict(vaddr=0x11000,data=P(100,1),filesz=0x100000,memsz=0x100000,**al)],**k)
    m(p+'x_noload',[dict(type=4,vaddr=0x10000,data=code,**al)],**k)
m('x_wrap',[dict(vaddr=0x10000,data=code,**al),dict(vaddr=0x11000,data=b'abc',memsz=(1<<64)-0x12000,**al)])
m('x_hiva',[dict(vaddr=0x10000,data=code,**al),dict(vaddr=0xffffffff00000000,data=P(5000,0x66),**al)])
m('x_noncanon',[dict(vaddr=0x10000,data=code,**al),dict(vaddr=0x8000020000,data=P(5000,0x66),**al)])
m('x_noncanon2',[dict(vaddr=0x10000,data=code,**al),dict(vaddr=0x4000000000,data=P(5000,0x66),**al)])
m('rt_low',[dict(vaddr=0x80000000,data=code+P(5000,0x67),**al)],entry=0x80000000)
m('x_nophdr',[],entry=0)
