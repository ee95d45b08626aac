#pragma once
#include <stdint.h>

// LAPACKE spells its integer and complex types as macros, which Swift cannot import: they get
// names first.
typedef int32_t lapack_int;
#define lapack_int lapack_int
typedef struct { float real, imag; } lapack_complex_float;
typedef struct { double real, imag; } lapack_complex_double;
#define LAPACK_COMPLEX_CUSTOM
#include <lapacke.h>
#include <cblas.h>
