// What one core can do at most: thousand million bytes multiplied and added (vpdpbusd) and bits and-ed
// and counted (vpopcntq) a second. Prints two numbers, or zeros without AVX-512.
//
// usage: limits

#include <stdio.h>
#include <time.h>

#if defined(__x86_64__)
#include <immintrin.h>

enum { ROUNDS = 20000000, CHAINS = 12 };

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

__attribute__((target("avx512f,avx512bw,avx512vnni"))) static double bytes(void) {
  __m512i sums[CHAINS], a = _mm512_set1_epi8(3), b = _mm512_set1_epi8(1);
  for (int i = 0; i < CHAINS; i++) sums[i] = _mm512_setzero_si512();
  const double start = seconds();
  for (int round = 0; round < ROUNDS; round++) {
#pragma GCC unroll 12
    for (int i = 0; i < CHAINS; i++) sums[i] = _mm512_dpbusd_epi32(sums[i], a, b);
    __asm__ volatile("" : "+v"(a), "+v"(b));
  }
  const double time = seconds() - start;
  int total = 0;
  for (int i = 0; i < CHAINS; i++) total ^= _mm512_reduce_add_epi32(sums[i]);
  __asm__ volatile("" : : "r"(total));
  return 64.0 * CHAINS * ROUNDS / time / 1e9;
}

__attribute__((target("avx512f,avx512vpopcntdq"))) static double bits(void) {
  __m512i sums[CHAINS], a = _mm512_set1_epi64(0x123456789), b = _mm512_set1_epi64(0x5555555);
  for (int i = 0; i < CHAINS; i++) sums[i] = _mm512_setzero_si512();
  const double start = seconds();
  for (int round = 0; round < ROUNDS; round++) {
#pragma GCC unroll 12
    for (int i = 0; i < CHAINS; i++) {
      __asm__ volatile("" : "+v"(a));
      sums[i] = _mm512_add_epi64(sums[i], _mm512_popcnt_epi64(_mm512_and_si512(a, b)));
    }
  }
  const double time = seconds() - start;
  long long total = 0;
  for (int i = 0; i < CHAINS; i++) total ^= _mm512_reduce_add_epi64(sums[i]);
  __asm__ volatile("" : : "r"(total));
  return 512.0 * CHAINS * ROUNDS / time / 1e9;
}

int main(void) {
  if (__builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512vpopcntdq"))
    printf("%.0f %.0f\n", bytes(), bits());
  else
    printf("0 0\n");
}
#else
int main(void) { printf("0 0\n"); }
#endif
