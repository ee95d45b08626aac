"""Runs the program and its peers alternately on the same data and writes docs/performance.md.

usage: compare.py METASTAT WORK_FOLDER OUTPUT.md [ID ...]

Every process is pinned to one core and reports the processor seconds of its work alone, without
start and without making data. A ratio is peer / program, the median over alternating pairs.
"""

import csv
import datetime
import io
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time

import numpy as np
import polars as pl

import common

PROGRAM, WORK, OUTPUT = sys.argv[1:4]
WANTED = sys.argv[4:]
HERE = os.path.dirname(os.path.abspath(__file__))
CORE = str(max(os.sched_getaffinity(0)))
ONE = {
    name: "1"
    for name in (
        "OMP_NUM_THREADS OPENBLAS_NUM_THREADS MKL_NUM_THREADS NUMBA_NUM_THREADS "
        "POLARS_MAX_THREADS RAYON_NUM_THREADS MC_CORES"
    ).split()
}


def run(command, check=True):
    """The standard output of a command on the one core with one thread."""
    result = subprocess.run(
        ["taskset", "-c", CORE, *command], capture_output=True, text=True, env=os.environ | ONE
    )
    if result.returncode != 0:
        if check:
            sys.exit(f"{' '.join(command)}\n{result.stderr}")
        return None
    return result.stdout


def remembered(name, measure):
    """What a function measures, or measured in a run of the same program that was cut off."""
    path = os.path.join(WORK, "measured.json")
    program = os.path.getmtime(PROGRAM)
    kept = {}
    if os.path.exists(path):
        with open(path) as file:
            kept = json.load(file)
    if kept.get("program") != program:
        kept = {"program": program}
    if name not in kept:
        kept[name] = measure()
        with open(path, "w") as file:
            json.dump(kept, file)
    return kept[name]


def data(papers, items=65):
    """The path, without extension, of simulated answers as .csv and .npy."""
    path = os.path.join(WORK, f"matrix-{papers}-{items}")
    if not os.path.exists(path + ".csv"):
        cells = common.simulated(papers, items)
        np.save(path + ".npy", cells)
        category = common.categories(items)
        names = [f"category{category[item]:02}.item{item:04}" for item in range(items)]
        frame = pl.DataFrame(cells, schema=names).with_columns(pl.all().replace(-1, None))
        slugs = pl.Series("paper", [f"p{row:07}" for row in range(papers)])
        year, type = common.covariates(papers)
        frame = frame.with_columns(
            year=pl.Series(year), type=pl.Series([f"type{index}" for index in type]))
        frame.insert_column(0, slugs).write_csv(path + ".tmp", null_value="NA")
        os.rename(path + ".tmp", path + ".csv")
    return path


def corpus(papers):
    """The path of a matrix CSV of that many papers with eight columns about each."""
    path = os.path.join(WORK, f"corpus-{papers}.csv")
    if not os.path.exists(path):
        run([PROGRAM, "simulate", "--papers", str(papers), "--seed", "1", "-o", path])
    return path


def continuous():
    """The path of a matrix CSV of 100,000 papers with ten numbers about each."""
    path = os.path.join(WORK, "continuous-100000.csv")
    if not os.path.exists(path):
        run(python("continuous.py", "write", "--data", data(100_000) + ".npy", "--output", path))
    return path


def whole(*arguments):
    """The processor seconds of a whole run of the program, its start included."""
    before = os.times()
    run([PROGRAM, *arguments])
    after = os.times()
    return {"seconds": sum(after[2:4]) - sum(before[2:4])}


def bench(path, workload, *options):
    """One timed run of a workload of 'metastat bench': its row of the table."""
    command = [PROGRAM, "bench", *([path + ".csv"] if path else []), "--workload", workload]
    command += ["--format", "csv", "--seconds", "0.3", *options]
    return next(csv.DictReader(io.StringIO(run(command))))


def python(script, method, *options):
    return [sys.executable, os.path.join(HERE, script), method, *options]


