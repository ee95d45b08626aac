"""Makes the corpora on which explorers are tested, below FOLDER.

Usage: corpora.py PROGRAM FOLDER
`readers` is of 80 papers with several versions, claims about productivity, points of Hacker News, and
texts that try to be markup; `bare.csv` is a matrix without metadata; `large.csv` has 10,000 papers.
"""
import csv
import json
import pathlib
import subprocess
import sys

program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
HOSTILE = ["<script>window.broken = 1</script>", "</script><script>window.broken = 1</script>",
           "<img src=x onerror='window.broken = 1'>", "\u202egpj.exe", "=HYPERLINK(\"http://x\")", "<!-- --> ]]> &lt;"]


def simulate(*words):
    subprocess.run([program, "simulate", *words], check=True, capture_output=True)


folder.mkdir(parents=True, exist_ok=True)
simulate("--papers", "1000", "--realistic", "--scans", str(folder / "thousand"))
simulate("--papers", "20", "-o", str(folder / "twenty.csv"))
simulate("--papers", "10000", "-o", str(folder / "large.csv"))
simulate("--papers", "200", "--seed", "3", "-o", str(folder / "metadata.csv"))
with open(folder / "metadata.csv", newline="") as file:
    rows = list(csv.reader(file))
known = {"title", "year", "venue", "type", "tags", "version", "rater", "group", "cluster", "weight", "arxiv_id", "doi", "pmid"}
kept = [place for place, name in enumerate(rows[0]) if name not in known]
with open(folder / "bare.csv", "w", newline="") as file:
    csv.writer(file).writerows([row[place] for place in kept] for row in rows)

simulate("--papers", "80", "--realistic", "--seed", "5", "--several-versions", "0.3", "--versions", "3=0.5,4=0.5",
         "--citations", "2", "--scans", str(folder / "readers"))
for place, path in enumerate(sorted((folder / "readers" / "papers").glob("*/scan*.json"))):
    scan = json.loads(path.read_text())
    if scan.get("claims") and place % 3 == 0:
        scan["claims"][0]["claim"] = "Assistants raise the productivity of developers."
        scan["claims"][0]["supported"] = ["strong", "moderate", "weak"][place // 3 % 3]
    if place % 10 == 0:
        hostile = HOSTILE[place // 10 % len(HOSTILE)]
        scan["paper"]["title"] = f"Hostile {hostile}"
        scan["paper"]["authors"] = [hostile]
        scan["key_findings"] = [hostile]
        scan["red_flags"] = [{"flag": hostile, "detail": hostile}]
        scan["claims"] = [{"claim": hostile, "evidence": hostile, "supported": hostile}] + scan.get("claims", [])
        for category in scan["checklist"].values():
            for item in category.values():
                item["justification"] = hostile
                break
    scan.setdefault("hn_data", {"points": (place * 37) % 400, "comments": place})
    path.write_text(json.dumps(scan, ensure_ascii=False))
