#include <string.h>

#include "ckernels.h"
#include "paths.h"
#include "stream.h"

enum {
  LANES = 8,
  STEP = 4 * LANES,  // 16-bit pieces of one step
  CAPACITY = 1024    // pieces made at a time
};

// The eight lanes and the pieces not yet used.
typedef struct {
  uint64_t state[4][LANES];
  uint16_t pieces[CAPACITY + STEP];
  size_t next, end;
} Source;

typedef void (*Generator)(uint64_t state[4][LANES], uint16_t *pieces, size_t steps);

static void seed_source(Source *source, uint64_t seed, uint64_t a, uint64_t b) {
  const uint64_t key = ck_stream_key(seed, a, b);
  for (uint64_t lane = 0; lane < LANES; lane++)
    for (uint64_t word = 0; word < 4; word++)
      source->state[word][lane] = ck_mix(key + (4 * lane + word + 1) * CK_GOLDEN);
  source->next = source->end = 0;
}

// Brings the unused pieces (fewer than a step) to the front and makes new ones behind them, at
// most as many as are wanted.
CK_INLINE void refill(Source *source, size_t wanted, Generator generate) {
  const size_t unused = source->end - source->next;
  memmove(source->pieces, source->pieces + source->next, unused * sizeof(uint16_t));
  const size_t steps = wanted < CAPACITY ? (wanted + STEP - 1) / STEP : CAPACITY / STEP;
  generate(source->state, source->pieces + unused, steps);
  source->next = 0;
  source->end = unused + steps * STEP;
}

static void generate_portable(uint64_t state[4][LANES], uint16_t *pieces, size_t steps) {
  for (size_t step = 0; step < steps; step++) {
    for (int lane = 0; lane < LANES; lane++) {
      const uint64_t x = ck_rotate(state[0][lane] + state[3][lane], 23) + state[0][lane];
      const uint64_t t = state[1][lane] << 17;
      state[2][lane] ^= state[0][lane];
      state[3][lane] ^= state[1][lane];
      state[1][lane] ^= state[2][lane];
      state[0][lane] ^= state[3][lane];
      state[2][lane] ^= t;
      state[3][lane] = ck_rotate(state[3][lane], 45);
      for (int piece = 0; piece < 4; piece++) *pieces++ = (uint16_t)(x >> (16 * piece));
    }
  }
}

// Throws the balls of one segment, a piece at a time.
CK_INLINE void throw_balls(Source *source, uint32_t size, uint32_t total, uint8_t *counts,
                           Generator generate) {
  const uint32_t threshold = 65536u % size;
  while (total > 0) {
    if (source->next == source->end) refill(source, total, generate);
    const uint32_t product = source->pieces[source->next++] * size;
    if ((product & 0xFFFF) < threshold) continue;
    counts[product >> 16]++;
    total--;
  }
}

void ck_multinomial_counts(int path, uint64_t seed, uint64_t a, uint64_t b, size_t segments,
                           const uint32_t *sizes, const uint32_t *totals, uint8_t *counts) {
  (void)path;
  Source source;
  seed_source(&source, seed, a, b);
  for (size_t segment = 0; segment < segments; segment++) {
    const uint32_t size = sizes[segment];
    if (size == 0) continue;
    memset(counts, 0, size);
    throw_balls(&source, size, totals[segment], counts, generate_portable);
    counts += size;
  }
}