# Why a goal is missed, by goal and the first word of the peer; shown only while it is missed.
CAUSES = {
    "P1": "Of 30 us a scan 13 are system calls, as every scan lies in a folder of its own that is "
    "listed, and 6 are simdjson; the rest checks every cell and key and keeps metadata, which the "
    "orjson loop does not.",
    "P2": "As above.",
    "P3": "Listing the folders alone costs as much as reading the files; the bare reader lists nothing "
    "and looks at no byte.",
    "P4": "Counting draws and adding up columns take six tenths, close to what the processor can store and "
    "multiply; the rest is 80 quotients a replicate, quantiles and copies. numpy is 1.3 times as fast on "
    "this processor as where the goal was set.",
    "P5": "scipy takes 2.6 s on this processor, and took 5.2 s where the goal was set; the program's "
    "own time is that of P4.",
    "P6": "The program's own time is that of P4; R is 1.2 times as fast here as where the goal was set.",
    "P8 numpy": "numpy took 4.8 s where the goal was set and takes a twelfth of it on this "
    "processor, whose caches hold its counts. The draws and sums alone, at 0.9 ns for each replicate "
    "and paper, would be 1/20.",
    "P13": "A replicate takes 25 us: 6 for drawing rows and counting pairs, 2 for phi, and the rest for "
    "weights, copies and quantiles.",
    "P14": "Half of the time is the integral, for eight pairs at a time; the rest is thresholds and counting. "
    "R is half again as fast here as where the goal was set.",
    "P15": "Eigenvalues take 10 us of a data set, its normal and chi numbers 5, sorting 3, products of the "
    "Bartlett factor 2. numpy is 2.2 times as fast here as where the goal was set.",
    "P18 statsmodels": "A fit here is more than the peer's: a check of rank, a search for separation, "
    "and at 1,000 papers Firth's penalty for 46 of the 65 items, where cells are sparse. "
    "statsmodels is twice as fast on this processor as where the goal was set.",
    "P22 plink2": "plink2 keeps answers in bits and covariates in single precision, and looks for neither "
    "rank nor separation; reading the CSV alone takes the program longer than all of plink2. A fit here is "
    "one pass a step in double precision and by itself.",
    "P23": "The start, the options and the instrument take about 20 ms whatever is read, as long as all of the "
    "peer's work on 10,000 rows.",
    "P22": "Reading the CSV and looking for separation are in the program's time.",
    "P19": "46 of the 65 fits have Firth's penalty, at twice the cost. The peer fits maximum "
    "likelihood only.",
    "P20": "Finding and writing the digits is 60 % of the time, at 33 ns a number.",
}


class Comparison:
    """A workload of the program against one peer.

    `peer_scale` multiplies the peer's seconds where it ran a smaller number of replicates or items.
    """

    def __init__(self, id, work, peer, goal, program, command, peer_scale=1, pairs=3):
        self.id, self.work, self.peer, self.goal = id, work, peer, goal
        self.program, self.command, self.peer_scale = program, command, peer_scale
        self.pairs = pairs
        self.mine, self.theirs = [], []

    def measure(self):
        self.mine, self.theirs = remembered(
            f"{self.id} {self.work} {self.peer}", self.times)

    def times(self):
        mine, theirs = [], []
        for _ in range(self.pairs):
            mine.append(float(self.program()["seconds"]))
            text = run(self.command, check=False)
            if text is None:
                break
            theirs.append(float(text.split()[-1]) * self.peer_scale)
        return mine, theirs

    @property
    def ratios(self):
        return sorted(theirs / mine for mine, theirs in zip(self.mine, self.theirs))


