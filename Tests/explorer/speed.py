"""Measures pages: their sizes, the first paint, and how long a selection of papers takes.

Usage: speed.py FOLDER
FOLDER has `thousand.html` (1,000 papers with texts) and `large.html` (10,000 papers). Fails where a page
of 1,000 papers is 3 MB or more, its first paint takes a second, or a selection among 10,000 papers takes
50 ms. Of three runs of each selection the fastest counts, as other work of the machine only slows them, and
of all selections the median.
"""
import pathlib
import statistics
import sys

from playwright.sync_api import sync_playwright

folder = pathlib.Path(sys.argv[1])
CONDITIONS = ["year >= 2025", "score < 40", "artifacts.code_released", "year >= 2024 and score(artifacts) > 50",
              "at least 3 of (artifacts.*)", "contains(title, '7')", "not artifacts.code_released or year = 2023"]
faults = []


def measured(what, value, limit, unit):
    print(f"{what}: {value:.1f} {unit} (less than {limit} {unit})")
    if value >= limit:
        faults.append(what)


with sync_playwright() as play:
    browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    for name in ("thousand", "large"):
        path = (folder / f"{name}.html").resolve()
        size = path.stat().st_size / 1e6
        if name == "thousand":
            measured("size of 1,000 papers with texts", size, 3, "MB")
        else:
            print(f"size of 10,000 papers: {size:.1f} MB")
        paints, shows = [], []
        for _ in range(5):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(path.as_uri())
            page.wait_for_function("document.documentElement.dataset.ready !== undefined")
            shows.append(page.evaluate("performance.now()"))
            paints.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.now()"))
            page.close()
        measured(f"{name}: first paint", statistics.median(paints), 1000, "ms")
        print(f"{name}: first view complete after {statistics.median(shows):.0f} ms")
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        for view in ("items", "papers", "groups", "scatter"):
            page.goto(f"{path.as_uri()}#view={view}")
            page.reload()
            page.wait_for_function("document.documentElement.dataset.ready !== undefined")
            runs = {condition: [] for condition in CONDITIONS}
            for condition in CONDITIONS * 3:
                runs[condition].append(page.evaluate("""async (condition) => {
                  const root = document.documentElement;
                  const before = root.dataset.ready;
                  document.getElementById("where").value = condition;
                  const began = performance.now();
                  document.querySelector("form.filter").requestSubmit();
                  while (root.dataset.ready === before) await new Promise((resolve) => setTimeout(resolve, 0));
                  document.body.getBoundingClientRect();
                  return performance.now() - began;
                }""", condition))
            times = [min(found) for found in runs.values()]
            if name == "large" and view in ("items", "papers"):
                measured(f"{name}: a selection, shown in {view}", statistics.median(times), 50, "ms")
            else:
                print(f"{name}: a selection, shown in {view}: {statistics.median(times):.1f} ms, at most {max(times):.1f} ms")
        page.close()
    browser.close()
if faults:
    sys.exit(f"{len(faults)} limits are not kept: {', '.join(faults)}")
