/* SPDX-License-Identifier: Apache-2.0
 *
 * The loader's C part: unpacks the runtime into free memory. */
#include "image.h"

/* How far the loader came; for someone looking at the memory. */
enum { STAGE_START = 1, STAGE_LOADED = 2 };
volatile uint32_t loader_stage = STAGE_START;
volatile struct image loader_runtime;

struct image load_runtime(word file, word file_end, word dest, word dest_end)
{
    const struct image runtime = image_load(file, file_end, dest, dest_end);
    loader_runtime.entry = runtime.entry;
    loader_runtime.end = runtime.end;
    if (runtime.entry != 0)
        loader_stage = STAGE_LOADED;
    return runtime;
}
