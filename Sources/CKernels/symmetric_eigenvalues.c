#include "ckernels.h"
#include "paths.h"

#include <math.h>

// Eigenvalues of eight symmetric matrices at a time, one in each lane of a vector.
//
// Element (i, j) of matrix l is matrices[(i * n + j) * 8 + l], so that a scalar operation of the
// textbook is one vector operation and nothing has to be shuffled. Householder's reduction (Golub &
// Van Loan 2013, algorithm 8.3.1) takes the same steps whatever the numbers are. The root-free QL
// iteration of Pal, Walker and Kahan (Parlett 1998, section 8.15; LAPACK's dsterf) is repeated for
// an eigenvalue until it has converged in every lane; lanes that have are left alone meanwhile.
// Nothing is scaled: entries should be of moderate size, as correlations are.
//
// Cost: n^3 / 3 element updates of two multiplications and two additions, and about n^2 steps with
// two divisions that wait for each other, for the eight matrices together. Products and sums are
// rounded apart, so that all paths give the same bits.
#pragma STDC FP_CONTRACT OFF

typedef double lanes __attribute__((vector_size(64)));
typedef long long mask __attribute__((vector_size(64)));

#define INLINE static inline __attribute__((always_inline))

// Picks a where the mask is set and b elsewhere.
#define PICK(where, a, b) ((lanes)(((mask)(a) & (where)) | ((mask)(b) & ~(where))))

INLINE int any(const mask *set) {
  long long all = 0;
  for (int l = 0; l < 8; l++) all |= (*set)[l];
  return all != 0;
}

// Reduces the matrices to diagonals d and squared subdiagonals e; v and p are work space.
INLINE void reduce(lanes *a, size_t n, lanes *d, lanes *e, lanes *v, lanes *p) {
  const lanes zero = {0}, one = zero + 1;
  for (size_t k = 0; k + 1 < n; k++) {
    d[k] = a[k * n + k];
    const lanes first = a[(k + 1) * n + k];
    lanes rest = zero;
    for (size_t i = k + 2; i < n; i++) {
      v[i] = a[i * n + k];
      rest += v[i] * v[i];
    }
    e[k] = first * first + rest;
    // A column that is zero below its first element needs no reflection.
    const mask flat = rest == zero;
    lanes norm;
    for (int l = 0; l < 8; l++) norm[l] = -copysign(sqrt(e[k][l]), first[l]);
    v[k + 1] = first - norm;
    const lanes squares = PICK(flat, one, v[k + 1] * v[k + 1] + rest);
    const lanes factor = PICK(flat, zero, 2 / squares);

    // p is the rest of the matrix times v, from the lower triangle.
    for (size_t i = k + 1; i < n; i++) {
      const lanes *row = a + i * n;
      const lanes vi = v[i];
      lanes sum = zero;
      for (size_t j = k + 1; j < i; j++) {
        sum += row[j] * v[j];
        p[j] += row[j] * vi;
      }
      p[i] = sum + row[i] * vi;
    }
    lanes overlap = zero;
    for (size_t i = k + 1; i < n; i++) {
      p[i] *= factor;
      overlap += p[i] * v[i];
    }
    overlap *= factor / 2;
    for (size_t i = k + 1; i < n; i++) p[i] -= overlap * v[i];
    for (size_t i = k + 1; i < n; i++) {
      lanes *row = a + i * n;
      const lanes vi = v[i], pi = p[i];
      for (size_t j = k + 1; j <= i; j++) row[j] -= vi * p[j] + pi * v[j];
    }
  }
  d[n - 1] = a[n * n - 1];
}

// Turns d into eigenvalues; returns 0, or 1 if an iteration does not end.
INLINE int iterate(size_t n, lanes *d, lanes *e) {
  const lanes zero = {0}, one = zero + 1;
  lanes negligible = zero;
  for (size_t i = 0; i < n; i++) {
    negligible += d[i] * d[i];
    if (i + 1 < n) negligible += 2 * e[i];
  }
  negligible *= 0x1p-112;  // (2^-56 times the norm of the matrix)^2
  for (size_t first = 0; first + 1 < n; first++) {
    for (int round = 0;; round++) {
      const mask active = e[first] > negligible;
      if (!any(&active)) break;
      if (round == 100) return 1;
      // The shift of Wilkinson.
      lanes shift, root, start = d[first];
      for (int l = 0; l < 8; l++) root[l] = sqrt(e[first][l]);
      const lanes half = (d[first + 1] - start) / (2 * PICK(active, root, one));
      for (int l = 0; l < 8; l++) shift[l] = copysign(sqrt(half[l] * half[l] + 1), half[l]);
      shift = start - root / (half + shift);

      lanes cosine = one, sine = zero, gamma = d[n - 1] - shift, p = gamma * gamma;
      for (size_t i = n - 1; i-- > first;) {
        const lanes square = e[i], r = p + square;
        if (i + 2 < n) e[i + 1] = PICK(active, sine * r, e[i + 1]);
        const mask isZero = r == zero;
        const lanes inverse = 1 / PICK(isZero, one, r);
        const lanes before = cosine, gammaBefore = gamma;
        cosine = PICK(isZero, one, p * inverse);
        sine = square * inverse;
        gamma = cosine * (d[i] - shift) - sine * gammaBefore;
        d[i + 1] = PICK(active, gammaBefore + (d[i] - gamma), d[i + 1]);
        const mask isFlat = cosine == zero;
        p = PICK(isFlat, before * square, gamma * gamma / PICK(isFlat, one, cosine));
      }
      e[first] = PICK(active, sine * p, e[first]);
      d[first] = PICK(active, shift + gamma, d[first]);
    }
  }
  return 0;
}

INLINE int eigenvalues(double *matrices, size_t n, double *values, double *work) {
  lanes *d = (lanes *)values, *e = (lanes *)work;
  if (n == 0) return 0;
  reduce((lanes *)matrices, n, d, e, e + n, e + 2 * n);
  return iterate(n, d, e);
}

#if defined(__x86_64__)
__attribute__((target("avx512f,avx512dq"))) static int eigenvalues_avx512(double *matrices,
                                                                          size_t n, double *values,
                                                                          double *work) {
  return eigenvalues(matrices, n, values, work);
}

__attribute__((target("avx2"))) static int eigenvalues_avx2(double *matrices, size_t n,
                                                            double *values, double *work) {
  return eigenvalues(matrices, n, values, work);
}
#endif

int ck_symmetric_eigenvalues(int path, double *matrices, size_t n, double *values, double *work) {
#if defined(__x86_64__)
  if (path == CK_AVX512) return eigenvalues_avx512(matrices, n, values, work);
  if (path == CK_AVX2) return eigenvalues_avx2(matrices, n, values, work);
#endif
  return eigenvalues(matrices, n, values, work);
}