def comparisons():
    """All comparisons, in the order of the goals."""

    def rates(papers, replicates):
        return lambda: bench(
            data(papers), "rates", "--interval", "bca", "--replicates", str(replicates)
        )

    def peer(script, method, papers, replicates=0, items=65, **extra):
        options = ["--data", data(papers, items) + ".npy", "--replicates", str(replicates)]
        for name, value in extra.items():
            options += [f"--{name.replace('_', '-')}", str(value)]
        return python(script, method, *options)

    def r(method, papers, replicates=0, items=65):
        return ["Rscript", os.path.join(HERE, "peers.R"), method, data(papers, items) + ".csv",
                str(replicates)]

    def read():
        return bench(None, "read", "--scans", scans())

    yield Comparison("P1", "20,000 scans of 25 KB into a matrix", "orjson loop", 4, read,
                     python("reading.py", "orjson", "--folder", scans()))
    yield Comparison("P2", "the same", "Foundation JSONDecoder", 10, read,
                     [foundation_decoder(), scans()], pairs=2)
    yield Comparison("P3", "the same", "open, read, close in C", 1 / 3, read, [bare_reader(), scans()])
    yield Comparison("P4", "80 rates, 1,000 papers, 10,000 replicates, BCa", "numpy (percentile)", 15,
                     rates(1_000, 10_000), peer("rates.py", "numpy", 1_000, 10_000), pairs=5)
    yield Comparison("P5", "the same", "scipy.stats.bootstrap, BCa, by item", 350,
                     rates(1_000, 10_000), peer("rates.py", "scipy", 1_000, 10_000), pairs=2)
    yield Comparison("P6", "the same", "R boot (no intervals, 500 replicates x 20)", 800,
                     rates(1_000, 10_000), r("boot", 1_000, 500), 20, 2)
    yield Comparison("P7", "100,000 papers, 100 replicates", "numpy", 15,
                     rates(100_000, 100), peer("rates.py", "numpy", 100_000, 100), pairs=5)
    yield Comparison("P7", "the same", "numba", 50,
                     rates(100_000, 100), peer("rates.py", "numba", 100_000, 100))
    yield Comparison("P8", "1,000,000 papers, 20 replicates", "numpy", 150,
                     rates(1_000_000, 20), peer("rates.py", "numpy", 1_000_000, 20), pairs=2)
    yield Comparison("P8", "the same", "numba", 120,
                     rates(1_000_000, 20), peer("rates.py", "numba", 1_000_000, 20), pairs=2)
    yield Comparison("P11", "phi 65 x 65, 100,000 papers", "pandas", 1000,
                     lambda: bench(data(100_000), "phi"), peer("correlation.py", "pandas", 100_000))
    yield Comparison("P11", "the same", "numpy, 32-bit products", 25,
                     lambda: bench(data(100_000), "phi"), peer("correlation.py", "gram", 100_000))
    yield Comparison("P12", "phi 500 x 500, 10,000 papers", "numpy, 32-bit products", 12,
                     lambda: bench(data(10_000, 500), "phi"),
                     peer("correlation.py", "gram", 10_000, items=500))
    yield Comparison("P12", "phi 2,000 x 2,000, 10,000 papers", "numpy, 32-bit products", 10,
                     lambda: bench(data(10_000, 2_000), "phi"),
                     peer("correlation.py", "gram", 10_000, items=2_000), pairs=2)
    yield Comparison("P13", "phi 65 x 65, 1,000 papers, 1,000 replicates, intervals",
                     "numpy gather (100 replicates x 10)", 10,
                     lambda: bench(data(1_000), "phi-bootstrap", "--replicates", "1000", "--runs", "1"),
                     peer("correlation.py", "gather", 1_000, 100), 10)
    yield Comparison("P13", "the same", "pandas (20 replicates x 50)", 190,
                     lambda: bench(data(1_000), "phi-bootstrap", "--replicates", "1000", "--runs", "1"),
                     peer("correlation.py", "pandas-bootstrap", 1_000, 20), 50, 2)
    yield Comparison("P14", "tetrachoric 65 x 65", "R psych (3e-5)", 1600,
                     lambda: bench(data(1_000), "tetrachoric"), r("psych", 1_000), pairs=2)
    yield Comparison("P14", "the same", "R polycor, two-step", 15000,
                     lambda: bench(data(1_000), "tetrachoric"), r("polycor", 1_000), pairs=1)
    yield Comparison("P14", "tetrachoric 200 x 200", "R psych (3e-5)", 1600,
                     lambda: bench(data(1_000, 200), "tetrachoric"), r("psych", 1_000, items=200),
                     pairs=1)
    yield Comparison("P15", "parallel analysis, 65 items, 1,000 papers, 1,000 data sets",
                     "numpy (100 data sets x 10)", 35,
                     lambda: bench(data(1_000), "parallel-normal", "--replicates", "1000"),
                     python("eigenvalues.py", "parallel", "--replicates", "100"), 10)
    yield Comparison("P15", "the same", "R psych fa.parallel (20 data sets x 50)", 400,
                     lambda: bench(data(1_000), "parallel-normal", "--replicates", "1000"),
                     r("fa.parallel", 1_000, 20), 50, 1)
    yield Comparison("P17", "eigenvalues of 8 matrices of 65 x 65", "numpy eigvalsh", 3,
                     lambda: bench(data(1_000), "eigenvalues"),
                     python("eigenvalues.py", "eigvalsh-100"), 8 / 100)
    yield Comparison("P18", "65 logistic fits on 11 columns, 1,000 papers", "statsmodels Logit", 120,
                     lambda: bench(data(1_000), "logistic"),
                     peer("logistic.py", "statsmodels", 1_000))
    yield Comparison("P18", "the same, 100,000 papers", "statsmodels Logit (13 items x 5)", 750,
                     lambda: bench(data(100_000), "logistic"),
                     peer("logistic.py", "statsmodels", 100_000, items_fitted=13), 5, 2)
    yield Comparison("P18", "the same, 1,000,000 papers", "statsmodels Logit (1 item x 65)", 3000,
                     lambda: bench(data(1_000_000), "logistic"),
                     peer("logistic.py", "statsmodels", 1_000_000, items_fitted=1), 65, 1)
    for papers, goal in ((1_000, 30), (100_000, 20)):
        yield Comparison("P18", f"the same, {papers:,} papers", "numpy IRLS on collapsed patterns", goal,
                         lambda papers=papers: bench(data(papers), "logistic"),
                         peer("logistic.py", "collapsed", papers))
    yield Comparison("P19", "100 replicates of them, 1,000 papers", "numpy (20 replicates x 5)", 35,
                     lambda: bench(data(1_000), "logistic-bootstrap", "--replicates", "100"),
                     peer("logistic.py", "irls", 1_000, 20), 5)
    yield Comparison("P19", "the same", "R glm.fit (2 replicates x 50)", 200,
                     lambda: bench(data(1_000), "logistic-bootstrap", "--replicates", "100"),
                     r("glm", 1_000, 2), 50, 1)
    yield Comparison("P20", "10,000 x 145 numbers as CSV", "pandas", 15,
                     lambda: bench(data(1_000), "csv"), python("tables.py", "pandas"), pairs=2)
    yield Comparison("P20", "the same", "polars, one thread", 1 / 1.5,
                     lambda: bench(data(1_000), "csv"), python("tables.py", "polars"))
    wald = ["--on", " + ".join(f"x{k}" for k in range(10)), "--outcome", "item*", "--interval", "wald"]
    wald += [option for k in range(10) for option in ("--metadata", f"x{k}")]
    for name, method in (("plink2 --glm, the whole process", "plink2"),
                         ("numpy IRLS, its work alone", "irls"), ("glum, its work alone", "glum")):
        yield Comparison(
            "P22", "64 logistic fits on 10 numbers, 100,000 papers, Wald, reading and start included",
            name, 1,
            lambda: whole("logit", continuous(), *wald, "--jobs", "1", "--quiet"),
            peer("continuous.py", method, 100_000), pairs=2)
    for papers in (10_000, 100_000, 1_000_000):
        yield Comparison(
            "P23", f"a matrix CSV of {papers:,} x 72 read, and rates of its items, start included",
            "polars, import not counted", 2,
            lambda: whole("rates", corpus(papers), "--rows", "item", "--jobs", "1", "--quiet"),
            python("matrices.py", "polars", "--data", corpus(papers)))


