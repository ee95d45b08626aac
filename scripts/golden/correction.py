"""Golden values of rates corrected for rater error.

pip install ppi-python==0.2.3 numpy scipy statsmodels; python3 scripts/golden/correction.py

* ppi.csv: means of ppi-python (variances divided by n), PPI and power-tuned, for small data sets;
* posterior.csv: quantiles of the rate of double sampling in three states, from 20 million draws of NumPy;
* regression.csv: coefficients of ppi-python, linear and logistic, plain and power-tuned, with 95 % limits (its
  optimiser carried on until the gradient is below 1e-12), of the data of regression_data.csv;
* rogan_gladen.csv: limits of Lang and Reiczigel (2014) by the authors' script as M. Flor adapted it to R,
  written again in Python; the point estimates are Rogan and Gladen's.
"""
import math, os
import numpy as np
import scipy
from scipy.stats import norm
from ppi_py import (ppi_logistic_ci, ppi_logistic_pointestimate, ppi_mean_ci, ppi_mean_pointestimate, ppi_ols_ci,
                    ppi_ols_pointestimate)

folder = os.path.join(os.path.dirname(__file__), "../../Tests/SurveyStatsTests/Golden/correction")
random = np.random.default_rng(17)

with open(os.path.join(folder, "ppi.csv"), "w") as out:
    out.write("# ppi-python 0.2.3\nset,power,value,low,high\n")
    for number, (n, N, rate, error) in enumerate([(20, 200, .3, .1), (100, 400, .7, .05), (50, 50, .1, .2)]):
        y = (random.random(n + N) < rate).astype(float)
        f = np.where(random.random(n + N) < error, 1 - y, y)
        with open(os.path.join(folder, f"ppi_{number}.csv"), "w") as data:
            data.write("# made by scripts/golden/correction.py\nvalue,prediction\n")
            for i in range(n + N):
                data.write(f"{'NA' if i >= n else int(y[i])},{int(f[i])}\n")
        for power in [1, None, .5]:
            value = float(np.squeeze(ppi_mean_pointestimate(y[:n], f[:n], f[n:], lam=power)))
            low, high = ppi_mean_ci(y[:n], f[:n], f[n:], alpha=.05, lam=power)
            out.write(f"{number},{'NA' if power is None else power},{value!r},{float(np.squeeze(low))!r},{float(np.squeeze(high))!r}\n")

draw = np.random.default_rng(23)
n, N = 120, 700
X = np.column_stack([np.ones(n + N), draw.normal(size=n + N), (draw.random(n + N) < .4).astype(float)])
y = (draw.random(n + N) < 1 / (1 + np.exp(-(X @ [-.4, .8, .5])))).astype(float)
f = np.where(draw.random(n + N) < .15, 1 - y, y)
z = X @ [1., .5, -.3] + draw.normal(size=n + N)
g = z + .3 * draw.normal(size=n + N) + .2
with open(os.path.join(folder, "regression_data.csv"), "w") as out:
    out.write("# made by scripts/golden/correction.py\nx1,x2,y,f,z,g\n")
    for i in range(n + N):
        known = [repr(int(y[i])), int(f[i]), repr(float(z[i]))] if i < n else ["NA", int(f[i]), "NA"]
        out.write(f"{float(X[i, 1])!r},{int(X[i, 2])},{known[0]},{known[1]},{known[2]},{float(g[i])!r}\n")
exact = {"ftol": 1e-15, "gtol": 1e-12, "maxiter": 10000, "maxfun": 100000, "maxls": 100}
with open(os.path.join(folder, "regression.csv"), "w") as out:
    out.write("# ppi-python 0.2.3\ncurve,power,coefficient,low,high\n")
    for power in [1, None, .5, 0]:
        low, high = ppi_ols_ci(X[:n], z[:n], g[:n], X[n:], g[n:], alpha=.05, lam=power)
        for j in range(3):
            out.write(f"line,{'NA' if power is None else power},{j},{float(low[j])!r},{float(high[j])!r}\n")
        low, high = ppi_logistic_ci(
            X[:n], y[:n], f[:n], X[n:], f[n:], alpha=.05, lam=power, optimizer_options=dict(exact))
        for j in range(3):
            out.write(f"logistic,{'NA' if power is None else power},{j},{float(low[j])!r},{float(high[j])!r}\n")

with open(os.path.join(folder, "posterior.csv"), "w") as out:
    out.write(f"# NumPy {np.__version__}, 2e7 draws\n")
    out.write("w_yes,w_no,w_na," + ",".join(f"g{i}" for i in range(9)) + ",q02,q50,q98,mean,sd\n")
    for w, g in [
        ((400, 300, 300), (3, 0, 0, 0, 3, 0, 0, 0, 2)),
        ((80, 620, 300), (2, 1, 0, 1, 12, 1, 0, 1, 2)),
        ((700, 10, 5), (14, 1, 0, 0, 0, 0, 0, 0, 0)),
        ((3000, 4000, 3000), (120, 20, 10, 15, 180, 5, 8, 12, 130)),
        ((50, 50, 0), (1, 0, 0, 0, 0, 0, 0, 0, 0)),
    ]:
        draws = []
        for _ in range(20):
            size = 1_000_000
            W = random.dirichlet(np.array(w) + .5, size)
            q = np.zeros((size, 3))
            for c in range(3):
                q += W[:, [c]] * random.dirichlet(np.array(g[3 * c:3 * c + 3]) + .2, size)
            draws.append(q[:, 0] / (q[:, 0] + q[:, 1]))
        r = np.concatenate(draws)
        quantiles = np.quantile(r, [.02, .5, .98])
        out.write(",".join(map(str, w + g)) + "," + ",".join(f"{x:.6f}" for x in [*quantiles, r.mean(), r.std()]) + "\n")

with open(os.path.join(folder, "rogan_gladen.csv"), "w") as out:
    out.write("# Lang & Reiczigel (2014), the authors' script\nx,n,se,n_se,sp,n_sp,value,low,high\n")
    for x, n, kse, nse, ksp, nsp in [(23, 150, 48, 50, 89, 100), (12, 260, 50, 100, 199, 200), (130, 200, 45, 50, 45, 50), (6, 151, 96, 100, 93, 100)]:
        z = norm.ppf(.975)
        value = min(1, max(0, (x / n + ksp / nsp - 1) / (kse / nse + ksp / nsp - 1)))
        n_, s_, t_ = n + z * z, nse + 2, nsp + 2
        p, s, t = (x + z * z / 2) / n_, (kse + 1) / s_, (ksp + 1) / t_
        r = (p + t - 1) / (s + t - 1)
        se = math.sqrt(p * (1 - p) / n_ + s * (1 - s) / s_ * r ** 2 + t * (1 - t) / t_ * (1 - r) ** 2) / abs(s + t - 1)
        shift = 2 * z * z * (r * s * (1 - s) / s_ - (1 - r) * t * (1 - t) / t_)
        low, high = (min(1, max(0, r + shift + side * z * se)) for side in (-1, 1))
        out.write(f"{x},{n},{kse},{nse},{ksp},{nsp},{float(value)!r},{float(low)!r},{float(high)!r}\n")
