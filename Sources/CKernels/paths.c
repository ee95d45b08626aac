#include "paths.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "ckernels.h"

int ck_path_is_available(int path) {
  switch (path) {
    case CK_PORTABLE:
      return 1;
#if CK_X86
    case CK_AVX2:
      return __builtin_cpu_supports("avx2") != 0;
    case CK_AVX512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
             __builtin_cpu_supports("avx512vnni") &&
             __builtin_cpu_supports("avx512vpopcntdq") && __builtin_cpu_supports("bmi2");
#endif
    default:
      return 0;
  }
}

static int choose_path(void) {
  static const char *const names[] = {"portable", "avx2", "avx512"};
  const char *wanted = getenv("METASTAT_KERNELS");
  for (int path = CK_PORTABLE; wanted && path <= CK_AVX512; path++)
    if (strcmp(wanted, names[path]) == 0 && ck_path_is_available(path)) return path;
  int best = CK_AVX512;
  while (!ck_path_is_available(best)) best--;
  return best;
}

int ck_best_path(void) {
  static _Atomic int remembered = -1;
  int path = atomic_load_explicit(&remembered, memory_order_relaxed);
  if (path < 0) {
    path = choose_path();
    atomic_store_explicit(&remembered, path, memory_order_relaxed);
  }
  return path;
}
