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

// A kernel that is written in plain C for all paths: CK_ON_PATHS(type, name, (parameters),
// (arguments)) compiles the inline function `name` for each of them, and CK_CALL(path, name,
// (arguments)) calls that of a path.
#if CK_X86
#define CK_ON_PATHS(type, name, parameters, arguments)                                  \
  CK_TARGET_AVX512 static type name##_avx512 parameters { return name arguments; } \
  CK_TARGET_AVX2 static type name##_avx2 parameters { return name arguments; }
#define CK_CALL(path, name, arguments)           \
  ((path) == CK_AVX512 ? name##_avx512 arguments \
   : (path) == CK_AVX2 ? name##_avx2 arguments   \
                       : name arguments)
#else
#define CK_ON_PATHS(type, name, parameters, arguments)
#define CK_CALL(path, name, arguments) ((void)(path), name arguments)
#endif
