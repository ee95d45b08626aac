#include "ckernels.h"
#include "paths.h"

static uint32_t shared_portable(const uint64_t *a, const uint64_t *b, size_t words) {
  uint32_t total = 0;
  for (size_t i = 0; i < words; i++) total += (uint32_t)__builtin_popcountll(a[i] & b[i]);
  return total;
}

void ck_pair_counts(int path, const uint64_t *a, size_t a_columns, const uint64_t *b,
                    size_t b_columns, size_t words, uint32_t *shared) {
  (void)path;
  for (size_t i = 0; i < a_columns; i++)
    for (size_t j = 0; j < b_columns; j++)
      shared[i * b_columns + j] = shared_portable(a + i * words, b + j * words, words);
}