def cause(comparison):
    return CAUSES.get(f"{comparison.id} {comparison.peer.split()[0].rstrip(',')}",
                      CAUSES.get(comparison.id, "not looked into"))


def missed(comparison):
    return comparison.theirs and statistics.median(comparison.ratios) < comparison.goal


def table_of_misses(done):
    """One line for each missed goal with its cause; goals of the same cause share it."""
    lines = {}
    for comparison in filter(missed, done):
        lines.setdefault(cause(comparison), []).append(comparison.id)
    if not lines:
        return ["Every goal is met."]
    return [f"* **{', '.join(dict.fromkeys(ids))}**: {text}" for text, ids in lines.items()]


VERDICTS = {True: "met", False: "**missed**"}
SIZES = [(1_000, 10_000), (10_000, 1_000), (100_000, 100), (1_000_000, 20)]


def speed_against_papers():
    """Nanoseconds for each replicate and paper of 80 resampled rates: rows for the chart."""
    rows = []
    for papers, replicates in SIZES:
        units = papers * replicates / 1e9
        peers = {"numpy": "numpy, percentile", "numba": "numba, percentile"}
        row = bench(data(papers), "rates", "--interval", "bca", "--replicates", str(replicates))
        rows.append((papers, "metastat, BCa", float(row["seconds"]) / units))
        for method, name in peers.items():
            command = python("rates.py", method, "--data", data(papers) + ".npy", "--replicates",
                             str(replicates))
            rows.append((papers, name, float(run(command).split()[-1]) / units))
        if shutil.which("Rscript") and papers == 1_000:
            seconds = run(["Rscript", os.path.join(HERE, "peers.R"), "boot", data(papers) + ".csv",
                           "200"], check=False)
            if seconds:
                rows.append((papers, "R boot, no intervals",
                             float(seconds.split()[-1]) * 50 / units))
    return rows


