#include "ckernels.h"
#include "paths.h"

#include <string.h>

// How many rows have k bits in the columns of one set and m bits in those of another.
//
// The bits of 512 rows, one word of each lane of a vector, are added column by column to binary
// digits that lie in vectors as well (carry-save addition). With up to 15 columns a vector then says
// for each k which rows have it, and likewise for each m, and the rows of a pair (k, m) are counted
// by and + popcount. With more columns the digits are spread to a byte a row, and the rows go into
// the table one by one.
//
// Cost, for 512 rows: columns x digits vector operations, and 3 (columns + 1)^2 for up to 15
// columns, about 1,500 scalar ones for more.

typedef uint64_t lanes __attribute__((vector_size(64)));

enum { FEW = 15, DIGITS = 16 };

// The binary digits of the numbers of bits in the given columns for the rows of words 8 * chunk on.
CK_INLINE void add_up(const uint64_t *planes, size_t words, const size_t *columns, size_t count,
                      size_t chunk, int digits, lanes *sums) {
  for (int d = 0; d < digits; d++) sums[d] = (lanes){0};
  for (size_t i = 0; i < count; i++) {
    lanes carry;
    memcpy(&carry, planes + columns[i] * words + 8 * chunk, sizeof carry);
    for (int d = 0; d < digits; d++) {
      const lanes both = sums[d] & carry;
      sums[d] ^= carry;
      carry = both;
    }
  }
}

// The rows whose number is k, for all k up to count.
CK_INLINE void equals(const lanes *sums, int digits, size_t count, lanes *rows) {
  for (size_t k = 0; k <= count; k++) {
    lanes all = ~(lanes){0};
    for (int d = 0; d < digits; d++) all &= (k >> d & 1) ? sums[d] : ~sums[d];
    rows[k] = all;
  }
}

// Eight bits as eight bytes.
CK_INLINE uint64_t spread(uint64_t bits) {
  const uint64_t picked = (bits * 0x0101010101010101u) & 0x8040201008040201u;
  return ((picked + 0x7F7F7F7F7F7F7F7Fu) | picked) >> 7 & 0x0101010101010101u;
}

CK_INLINE void table_of_few(const uint64_t *a, const uint64_t *b, size_t words, const size_t *columns,
                            size_t count, int digits, uint64_t *table) {
  lanes totals[(FEW + 1) * (FEW + 1)] = {0};
  lanes sums[DIGITS], first[FEW + 1], second[FEW + 1];
  for (size_t chunk = 0; chunk < words / 8; chunk++) {
    add_up(a, words, columns, count, chunk, digits, sums);
    equals(sums, digits, count, first);
    add_up(b, words, columns, count, chunk, digits, sums);
    equals(sums, digits, count, second);
    for (size_t k = 0; k <= count; k++)
      for (size_t m = 0; m <= count; m++)
        totals[k * (count + 1) + m] += __builtin_elementwise_popcount(first[k] & second[m]);
  }
  for (size_t cell = 0; cell < (count + 1) * (count + 1); cell++)
    for (int l = 0; l < 8; l++) table[cell] += totals[cell][l];
}

CK_INLINE void table_of_many(const uint64_t *a, const uint64_t *b, size_t words,
                             const size_t *columns, size_t count, int digits, uint64_t *table) {
  lanes first[DIGITS], second[DIGITS];
  for (size_t chunk = 0; chunk < words / 8; chunk++) {
    add_up(a, words, columns, count, chunk, digits, first);
    add_up(b, words, columns, count, chunk, digits, second);
    for (int l = 0; l < 8; l++) {
      for (int byte = 0; byte < 64; byte += 8) {
        uint64_t low[2] = {0, 0}, high[2] = {0, 0};
        for (int d = 0; d < digits; d++) {
          const uint64_t x = spread(first[d][l] >> byte & 0xFF);
          const uint64_t y = spread(second[d][l] >> byte & 0xFF);
          uint64_t *target = d < 8 ? low : high;
          target[0] |= x << (d & 7);
          target[1] |= y << (d & 7);
        }
        for (int row = 0; row < 64; row += 8) {
          const size_t k = (low[0] >> row & 0xFF) | (high[0] >> row & 0xFF) << 8;
          const size_t m = (low[1] >> row & 0xFF) | (high[1] >> row & 0xFF) << 8;
          table[k * (count + 1) + m]++;
        }
      }
    }
  }
}

CK_INLINE void fill(const uint64_t *a, const uint64_t *b, size_t words, const size_t *columns,
                    size_t count, uint64_t *table) {
  int digits = 0;
  while (count >> digits) digits++;
  if (count <= FEW)
    table_of_few(a, b, words, columns, count, digits, table);
  else
    table_of_many(a, b, words, columns, count, digits, table);
}

CK_INLINE uint64_t count_set(const uint64_t *words, size_t count) {
  lanes totals = {0};
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    lanes eight;
    memcpy(&eight, words + i, sizeof eight);
    totals += __builtin_elementwise_popcount(eight);
  }
  uint64_t total = 0;
  for (int l = 0; l < 8; l++) total += totals[l];
  for (; i < count; i++) total += (uint64_t)__builtin_popcountll(words[i]);
  return total;
}

CK_ON_PATHS(void, fill,
            (const uint64_t *a, const uint64_t *b, size_t words, const size_t *columns,
             size_t count, uint64_t *table),
            (a, b, words, columns, count, table))
CK_ON_PATHS(uint64_t, count_set, (const uint64_t *words, size_t count), (words, count))

void ck_row_counts(int path, const uint64_t *a, const uint64_t *b, size_t words_per_column,
                   const size_t *columns, size_t count, size_t rows, uint64_t *table) {
  memset(table, 0, (count + 1) * (count + 1) * sizeof *table);
  CK_CALL(path, fill, (a, b, words_per_column, columns, count, table));
  table[0] -= 64 * words_per_column - rows;
}

uint64_t ck_count_bits(int path, const uint64_t *words, size_t count) {
  return CK_CALL(path, count_set, (words, count));
}
