#include "ckernels.h"
#include "lanes.h"

#include <string.h>

// Papers that all pairs of columns share in a resample.
//
// The bits of a paper lie in a row. The rows that were drawn are transposed, 64 x 64 bits at a time,
// into words of 64 drawn papers, eight columns side by side in a vector: one instruction then meets
// a word of one column with those of eight, and the counts of eight pairs grow in the lanes of a
// register, with nothing to be added up at the end. A run of words is worked on while it lies in
// the nearest cache.
//
// Cost: about 2 ns for each drawn row of 192 bits, and columns^2 / 16 operations of and, popcount and
// add for 64 rows.

typedef uint64_t words __attribute__((vector_size(64)));
typedef uint32_t eight __attribute__((vector_size(32)));

enum { RUN = 16, ROWS = 4, VECTORS = 4 };

CK_INLINE size_t least(size_t x, size_t y) { return x < y ? x : y; }

// Exchanges bits between the lanes l and l ^ width of a vector; `mask` has the low `width` bits of
// every 2 * width.
#define EXCHANGE(x, width, mask, ...)                                                         \
  do {                                                                                        \
    const words other = __builtin_shufflevector(x, x, __VA_ARGS__);                           \
    for (int l = 0; l < 8; l++) {                                                             \
      keep[l] = l & width ? ~mask : mask;                                                     \
      left[l] = l & width ? 0 : ~mask;                                                        \
      right[l] = l & width ? mask : 0;                                                        \
    }                                                                                         \
    x = (x & keep) | ((other << width) & left) | ((other >> width) & right);                  \
  } while (0)

// Exchanges rows and columns of 64 x 64 bits by halves (Warren 2013, Hacker's Delight, 7-3); row
// 8 i + l is lane l of vector i.
CK_INLINE void transpose(words *block) {
  static const uint64_t masks[] = {0, 0x00FF00FF00FF00FF, 0x0000FFFF0000FFFF, 0, 0x00000000FFFFFFFF};
  for (int apart = 4; apart > 0; apart /= 2)
    for (int i = 0; i < 8; i++) {
      if (i & apart) continue;
      const words exchanged = ((block[i] >> 8 * apart) ^ block[i + apart]) & masks[apart];
      block[i] ^= exchanged << 8 * apart;
      block[i + apart] ^= exchanged;
    }
  for (int i = 0; i < 8; i++) {
    words x = block[i], keep, left, right;
    EXCHANGE(x, 4, UINT64_C(0x0F0F0F0F0F0F0F0F), 4, 5, 6, 7, 0, 1, 2, 3);
    EXCHANGE(x, 2, UINT64_C(0x3333333333333333), 2, 3, 0, 1, 6, 7, 4, 5);
    EXCHANGE(x, 1, UINT64_C(0x5555555555555555), 1, 0, 3, 2, 5, 4, 7, 6);
    block[i] = x;
  }
}

// The columns of up to 64 drawn rows: words_per_row times 64 words.
CK_INLINE void lay_out(const uint64_t *rows, size_t words_per_row, const uint32_t *drawn,
                       size_t count, words *columns) {
  for (size_t word = 0; word < words_per_row; word++, columns += 8) {
    uint64_t block[64];
    for (size_t row = 0; row < count; row++) block[row] = rows[drawn[row] * words_per_row + word];
    for (size_t row = count; row < 64; row++) block[row] = 0;
    memcpy(columns, block, sizeof block);
    transpose(columns);
  }
}

// Counts what columns i to i + ROWS - 1 share with 8 * vectors columns from 8 * j on.
CK_INLINE void tile(const words *planes, size_t stride, size_t count, size_t i, size_t rows, size_t j,
                    size_t vectors, int is_first, uint32_t *shared, size_t width) {
  words total[ROWS][VECTORS];
  for (size_t r = 0; r < rows; r++)
    for (size_t v = 0; v < vectors; v++) total[r][v] = (words){0};
  for (size_t k = 0; k < count; k++, planes += stride) {
    const uint64_t *column = (const uint64_t *)planes + i;
    for (size_t r = 0; r < rows; r++)
      for (size_t v = 0; v < vectors; v++)
        total[r][v] += __builtin_elementwise_popcount(planes[j + v] & column[r]);
  }
  for (size_t r = 0; r < rows; r++)
    for (size_t v = 0; v < vectors; v++) {
      uint32_t *target = shared + (i + r) * width + 8 * (j + v);
      eight sum = __builtin_convertvector(total[r][v], eight), before;
      if (!is_first) {
        memcpy(&before, target, sizeof before);
        sum += before;
      }
      memcpy(target, &sum, sizeof sum);
    }
}

// Counts a run of words; `rows` and `vectors` are constants wherever this is inlined.
CK_INLINE void count_run(const words *planes, size_t stride, size_t count, size_t columns, size_t rows,
                         size_t vectors, int is_first, uint32_t *shared) {
  const size_t all = (columns + 7) / 8, width = 8 * all;
  for (size_t i = 0; i < columns; i += rows) {
    size_t j = i / 8;
    for (; j + vectors <= all; j += vectors)
      tile(planes, stride, count, i, rows, j, vectors, is_first, shared, width);
    for (; j < all; j++) tile(planes, stride, count, i, rows, j, 1, is_first, shared, width);
  }
}

CK_INLINE void count_pairs(const uint64_t *rows, size_t words_per_row, const uint32_t *drawn,
                           size_t count, size_t columns, uint64_t *work, uint32_t *shared,
                           size_t tile_rows, size_t tile_vectors) {
  words *planes = (words *)work;
  const size_t stride = 8 * words_per_row;
  size_t start = 0;
  do {
    const size_t run = least(RUN, (count - start + 63) / 64);
    for (size_t k = 0; k < run; k++) {
      const size_t first = start + 64 * k;
      lay_out(rows, words_per_row, drawn + first, least(64, count - first), planes + k * stride);
    }
    count_run(planes, stride, run, columns, tile_rows, tile_vectors, start == 0, shared);
    start += 64 * run;
  } while (start < count);
}

#if CK_X86
CK_TARGET_AVX512 static void count_pairs_avx512(const uint64_t *rows, size_t words_per_row,
                                                const uint32_t *drawn, size_t count, size_t columns,
                                                uint64_t *work, uint32_t *shared) {
  count_pairs(rows, words_per_row, drawn, count, columns, work, shared, 4, 4);
}

CK_TARGET_AVX2 static void count_pairs_avx2(const uint64_t *rows, size_t words_per_row,
                                            const uint32_t *drawn, size_t count, size_t columns,
                                            uint64_t *work, uint32_t *shared) {
  count_pairs(rows, words_per_row, drawn, count, columns, work, shared, 4, 1);
}
#endif

size_t ck_drawn_pairs_work(size_t words_per_row) { return RUN * 64 * words_per_row; }

void ck_drawn_pairs(int path, const uint64_t *rows, size_t words_per_row, const uint32_t *drawn,
                    size_t count, size_t columns, uint64_t *work, uint32_t *shared) {
  switch (path) {
#if CK_X86
    case CK_AVX512:
      count_pairs_avx512(rows, words_per_row, drawn, count, columns, work, shared);
      break;
    case CK_AVX2:
      count_pairs_avx2(rows, words_per_row, drawn, count, columns, work, shared);
      break;
#endif
    default:
      count_pairs(rows, words_per_row, drawn, count, columns, work, shared, 1, 1);
  }
}