def table_of_speed(rows):
    names = list(dict.fromkeys(name for _, name, _ in rows))
    lines = ["| papers | " + " | ".join(names) + " |", "| ---: |" + " ---: |" * len(names)]
    for papers, _ in SIZES:
        cells = {name: value for size, name, value in rows if size == papers}
        lines.append(f"| {papers:,} | " + " | ".join(
            number(cells[name]) if name in cells else "" for name in names) + " |")
    return lines


def limits():
    """What the core can do, and what share of it the work reaches: rows for the chart."""
    program = os.path.join(WORK, "limits")
    subprocess.run(["cc", "-O2", "-o", program, os.path.join(HERE, "limits.c")], check=True)
    bytes_rate, bits_rate = map(float, run([program]).split())
    rows = []
    if not bytes_rate:
        return rows, ["This processor has no AVX-512; its limits were not measured."]
    for papers, replicates in SIZES:
        # 65 columns of answers and 65 of where they apply, multiplied by counts of one byte.
        needed = 130 / bytes_rate
        row = bench(data(papers), "replicates", "--replicates", str(replicates))
        rows.append((f"resampling, {papers:,} papers", needed / float(row["ns_per_unit"])))
    for papers, items in [(10_000, 65), (100_000, 65), (1_000_000, 65), (10_000, 500)]:
        operations = (items * items + 2 * items * (items + 1) / 2) * papers
        seconds = float(bench(data(papers, items), "phi")["seconds"])
        rows.append((f"phi, {items} items, {papers:,} papers", operations / bits_rate / 1e9 / seconds))
    bare = float(run([bare_reader(), scans()]).split()[-1])
    read = float(bench(None, "read", "--scans", scans())["seconds"])
    rows.append(("reading 20,000 scans", bare / read))
    lines = ["| work | share of the limit |", "| --- | ---: |"]
    lines += [f"| {name} | {share:.0%} |" for name, share in rows]
    lines += ["", f"The limits, measured in the same run on one core: {bytes_rate:,.0f} thousand million "
              f"multiply-adds of bytes a second (`vpdpbusd`), {bits_rate:,.0f} thousand million and-plus-"
              "count operations on bits (`vpopcntq`), and opening, reading and closing the same files."]
    return rows, lines


