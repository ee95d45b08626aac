"""What a reader does with an explorer, in a real browser: five questions, answered by clicking.

Usage: readers.py PROGRAM FOLDER [SCREENSHOTS]
FOLDER has `papers`, a corpus of scans with raters and versions, and `explorer.html`, made of it with
the names of raters shown. Each question is answered from the page alone and compared with the program's
own tables. Then every view is walked through at 1,280 and 360 points of width, light and dark, with axe,
by keyboard, in print; downloads are compared with the program's CSV; hostile texts stay texts.
"""
import csv
import io
import json
import pathlib
import re
import subprocess
import sys
import time

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
shots = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
address = (folder / "explorer.html").resolve().as_uri()
papers = str(folder / "papers")
faults = []
VIEWS = ["findings", "items", "map", "papers", "scatter", "groups", "claims", "definitions"]


def metastat(*words):
    run = subprocess.run([program, *words, "--format", "csv", "--quiet"], capture_output=True, text=True, check=True)
    return list(csv.DictReader(io.StringIO(run.stdout)))


def check(holds, what):
    print(("ok    " if holds else "FAULT ") + what)
    if not holds:
        faults.append(what)


def settled(page):
    """Waits until the page has shown what the address asks for."""
    page.wait_for_function("document.documentElement.dataset.ready !== undefined")
    page.wait_for_timeout(60)


def go(page, view):
    page.locator(f'nav a[data-view="{view}"]').click()
    settled(page)


def choose(page, label, value):
    page.locator("main").get_by_label(label, exact=True).select_option(value)
    settled(page)


def select(page, condition):
    page.fill("#where", condition)
    page.keyboard.press("Enter")
    settled(page)


def rows(page, name):
    """The rows of a table as its CSV has them."""
    box = page.locator(f'table[data-name="{name}"]').locator("xpath=ancestor::div[@class='tablebox']")
    button = box.get_by_role("button", name=re.compile("^Save as CSV"))
    if not button.is_visible():
        page.evaluate("document.querySelectorAll('main details').forEach((part) => { part.open = true; })")
    with page.expect_download() as saved:
        button.click()
    return list(csv.DictReader(io.StringIO(pathlib.Path(saved.value.path()).read_text())))


