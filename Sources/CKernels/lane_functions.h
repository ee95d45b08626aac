// The sum, exponential and logarithm of eight numbers, one in each lane of a vector. Not part of the
// module.
#pragma once

#include "lanes.h"

CK_INLINE double total(const lanes *v) {
  return (((*v)[0] + (*v)[4]) + ((*v)[2] + (*v)[6])) + (((*v)[1] + (*v)[5]) + ((*v)[3] + (*v)[7]));
}

// e^x for x <= 0, taken as -708 below that; x = k log 2 + r with |r| <= 0.35, and a Taylor
// polynomial of degree 13 in r, whose remainder is below 1e-17.
CK_INLINE void exponential(lanes *value) {
  static const double coefficients[] = {
      1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880,
      1.0 / 40320,      1.0 / 5040,      1.0 / 720,      1.0 / 120,     1.0 / 24,
      1.0 / 6,          0.5,             1.0,            1.0};
  const lanes zero = {0}, least = zero - 708, magic = zero + 0x1.8p52;
  const lanes x = CK_PICK(*value < least, least, *value);
  const lanes shifted = x * 0x1.71547652b82fep0 + magic;
  const lanes k = shifted - magic;
  const lanes r = (x - k * 0x1.62e42feep-1) - k * 0x1.a39ef35793c76p-33;
  lanes sum = zero + coefficients[0];
  for (int i = 1; i < 14; i++) sum = sum * r + coefficients[i];
  *value = (lanes)((mask)sum + ((mask)shifted << 52));
}

// log(1 + t) for 0 <= t <= 1, by the polynomial of FreeBSD's log (Sun Microsystems 1993); what is
// lost in 1 + t is given back.
CK_INLINE void logarithm(lanes *value) {
  const lanes zero = {0}, one = zero + 1, t = *value;
  const lanes u = one + t;
  const lanes lost = (t - (u - one)) / u;
  const mask large = u > zero + 0x1.6a09e667f3bcdp0;
  const lanes f = CK_PICK(large, u * 0.5 - one, u - one);
  const lanes k = CK_PICK(large, one, zero);
  const lanes s = f / (f + 2), z = s * s, w = z * z;
  const lanes even = w * (0x1.999999997fa04p-2 + w * (0x1.c71c51d8e78afp-3 + w * 0x1.39a09d078c69fp-3));
  const lanes odd = z * (0x1.5555555555593p-1 +
                         w * (0x1.2492494229359p-2 +
                              w * (0x1.7466496cb03dep-3 + w * 0x1.2f112df3e5244p-3)));
  const lanes half = f * f * 0.5;
  *value = k * 0x1.62e42feep-1 -
           ((half - (s * (half + (odd + even)) + (k * 0x1.a39ef35793c76p-33 + lost))) - f);
}

// The probabilities of yes and no at log odds, and log(1 + e^-|odds|).
CK_INLINE void probabilities(lanes odds, lanes *yes, lanes *no, lanes *rest) {
  const lanes zero = {0}, one = zero + 1;
  const mask negative = odds < zero;
  lanes power = CK_PICK(negative, odds, -odds);
  exponential(&power);
  *rest = power;
  logarithm(rest);
  const lanes inverse = one / (one + power);
  *yes = CK_PICK(negative, power * inverse, inverse);
  *no = CK_PICK(negative, inverse, power * inverse);
}

// What the log-likelihood loses by outcomes at log odds: the likelier outcome costs
// log(1 + e^-|odds|), the rest, and the other |odds| more.
CK_INLINE lanes loss(lanes odds, lanes rest, lanes successes, lanes trials) {
  const lanes zero = {0};
  const mask negative = odds < zero;
  const lanes unlikely = CK_PICK(negative, successes, trials - successes);
  return trials * rest + unlikely * CK_PICK(negative, -odds, odds);
}