def table_of_scale():
    """docs/scale.csv, which scripts/scale writes."""
    path = os.path.join(HERE, "..", "..", "docs", "scale.csv")
    if not os.path.exists(path):
        return ["Not measured yet: `make scale`."]
    with open(path) as file:
        rows = list(csv.DictReader(file))
    lines = ["| run | papers | 1 task | memory | 2 tasks | memory |",
             "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for command in dict.fromkeys(row["command"] for row in rows):
        for papers in dict.fromkeys(row["papers"] for row in rows if row["command"] == command):
            cells = []
            for jobs in "12":
                found = [row for row in rows if (row["command"], row["papers"], row["jobs"]) ==
                         (command, papers, jobs)]
                cells += [f"{float(found[0]['seconds']):,.2f} s", f"{found[0]['peak_mb']} MB"] \
                    if found else ["", ""]
            lines.append(f"| {command} | {int(papers):,} | " + " | ".join(cells) + " |")
    return lines


def draw(specification, name, folder):
    """Draws a chart as SVG by the program that draws those of reports, if it can."""
    axis = {"labelColor": "currentColor", "titleColor": "currentColor", "tickColor": "currentColor",
            "domainColor": "currentColor", "gridOpacity": 0.25}
    specification = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json", "background": None,
        "config": {"axis": axis, "view": {"stroke": None}, "font": "Liberation Sans",
                   "legend": {"labelColor": "currentColor", "titleColor": "currentColor"}},
    } | specification
    with open(os.path.join(WORK, name + ".vl.json"), "w") as file:
        json.dump(specification, file)
    render = os.path.join(HERE, "..", "..", "Sources", "metastat", "Resources", "render.py")
    if subprocess.run([sys.executable, render, WORK, name]).returncode == 0:
        shutil.copy(os.path.join(WORK, name + ".svg"), folder)


def charts(speed, shares, folder):
    names = list(dict.fromkeys(name for _, name, _ in speed))
    draw({
        "description": "Time of resampling 80 rates for each replicate and paper, by the number of "
                       "papers, of metastat and other programs; logarithmic scales, lower is faster.",
        "width": 460, "height": 260,
        "data": {"values": [{"papers": p, "program": n, "ns": v} for p, n, v in speed]},
        "mark": {"type": "line", "point": {"size": 50, "filled": True}, "strokeWidth": 2},
        "encoding": {
            "x": {"field": "papers", "type": "quantitative", "scale": {"type": "log"},
                  "axis": {"title": "papers", "values": [p for p, _ in SIZES], "format": ",",
                           "grid": False}},
            "y": {"field": "ns", "type": "quantitative", "scale": {"type": "log"},
                  "axis": {"title": "ns for each replicate and paper", "tickCount": 4,
                           "format": "~g"}},
            "color": {"field": "program", "type": "nominal", "sort": names,
                      "scale": {"domain": names,
                                "range": ["#d55e00", "#0072b2", "#009e73", "#cc79a7"][:len(names)]},
                      "legend": {"title": None, "orient": "right"}},
            "shape": {"field": "program", "type": "nominal", "sort": names, "legend": None},
        }}, "performance-speed", folder)
    draw({
        "description": "Share of what one core can do that the core's work reaches.",
        "width": 380, "height": {"step": 22},
        "data": {"values": [{"work": name, "share": share} for name, share in shares]},
        "encoding": {"y": {"field": "work", "type": "nominal", "sort": None,
                           "axis": {"title": None, "labelLimit": 260, "ticks": False}},
                     "x": {"field": "share", "type": "quantitative", "scale": {"domain": [0, 1]},
                           "axis": {"title": "share of the limit of one core", "format": "%",
                                    "tickCount": 5}}},
        "layer": [{"mark": {"type": "bar", "color": "#0072b2"}},
                  {"mark": {"type": "text", "align": "left", "dx": 4, "color": "currentColor"},
                   "encoding": {"text": {"field": "share", "type": "quantitative", "format": ".0%"}}}],
    }, "performance-limit", folder)


def scans():
    """The folder of 20,000 simulated scans."""
    folder = os.path.join(WORK, "scans")
    if not os.path.exists(folder):
        run([PROGRAM, "simulate", "--papers", "20000", "--realistic", "--scans", folder])
    return folder


def bare_reader():
    """The program that only opens, reads and closes."""
    program = os.path.join(WORK, "reading")
    subprocess.run(["cc", "-O2", "-o", program, os.path.join(HERE, "reading.c")], check=True)
    return program


