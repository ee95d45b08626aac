"""Reference values of 2x2 coefficients in 40-digit arithmetic (mpmath).

Run from the root of the repository: python3 scripts/golden/tetrachoric.py

The bivariate normal probability is the one-dimensional integral of phi(x) Phi((k - r x)/sqrt(1-r^2)),
not Plackett's; standard errors are the delta method with numerical derivatives.
"""
import csv
import sys
import mpmath
from mpmath import mp, mpf, erfc, erfinv, exp, findroot, pi, quad, sqrt

mp.dps = 40

def Phi(x): return erfc(-x / sqrt(2)) / 2
def phi(x): return exp(-x * x / 2) / sqrt(2 * pi)
def quantile(p):
    return findroot(lambda x: Phi(x) - p, sqrt(2) * erfinv(2 * mpf(float(p)) - 1))

def bivariate(h, k, r):
    s = sqrt(1 - r * r)
    points = [mpf(-14)]
    if abs(r) > mpf("0.5"):
        for x in (k / r + j * s / abs(r) for j in (-16, -8, -3, 0, 3, 8, 16)):
            if -14 < x < h: points.append(x)
    points = sorted(points + [x for x in (mpf(-5), mpf(0)) if x < h]) + [h]
    return quad(lambda x: phi(x) * Phi((k - r * x) / s), points)

def tetrachoric(cells):
    n11, n10, n01, n00 = map(mpf, cells)
    n = n11 + n10 + n01 + n00
    h, k, p = quantile((n11 + n10) / n), quantile((n11 + n01) / n), n11 / n
    sign = 1 if n11 * n00 >= n10 * n01 else -1
    def excess(z): return (bivariate(h, k, mpmath.tanh(z)) - p) / p
    with mp.workdps(18):
        start = findroot(excess, (mpf(0), sign * mpf(9)), solver="illinois", tol=1e-24)
    z = findroot(excess, (start, start * (1 + mpf(10) ** -9) + mpf(10) ** -9), tol=mpf(10) ** -60)
    r = mpmath.tanh(z)
    step = mpf(10) ** -12 * (1 - abs(r))
    def slope(f): return (f(step) - f(-step)) / (2 * step)
    by_r = slope(lambda e: bivariate(h, k, r + e))
    by_h = slope(lambda e: bivariate(h + e, k, r)) / phi(h)
    by_k = slope(lambda e: bivariate(h, k + e, r)) / phi(k)
    def influence(a, b): return (a * b - by_h * a - by_k * b) / by_r
    weights = {(1, 1): n11, (1, 0): n10, (0, 1): n01, (0, 0): n00}
    mean = sum(w * influence(*c) for c, w in weights.items()) / n
    variance = sum(w * (influence(*c) - mean) ** 2 for c, w in weights.items()) / n
    return r, sqrt(variance / n)

def phi_coefficient(a, b, c, d):
    return (a * d - b * c) / sqrt((a + b) * (c + d) * (a + c) * (b + d))

def phi_ratio(a, b, c, d):
    det = a * d - b * c
    bound = min((a + b) * (b + d), (a + c) * (c + d)) if det >= 0 else \
        min((a + b) * (a + c), (c + d) * (b + d))
    return det / bound

simple = {
    "phi": phi_coefficient,
    "phi-max": phi_ratio,
    "yule-q": lambda a, b, c, d: (a * d - b * c) / (a * d + b * c),
    "yule-y": lambda a, b, c, d: (sqrt(a * d) - sqrt(b * c)) / (sqrt(a * d) + sqrt(b * c)),
    "odds-ratio": lambda a, b, c, d: a * d / (b * c),
    "jaccard": lambda a, b, c, d: a / (a + b + c),
    "lift": lambda a, b, c, d: a * (a + b + c + d) / ((a + b) * (a + c)),
    "conditional": lambda a, b, c, d: a / (a + b),
}

def delta(f, cells):
    x = [mpf(c) for c in cells]
    n = sum(x)
    gradient = []
    for i in range(4):
        def shifted(e):
            y = list(x)
            y[i] += e
            return f(*y)
        gradient.append(mpmath.diff(shifted, 0, h=mpf(10) ** -12 * x[i]))
    mean = sum(g * v for g, v in zip(gradient, x)) / n
    return f(*x), sqrt(sum(v * (g - mean) ** 2 for g, v in zip(gradient, x)))

tables = [
    (40, 10, 20, 30), (5, 25, 30, 40), (30, 30, 30, 30), (1, 2, 3, 4), (100, 1, 1, 100),
    (999, 1, 1, 999), (1, 99, 1, 9899), (3, 997, 5, 98995), (500000, 1, 2, 499997),
    (7, 3, 2, 988), (60, 1, 39, 100), (1, 60, 100, 39), (2, 50, 50, 1), (200, 400, 3, 397),
    (12345, 234, 5678, 91011), (1, 1, 1, 1000000), (1, 1000, 1000, 1), (0.5, 9.5, 20.5, 9.5),
    (15, 2, 400, 1), (1, 400, 2, 15), (8, 8, 8, 100), (3, 1, 2, 2), (90, 5, 4, 901), (50, 1, 2, 4000),
]

def write(name, rows, header):
    with open(f"Tests/SurveyStatsTests/Golden/correlation/{name}.csv", "w", newline="") as file:
        file.write(f"# {__doc__.splitlines()[0]} mpmath {mpmath.__version__}\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)

def text(x): return mpmath.nstr(x, 17)

if "--simple" not in sys.argv: write("tetrachoric", [[*t, *map(text, tetrachoric(t))] for t in tables],
      ["n11", "n10", "n01", "n00", "estimate", "std_error"])
whole = [t for t in tables if all(float(c).is_integer() for c in t) and t != (30, 30, 30, 30)]
# Phi-max has no derivative where its bound has a kink.
def kink(name, t):
    a, b, c, d = t
    return name == "phi-max" and (b == c if a * d >= b * c else a == d)
write("two_by_two", [[name, *t, *map(text, delta(f, t))] for name, f in simple.items() for t in whole
                     if not kink(name, t)],
      ["coefficient", "n11", "n10", "n01", "n00", "estimate", "std_error"])
