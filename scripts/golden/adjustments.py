"""Adjusted p-values of Šidák, Holm–Šidák and Benjamini, Krieger & Yekutieli by statsmodels.

Appends to Tests/SurveyStatsTests/Golden/correlation/adjusted_p_values.csv, which correlation.R writes.
"""
import statsmodels
from statsmodels.stats.multitest import multipletests

PATH = "Tests/SurveyStatsTests/Golden/correlation/adjusted_p_values.csv"
P = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
     0.5719, 0.6528, 0.7590, 1, 0.0201, 0.3240]
METHODS = {"sidak": "sidak", "holm-sidak": "holm-sidak", "bky": "fdr_tsbky"}

with open(PATH) as file:
    lines = [line for line in file if line.split(",")[0] not in METHODS and line.split(",")[0] != "q-value"]
note = f"; sidak, holm-sidak, bky: statsmodels {statsmodels.__version__}; q-value of 17: as BH"
lines[0] = lines[0].rstrip("\n").split("; sidak")[0] + note + "\n"
for name, method in METHODS.items():
    adjusted = multipletests(P, alpha=0.05, method=method)[1]
    lines += [f"{name},{p!r},{float(a)!r}\n" for p, a in zip(P, adjusted)]
bh = multipletests(P, method="fdr_bh")[1]
lines += [f"q-value,{p!r},{float(a)!r}\n" for p, a in zip(P, bh)]
with open(PATH, "w") as file:
    file.writelines(lines)
