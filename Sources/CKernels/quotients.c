#include "ckernels.h"
#include "lanes.h"

#include <string.h>

// Quotients of sums of columns, for eight replicates at a time, one in each lane of a vector.
//
// The sums of eight replicates are transposed, so that those of a column lie side by side, and stay in
// the nearest cache while all targets add up theirs. Whole numbers below 2^53 are exact in any order.
//
// Cost: an addition for each column of a target and a division for each target, for eight replicates.

typedef uint32_t eight __attribute__((vector_size(32)));

CK_INLINE size_t least(size_t x, size_t y) { return x < y ? x : y; }

// Exchanges rows and columns of 8 x 8 numbers, by halves.
CK_INLINE void transpose(eight *x) {
  eight y[8];
  for (int i = 0; i < 4; i++) {
    y[i] = __builtin_shufflevector(x[i], x[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    y[i + 4] = __builtin_shufflevector(x[i], x[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
  for (int i = 0; i < 8; i += i % 4 == 1 ? 3 : 1) {
    x[i] = __builtin_shufflevector(y[i], y[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
    x[i + 2] = __builtin_shufflevector(y[i], y[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
  }
  for (int i = 0; i < 8; i += 2) {
    y[i] = __builtin_shufflevector(x[i], x[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    y[i + 1] = __builtin_shufflevector(x[i], x[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  for (int i = 0; i < 8; i++) x[i] = y[i];
}

// The sums of `count` <= 8 replicates, column after column; lanes beyond repeat the last.
CK_INLINE void lay_out(const uint32_t *sums, size_t count, size_t columns, lanes *turned) {
  size_t c = 0;
  for (; c + 8 <= columns; c += 8) {
    eight block[8];
    for (size_t r = 0; r < 8; r++)
      memcpy(&block[r], sums + least(r, count - 1) * columns + c, sizeof block[r]);
    transpose(block);
    for (size_t s = 0; s < 8; s++) turned[c + s] = __builtin_convertvector(block[s], lanes);
  }
  for (; c < columns; c++)
    for (size_t r = 0; r < 8; r++) turned[c][r] = sums[least(r, count - 1) * columns + c];
}

CK_INLINE void divide(const uint32_t *sums, size_t replicates, size_t columns, const size_t *starts,
                      const size_t *over, const size_t *under, size_t targets, double *values,
                      size_t stride, double *work) {
  const lanes zero = {0}, one = zero + 1, undefined = zero + __builtin_nan("");
  lanes *turned = (lanes *)work;
  for (size_t first = 0; first < replicates; first += 8) {
    const size_t count = least(8, replicates - first);
    lay_out(sums + first * columns, count, columns, turned);
    for (size_t target = 0; target < targets; target++) {
      lanes numerator = zero, denominator = zero;
      for (size_t i = starts[target]; i < starts[target + 1]; i++) {
        numerator += turned[over[i]];
        denominator += turned[under[i]];
      }
      const mask defined = denominator > zero;
      const lanes value =
          CK_PICK(defined, numerator / CK_PICK(defined, denominator, one), undefined);
      double *place = values + target * stride + first;
      if (count == 8)
        memcpy(place, &value, sizeof value);
      else
        for (size_t r = 0; r < count; r++) place[r] = value[r];
    }
  }
}

CK_ON_PATHS(void, divide,
            (const uint32_t *sums, size_t replicates, size_t columns, const size_t *starts,
             const size_t *over, const size_t *under, size_t targets, double *values, size_t stride,
             double *work),
            (sums, replicates, columns, starts, over, under, targets, values, stride, work))

void ck_quotients(int path, const uint32_t *sums, size_t replicates, size_t columns,
                  const size_t *starts, const size_t *over, const size_t *under, size_t targets,
                  double *values, size_t stride, double *work) {
  CK_CALL(path, divide, (sums, replicates, columns, starts, over, under, targets, values, stride,
                         work));
}
