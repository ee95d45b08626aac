#!/usr/bin/env python3
"""Prints the golden values of RandomStreamTests and MultinomialCountsTests.

An implementation of the random streams and of the multinomial counts that shares nothing with the
Swift and C ones but their written definition.
"""

from math import floor, lgamma, log, sqrt

WORD = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


def mix(z):
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & WORD
    z = (z ^ z >> 27) * 0x94D049BB133111EB & WORD
    return z ^ z >> 31


def rotate(x, count):
    return (x << count | x >> 64 - count) & WORD


class Stream:
    def __init__(self, seed, stream, substream, lane=0):
        key = mix(seed + GOLDEN & WORD)
        key = mix((key ^ stream) + GOLDEN & WORD)
        key = mix((key ^ substream) + GOLDEN & WORD)
        self.state = [mix(key + (4 * lane + i + 1) * GOLDEN & WORD) for i in range(4)]

    def next(self):
        s = self.state
        result = rotate(s[0] + s[3] & WORD, 23) + s[0] & WORD
        shifted = s[1] << 17 & WORD
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= shifted
        s[3] = rotate(s[3], 45)
        return result

    def uniform(self):
        return ((self.next() >> 12) + 0.5) / 2**52

    def binomial(self, n, p):
        """BTRS, Hörmann (1993), for n p >= 10 and p <= 0.5."""
        spq = sqrt(n * p * (1 - p))
        b = 1.15 + 2.53 * spq
        a = -0.0873 + 0.0248 * b + 0.01 * p
        alpha = (2.83 + 5.1 / b) * spq
        mode = floor((n + 1) * p)
        h = lgamma(mode + 1) + lgamma(n - mode + 1)
        while True:
            u = self.uniform() - 0.5
            v = self.uniform()
            us = 0.5 - abs(u)
            k = floor((2 * a / us + b) * u + n * p + 0.5)
            if us >= 0.07 and v <= 0.92 - 4.2 / b:
                return k
            if 0 <= k <= n:
                bound = h - lgamma(k + 1) - lgamma(n - k + 1) + (k - mode) * log(p / (1 - p))
                if log(v * alpha / (a / us**2 + b)) <= bound:
                    return k


def pieces(seed, stream, substream):
    lanes = [Stream(seed, stream, substream, lane) for lane in range(8)]
    while True:
        for lane in lanes:
            output = lane.next()
            for piece in range(4):
                yield output >> 16 * piece & 0xFFFF


def multinomial_counts(seed, stream, substream, sizes, totals):
    source = pieces(seed, stream, substream)
    counts = []
    for size, total in zip(sizes, totals):
        segment = [0] * size
        while sum(segment) < total:
            product = next(source) * size
            if product % 65536 >= 65536 % size:
                segment[product >> 16] += 1
        counts += segment
    return counts


for name in [(0, 0, 0), (1, 0, 0), (1, 2, 3), (WORD, WORD, WORD)]:
    stream = Stream(*name)
    print(name, [hex(stream.next()) for _ in range(3)])
stream = Stream(1, 2, 3)
print([stream.uniform().hex() for _ in range(3)])
stream = Stream(1, 2, 3)
print([stream.binomial(10_000, 0.4096) for _ in range(12)])
stream = Stream(1, 2, 3)
print(sum((i + 1) * stream.binomial(10_000, 0.4096) for i in range(1000)))
print(multinomial_counts(7, 1, 2, [10], [10]))
print(multinomial_counts(7, 1, 2, [5, 20], [6, 19]))
for size in [1000, 3277]:
    counts = multinomial_counts(7, 1, 2, [size], [size])
    squares = sum(count * count for count in counts)
    moments = sum((i + 1) * count for i, count in enumerate(counts))
    print(size, squares, moments)
