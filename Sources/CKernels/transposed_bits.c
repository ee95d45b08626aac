#include "ckernels.h"

// The bits of rows as columns, 64 rows and 64 columns at a time.

// 64 rows of 64 bits become 64 columns (Warren 2012, Hacker's Delight, figure 7-6, with the lowest bit
// first).
static void transpose(uint64_t rows[64]) {
  uint64_t mask = 0x00000000FFFFFFFFu;
  for (int width = 32; width != 0; width >>= 1, mask ^= mask << width) {
    for (int k = 0; k < 64; k = ((k | width) + 1) & ~width) {
      const uint64_t moved = ((rows[k] >> width) ^ rows[k | width]) & mask;
      rows[k] ^= moved << width;
      rows[k | width] ^= moved;
    }
  }
}

void ck_transposed_bits(const uint64_t *rows, size_t count, size_t items, uint64_t *columns,
                        size_t stride) {
  const size_t words = (items + 63) / 64;
  for (size_t first = 0; first < count; first += 64) {
    for (size_t word = 0; word < words; word++) {
      uint64_t block[64];
      for (size_t i = 0; i < 64; i++)
        block[i] = first + i < count ? rows[(first + i) * words + word] : 0;
      transpose(block);
      for (size_t i = 0; i < 64 && 64 * word + i < items; i++)
        columns[(64 * word + i) * stride + first / 64] = block[i];
    }
  }
}
