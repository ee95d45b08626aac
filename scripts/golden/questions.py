"""Reference values for differential functioning, combinations, classes and citations.

usage: python3 scripts/golden/questions.py

Needs numpy, pandas, statsmodels, scikit-learn, mlxtend, networkx and stepmix. Writes
Tests/SurveyStatsTests/Golden/questions/*.csv.
"""
import importlib.metadata
import itertools
import pathlib
import sys
import warnings

import networkx as nx
import numpy as np
import pandas as pd
import statsmodels.api as sm
from mlxtend.frequent_patterns import apriori, association_rules
from sklearn.linear_model import LinearRegression
from statsmodels.stats.contingency_tables import StratifiedTable
from stepmix.stepmix import StepMix

warnings.filterwarnings("ignore")
FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests/SurveyStatsTests/Golden/questions"
FOLDER.mkdir(parents=True, exist_ok=True)
PACKAGES = ["numpy", "statsmodels", "scikit-learn", "mlxtend", "networkx", "stepmix"]
VERSIONS = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
HEADER = f"# scripts/golden/questions.py, Python {sys.version.split()[0]}, {VERSIONS}\n"
ITEMS = [f"i{k}" for k in range(10)]


def write(name, frame):
    with open(FOLDER / f"{name}.csv", "w") as file:
        file.write(HEADER)
        frame.to_csv(file, index=False, lineterminator="\n", float_format="%.15g")


def make():
    """Three classes of papers, a group that differs in item i3, a covariate that goes with classes."""
    random = np.random.default_rng(19)
    count = 500
    z = random.normal(size=count).round(3)
    odds = np.stack([np.zeros(count), 0.4 + 0.8 * z, -0.2 - 0.7 * z], axis=1)
    shares = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
    kind = np.array([random.choice(3, p=p) for p in shares])
    rates = np.array([[.9] * 5 + [.8] * 5, [.85] * 5 + [.2] * 5, [.15] * 10])
    group = random.integers(0, 2, size=count)
    p = rates[kind]
    p[:, 3] = np.where(group == 1, p[:, 3] * 0.5, p[:, 3])
    answers = (random.random((count, 10)) < p).astype(int)
    frame = pd.DataFrame(answers, columns=ITEMS)
    frame["group"], frame["z"] = group, z
    gaps = random.random((count, 10)) < 0.15
    partial = frame[ITEMS].astype(float).mask(gaps)
    return frame, partial


frame, partial = make()
rows = []


def add(quantity, term, value):
    rows.append((quantity, term, float(value)))


def functioning():
    score = frame[ITEMS].sum(axis=1)
    for item in ITEMS:
        tables = []
        for level in sorted(score.unique()):
            part = frame[score == level]
            table = np.array([
                [((part.group == g) & (part[item] == a)).sum() for a in (1, 0)] for g in (1, 0)])
            if table.sum(axis=1).min() > 0:
                tables.append(table)
        found = StratifiedTable(tables)
        add("mh_log_odds", item, found.logodds_pooled)
        add("mh_error", item, found.logodds_pooled_se)
        add("mh_p", item, found.test_null_odds(correction=False).pvalue)
        n, y = len(frame), frame[item]
        designs = [np.column_stack([score]), np.column_stack([score, frame.group]),
                   np.column_stack([score, frame.group, score * frame.group])]
        logs = [sm.Logit(y, sm.add_constant(x)).fit(disp=0, tol=1e-12, maxiter=200).llf for x in designs]
        null = sm.Logit(y, np.ones((n, 1))).fit(disp=0).llf
        r2 = [(1 - np.exp(2 / n * (null - log))) / (1 - np.exp(2 / n * null)) for log in logs]
        from scipy.stats import chi2
        add("uniform_p", item, chi2.sf(2 * (logs[1] - logs[0]), 1))
        add("nonuniform_p", item, chi2.sf(2 * (logs[2] - logs[1]), 1))
        add("r_squared_change", item, r2[2] - r2[0])


