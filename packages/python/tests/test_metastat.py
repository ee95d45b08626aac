"""Tests of the module with the program that it finds; pandas and polars where they are installed."""

import importlib.util
import json
import os
import pickle
import subprocess
import sys
import tempfile
import unittest
import warnings
from pathlib import Path

import metastat
from metastat import _frames, _program

DATA = Path(os.environ.get("METASTAT_DATA") or Path(__file__).resolve().parents[3] / "data")
FORM = DATA / "form.csv"
HAS = {name: importlib.util.find_spec(name) is not None for name in ("pandas", "polars")}

#: Answers in all their states: of the item data, three do not apply and two are absent.
ROWS = [
    {"paper": f"p{i}", "code": str(i % 2), "data": "NA" if i < 3 else "" if i < 5 else "1"}
    for i in range(10)
]


def counts(frame):
    """(applicable, not applicable, absent, yes) of the item data."""
    rows = frame if isinstance(frame, list) else (
        frame.to_dict("records") if hasattr(frame, "attrs") else frame.to_dicts()
    )
    row = next(row for row in rows if row["term"] == "data")
    return tuple(row[name] for name in ("n_applicable", "n_not_applicable", "n_absent", "n_yes"))


class Calls(unittest.TestCase):
    def setUp(self):
        warnings.simplefilter("ignore", metastat.MetastatNote)

    def test_versions_agree(self):
        self.assertEqual(metastat.program_version(), metastat.__version__)

    def test_every_command_is_a_function(self):
        done = subprocess.run(
            [metastat.find_program(), "--experimental-dump-help"], capture_output=True, check=True
        )
        commands = json.loads(done.stdout)["command"]["subcommands"]
        told = {c["commandName"]: c["abstract"] for c in commands if c["commandName"] != "help"}
        self.assertEqual(metastat.COMMANDS, told)
        for name in told:
            function = getattr(metastat, "import_" if name == "import" else name)
            self.assertIn(told[name], function.__doc__)

    def test_options_become_words(self):
        frame = metastat.rates(
            FORM, rows=["item", "overall"], interval="bca", sort="-estimate", level=0.9,
            simultaneous=False, by=None, seed=7, frame="records",
        )
        self.assertEqual({row["level"] for row in frame}, {"item", "overall"})
        self.assertEqual({row["conf_level"] for row in frame}, {0.9})
        self.assertIn("bca", {row["interval"] for row in frame})
        estimates = [row["estimate"] for row in frame]
        self.assertEqual(estimates, sorted(estimates, reverse=True))

    def test_flags(self):
        frame = metastat.rates(FORM, rows="item", ranks=True, frame="records")
        self.assertIn("rank_low", frame[0])

    def test_undefined_numbers_are_missing(self):
        frame = metastat.rates(FORM, rows="overall", frame="records")
        self.assertIsNone(frame[0]["category"])
        self.assertIsInstance(frame[0]["estimate"], float)
        self.assertIsInstance(frame[0]["n_papers"], int)

    def test_other_formats_are_text(self):
        self.assertTrue(metastat.rates(FORM, format="markdown").lstrip().startswith("|"))
        self.assertEqual(metastat.check(FORM, table="recipe")["metastat_recipe"], 1)

    def test_output(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "rates.csv"
            self.assertIsNone(metastat.rates(FORM, output=file, quiet=True))
            self.assertTrue(file.read_text().startswith("level,"))

    def test_notes_are_warnings(self):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            metastat.rates(FORM, frame="records")
        self.assertTrue(any("is read as a table" in str(note.message) for note in caught))
        self.assertTrue(all(note.filename == __file__ for note in caught))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            metastat.rates(FORM, frame="records", quiet=True)

    def test_help(self):
        self.assertIn("USAGE: metastat rates", metastat.help("rates"))
        self.assertIn("USAGE: metastat import", metastat.help("import_"))

    def test_the_module_runs_as_the_program(self):
        done = subprocess.run(
            [sys.executable, "-m", "metastat", "--version"], capture_output=True, text=True
        )
        self.assertEqual(done.stdout.strip(), metastat.__version__)


class Errors(unittest.TestCase):
    def test_usage(self):
        with self.assertRaises(metastat.UsageError) as caught:
            metastat.rates(FORM, intervall="bca")
        self.assertEqual(caught.exception.code, 64)
        self.assertEqual(
            str(caught.exception), "rates has no option '--intervall'; the nearest is --interval"
        )

    def test_no_such_input(self):
        with self.assertRaisesRegex(metastat.NothingThere, "nowhere.csv cannot be read") as caught:
            metastat.rates("nowhere.csv")
        self.assertEqual(caught.exception.code, 66)
        self.assertIsInstance(caught.exception, metastat.MetastatError)

    def test_nothing_left(self):
        with self.assertRaises(metastat.NothingThere):
            metastat.rates(FORM, since=2100, quiet=True)

    def test_a_path_is_never_an_option(self):
        with self.assertRaises(metastat.NothingThere):
            metastat.rates("--version")

    def test_errors_can_be_pickled(self):
        error = metastat.InputError("wrong", 65, ["a note"], ["rates"])
        again = pickle.loads(pickle.dumps(error))
        self.assertEqual((str(again), again.code, again.notes), ("wrong", 65, ["a note"]))

    def test_no_program(self):
        before = os.environ.get("METASTAT")
        os.environ["METASTAT"] = "no-such-program"
        try:
            with self.assertRaisesRegex(metastat.ProgramNotFound, "METASTAT names"):
                metastat.rates(FORM)
        finally:
            if before is None:
                del os.environ["METASTAT"]
            else:
                os.environ["METASTAT"] = before

    def test_every_code_has_its_class(self):
        for code, kind in _program.ERRORS.items():
            self.assertTrue(issubclass(kind, metastat.MetastatError), code)

    def test_kind_of_frame(self):
        with self.assertRaisesRegex(ValueError, "frame is one of"):
            metastat.rates(FORM, frame="arrow")
        with self.assertRaisesRegex(ValueError, "missing is"):
            metastat.rates(ROWS, missing="no")


class Frames(unittest.TestCase):
    def setUp(self):
        warnings.simplefilter("ignore", metastat.MetastatNote)

    def test_records(self):
        self.assertEqual(counts(metastat.rates(ROWS, frame="records")), (5, 3, 2, 5))

    def test_missing_is_absent_unless_said(self):
        rows = [{**row, "data": None if row["paper"] == "p9" else row["data"]} for row in ROWS]
        self.assertEqual(counts(metastat.rates(rows, frame="records")), (4, 3, 3, 4))
        self.assertEqual(counts(metastat.rates(rows, frame="records", missing="na")), (4, 4, 2, 4))

    def test_a_matrix_comes_back_as_it_was(self):
        matrix = metastat.matrix(ROWS, frame="records")
        self.assertEqual([row["data"] for row in matrix], [row["data"] for row in ROWS])
        self.assertEqual(matrix, metastat.matrix(matrix, frame="records"))

    def test_a_frame_as_the_value_of_an_option(self):
        covariates = [{"paper": f"p{i}", "team": "AB"[i % 2]} for i in range(10)]
        frame = metastat.rates(ROWS, covariates=covariates, by="team", rows="overall", frame="records")
        self.assertEqual({row["group"] for row in frame}, {"A", "B"})

    def test_two_frames(self):
        other = [{**row, "code": "1"} for row in ROWS]
        frame = metastat.agree(ROWS, other, frame="records")
        self.assertTrue(frame)

    @unittest.skipUnless(HAS["pandas"], "pandas is not installed")
    def test_pandas(self):
        import pandas

        frame = metastat.rates(FORM, rows="item")
        self.assertIsInstance(frame, pandas.DataFrame)
        self.assertTrue(frame["category"].isna().all())
        self.assertTrue((frame["note"] == "raters-share-papers").all())
        self.assertTrue(any("is read as a table" in note for note in frame.attrs["notes"]))
        matrix = metastat.import_(FORM)
        cells = matrix["Was ethics approval obtained?"].value_counts().to_dict()
        self.assertEqual(cells, {"1": 23, "0": 15, "NA": 14})
        again = metastat.rates(matrix, rows="item")
        self.assertEqual(again["estimate"].tolist(), frame["estimate"].tolist())

    @unittest.skipUnless(HAS["pandas"], "pandas is not installed")
    def test_states_in_pandas(self):
        import pandas

        frame = pandas.DataFrame(ROWS)
        self.assertEqual(counts(metastat.rates(frame)), (5, 3, 2, 5))
        frame.loc[9, "data"] = None
        self.assertEqual(counts(metastat.rates(frame)), (4, 3, 3, 4))
        self.assertEqual(counts(metastat.rates(frame, missing="na")), (4, 4, 2, 4))
        typed = pandas.DataFrame({"paper": ["a", "b", "c"], "data": [True, False, None]})
        self.assertEqual(counts(metastat.rates(typed)), (2, 0, 1, 1))

    @unittest.skipUnless(HAS["polars"], "polars is not installed")
    def test_polars(self):
        import polars

        frame = polars.DataFrame(ROWS)
        rates = metastat.rates(frame, frame="polars")
        self.assertIsInstance(rates, polars.DataFrame)
        self.assertEqual(counts(rates), (5, 3, 2, 5))
        self.assertEqual(counts(metastat.rates(frame.lazy(), frame="polars")), (5, 3, 2, 5))
        matrix = metastat.matrix(frame, frame="polars")
        self.assertEqual(matrix["data"].to_list(), [row["data"] for row in ROWS])
        typed = polars.DataFrame({"paper": ["a", "b", "c"], "data": [True, False, None]})
        self.assertEqual(counts(metastat.rates(typed, frame="polars")), (2, 0, 1, 1))

    def test_what_is_not_installed_is_said(self):
        for name, there in HAS.items():
            if not there:
                with self.assertRaisesRegex(ImportError, f"pip install {name}"):
                    metastat.rates(FORM, frame=name)

    def test_types_of_records(self):
        data = b"a,b,c\n1,0.5,x\nNA,NA,\n"
        self.assertEqual(
            _frames.from_csv(data, "records", False, []),
            [{"a": 1, "b": 0.5, "c": "x"}, {"a": None, "b": None, "c": ""}],
        )


class Reports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        warnings.simplefilter("ignore", metastat.MetastatNote)
        cls.report = metastat.report(FORM, title="A form", frame="records")

    def test_files(self):
        self.assertIn("A form", self.report.markdown.read_text())
        self.assertTrue(self.report.html.is_file())
        self.assertIn("items", self.report.tables)
        self.assertTrue(self.report.tables["items"])
        with self.assertRaisesRegex(KeyError, "there are"):
            self.report.tables["nothing"]

    def test_figures_are_drawn_by_notebooks(self):
        figure = self.report.figures["post-items"]
        bundle = figure._repr_mimebundle_()
        specification = bundle["application/vnd.vegalite.v5+json"]
        self.assertIn("vega-lite/v5", specification["$schema"])
        self.assertEqual(specification, figure.to_dict())
        self.assertEqual(bundle["text/plain"], figure.description)
        self.assertEqual(list(figure._repr_mimebundle_(include=["text/plain"])), ["text/plain"])

    def test_a_temporary_report_goes(self):
        report = metastat.report(FORM, quiet=True, only="items")
        path = report.path
        self.assertTrue(path.is_dir())
        del report
        self.assertFalse(path.exists())

    def test_a_folder_of_ones_own_stays(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "report"
            metastat.report(ROWS, output=path, quiet=True)
            self.assertTrue((path / "report.md").is_file())
            with self.assertRaises(metastat.OutputError):
                metastat.report(ROWS, output=path)

    def test_a_section(self):
        self.assertIsInstance(metastat.report(FORM, snippet="headline", quiet=True), str)


if __name__ == "__main__":
    unittest.main()
