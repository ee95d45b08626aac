#!/usr/bin/env python3
"""Write data/papers/ and data/published_stats.csv from scans, as facts only.

Kept: bibliographic metadata, tags, modules, types, applies/answer/source of every item that was
read, the support level of claims, engagement scores, and how many red flags there are.
Left out: every sentence (justifications, findings, claims, evidence, red flags, relevance).

An item, a field or a file that was not read is absent; nothing is filled in.
"""
import argparse
import json
import shutil
from collections import Counter
from pathlib import Path


def facts_of_item(node):
    """The answer of one item without its sentence."""
    return {key: node[key] for key in ("applies", "answer", "source") if key in node}


def facts_of_scan(scan):
    """A complete scan without its sentences, in the same layout and order."""
    facts = {}
    for key, value in scan.items():
        if key == "checklist":
            facts[key] = {
                category: {item: facts_of_item(node) for item, node in items.items()}
                for category, items in value.items()
            }
        elif key == "claims":
            facts[key] = [{"supported": claim["supported"]} for claim in value]
        elif key == "red_flags":
            facts[key] = [{} for _ in value]
        elif key == "cited_papers":
            facts[key] = [without(cited, "relevance") for cited in value]
        elif key == "engagement_factors":
            facts[key] = {name: {"score": factor["score"]} for name, factor in value.items()}
        elif key != "key_findings":
            facts[key] = value
    return facts


def without(mapping, key):
    return {name: value for name, value in mapping.items() if name != key}


def present(mapping):
    """The fields that were read."""
    return {key: value for key, value in mapping.items() if value is not None}


def nested(items, source=None):
    """`category.item` answers nested by category, in the order they were read."""
    checklist = {}
    for name, answer in items.items():
        category, item = name.split(".", 1)
        cell = dict(answer)
        if source:
            cell["source"] = source
        checklist.setdefault(category, {})[item] = cell
    return checklist


def facts_of_record(record):
    """A partially read scan in the layout of its version."""
    version = record["scan_version"]
    scan = {
        "scan_version": version if version > 1 else None,  # version 1 does not say so
        "paper_type": record["paper_type"],
        "paper": present({key: record[key] for key in ("title", "year", "venue", "arxiv_id")}),
        "active_modules": record["active_modules"],
        "methodology_tags": record["methodology_tags"],
        # Every answer seen in version 5 was given by haiku; in version 4 sources are mixed and
        # were not recorded.
        "checklist": nested(record["items"], "haiku" if version == 5 else None),
    }
    if record.get("note") == "malformed:sub_questions":
        scan["checklist"] = {
            category: {"sub_questions": items} for category, items in scan["checklist"].items()
        }
    return present(scan)


def facts_of_calibration(record):
    """A calibration, flat: the second rater's answers and the stored agreement."""
    agreement = record.get("agreement", {})
    facts = present({
        "paper_slug": record["slug"],
        "total_questions": agreement.get("total"),
        "agreement_count": agreement.get("agreements"),
        "opus_checklist": nested(record["items"]) or None,
    })
    if record.get("note") == "shape:calibration_metadata":
        checklist = facts.pop("opus_checklist")
        facts = {"calibration_metadata": facts, "opus_checklist": checklist}
    return facts


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scans", type=Path, help="folder of complete scans: <slug>/scan*.json")
    parser.add_argument("partial", type=Path, help="partially read scans, one JSON record a line")
    parser.add_argument("published", type=Path, help="published statistics, CSV")
    parser.add_argument("--out", type=Path, default=Path("data"), help="target folder (data)")
    arguments = parser.parse_args()

    papers = arguments.out / "papers"
    shutil.rmtree(papers, ignore_errors=True)
    counts = Counter()
    complete = set()
    for path in sorted(arguments.scans.glob("*/scan*.json")):
        scan = json.loads(path.read_text(encoding="utf-8"))
        write(papers / path.parent.name / path.name, facts_of_scan(scan))
        complete.add((path.name, scan["paper"]["arxiv_id"]))
        counts[f"{path.name}, version {scan.get('scan_version', 1)}, complete"] += 1

    left_out = []
    for line in arguments.partial.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if (record["file"], record["arxiv_id"]) in complete and record.get("complete"):
            continue
        if record["file"] == "calibration.json":
            useful = record["items"] or "agreement" in record
            facts = facts_of_calibration
        else:
            useful = record["items"]
            facts = facts_of_record
        if not useful:
            left_out.append(f"{record['slug']}/{record['file']}")
            continue
        write(papers / record["slug"] / record["file"], facts(record))
        counts[f"{record['file']}, version {record['scan_version']}"] += 1

    shutil.copyfile(arguments.published, arguments.out / "published_stats.csv")
    for kind, count in sorted(counts.items()):
        print(f"{count:4} {kind}")
    print(f"{len(left_out):4} left out, no answer was read:", *sorted(left_out), sep="\n     ")


if __name__ == "__main__":
    main()
