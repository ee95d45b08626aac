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

typedef void (*Thrower)(Source *source, uint32_t size, uint32_t total, uint8_t *counts);

// Brings the unused pieces (fewer than a step) to the front and makes new ones behind them, about
// as many as are wanted.
CK_INLINE void refill(Source *source, size_t wanted, Generator generate) {
  const size_t unused = source->end - source->next;
  memmove(source->pieces, source->pieces + source->next, unused * sizeof(uint16_t));
  const size_t steps = wanted < CAPACITY - STEP ? wanted / STEP + 1 : CAPACITY / STEP;
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

// A piece that is passed over is counted in cell 0, which saves a branch that no processor can
// foresee; the number of such pieces is taken off cell 0 afterwards, in wrapping bytes.

// Throws balls a piece at a time.
CK_INLINE void throw_singly(Source *source, uint32_t size, uint32_t total, uint8_t *counts,
                            Generator generate) {
  const uint32_t threshold = 65536 % size;
  uint32_t passed_over = 0;
  while (total > 0) {
    if (source->next == source->end) refill(source, total, generate);
    const uint32_t product = source->pieces[source->next++] * size;
    const uint32_t accepted = (product & 0xFFFF) >= threshold;
    counts[(product >> 16) & (0 - accepted)]++;
    passed_over += 1 - accepted;
    total -= accepted;
  }
  counts[0] = (uint8_t)(counts[0] - passed_over);
}

static void throw_portable(Source *source, uint32_t size, uint32_t total, uint8_t *counts) {
  throw_singly(source, size, total, counts, generate_portable);
}

#if CK_X86

CK_TARGET_AVX2 CK_INLINE __m256i rotate_avx2(__m256i x, int k) {
  return _mm256_or_si256(_mm256_slli_epi64(x, k), _mm256_srli_epi64(x, 64 - k));
}

CK_TARGET_AVX2 static void generate_avx2(uint64_t state[4][LANES], uint16_t *pieces,
                                         size_t steps) {
  __m256i s[4][2];
  for (int word = 0; word < 4; word++)
    for (int half = 0; half < 2; half++)
      s[word][half] = _mm256_loadu_si256((const __m256i *)&state[word][4 * half]);
  for (size_t step = 0; step < steps; step++) {
    for (int half = 0; half < 2; half++, pieces += STEP / 2) {
      const __m256i sum = _mm256_add_epi64(s[0][half], s[3][half]);
      _mm256_storeu_si256((__m256i *)pieces, _mm256_add_epi64(rotate_avx2(sum, 23), s[0][half]));
      const __m256i t = _mm256_slli_epi64(s[1][half], 17);
      s[2][half] = _mm256_xor_si256(s[2][half], s[0][half]);
      s[3][half] = _mm256_xor_si256(s[3][half], s[1][half]);
      s[1][half] = _mm256_xor_si256(s[1][half], s[2][half]);
      s[0][half] = _mm256_xor_si256(s[0][half], s[3][half]);
      s[2][half] = _mm256_xor_si256(s[2][half], t);
      s[3][half] = rotate_avx2(s[3][half], 45);
    }
  }
  for (int word = 0; word < 4; word++)
    for (int half = 0; half < 2; half++)
      _mm256_storeu_si256((__m256i *)&state[word][4 * half], s[word][half]);
}

CK_TARGET_AVX2 static void throw_avx2(Source *source, uint32_t size, uint32_t total,
                                      uint8_t *counts) {
  const __m256i sizes = _mm256_set1_epi16((short)size);
  const __m256i thresholds = _mm256_set1_epi16((short)(65536 % size));
  uint32_t passed_over = 0;
  uint16_t cells[STEP];
  while (total >= STEP) {
    if (source->end - source->next < STEP) refill(source, total, generate_avx2);
    __m256i keep[2];
    for (int half = 0; half < 2; half++) {
      const __m256i x =
          _mm256_loadu_si256((const __m256i *)(source->pieces + source->next + 16 * half));
      const __m256i low = _mm256_mullo_epi16(x, sizes);
      keep[half] = _mm256_cmpeq_epi16(_mm256_max_epu16(low, thresholds), low);
      _mm256_storeu_si256((__m256i *)(cells + 16 * half),
                          _mm256_and_si256(_mm256_mulhi_epu16(x, sizes), keep[half]));
    }
    source->next += STEP;
    const uint32_t kept =
        (uint32_t)_mm256_movemask_epi8(_mm256_packs_epi16(keep[0], keep[1]));
    const uint32_t accepted = (uint32_t)__builtin_popcount(kept);
    for (int i = 0; i < STEP; i++) counts[cells[i]]++;
    passed_over += STEP - accepted;
    total -= accepted;
  }
  counts[0] = (uint8_t)(counts[0] - passed_over);
  throw_singly(source, size, total, counts, generate_avx2);
}

CK_TARGET_AVX512 static void generate_avx512(uint64_t state[4][LANES], uint16_t *pieces,
                                             size_t steps) {
  __m512i s0 = _mm512_loadu_si512(state[0]), s1 = _mm512_loadu_si512(state[1]);
  __m512i s2 = _mm512_loadu_si512(state[2]), s3 = _mm512_loadu_si512(state[3]);
  for (size_t step = 0; step < steps; step++, pieces += STEP) {
    const __m512i sum = _mm512_add_epi64(s0, s3);
    _mm512_storeu_si512(pieces, _mm512_add_epi64(_mm512_rol_epi64(sum, 23), s0));
    const __m512i t = _mm512_slli_epi64(s1, 17);
    s2 = _mm512_xor_si512(s2, s0);
    s3 = _mm512_xor_si512(s3, s1);
    s1 = _mm512_xor_si512(s1, s2);
    s0 = _mm512_xor_si512(s0, s3);
    s2 = _mm512_xor_si512(s2, t);
    s3 = _mm512_rol_epi64(s3, 45);
  }
  _mm512_storeu_si512(state[0], s0);
  _mm512_storeu_si512(state[1], s1);
  _mm512_storeu_si512(state[2], s2);
  _mm512_storeu_si512(state[3], s3);
}

CK_TARGET_AVX512 static void throw_avx512(Source *source, uint32_t size, uint32_t total,
                                          uint8_t *counts) {
  const __m512i sizes = _mm512_set1_epi16((short)size);
  const __m512i thresholds = _mm512_set1_epi16((short)(65536 % size));
  uint32_t passed_over = 0;
  uint16_t cells[CAPACITY + STEP];
  while (total > 0) {
    if (source->end - source->next < STEP) refill(source, total, generate_avx512);
    size_t filled = 0;
    while (source->end - source->next >= STEP && total > 0) {
      const __m512i x = _mm512_loadu_si512(source->pieces + source->next);
      uint32_t kept = _mm512_cmpge_epu16_mask(_mm512_mullo_epi16(x, sizes), thresholds);
      uint32_t accepted = (uint32_t)__builtin_popcount(kept), used = STEP;
      if (accepted > total) {
        // The last ball lies within this step; the pieces behind it are for the next segment.
        used = 1 + (uint32_t)__builtin_ctz(_pdep_u32(1u << (total - 1), kept));
        kept &= 0xFFFFFFFFu >> (STEP - used);
        accepted = total;
      }
      _mm512_storeu_si512(cells + filled, _mm512_maskz_mulhi_epu16(kept, x, sizes));
      filled += STEP;
      source->next += used;
      passed_over += STEP - accepted;
      total -= accepted;
    }
    for (size_t i = 0; i < filled; i++) counts[cells[i]]++;
  }
  counts[0] = (uint8_t)(counts[0] - passed_over);
}

#endif

// Seeds the lanes and throws the balls of all segments; inlined with the functions of a path.
CK_INLINE void draw(uint64_t seed, uint64_t a, uint64_t b, size_t segments, const uint32_t *sizes,
                    const uint32_t *totals, uint8_t *counts, Thrower throw_balls) {
  Source source;
  const uint64_t key = ck_stream_key(seed, a, b);
  for (uint64_t lane = 0; lane < LANES; lane++)
    for (uint64_t word = 0; word < 4; word++)
      source.state[word][lane] = ck_mix(key + (4 * lane + word + 1) * CK_GOLDEN);
  source.next = source.end = 0;
  for (size_t segment = 0; segment < segments; counts += sizes[segment++]) {
    if (sizes[segment] == 0) continue;
    memset(counts, 0, sizes[segment]);
    throw_balls(&source, sizes[segment], totals[segment], counts);
  }
}

#if CK_X86

CK_TARGET_AVX512 static void draw_avx512(uint64_t seed, uint64_t a, uint64_t b, size_t segments,
                                         const uint32_t *sizes, const uint32_t *totals,
                                         uint8_t *counts) {
  draw(seed, a, b, segments, sizes, totals, counts, throw_avx512);
}

#endif

void ck_multinomial_counts(int path, uint64_t seed, uint64_t a, uint64_t b, size_t segments,
                           const uint32_t *sizes, const uint32_t *totals, uint8_t *counts) {
  switch (path) {
#if CK_X86
    case CK_AVX512:
      draw_avx512(seed, a, b, segments, sizes, totals, counts);
      break;
    case CK_AVX2:
      draw(seed, a, b, segments, sizes, totals, counts, throw_avx2);
      break;
#endif
    default:
      draw(seed, a, b, segments, sizes, totals, counts, throw_portable);
  }
}
