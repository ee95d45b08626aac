"""Reading the scans of a folder into a matrix with orjson or json."""

import glob

import common
import numpy as np

options = common.options(folder="")


def work():
    if options.method == "orjson":
        import orjson

        loads = orjson.loads
    else:
        import json

        loads = json.loads
    rows, columns = [], {}
    for path in sorted(glob.iglob(options.folder + "/**/scan*.json", recursive=True)):
        with open(path, "rb") as file:
            scan = loads(file.read())
        row = {}
        for category, answers in scan["checklist"].items():
            for name, cell in answers.items():
                if isinstance(cell, dict) and "applies" in cell:
                    column = columns.setdefault(f"{category}.{name}", len(columns))
                    row[column] = (1 if cell["answer"] else 0) if cell["applies"] else -1
        rows.append(row)
    matrix = np.full((len(rows), len(columns)), -2, np.int8)
    for index, row in enumerate(rows):
        matrix[index, list(row)] = list(row.values())


common.report(work)