def foundation_decoder():
    """The program that decodes with Foundation."""
    program = os.path.join(WORK, "decoding")
    source = os.path.join(HERE, "decoding.swift")
    subprocess.run(["swiftc", "-O", "-o", program, source], check=True)
    return program


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def seconds(value):
    return f"{value:.3g} s" if value >= 1 else f"{value * 1e3:.3g} ms"


def table_of_ratios(done):
    lines = [
        "| goal | work | peer | program | peer takes | ratio (spread) | goal | |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for comparison in done:
        if not comparison.theirs:
            lines.append(f"| {comparison.id} | {comparison.work} | {comparison.peer} | "
                         f"{seconds(statistics.median(comparison.mine))} | not installed | | | |")
            continue
        ratio = statistics.median(comparison.ratios)
        spread = f"{number(comparison.ratios[0])}–{number(comparison.ratios[-1])}"
        met = "met" if ratio >= comparison.goal else "**missed**"
        lines.append(
            f"| {comparison.id} | {comparison.work} | {comparison.peer} | "
            f"{seconds(statistics.median(comparison.mine))} | "
            f"{seconds(statistics.median(comparison.theirs))} | "
            f"{number(ratio)} ({spread}) | {number(comparison.goal)} | {met} |"
        )
    return lines


def table_of_growth():
    """The goals that compare the program with itself, and growth with papers and replicates."""
    lines = ["| papers | replicates | ns per replicate x paper | phi of all pairs | "
             "exact bootstrap, all items | normal parallel analysis, one data set |",
             "| ---: | ---: | ---: | ---: | ---: | ---: |"]
    per_unit, exact, parallel = {}, {}, {}
    for papers, replicates in [(1_000, 10_000), (10_000, 1_000), (100_000, 100), (1_000_000, 20)]:
        path = data(papers)
        per_unit[papers] = float(
            bench(path, "replicates", "--replicates", str(replicates))["ns_per_unit"])
        phi = float(bench(path, "phi")["seconds"])
        exact[papers] = float(bench(path, "exact-bootstrap")["seconds"])
        row = bench(path, "parallel-normal", "--replicates", "200")
        parallel[papers] = float(row["ns_per_unit"]) / 1e9
        lines.append(f"| {papers:,} | {replicates:,} | {per_unit[papers]:.2f} | {seconds(phi)} | "
                     f"{seconds(exact[papers])} | {seconds(parallel[papers])} |")
    resampling = per_unit[1_000_000] * 1e6 * 1e4 / 1e9
    worst = max(per_unit[papers] for papers in (10_000, 100_000, 1_000_000))
    own = [
        ("P9", "resampling at 10,000 papers and more", f"{worst:.2f} ns per replicate x paper",
         "1.0 ns", worst <= 1.0),
        ("P10", "exact limits against 10,000 replicates, 1,000,000 papers",
         f"1/{resampling / exact[1_000_000]:.0f}", "1/100",
         resampling / exact[1_000_000] >= 100),
        ("P16", "parallel analysis at 1,000,000 papers against 1,000",
         f"{parallel[1_000_000] / parallel[1_000]:.2f} x", "1.1 x",
         parallel[1_000_000] / parallel[1_000] <= 1.1),
    ]
    return lines, own


def memory():
    """Growth of the greatest memory while the rates of 1,000,000 papers are resampled (P21)."""
    row = bench(data(1_000_000), "rates", "--interval", "bca", "--replicates", "20", "--runs", "1")
    planes = 2 * 65 * (1_000_000 + 511) // 512 * 64 / 1e6
    growth = float(row["growth_mb"])
    return ("P21", "memory beyond the matrix, 1,000,000 papers x 20 replicates",
            f"{growth:.0f} MB (planes {planes:.0f} MB)", f"{planes + 64:.0f} MB",
            growth <= planes + 64)


def reading_by_tasks():
    """The time by the clock and the greatest memory of reading and rating 1,000,000 papers (P24, P25)."""
    clock, memory = {}, 0
    for jobs in ("1", "2"):
        times = []
        for _ in range(5):
            start = time.perf_counter()
            process = subprocess.Popen(
                [PROGRAM, "rates", corpus(1_000_000), "--rows", "item", "--jobs", jobs, "--quiet"],
                stdout=subprocess.DEVNULL)
            memory = max(memory, os.wait4(process.pid, 0)[2].ru_maxrss / 1000)
            times.append(time.perf_counter() - start)
        clock[jobs] = min(times)
    ratio = clock["1"] / clock["2"]
    return [("P24", "1,000,000 x 72 read and rated by two tasks against one, whole runs by the clock",
             f"{ratio:.2f} x", "1.6 x", ratio >= 1.6),
            ("P25", "greatest memory of these runs", f"{memory:.0f} MB", "300 MB", memory <= 300)]


def same_bytes():
    """Whether jobs and kernel paths change any byte of the result (P22)."""
    path = data(10_000) + ".csv"
    seen = set()
    for kernels in ("portable", "avx2", "avx512"):
        for jobs in ("1", "2", "7"):
            environment = os.environ | {"METASTAT_KERNELS": kernels}
            command = [PROGRAM, "rates", path, "--interval", "bca", "--replicates", "1999",
                       "--jobs", jobs, "--format", "csv"]
            seen.add(subprocess.run(command, capture_output=True, env=environment).stdout)
    return ("P22", "1, 2, 7 tasks on every kernel path", f"{len(seen)} result{'' if len(seen) == 1 else 's'}",
            "1 result", len(seen) == 1)


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo")
                  if line.startswith("model name")), platform.processor())
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    versions = [f"{name} {__import__(name).__version__}"
                for name in ("numpy", "scipy", "numba", "pandas", "polars", "statsmodels", "orjson")
                if installed(name)]
    if shutil.which("Rscript"):
        script = ('cat(R.version$version.string); for (p in c("boot", "psych", "polycor")) '
                  'if (requireNamespace(p, quietly = TRUE)) cat(",", p, '
                  'as.character(packageVersion(p)))')
        versions.append(run(["Rscript", "-e", script]))
    text = subprocess.run([PROGRAM, "bench", "--workload", "csv", "--runs", "1", "--format", "text"],
                          capture_output=True, text=True).stdout
    core = next((line for line in text.splitlines() if "BLAS core" in line), "")
    return [
        f"* {model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} "
        f"{platform.release()}",
        f"* metastat {subprocess.run([PROGRAM, '--version'], capture_output=True, text=True).stdout.strip()}; "
        + core.strip(),
        "* " + ", ".join(versions) + f", Python {platform.python_version()}",
        f"* {datetime.date.today().isoformat()}, `make bench-peers`",
    ]


