"""Standard errors of the beta selection model: Nelder-Mead on a likelihood with 400 Gauss-Legendre nodes.

usage: python3 scripts/golden/meta_selection.py
metafor 3.8 differences a likelihood whose integrals have a relative error of 1e-4, which moves its standard
errors by up to 16 %. Reads Tests/MetaAnalysisTests/Golden/robustness.csv; prints data, -log likelihood,
estimate and standard error, which stand in BiasTests.
"""
import csv

import numpy
from scipy.optimize import minimize
from scipy.stats import norm

studies = {}
with open("Tests/MetaAnalysisTests/Golden/robustness.csv", encoding="utf-8") as file:
    next(file)
    for row in csv.DictReader(file):
        if row["part"] == "data" and row["name"] in ("yi", "vi"):
            studies.setdefault(row["data"], {}).setdefault(row["name"], {})[int(row["study"])] = float(row["value"])

END = norm.isf(1e-5)
nodes, weights = numpy.polynomial.legendre.leggauss(400)
z, weights = nodes * END, weights * END
log_p, log_q = norm.logsf(z), norm.logcdf(z)

for data, columns in studies.items():
    y = numpy.array([columns["yi"][i] for i in sorted(columns["yi"])])
    v = numpy.array([columns["vi"][i] for i in sorted(columns["vi"])])
    s = numpy.sqrt(v)
    sign = 1.0 if data in ("hackshaw", "baskerville") else -1.0
    y = sign * y
    own = numpy.clip(y / s, -END, END)
    own_p, own_q = norm.logsf(own), norm.logcdf(own)

    def height(p):
        mean, tau2, a, b = p[0], p[1], numpy.exp(p[2]), numpy.exp(p[3])
        if tau2 < 0:
            return 1e9
        sd = numpy.sqrt(v + tau2)
        chance = numpy.exp((a - 1) * log_p + (b - 1) * log_q) * weights
        expected = (chance * norm.pdf((z * s[:, None] - mean) / sd[:, None]) * (s / sd)[:, None]).sum(1)
        for side in (1, -1):
            least, most = numpy.log(1e-5), numpy.log1p(-1e-5)
            ends = (a - 1) * least + (b - 1) * most if side > 0 else (a - 1) * most + (b - 1) * least
            expected += numpy.exp(ends) * norm.sf(side * (side * END * s - mean) / sd)
        return -((a - 1) * own_p + (b - 1) * own_q + norm.logpdf(y, mean, sd) - numpy.log(expected)).sum()

    best = None
    for start in ([0.3, 0.2, 0, 0], [0.1, 0.05, 0.3, 0.1], [1, 0.5, -0.5, 0]):
        found = minimize(height, start, method="Nelder-Mead",
                         options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 20000, "maxfev": 20000})
        if best is None or found.fun < best.fun:
            best = found
    p, step = best.x, 1e-4
    hessian = numpy.zeros((4, 4))
    for i in range(4):
        for j in range(4):
            e, f = numpy.eye(4)[i] * step, numpy.eye(4)[j] * step
            hessian[i, j] = (height(p + e + f) - height(p + e - f) - height(p - e + f)
                             + height(p - e - f)) / (4 * step * step)
    print(data, best.fun, sign * p[0], p[1], numpy.sqrt(numpy.linalg.inv(hessian)[0, 0]))
