"""Bias-reduced variances from whole matrices, and rates over a mix of items from statsmodels.

unit_variances.csv  For items of rate_papers.csv and its clusters (and for clusters of which one has most
                    papers): the rate, the variance CR2 of the intercept of a regression of the answers on
                    a constant, by (I - H)^(-1/2), and Bell and McCaffrey's degrees of freedom from the
                    trace of the whole matrix of the quadratic form. No formula of the program is used.
item_mix.csv        For the strata a and b as groups and the items always, some and rare: rates over the
                    items held fixed and standard errors without small-sample factor. 'model' is
                    statsmodels' binomial GLM of answers on items and groups, errors clustered by paper,
                    carried over to rates by numerical derivatives; 'common' follows the definition.

Run from the root of the repository: python3 scripts/golden/unit_variance.py
"""

import csv
import sys

import numpy
import scipy
import statsmodels
import statsmodels.api as sm

FOLDER = "Tests/SurveyStatsTests/Golden/estimators/"
with open(FOLDER + "rate_papers.csv") as file:
    file.readline()
    PAPERS = list(csv.DictReader(file))
VERSIONS = (f"# Python {sys.version.split()[0]} numpy {numpy.__version__} scipy {scipy.__version__} "
            f"statsmodels {statsmodels.__version__}")


def root(matrix, power):
    values, vectors = numpy.linalg.eigh(matrix)
    return vectors @ numpy.diag(values**power) @ vectors.T


def robust(answers, clusters):
    """The variance CR2 of a mean and its degrees of freedom."""
    n = len(answers)
    rest = numpy.eye(n) - numpy.full((n, n), 1 / n)
    residuals = rest @ answers
    variance, rows = 0.0, []
    for name in sorted(set(clusters)):
        member = numpy.array([cluster == name for cluster in clusters])
        adjust = root(rest[numpy.ix_(member, member)], -0.5)
        weights = adjust @ numpy.ones(member.sum()) / n
        variance += (weights @ residuals[member])**2
        rows.append(rest[:, member] @ weights)
    products = numpy.array(rows) @ numpy.array(rows).T
    return variance, numpy.trace(products)**2 / (products**2).sum()


def written(name, header, rows):
    with open(FOLDER + name, "w") as file:
        print(VERSIONS, file=file)
        print(header, file=file)
        for row in rows:
            print(",".join(x if isinstance(x, str) else f"{x:.17g}" for x in row), file=file)


rows = []
for kind in ("clustered", "dominant"):
    for items in (["always"], ["some"], ["rare"], ["some", "rare"], ["always", "some", "rare"]):
        cells = [(float(p[i]), p["cluster"] if kind == "clustered" or p["stratum"] == "c" else "a1")
                 for p in PAPERS for i in items if p[i] != "NA"]
        answers = numpy.array([x for x, _ in cells])
        variance, freedom = robust(answers, [c for _, c in cells])
        rows.append((kind, {1: items[0], 2: "pair", 3: "all"}[len(items)], answers.mean(), variance,
                     freedom))
written("unit_variances.csv", "design,target,rate,variance,freedom", rows)

ITEMS = ["always", "some", "rare"]
GROUPS = ["a", "b"]
cells = [(k, i, p["stratum"], float(p[i])) for k, p in enumerate(PAPERS) for i in ITEMS
         if p[i] != "NA" and p["stratum"] in GROUPS]
count = {(g, i): sum(1 for c in cells if c[1:3] == (i, g)) for g in GROUPS for i in ITEMS}
weight = {i: sum(count[g, i] for g in GROUPS) / len(cells) for i in ITEMS}
rows = []
for group in GROUPS:
    rate = {i: sum(c[3] for c in cells if c[1:3] == (i, group)) / count[group, i] for i in ITEMS}
    sums = {}
    for paper, item, own, answer in cells:
        if own == group:
            sums[paper] = sums.get(paper, 0) + weight[item] * (answer - rate[item]) / count[group, item]
    rows.append(("common", group, sum(weight[i] * rate[i] for i in ITEMS),
                 sum(x * x for x in sums.values())**0.5))
x = numpy.array([[c[1] == i for i in ITEMS] + [c[2] == "b"] for c in cells], float)
fit = sm.GLM(numpy.array([c[3] for c in cells]), x, family=sm.families.Binomial()).fit(
    tol=1e-14, maxiter=200, cov_type="cluster",
    cov_kwds={"groups": numpy.array([c[0] for c in cells]), "use_correction": False})
for group in GROUPS:
    def rate(beta):
        return sum(weight[i] / (1 + numpy.exp(-beta[k] - beta[3] * (group == "b")))
                   for k, i in enumerate(ITEMS))
    gradient = [(rate(fit.params + h) - rate(fit.params - h)) / 2e-5 for h in 1e-5 * numpy.eye(4)]
    rows.append(("model", group, rate(fit.params), (gradient @ fit.cov_params() @ gradient)**0.5))
written("item_mix.csv", "method,group,rate,std_error", rows)
