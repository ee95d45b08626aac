"""Golden values for Bayesian model averaging: brute-force quadrature on fine grids.

usage: python3 scripts/golden/meta_averaging.py > Tests/MetaAnalysisTests/Golden/averaging.csv
Reads the effects of Tests/MetaAnalysisTests/Golden/robustness.csv. numpy and scipy are needed.
Rows: data,effect,heterogeneity,bias,name,value. The rules differ from those of the library: plain grids of
the mean and of log tau, slopes on a grid of their arc tangent, weights by Gauss-Legendre of higher order.
"""
import csv
import sys

import numpy
import scipy
from scipy.special import gammaln, log_ndtr, logsumexp, ndtr

SCALE, SHAPE, RATE = 1.0, 1.0, 0.15
print(f"# numpy {numpy.__version__}, scipy {scipy.__version__}, python {sys.version.split()[0]}")
print("data,effect,heterogeneity,bias,name,value")


def studies(name):
    columns = {"yi": {}, "vi": {}}
    with open("Tests/MetaAnalysisTests/Golden/robustness.csv", encoding="utf-8") as file:
        next(file)
        for row in csv.DictReader(file):
            if row["data"] == name and row["part"] == "data" and row["name"] in columns:
                columns[row["name"]][int(row["study"])] = float(row["value"])
    return [numpy.array([columns[c][i] for i in sorted(columns[c])]) for c in ("yi", "vi")]


def chances_rule(count):
    """Nodes and weights on (0, 1): Gauss-Legendre on panels whose ends fall by factors of four."""
    ends = [0.0] + [4.0 ** -j for j in range(7, -1, -1)]
    nodes, weights = [], []
    for low, high in zip(ends, ends[1:]):
        x, w = legendre(count)
        nodes.append(low + (high - low) * x)
        weights.append((high - low) * w)
    return numpy.concatenate(nodes), numpy.concatenate(weights)


def legendre(count):
    x, w = numpy.polynomial.legendre.leggauss(count)
    return (x + 1) / 2, w / 2


def upper(p):
    return -scipy.special.ndtri(p)


BIASES = {
    "none": None,
    "two-sided 0.05": ([0.05], True),
    "two-sided 0.05 0.1": ([0.05, 0.10], True),
    "one-sided 0.05": ([0.05], False),
    "one-sided 0.025 0.05": ([0.025, 0.05], False),
    "one-sided 0.05 0.5": ([0.05, 0.5], False),
    "one-sided 0.025 0.05 0.5": ([0.025, 0.05, 0.5], False),
    "PET": "PET",
    "PEESE": "PEESE",
}


def log_weights(y, v, mean, tau, cuts, two_sided, order):
    """log of the integral over falling weights of prod w(p_i) / E w, on a grid of means."""
    s, total = numpy.sqrt(v), numpy.sqrt(v + tau * tau)
    z = [upper(c / 2 if two_sided else c) for c in cuts]
    beyond = []
    for cut in z:
        tail = ndtr((mean[:, None] - cut * s) / total)
        if two_sided:
            tail = tail + ndtr((-mean[:, None] - cut * s) / total)
        beyond.append(tail)
    beyond = [numpy.zeros_like(beyond[0])] + beyond + [numpy.ones_like(beyond[0])]
    chances = [beyond[j + 1] - beyond[j] for j in range(len(beyond) - 1)]
    score = numpy.abs(y / s) if two_sided else y / s
    place = sum((score < cut).astype(int) for cut in z)
    x, w = chances_rule(order)
    free = len(cuts)
    grids = numpy.meshgrid(*[x] * free, indexing="ij")
    weight = numpy.ones_like(grids[0])
    for axis in numpy.meshgrid(*[w] * free, indexing="ij"):
        weight = weight * axis
    omega, jacobian = [numpy.ones_like(grids[0])], numpy.ones_like(grids[0])
    for j in range(free):
        omega.append(omega[-1] * grids[j])
        jacobian = jacobian * grids[j] ** (free - 1 - j)
    density = float(numpy.prod(numpy.arange(1, free + 1)))
    omega = [o.ravel() for o in omega]
    logs = numpy.log((weight * jacobian).ravel()) + numpy.log(density)
    for i in range(len(y)):
        logs = logs + numpy.log(omega[place[i]])
    result = numpy.empty(len(mean))
    for m in range(len(mean)):
        sums = logs.copy()
        for i in range(len(y)):
            sums -= numpy.log(sum(omega[j] * chances[j][m, i] for j in range(free + 1)))
        result[m] = logsumexp(sums)
    return result


