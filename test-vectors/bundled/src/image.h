/* SPDX-License-Identifier: Apache-2.0
 *
 * Unpacks an ELF file that lies in memory: copies its PT_LOAD segments to a
 * new place and clears what lies past the file's bytes. The loader uses it on
 * the runtime, the runtime on the app. Both are position independent and are
 * linked without relocations, so copying is all there is to do. */
#ifndef SAMPLE_IMAGE_H
#define SAMPLE_IMAGE_H

#include "sbi.h"

#define PAGE_SIZE 4096
#define PT_LOAD 1
#define EM_RISCV 243

struct elf_header {
    uint8_t ident[16];
    uint16_t type, machine;
    uint32_t version;
    word entry, phoff, shoff;
    uint32_t flags;
    uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct elf_segment {
#if __riscv_xlen == 64
    uint32_t type, flags;
    word offset, vaddr, paddr, filesz, memsz, align;
#else
    uint32_t type;
    word offset, vaddr, paddr, filesz, memsz;
    uint32_t flags;
    word align;
#endif
};

/* Magic, class (1: 32 bit, 2: 64 bit), little endian. */
static const uint8_t elf_ident[6] = {0x7f, 'E', 'L', 'F', __riscv_xlen / 32, 1};

struct image {
    word entry; /* where to start it; 0: the file was refused */
    word end;   /* first page behind it */
};

/* file..file_end holds the ELF file, dest..dest_end is free; dest is page
 * aligned. Nothing outside these two ranges is read or written. */
static struct image image_load(word file, word file_end, word dest, word dest_end)
{
    const struct image refused = {0, 0};
    const struct elf_header *header = (const struct elf_header *)file;
    if (file_end < file || dest_end < dest)
        return refused;
    const word size = file_end - file;
    const word room = dest_end - dest;

    if (size < sizeof *header)
        return refused;
    for (unsigned i = 0; i < sizeof elf_ident; i++)
        if (header->ident[i] != elf_ident[i])
            return refused;
    if (header->machine != EM_RISCV || header->phentsize != sizeof(struct elf_segment))
        return refused;
    if (header->phoff > size || header->phoff % sizeof(word) != 0 ||
        size - header->phoff < header->phnum * sizeof(struct elf_segment))
        return refused;

    const struct elf_segment *segment = (const struct elf_segment *)(file + header->phoff);
    word base = 0; /* lowest address: the first PT_LOAD, they ascend */
    word used = 0; /* bytes of dest in use */
    for (unsigned i = 0; i < header->phnum; i++, segment++) {
        if (segment->type != PT_LOAD)
            continue;
        if (used == 0)
            base = segment->vaddr;
        const word at = segment->vaddr - base;
        if (segment->vaddr < base || at < used || at > room || segment->memsz > room - at)
            return refused;
        if (segment->filesz > segment->memsz || segment->offset > size ||
            segment->filesz > size - segment->offset)
            return refused;

        const uint8_t *from = (const uint8_t *)(file + segment->offset);
        uint8_t *to = (uint8_t *)(dest + at);
        for (word n = 0; n < segment->filesz; n++)
            to[n] = from[n];
        for (word n = segment->filesz; n < segment->memsz; n++)
            to[n] = 0;
        used = at + segment->memsz;
    }
    if (header->entry < base || header->entry - base >= used)
        return refused;
    const word pages = (used + PAGE_SIZE - 1) / PAGE_SIZE;
    if (pages > room / PAGE_SIZE)
        return refused;

    __asm__ volatile("fence.i" ::: "memory"); /* code was written */
    return (struct image){dest + header->entry - base, dest + pages * PAGE_SIZE};
}
#endif
