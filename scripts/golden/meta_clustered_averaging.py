"""Golden values for Bayesian model averaging of effects in clusters: dense matrices on fine grids.

usage: python3 scripts/golden/meta_clustered_averaging.py > Tests/MetaAnalysisTests/Golden/clustered_averaging.csv
numpy is needed. Rows: effect,heterogeneity,bias,name,value. The effect is a part of the covariance, slopes lie on a
grid of their arc tangent, the share between clusters on Gauss-Legendre panels, log tau on a plain grid.
"""
import sys

import numpy

Y = numpy.array([0.42, 0.55, 0.18, 0.31, 0.90, 0.76, -0.12, 0.05, 0.22])
V = numpy.array([0.02, 0.05, 0.01, 0.03, 0.08, 0.04, 0.02, 0.015, 0.06])
CLUSTER = numpy.array([0, 0, 1, 1, 2, 2, 2, 3, 3])
SCALE, RATE, PET, PEESE = 1.0, 0.15, 1.0, 5.0
print(f"# numpy {numpy.__version__}, python {sys.version.split()[0]}")
print("effect,heterogeneity,bias,name,value")


def panels(ends, count):
    x, w = numpy.polynomial.legendre.leggauss(count)
    nodes, weights = [], []
    for low, high in zip(ends, ends[1:]):
        nodes.append(low + (high - low) * (x + 1) / 2)
        weights.append((high - low) * w / 2)
    return numpy.concatenate(nodes), numpy.concatenate(weights)


shares, share_weights = panels([0, 1e-4, 1e-2, 0.1, 0.5, 0.9, 0.99, 1 - 1e-4, 1], 12)
angles, angle_weights = panels(numpy.linspace(0, 1, 17) * numpy.pi / 2, 16)
logs = numpy.linspace(numpy.log(0.15 / 60), numpy.log(200), 700)
step = logs[1] - logs[0]
same = (CLUSTER[:, None] == CLUSTER[None, :]).astype(float)
one = numpy.ones(len(Y))


def part(tau, share, effect, x, scale):
    """Logarithm of the probability of the data, and the mean of the effect."""
    total = numpy.diag(V + (1 - share) * tau ** 2) + share * tau ** 2 * same
    if effect:
        total = total + SCALE ** 2
    inverse = numpy.linalg.inv(total)
    logdet = numpy.linalg.slogdet(2 * numpy.pi * total)[1]
    yy = Y @ inverse @ Y
    if x is None:
        return -(logdet + yy) / 2, SCALE ** 2 * (one @ inverse @ Y) if effect else 0.0
    xx, xy = x @ inverse @ x, x @ inverse @ Y
    slope = scale * numpy.tan(angles)
    height = -(logdet + yy - 2 * slope * xy + slope ** 2 * xx) / 2
    # The half-Cauchy density is 2/pi in the angle.
    weight = numpy.exp(height - height.max()) * angle_weights * 2 / numpy.pi
    mean = SCALE ** 2 * (one @ inverse @ Y - slope * (one @ inverse @ x)) if effect else 0 * slope
    return height.max() + numpy.log(weight.sum()), (weight * mean).sum() / weight.sum()


for effect in (0, 1):
    for heterogeneity in (0, 1):
        for bias, x, scale in (("none", None, 1), ("PET", numpy.sqrt(V), PET), ("PEESE", V, PEESE)):
            if not heterogeneity:
                height, mean = part(0, 0, effect, x, scale)
                tau = 0
            else:
                rows = []
                for log_tau in logs:
                    # tau is inverse gamma(1, RATE).
                    prior = numpy.log(RATE) - log_tau - RATE * numpy.exp(-log_tau) + numpy.log(step)
                    for share, weight in zip(shares, share_weights):
                        found = part(numpy.exp(log_tau), share, effect, x, scale)
                        rows.append((found[0] + prior + numpy.log(weight), found[1], numpy.exp(log_tau)))
                rows = numpy.array(rows)
                top = rows[:, 0].max()
                weights = numpy.exp(rows[:, 0] - top)
                height = top + numpy.log(weights.sum())
                mean = (weights * rows[:, 1]).sum() / weights.sum()
                tau = (weights * rows[:, 2]).sum() / weights.sum()
            for name, value in (("log_marginal", height), ("effect", mean), ("tau", tau)):
                print(f"{effect},{heterogeneity},{bias},{name},{value:.15g}")