def evidence(y, v, has_effect, has_tau, bias):
    """log marginal likelihood, posterior mean of the effect and of tau."""
    s = numpy.sqrt(v)
    cuts = len(bias[0]) if isinstance(bias, tuple) else 0
    taus = numpy.array([0.0])
    log_prior_tau = numpy.array([0.0])
    if has_tau:
        step = (0.04, 0.06, 0.15, 0.2)[cuts]
        log_tau = numpy.arange(numpy.log(0.004), numpy.log(40), step)
        taus = numpy.exp(log_tau)
        log_prior_tau = (SHAPE * numpy.log(RATE) - gammaln(SHAPE) - (SHAPE + 1) * log_tau
                         - RATE / taus + log_tau + numpy.log(step))
    if bias == "PET" or bias == "PEESE":
        scale = 1.0 if bias == "PET" else 5.0 / SCALE
        x, w = legendre(400)
        slopes, slope_weights = scale * numpy.tan(numpy.pi * x / 2), w
        predictor = s if bias == "PET" else v
    total = []
    for tau, prior in zip(taus, log_prior_tau):
        variance = v + tau * tau
        precision = (1 / variance).sum() + (1 / SCALE ** 2 if has_effect else 0)
        if bias == "PET" or bias == "PEESE":
            # The effect in closed form, the slope on the grid.
            rest = y[None, :] - slopes[:, None] * predictor
            base = -0.5 * (numpy.log(2 * numpy.pi * variance) + rest ** 2 / variance).sum(1)
            if has_effect:
                product = (rest / variance).sum(1)
                base += 0.5 * product ** 2 / precision - 0.5 * numpy.log(precision * SCALE ** 2)
                centers = product / precision
            else:
                centers = numpy.zeros(len(slopes))
            total += list(zip(base + numpy.log(slope_weights) + prior, centers,
                              numpy.full(len(slopes), tau)))
            continue
        if has_effect:
            center = (y / variance).sum() / precision
            deviation = 1 / numpy.sqrt(precision)
            step = (0.2, 0.3, 0.5, 0.45)[cuts] * deviation
            mean = numpy.arange(center - 60 * deviation, center + 60 * deviation, step)
            log_prior_mean = (-0.5 * (mean / SCALE) ** 2 - numpy.log(SCALE * numpy.sqrt(2 * numpy.pi))
                              + numpy.log(step))
        else:
            mean, log_prior_mean = numpy.array([0.0]), numpy.array([0.0])
        base = -0.5 * (numpy.log(2 * numpy.pi * variance)
                       + (y[None, :] - mean[:, None]) ** 2 / variance).sum(1)
        base = base + log_prior_mean
        if isinstance(bias, tuple):
            order = ((0, 12, 11, 4) if has_effect and has_tau else (0, 16, 12, 8))[cuts]
            base = base + log_weights(y, v, mean, tau, bias[0], bias[1], order)
        total += list(zip(base + prior, mean, numpy.full(len(mean), tau)))
    logs = numpy.array([t[0] for t in total])
    marginal = logsumexp(logs)
    weights = numpy.exp(logs - marginal)
    return (marginal, float((weights * [t[1] for t in total]).sum()),
            float((weights * [t[2] for t in total]).sum()))


for data in ("bcg", "baskerville"):
    effects, variances = studies(data)
    if data == "bcg":
        effects = -effects
    for has_effect in (False, True):
        for has_tau in (False, True):
            for name, bias in BIASES.items():
                if isinstance(bias, tuple) and len(bias[0]) == 3 and data != "bcg":
                    continue
                for label, value in zip(("log_marginal", "effect", "tau"),
                                        evidence(effects, variances, has_effect, has_tau, bias)):
                    print(f"{data},{int(has_effect)},{int(has_tau)},{name},{label},{value:.15g}", flush=True)

# Events of single groups with the binomial likelihood; the effect is always there, its prior that of logits.
EVENTS = numpy.array([3.0, 0.0, 12.0, 7.0, 20.0])
TOTALS = numpy.array([20.0, 9.0, 40.0, 55.0, 31.0])
LOGIT = numpy.pi / numpy.sqrt(3)


def counts_evidence(has_tau, bias):
    """log marginal likelihood and posterior mean of the logit; bias favours low rates."""
    rate = (EVENTS.sum() + 0.5) / (TOTALS.sum() + 1)
    errors = 1 / numpy.sqrt(TOTALS * rate * (1 - rate))
    choose = (gammaln(TOTALS + 1) - gammaln(EVENTS + 1) - gammaln(TOTALS - EVENTS + 1)).sum()
    step_mean = 0.1
    mean = numpy.arange(-8, 8, step_mean)
    taus, prior_tau = numpy.array([0.0]), numpy.array([0.0])
    rate_tau = 0.15 * LOGIT
    if has_tau:
        step = 0.16
        log_tau = numpy.arange(numpy.log(rate_tau / 40), numpy.log(200), step)
        taus = numpy.exp(log_tau)
        prior_tau = (SHAPE * numpy.log(rate_tau) - gammaln(SHAPE) - SHAPE * log_tau - rate_tau / taus
                     + numpy.log(step))
    slopes, weights = numpy.array([0.0]), numpy.array([1.0])
    predictor = errors
    if bias != "none":
        x, weights = legendre(120)
        slopes = (1.0 if bias == "PET" else 5 / LOGIT) * numpy.tan(numpy.pi * x / 2)
        predictor = errors if bias == "PET" else errors ** 2
    total = []
    for tau, prior in zip(taus, prior_tau):
        z = numpy.arange(-9, 9, min(0.25, 0.5 / max(tau, 1e-9))) if tau > 0 else numpy.array([0.0])
        density = numpy.exp(-0.5 * z * z)
        density /= density.sum()
        for slope, weight in zip(slopes, weights):
            height = numpy.zeros(len(mean))
            for i in range(len(EVENTS)):
                # The expected side is that of low rates.
                theta = mean[:, None] - slope * predictor[i] + tau * z
                logs = EVENTS[i] * theta - TOTALS[i] * numpy.logaddexp(0, theta)
                height += logsumexp(logs, axis=1, b=density)
            height += -0.5 * (mean / LOGIT) ** 2 - numpy.log(LOGIT * numpy.sqrt(2 * numpy.pi))
            total += list(zip(height + numpy.log(step_mean * weight) + prior + choose, mean))
    logs = numpy.array([t[0] for t in total])
    marginal = logsumexp(logs)
    return marginal, float((numpy.exp(logs - marginal) * [t[1] for t in total]).sum())


for has_tau in (False, True):
    for name in ("none", "PET", "PEESE"):
        for label, value in zip(("log_marginal", "effect"), counts_evidence(has_tau, name)):
            print(f"counts,1,{int(has_tau)},{name},{label},{value:.15g}", flush=True)