def installed(name):
    try:
        __import__(name)
        return True
    except ImportError:
        return False


def main():
    os.makedirs(WORK, exist_ok=True)
    done = []
    for comparison in comparisons():
        if WANTED and comparison.id not in WANTED:
            continue
        comparison.measure()
        done.append(comparison)
        print("\n".join(table_of_ratios([comparison])[2:]), flush=True)
    growth, own = remembered("growth", table_of_growth)
    own += [remembered("memory", memory), remembered("bytes", same_bytes)]
    own += remembered("tasks", reading_by_tasks)
    speed = remembered("speed", speed_against_papers)
    shares, limit = remembered("limits", limits)
    charts(speed, shares, os.path.dirname(OUTPUT))
    with open(os.path.join(HERE, "performance.md")) as file:
        text = file.read()
    itself = ["| goal | what | measured | goal | |", "| --- | --- | ---: | ---: | --- |"]
    itself += [f"| {id} | {what} | {value} | {goal} | {VERDICTS[met]} |"
               for id, what, value, goal, met in own]
    for name, lines in [("machine", machine()), ("ratios", table_of_ratios(done)),
                        ("itself", itself), ("growth", growth), ("misses", table_of_misses(done)),
                        ("speed", table_of_speed(speed)), ("limit", limit),
                        ("scale", table_of_scale())]:
        text = text.replace("{{" + name + "}}", "\n".join(lines))
    with open(OUTPUT, "w") as file:
        file.write(text)
    os.remove(os.path.join(WORK, "measured.json"))


if __name__ == "__main__":
    main()
