"""Prints the table, from the records of the cases.

Every ratio is of two figures of the same round. What is printed is the median of the rounds, and from the least to the
greatest of them. Exits with 1 if anything was wrong with a case.

Arguments: the file of records, the file of what the disk did before each round.
"""

import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import median

TITLES = {
    "documents": "deduct, no database, 256 connections",
    "hot": "deduct, one hot SKU, 256 connections",
    "random": "deduct, 1,000 SKUs at random, 256 connections",
    "cart": "cart of 10 lines, 1,000 SKUs, 64 connections",
    "page": "page of 50 flows, 64 connections",
    "lone": "deduct, a client alone, 1 connection",
    "two": "deduct, one hot SKU, two servers, 256 connections",
    "four": "deduct, one hot SKU, four servers, 256 connections",
    "look": "look at one hot SKU, 256 connections",
    "available": "availability of 10 lines, 256 connections",
    "soldout": "deduct, sold out, 256 connections",
    "crowd": "deduct, sold out, 1,024 connections",
    "sale": "looks in a sale of 5 SKUs, one in 20 buys, 1,024 connections",
    "looks": "looks at 5 SKUs, 1,024 connections",
}
VARIANTS = {
    "default": "",
    "plain": "one command a batch",
    "floor": "floor",
    "redis": "from Redis each time",
    "near": "in memory and from Redis",
    "late": "none refused early",
    "cached": "floor, document cache on",
    "uncached": "floor, document cache off",
}
DATABASES = {"sqlite": "SQLite", "mariadb": "MariaDB", "postgres": "PostgreSQL", "none": "none"}


@dataclass(frozen=True)
class Comparison:
    """One figure of a row against one of another row."""

    against: str
    title: str
    wanted: float | None = None
    figure: str = "rate"
    against_figure: str = "rate"
    # Whether the ratio is to be smaller than what is wanted.
    below: bool = False
    # Whether it is enough that the best round reaches it: for what is to be equal, but for noise.
    noise: bool = False
    percent: bool = False


PLAIN = "one command a batch"
FLOOR = "floor"


def comparisons(workload, database, variant):
    """With what a row is compared."""
    row = f"{workload}/{database}"
    if (workload, variant) == ("documents", "cached"):
        return [Comparison("documents/none/uncached", "document cache off", 1.8)]
    if workload == "look" and variant != "floor":
        return [Comparison(f"{row}/floor", FLOOR, 0.55 if variant == "redis" else 0.9, percent=True)]
    if variant != "default":
        return []
    is_sqlite = database == "sqlite"
    tail = Comparison(
        f"lone/{database}/default", "p99 to the median of a client alone", 8, "p99_us", "median_us", below=True
    )
    return {
        "hot": [
            Comparison(f"{row}/plain", PLAIN, 15),
            Comparison(f"{row}/floor", FLOOR, 0.5 if is_sqlite else 0.4, percent=True),
            tail,
        ],
        "random": [
            Comparison(f"{row}/plain", PLAIN, 8),
            Comparison(f"{row}/floor", FLOOR, 0.45 if is_sqlite else 0.35, percent=True),
            tail,
        ],
        "cart": [Comparison(f"{row}/plain", PLAIN, 4)],
        "page": [Comparison(f"{row}/floor", FLOOR, 0.7, percent=True)],
        "lone": [Comparison(f"{row}/plain", PLAIN, 1, noise=True)],
        "two": [Comparison(f"hot/{database}/default", "one server")],
        "four": [Comparison(f"hot/{database}/default", "one server")],
        "available": [Comparison(f"{row}/floor", FLOOR, 0.85, percent=True)],
        "soldout": [
            Comparison(f"{row}/floor", FLOOR, 0.75, percent=True),
            Comparison(f"{row}/late", "none refused early"),
        ],
        "crowd": [
            Comparison(
                f"soldout/{database}/default",
                "statements a second to those of 256 connections",
                1.25,
                "statements",
                "statements",
                below=True,
            )
        ],
        "sale": [Comparison(f"looks/{database}/default", "looks alone", 0.75, percent=True)],
        "looks": [],
    }[workload]


