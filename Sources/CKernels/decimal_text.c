#include "ckernels.h"
#include "powers_of_ten.h"

#include <string.h>

// The shortest decimal that reads back as a given double, and its text.
//
// The decimal is found by the Schubfach algorithm (Giulietti 2021, "The Schubfach way to render
// doubles"; as in Java's Double.toString since version 19): with 10^k just below the distance of two
// neighbouring doubles, at most one multiple of 10^(k+1) and at least one of 10^k lie nearer to the
// number than to its neighbours. Three products of 64 by 128 bits, rounded to odd, tell which. There
// are no loops and no tables but the powers of ten. Digits are made eight at a time in one word.
//
// Cost: about 15 ns a number.

typedef unsigned __int128 wide;

typedef struct {
  uint64_t digits;
  int exponent;
} Decimal;

// The upper 64 bits of g * c / 2^64, with the lowest set if anything but zeros follows.
static inline uint64_t round_to_odd(const uint64_t g[2], uint64_t c) {
  const wide low = (wide)g[1] * c;
  const wide high = (wide)g[0] * c + (uint64_t)(low >> 64);
  return (uint64_t)(high >> 64) | ((uint64_t)high > 1);
}

// digits * 10^exponent is the shortest decimal of a positive number, the nearest if there are two.
static inline Decimal shortest(uint64_t fraction, int biased) {
  uint64_t c = fraction;
  int q = -1074;
  if (biased != 0) {
    c |= UINT64_C(1) << 52;
    q = biased - 1075;
    if (q <= 0 && q > -53 && (c & ((UINT64_C(1) << -q) - 1)) == 0)
      return (Decimal){c >> -q, 0};
  }
  const int isOdd = (int)(c & 1);
  // Below a power of two the neighbours are closer.
  const int isLopsided = fraction == 0 && biased > 1;
  const int k = (q * 1262611 - (isLopsided ? 524031 : 0)) >> 22;
  const int h = q + ((-k * 1741647) >> 19) + 1;
  const uint64_t *g = powers_of_ten[292 - k];
  const uint64_t value = round_to_odd(g, (4 * c) << h);
  const uint64_t lower = round_to_odd(g, (4 * c - 2 + (uint64_t)isLopsided) << h) + (uint64_t)isOdd;
  const uint64_t upper = round_to_odd(g, (4 * c + 2) << h) - (uint64_t)isOdd;
  const uint64_t s = value / 4, tenth = s / 10;
  const int tenthIsIn = lower <= 40 * tenth, nextTenthIsIn = 40 * tenth + 40 <= upper;
  const int isIn = lower <= 4 * s, nextIsIn = 4 * s + 4 <= upper;
  const uint64_t middle = 4 * s + 2;
  const int isUpper = isIn != nextIsIn ? nextIsIn : value > middle || (value == middle && (s & 1));
  // Which of the two lengths it is cannot be foreseen: both are made and one is chosen.
  const uint64_t shorter = (uint64_t)(s >= 10) & (uint64_t)(tenthIsIn != nextTenthIsIn);
  const uint64_t mask = 0 - shorter;
  const uint64_t digits =
      ((tenth + (uint64_t)nextTenthIsIn) & mask) | ((s + (uint64_t)isUpper) & ~mask);
  return (Decimal){digits, k + (int)shorter};
}

// Eight decimal digits of a number below 10^8 as eight bytes, the first in the lowest.
static inline uint64_t eight_digits(uint64_t x) {
  const uint64_t fours = x / 10000 | (x % 10000) << 32;
  const uint64_t hundreds = ((fours * 10486) >> 20) & 0x7F0000007F;
  const uint64_t twos = ((fours - 100 * hundreds) << 16) + hundreds;
  const uint64_t tens = ((twos * 103) >> 10) & 0x000F000F000F000F;
  return ((twos - 10 * tens) << 8) + tens;
}

size_t ck_decimal_text(double value, char *text) {
  static const uint64_t tens[] = {1,
                                  10,
                                  100,
                                  1000,
                                  10000,
                                  100000,
                                  1000000,
                                  10000000,
                                  100000000,
                                  1000000000,
                                  10000000000,
                                  100000000000,
                                  1000000000000,
                                  10000000000000,
                                  100000000000000,
                                  1000000000000000,
                                  10000000000000000,
                                  100000000000000000};
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  char *out = text;
  if (bits >> 63) *out++ = '-';
  bits &= UINT64_MAX >> 1;
  if (bits == 0) {
    *out++ = '0';
    return (size_t)(out - text);
  }
  const Decimal decimal = shortest(bits & ((UINT64_C(1) << 52) - 1), (int)(bits >> 52));

  // Exactly 17 digits, then without the zeros at the end. floor(log10) is off by at most one.
  int length = ((64 - __builtin_clzll(decimal.digits)) * 1233) >> 12;
  length += decimal.digits >= tens[length];
  const uint64_t full = decimal.digits * tens[17 - length];
  const uint64_t first = full / tens[16], rest = full % tens[16];
  const uint64_t high = eight_digits(rest / tens[8]), low = eight_digits(rest % tens[8]);
  char digits[24];
  digits[0] = (char)('0' + first);
  const uint64_t highText = high + 0x3030303030303030, lowText = low + 0x3030303030303030;
  memcpy(digits + 1, &highText, 8);
  memcpy(digits + 9, &lowText, 8);
  const int count = low    ? 17 - __builtin_clzll(low) / 8
                    : high ? 9 - __builtin_clzll(high) / 8
                           : 1;
  int point = decimal.exponent + length;  // digits before the decimal point

  if (point < -3 || bits > UINT64_C(0x4340000000000000)) {
    *out++ = digits[0];
    if (count > 1) {
      *out++ = '.';
      memcpy(out, digits + 1, 16);
      out += count - 1;
    }
    *out++ = 'e';
    int power = point - 1;
    *out++ = power < 0 ? '-' : '+';
    if (power < 0) power = -power;
    if (power >= 100) {
      *out++ = (char)('0' + power / 100);
      power %= 100;
    }
    *out++ = (char)('0' + power / 10);
    *out++ = (char)('0' + power % 10);
  } else if (point <= 0) {
    memcpy(out, "0.000", 5);
    out += 2 - point;
    memcpy(out, digits, 17);
    out += count;
  } else if (count <= point) {
    memcpy(out, digits, 17);
    out += point;
  } else {
    memcpy(out, digits, (size_t)point);
    out[point] = '.';
    memcpy(out + point + 1, digits + point, (size_t)(count - point));
    out += count + 1;
  }
  return (size_t)(out - text);
}
