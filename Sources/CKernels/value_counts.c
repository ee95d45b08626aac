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

#if CK_X86
CK_TARGET_AVX512 static void count_values_avx512(const double *values, size_t count, double low,
                                                 double high, uint64_t *counts) {
  count_values(values, count, low, high, counts);
}

CK_TARGET_AVX2 static void count_values_avx2(const double *values, size_t count, double low,
                                             double high, uint64_t *counts) {
  count_values(values, count, low, high, counts);
}
#endif

void ck_value_counts(int path, const double *values, size_t count, double low, double high,
                     uint64_t counts[2]) {
  switch (path) {
#if CK_X86
    case CK_AVX512:
      count_values_avx512(values, count, low, high, counts);
      break;
    case CK_AVX2:
      count_values_avx2(values, count, low, high, counts);
      break;
#endif
    default:
      count_values(values, count, low, high, counts);
  }
}
