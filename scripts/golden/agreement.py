"""Coefficients of agreement of three states: irrCAC, krippendorff, statsmodels.

Writes ratings.csv (three raters, some cells missing), coefficients.csv (of the raters named) and
tests.csv (McNemar, Stuart-Maxwell). States are 0 no, 1 does not apply, 2 yes.
irrCAC's errors are with n - 1; statsmodels' error of Cohen's kappa is that of Fleiss, Cohen and Everitt.
irrCAC's own alpha adds a small-sample term to the agreement; krippendorff's is taken.

Run from the root of the repository: python3 scripts/golden/agreement.py
"""

import irrCAC
import krippendorff
import numpy as np
import pandas as pd
import statsmodels
from irrCAC.raw import CAC
from statsmodels.stats.contingency_tables import SquareTable, mcnemar
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

FOLDER = "Tests/SurveyStatsTests/Golden/agreement/"
VERSIONS = (
    f"# irrCAC {getattr(irrCAC, '__version__', '0.4.4')}, krippendorff 0.9.0, "
    f"statsmodels {statsmodels.__version__}"
)
random = np.random.default_rng(20261129)


def ratings(count, raters, missing):
    truth = random.choice(3, size=count, p=[0.35, 0.15, 0.5])
    cells = np.tile(truth[:, None], (1, raters)).astype(float)
    errs = random.random(cells.shape) < [0.1, 0.2, 0.3][:raters]
    cells[errs] = random.choice(3, size=errs.sum())
    cells[random.random(cells.shape) < missing] = np.nan
    return cells


def write(name, frame):
    with open(FOLDER + name, "w", encoding="utf-8") as file:
        file.write(VERSIONS + "\n")
        frame.to_csv(file, index=False, na_rep="NA", float_format="%.17g")


cells = ratings(45, 3, 0.12)
write("ratings.csv", pd.DataFrame(cells, columns=["r1", "r2", "r3"]).astype("Int64"))
rows = []


def add(raters, coefficient, estimate, error=None):
    rows.append((raters, coefficient, estimate, np.nan if error is None else error))


def gwet(raters, columns, drop):
    data = pd.DataFrame(cells[:, columns])
    data = data.dropna() if drop else data.dropna(how="all")
    for weights, names in [
        ("identity", {"ac1": "gwet", "fleiss": "fleiss", "pabak": "bp", "kappa": "conger"}),
        ("linear", {"ac2": "gwet", "weighted_kappa": "conger"}),
    ]:
        cac = CAC(data, weights=weights, categories=[0, 1, 2], digits=17)
        for name, method in names.items():
            found = getattr(cac, method)()["est"]
            add(raters, name, found["coefficient_value"], found["se"])
    add(raters, "agreement", CAC(data, categories=[0, 1, 2], digits=17).bp()["est"]["pa"])
    add(
        raters, "alpha",
        krippendorff.alpha(data.to_numpy().T, level_of_measurement="nominal", value_domain=[0, 1, 2]),
    )


gwet("r1 r2 r3", [0, 1, 2], False)
gwet("complete r1 r2 r3", [0, 1, 2], True)
gwet("complete r1 r2", [0, 1], True)
pair = cells[:, :2][~np.isnan(cells[:, :2]).any(axis=1)].astype(int)
table = np.zeros((3, 3))
np.add.at(table, (pair[:, 0], pair[:, 1]), 1)
cohen = cohens_kappa(table)
add("cohen r1 r2", "kappa", cohen.kappa, np.sqrt(cohen.var_kappa))
add("cohen r1 r2", "kappa_max", cohen.kappa_max)
linear = cohens_kappa(table, wt="linear")
add("cohen r1 r2", "weighted_kappa", linear.kappa, np.sqrt(linear.var_kappa))
counts = np.stack([(pair == state).sum(axis=1) for state in range(3)], axis=1)
add("cohen r1 r2", "scott", fleiss_kappa(counts, method="fleiss"))
write("coefficients.csv", pd.DataFrame(rows, columns=["raters", "coefficient", "estimate", "std_error"]))

tests = []
binary = np.array([[21, 4], [11, 9]])
exact = mcnemar(binary, exact=True)
tests.append(("mcnemar", exact.statistic, np.nan, exact.pvalue))
stuart = SquareTable(table, shift_zeros=False).homogeneity(method="stuart_maxwell")
tests.append(("stuart_maxwell", stuart.statistic, stuart.df, stuart.pvalue))
write("tests.csv", pd.DataFrame(tests, columns=["test", "statistic", "df", "p_value"]))
