"""64 items regressed on ten numbers without ties.

irls: iteratively reweighted least squares with numpy. glum: GeneralizedLinearRegressor without penalty.
plink2: the whole process, --glm of 64 phenotypes on ten covariates and the one variant that it must
have, with Firth's penalty where a fit fails; its input is made beforehand and not counted.
`write` makes the matrix CSV of the same answers and numbers for the program.
"""

import os
import resource
import shutil
import subprocess
import sys

import common
import numpy as np

ITEMS, COLUMNS = 64, 10
options = common.options(output="")
cells = np.load(options.data)[:, :ITEMS]
numbers = np.random.default_rng(5).standard_normal((len(cells), COLUMNS))


def write():
    names = [f"item{item:02}" for item in range(ITEMS)] + [f"x{k}" for k in range(COLUMNS)]
    words = np.array(["NA", "0", "1"])
    with open(options.output + ".tmp", "w") as file:
        file.write("paper," + ",".join(names) + "\n")
        for row, (answers, x) in enumerate(zip(words[cells + 1], numbers)):
            line = ",".join(answers) + "," + ",".join(f"{value:.6f}" for value in x)
            file.write(f"p{row:07},{line}\n")
    os.rename(options.output + ".tmp", options.output)


def irls(answers, design):
    beta = np.zeros(design.shape[1])
    for _ in range(30):
        mean = 1 / (1 + np.exp(-(design @ beta)))
        information = (design * (mean * (1 - mean))[:, None]).T @ design
        step = np.linalg.solve(information, design.T @ (answers - mean))
        beta += step
        if np.abs(step).max() < 1e-9:
            break


def glum_fit(answers, design):
    from glum import GeneralizedLinearRegressor

    GeneralizedLinearRegressor(family="binomial", alpha=0, gradient_tol=1e-9).fit(
        np.asfortranarray(design[:, 1:]), answers)


def fits():
    fit = {"irls": irls, "glum": glum_fit}[options.method]
    design = np.column_stack([np.ones(len(cells)), numbers])
    for item in range(ITEMS):
        kept = cells[:, item] >= 0
        fit(cells[kept, item].astype(float), design[kept])


def plink2():
    """The processor seconds of the process."""
    program = os.environ.get("PLINK2") or shutil.which("plink2") or sys.exit("there is no plink2")
    base = options.data.removesuffix(".npy") + "-plink"
    quiet = {"stdout": subprocess.DEVNULL, "check": True}
    if not os.path.exists(base + ".cov"):
        papers = len(cells)
        subprocess.run(
            [program, "--dummy", str(papers), "1", "--make-pgen", "--out", base], **quiet)
        names = [line.split()[0] for line in open(base + ".psam").readlines()[1:]]
        codes = np.array(["-9", "1", "2"])[cells + 1]
        for suffix, header, rows in [
            (".phe", [f"item{item}" for item in range(ITEMS)], codes),
            (".cov", [f"x{k}" for k in range(COLUMNS)], numbers.round(6).astype(str)),
        ]:
            with open(base + suffix, "w") as file:
                file.write("\t".join(["#IID", *header]) + "\n")
                for name, row in zip(names, rows):
                    file.write("\t".join([name, *row]) + "\n")
    command = [program, "--pfile", base, "--pheno", base + ".phe", "--covar", base + ".cov", "--glm",
               "--threads", "1", "--out", base + "-result"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, **quiet)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


if options.method == "write":
    write()
elif options.method == "plink2":
    plink2()
else:
    common.report(fits)
