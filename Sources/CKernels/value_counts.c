#include "ckernels.h"
#include "paths.h"

// How many values are below one limit and how many are not above another. Every comparison adds a
// lane of zeros and ones, which compilers make of the plain loop.

CK_INLINE void count_values(const double *values, size_t count, double low, double high,
                            uint64_t *counts) {
  uint64_t below = 0, not_above = 0;
  for (size_t i = 0; i < count; i++) {
    below += values[i] < low;
    not_above += values[i] <= high;
  }
  counts[0] = below;
  counts[1] = not_above;
}

CK_ON_PATHS(void, count_values,
            (const double *values, size_t count, double low, double high, uint64_t *counts),
            (values, count, low, high, counts))

void ck_value_counts(int path, const double *values, size_t count, double low, double high,
                     uint64_t counts[2]) {
  CK_CALL(path, count_values, (values, count, low, high, counts));
}
