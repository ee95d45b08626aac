#include "stream.h"

#include "ckernels.h"

void ck_stream_init(uint64_t state[4], uint64_t seed, uint64_t a, uint64_t b) {
  const uint64_t key = ck_stream_key(seed, a, b);
  for (uint64_t i = 0; i < 4; i++) state[i] = ck_mix(key + (i + 1) * CK_GOLDEN);
}

uint64_t ck_stream_next(uint64_t state[4]) {
  const uint64_t result = ck_rotate(state[0] + state[3], 23) + state[0];
  const uint64_t t = state[1] << 17;
  state[2] ^= state[0];
  state[3] ^= state[1];
  state[1] ^= state[2];
  state[0] ^= state[3];
  state[2] ^= t;
  state[3] = ck_rotate(state[3], 45);
  return result;
}
