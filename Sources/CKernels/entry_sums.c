#include "ckernels.h"
#include "lanes.h"

#include <string.h>

// Weighted sums over units that each count in few of many columns, in 64 replicates side by side.
//
// The counts of 64 units are turned, eight by eight bytes at a time, so that those of a unit in all
// replicates lie together and are added to every column that the unit counts in: to 16-bit sums, which
// are emptied into the doubles before they can overflow, or multiplied by a value to the doubles
// themselves. So the cost hardly depends on the number of columns: about 0.03 ns for each replicate and
// entry (0.1 ns with values) and 0.2 ns for each replicate and unit. Sums of whole numbers are exact.

enum { REPLICATES = 64, RUN = 64, VECTORS = REPLICATES / 8 };

typedef uint64_t words __attribute__((vector_size(64)));
typedef uint8_t byte_lanes __attribute__((vector_size(8)));
typedef uint8_t bytes __attribute__((vector_size(32)));
typedef uint16_t shorts __attribute__((vector_size(64)));
typedef uint16_t eight_shorts __attribute__((vector_size(16)));

CK_INLINE size_t least(size_t x, size_t y) { return x < y ? x : y; }

// Exchanges rows and columns of 8 x 8 bytes in all lanes (Warren 2013, Hacker's Delight, 7-3).
CK_INLINE void transpose(words *block) {
  static const uint64_t masks[] = {0, 0x00FF00FF00FF00FF, 0x0000FFFF0000FFFF, 0,
                                   0x00000000FFFFFFFF};
  for (int apart = 4; apart > 0; apart /= 2)
    for (int i = 0; i < 8; i++) {
      if (i & apart) continue;
      const words exchanged = ((block[i] >> 8 * apart) ^ block[i + apart]) & masks[apart];
      block[i] ^= exchanged << 8 * apart;
      block[i + apart] ^= exchanged;
    }
}

// The counts of up to 64 units, those of a unit together.
CK_INLINE void turn(const uint8_t *counts, size_t stride, size_t replicates, size_t units,
                    uint8_t turned[RUN][REPLICATES]) {
  for (size_t first = 0; first < REPLICATES; first += 8) {
    words block[8] = {{0}};
    for (size_t r = 0; r < 8 && first + r < replicates; r++) {
      const uint8_t *row = counts + (first + r) * stride;
      if (units == RUN)
        memcpy(&block[r], row, RUN);
      else
        memcpy(&block[r], row, units);
    }
    transpose(block);
    for (size_t i = 0; i < 8; i++)
      for (size_t l = 0; l < 8; l++) {
        const uint64_t eight = block[i][l];
        memcpy(&turned[8 * l + i][first], &eight, sizeof eight);
      }
  }
}

// Adds the weights of a unit to the sums of the columns that it counts in.
CK_INLINE void add(const lanes weights[VECTORS], size_t count, const uint32_t *columns,
                   const double *values, lanes *sums) {
  for (size_t k = 0; k < count; k++) {
    lanes *sum = sums + (size_t)columns[k] * VECTORS;
    if (values)
      for (size_t v = 0; v < VECTORS; v++) sum[v] += weights[v] * values[k];
    else
      for (size_t v = 0; v < VECTORS; v++) sum[v] += weights[v];
  }
}

CK_INLINE void add_counts(const uint8_t *counts, size_t stride, size_t replicates, size_t units,
                          const uint32_t *starts, const uint32_t *columns, const double *values,
                          lanes *sums) {
  uint8_t turned[RUN][REPLICATES];
  lanes weights[VECTORS];
  for (size_t start = 0; start < units; start += RUN) {
    const size_t run = least(RUN, units - start);
    turn(counts + start, stride, replicates, run, turned);
    for (size_t u = 0; u < run; u++) {
      const uint32_t first = starts[start + u], count = starts[start + u + 1] - first;
      for (size_t v = 0; v < VECTORS; v++) {
        byte_lanes eight;
        memcpy(&eight, &turned[u][8 * v], sizeof eight);
        weights[v] = __builtin_convertvector(eight, lanes);
      }
      add(weights, count, columns + first, values + first, sums);
    }
  }
}

