#include <string.h>

#include "ckernels.h"
#include "paths.h"

enum {
  CHUNK = 512  // papers worked on at a time, so that their expanded bits stay in the first cache
};

static size_t least(size_t x, size_t y) { return x < y ? x : y; }

// Bytes of 0 or 255 for the bits of one column, eight papers a word.
static void expand_mask(const uint64_t *plane, size_t papers, uint8_t mask[CHUNK]) {
  for (size_t i = 0; i < papers; i++) mask[i] = (uint8_t) - (int)(plane[i / 64] >> (i % 64) & 1);
  memset(mask + papers, 0, CHUNK - papers);
}

// The sum of the counts of one chunk whose mask is set; 16-bit lanes hold 64 * 510 < 65536.
static uint32_t masked_sum(const uint8_t *counts, const uint8_t *mask, size_t papers) {
  const uint64_t even = UINT64_C(0x00FF00FF00FF00FF);
  uint64_t lanes = 0;
  for (size_t i = 0; i < papers; i += 8) {
    uint64_t weights = 0, chosen;
    memcpy(&weights, counts + i, least(8, papers - i));
    memcpy(&chosen, mask + i, 8);
    chosen &= weights;
    lanes += (chosen & even) + (chosen >> 8 & even);
  }
  const uint64_t low = UINT64_C(0x0000FFFF0000FFFF);
  lanes = (lanes & low) + (lanes >> 16 & low);
  return (uint32_t)(lanes + (lanes >> 32));
}

static void weighted_bit_sums_portable(const uint8_t *counts, size_t count_stride,
                                       size_t replicates, const uint64_t *planes,
                                       size_t words_per_column, size_t columns, size_t papers,
                                       uint32_t *sums) {
  uint8_t mask[CHUNK];
  for (size_t start = 0; start < papers; start += CHUNK) {
    const size_t length = least(CHUNK, papers - start);
    for (size_t column = 0; column < columns; column++) {
      expand_mask(planes + column * words_per_column + start / 64, length, mask);
      for (size_t replicate = 0; replicate < replicates; replicate++)
        sums[replicate * columns + column] +=
            masked_sum(counts + replicate * count_stride + start, mask, length);
    }
  }
}

void ck_weighted_bit_sums(int path, const uint8_t *counts, size_t count_stride, size_t replicates,
                          const uint64_t *planes, size_t words_per_column, size_t columns,
                          size_t papers, uint32_t *sums) {
  (void)path;
  weighted_bit_sums_portable(counts, count_stride, replicates, planes, words_per_column, columns,
                             papers, sums);
}
