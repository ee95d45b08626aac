#include "ckernels.h"
#include "lanes.h"

#include <string.h>

// Phi of all pairs of items, eight at a time, one in each lane of a vector, from the papers that they
// share: (n11 n00 - n10 n01) over the root of the product of the margins.
//
// Cost: one division and one root for eight pairs.

typedef uint32_t eight __attribute__((vector_size(32)));

CK_INLINE size_t least(size_t x, size_t y) { return x < y ? x : y; }

CK_INLINE void phi(const uint32_t *shared, size_t items, double *values) {
  const size_t width = (2 * items + 7) / 8 * 8;
  const lanes zero = {0}, one = zero + 1, two = zero + 2, undefined = zero + __builtin_nan("");
  for (size_t i = 0; i < items; i++)
    for (size_t j = i + 1; j < items; j += 8) {
      eight both, yes, applies, other;
      memcpy(&both, shared + i * width + j, sizeof both);
      memcpy(&yes, shared + i * width + items + j, sizeof yes);
      memcpy(&applies, shared + (items + i) * width + items + j, sizeof applies);
      for (size_t l = 0; l < 8; l++) other[l] = shared[least(j + l, items - 1) * width + items + i];
      const lanes n11 = __builtin_convertvector(both, lanes);
      const lanes first = __builtin_convertvector(yes, lanes);
      const lanes second = __builtin_convertvector(other, lanes);
      const lanes total = __builtin_convertvector(applies, lanes);
      const lanes margins = (first * (total - first)) * (second * (total - second));
      const lanes n10 = first - n11, n01 = second - n11;
      const lanes determinant = n11 * (total - first - n01) - n10 * n01;
      lanes value = determinant / __builtin_elementwise_sqrt(margins);
      value = CK_PICK(value < one, value, one);
      value = CK_PICK(value > -one, value, -one);
      value = CK_PICK((margins > zero) & (total >= two), value, undefined);
      const size_t left = least(8, items - j);
      if (left == 8)
        memcpy(values, &value, sizeof value);
      else
        for (size_t l = 0; l < left; l++) values[l] = value[l];
      values += left;
    }
}

CK_ON_PATHS(void, phi,
            (const uint32_t *shared, size_t items, double *values),
            (shared, items, values))

void ck_phi(int path, const uint32_t *shared, size_t items, double *values) {
  CK_CALL(path, phi, (shared, items, values));
}