def texts(value):
    """All texts of a JSON document, their white space as a page shows it."""
    if isinstance(value, str):
        yield " ".join(value.split())
    elif isinstance(value, (list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts(part)


def number(text):
    return None if text in ("NA", "") else float(text)


def same(a, b):
    a, b = number(a), number(b)
    return a == b or (a is not None and b is not None and abs(a - b) <= 1e-12)


def fails(page):
    """Which items does this paper fail, and why?"""
    slug = metastat("scores", papers, "--table", "papers")[3]["paper"]
    go(page, "papers")
    page.fill("#search", slug)
    page.wait_for_timeout(400)
    page.locator('table[data-name="papers"] tbody a').first.click()
    settled(page)
    shown = page.locator("#failed li strong").all_inner_texts()
    cells = [row for row in metastat("matrix", papers, "--long") if row["paper"] == slug and row["cell"] == "no"]
    check(len(shown) == len(cells) > 0, f"the page of {slug} says which {len(cells)} items it fails")
    scans = sorted((folder / "papers" / slug).glob("scan*.json"))
    reasons = " ".join(text for scan in scans for text in texts(json.loads(scan.read_text())))
    why = page.locator("#failed li p:not(.note)").all_inner_texts()
    unknown = [text for text in why if " ".join(text.split()) not in reasons]
    check(len(why) == len(cells) and not unknown, f"and why, in the words of its scan ({len(why)} reasons{unknown[:1]})")


def releases(page):
    """Do 2026 papers release code more than 2023 ones, and how sure is that?"""
    go(page, "groups")
    choose(page, "What", "item artifacts.code_released")
    choose(page, "By", "year")
    choose(page, "Between", "2026")
    choose(page, "and", "2023")
    found = rows(page, "differences")
    wanted = [row for row in metastat("compare", papers, "--by", "year", "--item", "artifacts.code_released", "--rows", "item")
              if {row["group"], row["reference"]} == {"2023", "2026"}]
    check(len(found) == len(wanted) == 1 and all(
        same(found[0][name], wanted[0][name]) for name in ("estimate", "conf_low", "conf_high", "n_group", "n_reference", "rate_group")),
        "the difference of 2026 and 2023 with its interval and n is that of compare")
    text = page.locator('table[data-name="differences"] tbody tr').inner_text()
    check("–" in text or " to " in text, "the interval is there to be read")


def claims(page):
    """Which strong claims are about productivity?"""
    go(page, "claims")
    page.fill("#claim-search", "productivity")
    choose(page, "Support", "strong")
    found = rows(page, "claims")
    wanted = []
    for row in metastat("scores", papers, "--table", "papers"):
        scans = sorted((folder / "papers" / row["paper"]).glob("scan*.json"), key=lambda scan: json.loads(scan.read_text()).get("scan_version", 1))
        for claim in json.loads(scans[-1].read_text()).get("claims", []):
            if "productivity" in (claim["claim"] + " " + claim.get("evidence", "")).lower() and claim["supported"] == "strong":
                wanted.append(claim["claim"])
    check(sorted(row["claim"] for row in found) == sorted(wanted) and len(wanted) > 0, f"{len(wanted)} strong claims are about productivity")
    check(str(len(wanted)) in page.locator("#claim-count").inner_text(), "and the page says how many")


def points(page):
    """Which papers with many points score low?"""
    page.get_by_text("Build a condition").click()
    builder = page.locator(".builder")
    for variable, way, value in (("hn_points", ">=", "100"), ("score", "<=", "45")):
        builder.get_by_label("Variable").select_option(variable)
        builder.get_by_label("is", exact=True).select_option(way)
        builder.get_by_label("Value").fill(value)
        builder.get_by_role("button", name="Add to the selection").click()
        settled(page)
    go(page, "papers")
    found = {row["paper"] for row in rows(page, "papers")}
    wanted = {row["paper"] for row in metastat("scores", papers, "--table", "papers", "--where", "hn_points >= 100 and score <= 45")}
    check(found == wanted and len(wanted) > 0, f"{len(wanted)} papers with 100 points and more score 45 or less")
    go(page, "scatter")
    check("hn_points" in page.locator("main").get_by_label("Across", exact=True).input_value(), "the scatter plot shows points against scores")
    page.get_by_role("button", name="Select all papers").click()
    settled(page)


def raters(page):
    """What did two raters disagree on?"""
    go(page, "findings")
    page.get_by_role("link", name="Where do versions and raters disagree?").click()
    settled(page)
    found = {(row["paper"], row["item"]) for row in rows(page, "disagreements")}
    cells = {}
    for row in metastat("matrix", papers, "--long", "--instrument", "all"):
        if row["cell"] not in ("", "absent"):
            cells.setdefault((row["paper"], row["item"]), set()).add(row["cell"])
    wanted = {key for key, values in cells.items() if len(values) > 1}
    check(found == wanted and len(wanted) > 0, f"{len(wanted)} answers on which two readings differ are listed")


def counted(page):
    """The items of a selection as the page saves them are those of the program."""
    go(page, "items")
    for condition in ("year >= 2024", "not artifacts.code_released", "score < 50 and tag = 'benchmark-eval'"):
        select(page, condition)
        found = {row["item"]: row for row in rows(page, "items")}
        wanted = metastat("rates", papers, "--where", condition, "--rows", "item")
        check(len(found) == len(wanted) and all(
            all(same(found[row["item"]][name], row[name]) for name in ("estimate", "conf_low", "conf_high", "n_applicable", "n_yes", "n_not_applicable"))
            for row in wanted), f"the items of '{condition}' are those of rates --where")
    link = page.url
    other = page.context.new_page()
    other.goto(link)
    settled(other)
    check(other.locator("#selected-count").inner_text() == page.locator("#selected-count").inner_text()
          and other.locator("h2").inner_text() == "Items", "a link shows the same view and selection")
    other.close()
    select(page, "nonsense >")
    check(page.locator("#where-error").is_visible(), "a condition that cannot be read is called so")
    select(page, "")


def hostile(page):
    """Texts that try to be markup are text everywhere."""
    go(page, "papers")
    page.fill("#search", "hostile")
    page.wait_for_timeout(400)
    links = page.locator('table[data-name="papers"] tbody a')
    titles = links.all_inner_texts()
    check(len(titles) > 3 and any("<script>" in title for title in titles), "titles show the markup that they hold")
    check(not any("\u202e" in title for title in titles) and any("u{202E}" in title for title in titles),
          "characters that turn text are shown")
    for place in range(len(titles)):
        links.nth(place).click()
        settled(page)
        check(page.evaluate("window.broken === undefined && !document.querySelector('main script, main img, main iframe')"),
              f"the page of '{titles[place]}' runs nothing")
        go(page, "papers")
    for view in VIEWS:
        go(page, view)
    check(page.evaluate("window.broken === undefined"), "no view runs anything")
    go(page, "claims")
    check(all(not row["claim"].startswith(("=", "+", "@")) for row in rows(page, "claims")), "formulas in CSV are guarded")


def keys(page):
    """Everything can be reached and used by keyboard."""
    page.goto(address)
    settled(page)
    page.keyboard.press("2")
    settled(page)
    check("view=items" in page.url, "digits go to views")
    page.keyboard.press("/")
    check(page.evaluate("document.activeElement.id") == "search", "/ goes to the search")
    go(page, "map")
    page.locator("canvas").focus()
    before = page.locator("#cell").inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    check(page.locator("#cell").inner_text() != before, "arrow keys move through the map")
    page.keyboard.press("Enter")
    settled(page)
    check("view=paper" in page.url, "Enter opens the paper")
    go(page, "scatter")
    page.locator("svg.scatter").focus()
    page.keyboard.press("ArrowRight")
    check(page.locator("svg.scatter .tip").inner_html() != "", "arrow keys move through the plot")
    with page.expect_download() as saved:
        page.get_by_role("button", name=re.compile("^Save as SVG")).click()
    check(pathlib.Path(saved.value.path()).read_text().startswith("<svg"), "a chart is saved as SVG")
    go(page, "items")
    header = page.locator('table[data-name="items"] thead button').first
    header.focus()
    page.keyboard.press("Enter")
    settled(page)
    check(page.evaluate("document.activeElement.closest('th')?.ariaSort") == "ascending", "a header sorts by Enter and keeps the focus")


def looks(browser):
    """Axe, width, print and pictures of every view."""
    slug = metastat("scores", papers, "--table", "papers")[3]["paper"]
    for width, height, scheme in ((1280, 900, "light"), (1280, 900, "dark"), (360, 740, "light"), (360, 740, "dark")):
        # axe is put into the page, which its policy forbids.
        context = browser.new_context(bypass_csp=True, viewport={"width": width, "height": height}, color_scheme=scheme)
        page = context.new_page()
        page.goto(address)
        settled(page)
        for view in [*VIEWS, f"paper&paper={slug}", "items&where=year+%3E%3D+2024"]:
            page.goto(f"{address}#view={view}")
            page.reload()
            settled(page)
            page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
            found = Axe().run(page).response["violations"]
            check(not found, f"{view} at {width} points, {scheme}: axe finds "
                  + ("nothing" if not found else str([(one["id"], one["nodes"][0]["html"][:160]) for one in found])))
            wide = page.evaluate("document.documentElement.scrollWidth")
            check(wide <= width, f"{view} is {wide} points wide at {width}")
            if shots:
                page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = false; })")
                shots.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=shots / f"{view.split('&')[0]}{'-selected' if 'where' in view else ''}-{width}-{scheme}.png", full_page=False)
        context.close()
    page = browser.new_page()
    page.goto(f"{address}#view=items")
    settled(page)
    page.emulate_media(media="print")
    check(page.locator("table").first.is_visible() and not page.locator("nav").is_visible(), "print has the view and not its controls")
    page.close()


def main():
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        problems, requests = [], []
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith(("file:", "blob:", "data:")) else requests.append(request.url))
        for question in (fails, releases, claims, points, raters, counted, hostile, keys):
            page.goto(address)
            settled(page)
            began = time.monotonic()
            question(page)
            taken = time.monotonic() - began
            check(taken < 60, f"{question.__doc__.splitlines()[0]} {taken:.1f} s")
        check(not requests, f"nothing is asked of the network {requests}")
        check(not problems, f"nothing is wrong in the console {problems}")
        looks(browser)
        browser.close()
    if faults:
        sys.exit(f"{len(faults)} faults")


main()
