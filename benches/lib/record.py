"""Makes of one case's figures a record, and says what is wrong with it.

Reads what wrk said of each run and what the database says of the books, compares the two, prints the record as one
line of JSON for the table, and a line for people to stderr.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

BOOKS = (
    "units_left",
    "units_deducted",
    "deductions",
    "below_zero",
    "wrong_amounts",
    "broken_links",
    "repeated_keys",
)
FAULTS = BOOKS[3:]

# What a run may count that is no success. All of them must be zero.
FAILURES = (
    "refused",
    "errors",
    "other",
    "wrk_connect",
    "wrk_read",
    "wrk_write",
    "wrk_timeout",
    "wrk_status",
)


@dataclass
class Run:
    """One run of wrk."""

    name: str
    # Deductions that each success stands for.
    lines: int
    # What its script counted, or None if it did not come to its end.
    figures: dict | None
    # What else was printed.
    remarks: list[str]

    @classmethod
    def read(cls, lines, path):
        """A run from what wrk printed; the figures are the last line, in JSON."""
        printed = Path(path).read_text().splitlines()
        figures = [line for line in printed if line.startswith("{")]
        remarks = [line for line in printed if line.startswith("the first answer")]
        return cls(Path(path).name, int(lines), json.loads(figures[-1]) if figures else None, remarks)

    def lines_succeeded(self):
        if not self.figures:
            return 0
        return int(self.figures["succeeded"]) * self.lines + int(self.figures["units_aside"])

    def problems(self):
        """What is wrong with it by itself."""
        if self.figures is None:
            return [f"{self.name}: wrk did not come to its end"]
        problems = [f"{self.figures[count]:.0f} {count}" for count in FAILURES if self.figures[count]]
        sent, answered = self.figures["sent"], self.figures["answered"]
        if sent != answered:
            problems.append(f"{sent:.0f} requests, but {answered:.0f} answers")
        if not self.figures["succeeded"]:
            problems.append("nothing succeeded")
        return [f"{self.name}: {problem}" for problem in problems + self.remarks]


def statements(path, figures):
    """Statements a second by which the primary was asked about sold-out stock: lookups of keys, and transactions."""
    if path is None:
        return 0
    values = dict(line.rsplit(" ", 1) for line in Path(path).read_text().splitlines() if not line.startswith("#"))
    names = ("stockflow_ledger_early_lookup_keys_count", "stockflow_ledger_batch_commands_count")
    seconds = sum(run["active_seconds"] for run in figures)
    return sum(float(values[name]) for name in names) / seconds if seconds else 0


def problems_of_books(books, units_opened, lines_succeeded):
    """Where the books disagree with themselves or with the answers."""
    problems = [f"books: {books[fault]} {fault}" for fault in FAULTS if books[fault]]
    units_gone = units_opened - books["units_left"]
    counts = {
        "units gone": units_gone,
        "units deducted": books["units_deducted"],
        "deductions": books["deductions"],
        "lines answered as done": lines_succeeded,
    }
    if len(set(counts.values())) != 1:
        problems.append("books: " + ", ".join(f"{count} {name}" for name, count in counts.items()))
    return problems


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--round", type=int, required=True)
    parser.add_argument("--case", required=True, help="WORKLOAD/DATABASE/VARIANT")
    pair = {"nargs": 2, "action": "append", "default": [], "metavar": ("LINES", "FILE")}
    parser.add_argument("--measured", **pair, help="a run, and how many deductions each success stands for")
    parser.add_argument("--filling", **pair, help="the same of a run that counts for the books only")
    parser.add_argument("--books", help="the row of books.sql; absent where there is no database")
    parser.add_argument("--units-opened", type=int, default=0)
    parser.add_argument("--sold-out", action="store_true", help="there must be nothing left")
    parser.add_argument("--metrics", help="what the server counted")
    parser.add_argument("--exit-status", type=int, default=0, help="of the server when it was stopped")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    filling = [Run.read(*pair) for pair in arguments.filling]
    measured = [Run.read(*pair) for pair in arguments.measured]

    problems = [problem for run in filling + measured for problem in run.problems()]
    if arguments.exit_status:
        problems.append(f"the server ended with status {arguments.exit_status}")
    lines_succeeded = sum(run.lines_succeeded() for run in filling + measured)
    agreed = "no books"
    if arguments.books is not None:
        books = dict(zip(BOOKS, map(int, arguments.books.split("\t")), strict=True))
        problems += problems_of_books(books, arguments.units_opened, lines_succeeded)
        if arguments.sold_out and books["units_left"]:
            problems.append(f"books: {books['units_left']} units were not sold")
        agreed = f"books agree on {books['deductions']:,} deductions"

    figures = [run.figures for run in measured if run.figures]
    workload, database, variant = arguments.case.split("/")
    record = {
        "round": arguments.round,
        "workload": workload,
        "database": database,
        "variant": variant,
        "rate": sum(run["succeeded_in_time"] / run["active_seconds"] for run in figures),
        # Of several servers, those of the slowest.
        "median_us": max((run["median_us"] for run in figures), default=0),
        "p99_us": max((run["p99_us"] for run in figures), default=0),
        "statements": statements(arguments.metrics, [run.figures for run in filling + measured if run.figures]),
        "errors": sum(int(run["errors"]) for run in figures),
        "problems": problems,
    }
    print(json.dumps(record))
    print(
        f"   {arguments.case:26} {record['rate']:9,.0f} /s   median {record['median_us'] / 1000:8.2f} ms"
        f"   p99 {record['p99_us'] / 1000:8.2f} ms   {agreed if not problems else 'WRONG'}",
        file=sys.stderr,
    )
    for problem in problems:
        print(f"   !!! {arguments.case}: {problem}", file=sys.stderr)


main()
