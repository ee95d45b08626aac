#define _GNU_SOURCE
#define __STDC_WANT_IEC_60559_TYPES_EXT__ 1
#include <math.h>

#if defined(__GLIBC__) && __HAVE_DISTINCT_FLOAT64 == 0

// The same functions under names whose versions are those of glibc 2.27. A program built with glibc 2.35
// or newer, whose `hypot` has a version of its own, would not start with 2.34.

double hypot(double x, double y) { return hypotf64(x, y); }

float hypotf(float x, float y) { return hypotf32(x, y); }

#endif