def times(ratio):
    return f"{ratio:.2f}×" if ratio < 10 else f"{ratio:.1f}×"


def percent(ratio):
    return f"{ratio * 100:.0f} %"


def spread(values, show):
    """The median, and from the least to the greatest if there are several."""
    text = show(median(values))
    return text if len(values) == 1 else f"{text} ({show(min(values))} to {show(max(values))})"


class Results:
    """The records, found by case and round."""

    def __init__(self, records):
        self.cases = defaultdict(dict)
        for record in records:
            case = f"{record['workload']}/{record['database']}/{record['variant']}"
            self.cases[case][record["round"]] = record

    def ratios(self, case, comparison):
        """One for each round in which both were measured."""
        mine, others = self.cases[case], self.cases.get(comparison.against, {})
        return [
            mine[number][comparison.figure] / others[number][comparison.against_figure]
            for number in sorted(mine.keys() & others.keys())
            if others[number][comparison.against_figure]
        ]

    def rows(self):
        """The rows of the table, in the order of the cases. The floor has one for all its neighbours."""
        floors = defaultdict(list)
        for case, rounds in self.cases.items():
            workload, _database, variant = case.split("/")
            if variant == "floor":
                floors[workload] += rounds.values()
        last = {case.split("/")[0]: case for case in self.cases}
        for case, rounds in list(self.cases.items()):
            workload, database, variant = case.split("/")
            if variant != "floor":
                yield from self.row(case, workload, database, variant, list(rounds.values()))
            if floors[workload] and case == last[workload]:
                yield from self.row(case, workload, "none", "floor", floors[workload])

    def row(self, case, workload, database, variant, records):
        title = TITLES[workload] + (f"; {VARIANTS[variant]}" if VARIANTS[variant] else "")
        cells = [
            title,
            DATABASES[database],
            spread([record["rate"] for record in records], "{:,.0f}".format),
            f"{median(record['median_us'] for record in records) / 1000:.2f}",
            f"{median(record['p99_us'] for record in records) / 1000:.2f}",
        ]
        compared = [
            (comparison, self.ratios(case, comparison)) for comparison in comparisons(workload, database, variant)
        ]
        compared = [verdict(comparison, ratios) for comparison, ratios in compared if ratios]
        for further in compared or [[""] * 4]:
            yield cells + further
            cells = [""] * len(cells)


def verdict(comparison, ratios):
    """The cells that say what came out of a comparison."""
    show = percent if comparison.percent else times
    cells = [comparison.title, spread(ratios, show)]
    wanted = comparison.wanted
    if wanted is None:
        return [*cells, "", ""]
    if comparison.below:
        return [*cells, f"< {show(wanted)}", "yes" if median(ratios) < wanted else "NO"]
    if median(ratios) >= wanted:
        reached = "yes"
    elif comparison.noise and max(ratios) >= wanted:
        reached = "within the spread"
    else:
        reached = "NO"
    return [*cells, f"≥ {show(wanted)}", reached]


def read_lines(path):
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


def main():
    records, disk = read_lines(sys.argv[1]), read_lines(sys.argv[2])

    def milliseconds(figures):
        return f"{figures['median_us'] / 1000:.2f} ({figures['p99_us'] / 1000:.2f})"

    print("fdatasync of 8 KiB before each round, median (p99): " + ", ".join(map(milliseconds, disk)) + " ms.")
    print()
    print("| work | database | requests/s | median, ms | p99, ms | compared with | ratio | wanted | reached |")
    print("| --- | --- | ---: | ---: | ---: | --- | ---: | ---: | --- |")
    for cells in Results(records).rows():
        print("| " + " | ".join(cells) + " |")
    print()

    wrong = [record for record in records if record["problems"]]
    errors = sum(record["errors"] for record in records)
    if not wrong:
        print(f"The books agree after each of the {len(records)} runs; answers with a top-level error: {errors}.")
        return 0
    print(f"**WRONG: {len(wrong)} of {len(records)} runs; answers with a top-level error: {errors}.**")
    print()
    for record in wrong:
        for problem in record["problems"]:
            print(
                f"- round {record['round']}, {record['workload']}/{record['database']}/{record['variant']}: {problem}"
            )
    return 1


sys.exit(main())
