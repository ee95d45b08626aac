// Kernels of SurveyStats: random streams, multinomial counts, weighted sums of bit columns, counts of
// pairs, and eigenvalues. Every kernel gives the same numbers on every path and every machine.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Paths, from the slowest to the fastest. CK_AVX512 stands for F, BW, DQ, VL, VNNI and VPOPCNTDQ
// with BMI2 (Intel Ice Lake, AMD Zen 4 and later). Kernels must be given an available path.
enum { CK_PORTABLE = 0, CK_AVX2 = 1, CK_AVX512 = 2 };

// Whether this processor can run a path.
int ck_path_is_available(int path);

// The fastest path of this processor, or the one that the environment variable METASTAT_KERNELS
// names (portable, avx2, avx512) if the processor has it. Read once, then remembered.
int ck_best_path(void);

// Random streams. A stream is a xoshiro256++ generator (Blackman and Vigna 2021) named by three
// 64-bit numbers:
//
//   key = mix((mix((mix(seed + G) ^ a) + G) ^ b) + G), G = 0x9E3779B97F4A7C15,
//
// mix being the finaliser of SplitMix64 and `+` wrapping; its state is the first four outputs of
// SplitMix64 started at key. The scheme is part of the results and must not change.
void ck_stream_init(uint64_t state[4], uint64_t seed, uint64_t a, uint64_t b);
uint64_t ck_stream_next(uint64_t state[4]);

// Multinomial counts of one block of papers.
//
// The block is cut in `segments` runs of cells. Segment s has sizes[s] cells, which get totals[s]
// balls, each cell with the same probability; `counts` receives the sum of all sizes bytes.
//
// The draws come from eight interleaved streams: their states are the first 32 outputs of the
// SplitMix64 of (seed, a, b), lane l taking outputs 4l to 4l+3 (lane 0 is the stream above). Step t
// gives the outputs of lanes 0 to 7 in order, each cut in four 16-bit pieces from the low end. A
// piece x gives the cell (x * size) >> 16 unless (x * size) mod 2^16 < 2^16 mod size, when it is
// passed over (Lemire 2019): no cell is favoured. The segments take the pieces one after another.
//
// Sizes are at most 4096. Counts are bytes: with totals near the sizes, as a bootstrap has them, a
// count above 255 has a probability below 1e-500 and is not watched for.
void ck_multinomial_counts(int path, uint64_t seed, uint64_t a, uint64_t b, size_t segments,
                           const uint32_t *sizes, const uint32_t *totals, uint8_t *counts);

// Weighted sums of bit columns over one block of papers:
//
//   sums[r * columns + c] += sum over i < papers of counts[r * count_stride + i] * bit i of c,
//
// bit i of column c being bit i % 64 of planes[c * words_per_column + i / 64]. Reads no counts and
// no bits beyond `papers` except the rest of the last word, which it ignores.
void ck_weighted_bit_sums(int path, const uint8_t *counts, size_t count_stride, size_t replicates,
                          const uint64_t *planes, size_t words_per_column, size_t columns,
                          size_t papers, uint32_t *sums);

// Papers that two bit columns share:
//
//   shared[i * b_columns + j] = popcount(column i of a & column j of b).
//
// Both sets have `words` words a column; fewer than 2^32 papers. With a == b and equal numbers of
// columns only half is counted and mirrored.
void ck_pair_counts(int path, const uint64_t *a, size_t a_columns, const uint64_t *b,
                    size_t b_columns, size_t words, uint32_t *shared);

// Eigenvalues of eight symmetric matrices of n rows, one in each lane of a vector. Element (i, j) of
// matrix l is matrices[(i * n + j) * 8 + l]; lower triangles are read and destroyed. Eigenvalue i of
// matrix l goes to values[i * 8 + l], in no order. `work` has room for 24 n numbers; all three are
// aligned to 64 bytes. Returns 0, or 1 if an iteration does not end. All paths give the same bits.
int ck_symmetric_eigenvalues(int path, double *matrices, size_t n, double *values, double *work);

#ifdef __cplusplus
}
#endif