def combinations():
    table = frame[ITEMS].astype(bool)
    support = apriori(table, min_support=0.01, use_colnames=True, max_len=2)
    rules = association_rules(support, metric="lift", min_threshold=0)
    for _, rule in rules.iterrows():
        (a,), (b,) = rule.antecedents, rule.consequents
        if a < b:
            add("support", f"{a} {b}", rule.support)
            add("lift", f"{a} {b}", rule.lift)
    for triple in [("i0", "i1", "i2"), ("i0", "i5", "i9"), ("i3", "i4", "i7")]:
        counts = frame.groupby(list(triple)).size().reindex(
            list(itertools.product((0, 1), repeat=3)), fill_value=0).reset_index()
        counts.columns = list("abc") + ["count"]
        a, b, c = (counts[k] for k in "abc")
        x = np.column_stack([np.ones(8), a, b, c, a * b, a * c, b * c])
        fit = sm.GLM(counts["count"], x, family=sm.families.Poisson()).fit(tol=1e-14, maxiter=500)
        add("pairs_deviance", " ".join(triple), fit.deviance)
        for k in range(8):
            add("pairs_fitted", " ".join(triple) + f" {a[k]}{b[k]}{c[k]}", fit.fittedvalues[k])


def classes():
    for name, data, measure in [("complete", frame[ITEMS], "binary"), ("partial", partial, "binary_nan")]:
        for count in (1, 2, 3, 4):
            model = StepMix(
                n_components=count, measurement=measure, n_init=60, max_iter=5000, abs_tol=1e-12,
                rel_tol=1e-12, random_state=1, progress_bar=0, verbose=0)
            model.fit(data)
            add(f"log_likelihood_{name}", str(count), model.score(data) * len(data))
            if count == 3:
                for k, share in enumerate(sorted(model.get_parameters()["weights"])):
                    add(f"share_{name}", str(k), share)
    model = StepMix(
        n_components=3, n_steps=3, correction="ML", assignment="modal", measurement="binary",
        structural="covariate", n_init=40, max_iter=5000, abs_tol=1e-12, rel_tol=1e-12,
        random_state=1, progress_bar=0, verbose=0,
        structural_params={"method": "newton-raphson", "max_iter": 1})
    model.fit(frame[ITEMS], frame[["z"]])
    parameters = model.get_parameters()
    beta = parameters["structural"]["beta"]
    means = parameters["measurement"]["pis"].mean(axis=1)
    order = np.argsort(-means)
    for place, k in enumerate(order[1:], start=1):
        add("three_step_intercept", str(place), beta[k, 0] - beta[order[0], 0])
        add("three_step_slope", str(place), beta[k, 1] - beta[order[0], 1])


def short_form():
    """The forward path of items that predict the score on all."""
    y = 100 * frame[ITEMS].mean(axis=1)
    chosen = []
    for step in range(4):
        def fit(item):
            return LinearRegression().fit(frame[chosen + [item]], y).score(frame[chosen + [item]], y)
        best = max((item for item in ITEMS if item not in chosen), key=fit)
        add("short_form", f"{step} {best}", fit(best))
        chosen.append(best)


def assortativity():
    random = np.random.default_rng(7)
    count = 60
    scores = random.normal(50, 12, size=count).round(1)
    edges = set()
    while len(edges) < 150:
        a, b = random.integers(0, count, size=2)
        if a != b and random.random() < np.exp(-abs(scores[a] - scores[b]) / 15):
            edges.add((int(a), int(b)))
    graph = nx.DiGraph()
    graph.add_nodes_from((k, {"score": scores[k]}) for k in range(count))
    graph.add_edges_from(sorted(edges))
    add("assortativity", "scores", nx.numeric_assortativity_coefficient(graph, "score"))
    write("citations", pd.DataFrame(sorted(edges), columns=["from", "to"]))
    write("scores", pd.DataFrame({"score": scores}))


functioning()
combinations()
classes()
short_form()
assortativity()
write("answers", frame[["group", "z"] + ITEMS])
write("partial", partial.map(lambda v: "" if np.isnan(v) else int(v)))
write("values", pd.DataFrame(rows, columns=["quantity", "term", "value"]))
