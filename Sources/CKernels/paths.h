// What the kernels share about the processor. Not part of the module.
#pragma once

#if defined(__x86_64__)
#define CK_X86 1
#include <immintrin.h>
#define CK_TARGET_AVX2 __attribute__((target("avx2")))
#define CK_TARGET_AVX512                                                             \
  __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni," \
                        "avx512vpopcntdq,bmi2")))
#else
#define CK_X86 0
#endif

#define CK_INLINE static inline __attribute__((always_inline))