// Adds the 16-bit sums to the doubles and sets them to zero.
CK_INLINE void empty(shorts *whole, size_t width, lanes *sums) {
  for (size_t v = 0; v < width * VECTORS; v++) {
    eight_shorts eight;
    memcpy(&eight, (uint16_t *)whole + 8 * v, sizeof eight);
    sums[v] += __builtin_convertvector(eight, lanes);
  }
  memset(whole, 0, width * 2 * sizeof *whole);
}

CK_INLINE void add_whole(const uint8_t *counts, size_t stride, size_t replicates, size_t units,
                         const uint32_t *starts, const uint32_t *columns, size_t width,
                         shorts *whole, lanes *sums) {
  uint8_t turned[RUN][REPLICATES];
  size_t bound = 0;
  memset(whole, 0, width * 2 * sizeof *whole);
  for (size_t start = 0; start < units; start += RUN) {
    const size_t run = least(RUN, units - start);
    turn(counts + start, stride, replicates, run, turned);
    bytes any[2] = {{0}};
    for (size_t u = 0; u < run; u++) {
      bytes two[2];
      memcpy(two, turned[u], sizeof two);
      any[0] |= two[0];
      any[1] |= two[1];
    }
    uint8_t greatest = 0;
    any[0] |= any[1];
    for (size_t l = 0; l < 32; l++) greatest |= any[0][l];
    if (bound + run * greatest > UINT16_MAX) {
      empty(whole, width, sums);
      bound = 0;
    }
    bound += run * greatest;
    for (size_t u = 0; u < run; u++) {
      bytes two[2];
      memcpy(two, turned[u], sizeof two);
      const shorts low = __builtin_convertvector(two[0], shorts);
      const shorts high = __builtin_convertvector(two[1], shorts);
      for (size_t k = starts[start + u]; k < starts[start + u + 1]; k++) {
        shorts *sum = whole + 2 * (size_t)columns[k];
        sum[0] += low;
        sum[1] += high;
      }
    }
  }
  empty(whole, width, sums);
}

CK_INLINE void add_weights(const double *drawn, size_t stride, size_t replicates, size_t units,
                           const uint32_t *starts, const uint32_t *columns, const double *values,
                           lanes *sums) {
  lanes weights[VECTORS] = {{0}};
  for (size_t u = 0; u < units; u++) {
    const uint32_t first = starts[u], count = starts[u + 1] - first;
    for (size_t r = 0; r < replicates; r++) weights[r / 8][r % 8] = drawn[r * stride + u];
    add(weights, count, columns + first, values ? values + first : NULL, sums);
  }
}

CK_ON_PATHS(void, add_counts,
            (const uint8_t *counts, size_t stride, size_t replicates, size_t units,
             const uint32_t *starts, const uint32_t *columns, const double *values, lanes *sums),
            (counts, stride, replicates, units, starts, columns, values, sums))

CK_ON_PATHS(void, add_whole,
            (const uint8_t *counts, size_t stride, size_t replicates, size_t units,
             const uint32_t *starts, const uint32_t *columns, size_t width, shorts *whole,
             lanes *sums),
            (counts, stride, replicates, units, starts, columns, width, whole, sums))

CK_ON_PATHS(void, add_weights,
            (const double *drawn, size_t stride, size_t replicates, size_t units,
             const uint32_t *starts, const uint32_t *columns, const double *values, lanes *sums),
            (drawn, stride, replicates, units, starts, columns, values, sums))

void ck_entry_sums(int path, const uint8_t *counts, size_t stride, size_t replicates, size_t units,
                   const uint32_t *starts, const uint32_t *columns, const double *values,
                   size_t width, double *work, double *sums) {
  lanes *own = (lanes *)sums;
  shorts *whole = (shorts *)work;
  if (values)
    CK_CALL(path, add_counts,
            (counts, stride, replicates, units, starts, columns, values, own));
  else
    CK_CALL(path, add_whole,
            (counts, stride, replicates, units, starts, columns, width, whole, own));
}

void ck_real_entry_sums(int path, const double *weights, size_t stride, size_t replicates,
                        size_t units, const uint32_t *starts, const uint32_t *columns,
                        const double *values, double *sums) {
  lanes *own = (lanes *)sums;
  CK_CALL(path, add_weights,
          (weights, stride, replicates, units, starts, columns, values, own));
}
