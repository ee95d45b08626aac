// SplitMix64 and xoshiro256++, shared by the scalar and the eight-lane streams. Not in the module.
#pragma once

#include <stdint.h>

#define CK_GOLDEN UINT64_C(0x9E3779B97F4A7C15)

static inline uint64_t ck_mix(uint64_t z) {
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

static inline uint64_t ck_stream_key(uint64_t seed, uint64_t a, uint64_t b) {
  uint64_t key = ck_mix(seed + CK_GOLDEN);
  key = ck_mix((key ^ a) + CK_GOLDEN);
  return ck_mix((key ^ b) + CK_GOLDEN);
}

static inline uint64_t ck_rotate(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
