// Eight doubles at a time, in plain C: every path compiles the same source, and as products and sums
// are rounded apart in every file that includes this, all give the same bits. Not part of the module.
#pragma once

#include "paths.h"

#pragma STDC FP_CONTRACT OFF

// All functions that take vectors are inlined, so that it does not matter how they would be passed.
#pragma GCC diagnostic ignored "-Wpsabi"

typedef double lanes __attribute__((vector_size(64)));
typedef long long mask __attribute__((vector_size(64)));

// Picks a where the mask is set and b elsewhere.
#define CK_PICK(where, a, b) ((lanes)(((mask)(a) & (where)) | ((mask)(b) & ~(where))))

CK_INLINE int ck_any(const mask *set) {
  long long all = 0;
  for (int l = 0; l < 8; l++) all |= (*set)[l];
  return all != 0;
}
