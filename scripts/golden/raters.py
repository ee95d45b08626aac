"""Makes data/synthetic/raters.csv: answers of a rater about 240 papers, and of a better one about 40 of them.

The rater `quick` says yes to a sixth of what is no, misses a twentieth of what is yes, applies a tenth of what
does not apply and leaves out a thirtieth of what does; the 40 papers were chosen at random. Run from the
root of the repository: python3 scripts/golden/raters.py
"""
import random

random.seed(20260228)
ITEMS = {
    "artifacts.code_released": .55, "artifacts.data_released": .45, "artifacts.environment": .2,
    "statistics.intervals": .25, "statistics.variance_reported": .35, "statistics.effect_sizes": .15,
    "limitations.section_present": .8, "limitations.threats_discussed": .5,
    "setup.model_version_stated": .7, "setup.prompts_given": .4, "setup.hyperparameters": .6,
    "claims.supported": .85,
}
PAPERS, READ_AGAIN = 240, 40
again = set(random.sample(range(PAPERS), READ_AGAIN))
with open("data/synthetic/raters.csv", "w") as out:
    out.write("paper,year,rater," + ",".join(ITEMS) + "\n")
    for paper in range(PAPERS):
        hard = random.random() < .2
        better, quick = [], []
        for rate in ITEMS.values():
            truth = "NA" if random.random() < .15 else "1" if random.random() < rate else "0"
            said, luck = truth, random.random() / (2 if hard else 1)
            if truth == "NA":
                said = "1" if luck < .05 else "0" if luck < .1 else said
            elif luck < 1 / 30:
                said = "NA"
            elif truth == "0" and luck < 1 / 30 + 1 / 6:
                said = "1"
            elif truth == "1" and luck < 1 / 30 + 1 / 20:
                said = "0"
            better.append(truth)
            quick.append(said)
        name, year = f"paper-{paper + 1:03}", 2022 + paper % 4
        out.write(f"{name},{year},quick," + ",".join(quick) + "\n")
        if paper in again:
            out.write(f"{name},{year},careful," + ",".join(better) + "\n")
