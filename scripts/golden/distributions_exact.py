"""Distribution functions and quantiles with 60 digits, to judge where R and metastat differ.

Run from the root of the repository: python3 scripts/golden/distributions_exact.py
"""

import csv

import mpmath
from mpmath import mp, mpf

mp.dps = 60
FOLDER = "Tests/SurveyStatsTests/Golden/numerics/"


def beta_tails(a, b, x, y):
    """Lower and upper tail of the beta distribution, both computed without subtraction."""
    lower = mpmath.betainc(a, b, 0, x, regularized=True)
    upper = mpmath.betainc(b, a, 0, y, regularized=True)
    return lower, upper


def tails(name, first, second, x):
    if name == "normal":
        return mpmath.erfc(-x / mpmath.sqrt(2)) / 2, mpmath.erfc(x / mpmath.sqrt(2)) / 2
    if name == "t":
        share = first / (first + x * x)
        tail = mpmath.betainc(first / 2, mpf(1) / 2, 0, share, regularized=True) / 2
        return (tail, 1 - tail) if x < 0 else (1 - tail, tail)
    if name == "chisq":
        lower = mpmath.gammainc(first / 2, 0, x / 2, regularized=True)
        upper = mpmath.gammainc(first / 2, x / 2, mpmath.inf, regularized=True)
        return lower, upper
    if name == "beta":
        return beta_tails(first, second, x, 1 - x)
    total = first * x + second
    return beta_tails(first / 2, second / 2, first * x / total, second / total)


def density(name, first, second, x):
    if name == "normal":
        return mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mpmath.pi)
    if name == "t":
        constant = 1 / mpmath.sqrt(first) / mpmath.beta(first / 2, mpf(1) / 2)
        return constant * (1 + x * x / first) ** (-(first + 1) / 2)
    if name == "chisq":
        a = first / 2
        return (x / 2) ** (a - 1) * mpmath.exp(-x / 2) / mpmath.gamma(a) / 2
    if name == "beta":
        return x ** (first - 1) * (1 - x) ** (second - 1) / mpmath.beta(first, second)
    odds = first * x / second
    a, b = first / 2, second / 2
    return odds**a * (1 + odds) ** (-a - b) / mpmath.beta(a, b) / x


def main():
    with open(FOLDER + "distributions.csv") as file:
        file.readline()
        rows = list(csv.DictReader(file))
    with open(FOLDER + "distributions_exact.csv", "w") as file:
        file.write(f"# mpmath {mpmath.__version__}, 60 digits, arguments of distributions.csv\n")
        file.write("distribution,first,second,x,cdf,survival,density\n")
        for row in rows:
            first = mpf(float(row["first"])) if row["first"] else mpf(0)
            second = mpf(float(row["second"])) if row["second"] else mpf(0)
            if max(first, second) > 20000:
                continue
            x = mpf(float(row["x"]))
            try:
                lower, upper = tails(row["distribution"], first, second, x)
                height = density(row["distribution"], first, second, x)
            except (mpmath.libmp.NoConvergence, ValueError, ZeroDivisionError):
                continue
            if abs(lower + upper - 1) > mpf(10) ** -40:
                continue
            file.write(
                ",".join([row["distribution"], row["first"], row["second"], row["x"],
                          repr(float(lower)), repr(float(upper)),
                          repr(float(height))]) + "\n")


main()
