"""Writes books that add up, of any length, as tables to be loaded: fill.py FOLDER DATABASE ENTRIES SKUS.

A tenth of the entries give back what another took, and the rest are deductions, of SKUs at random; a
thousand are written in a second. They have no hashes: `stockflow migrate up` puts those in."""

import os
import random
import sys
import time

folder, database, entries, skus = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
null = "\\N" if database != "sqlite" else ""
digest = {"sqlite": "01" * 32, "postgres": "\\\\x" + "01" * 32, "mariadb": "01" * 32}[database]
zone = {"sqlite": "+00:00", "postgres": "+00:00", "mariadb": ""}[database]
separator = {"sqlite": "T"}.get(database, " ")
first_second = 1_700_000_000
dice = random.Random(7)


def instant(number):
    at = time.strftime(f"%Y-%m-%d{separator}%H:%M:%S", time.gmtime(first_second + number // 1000))
    return f"{at}.{number % 1000 * 1000:06d}{zone}"


amounts, versions = [0] * skus, [0] * skus
refundable = [[] for _sku in range(skus)]
with open(os.path.join(folder, "flows"), "w") as flows:
    for number in range(1, entries + 1):
        sku = number - 1 if number <= skus else dice.randrange(skus)
        deduction, order, kind = null, null, 1
        if number <= skus:
            quantity = -1_000_000
        elif number % 10 == 0 and refundable[sku]:
            kind = 3
            deduction, quantity, order = refundable[sku].pop()
            quantity = -quantity
        else:
            kind, quantity, order = 2, 1 + number % 3, f"order-{number}"
            if len(refundable[sku]) < 5:
                refundable[sku].append((number, quantity, order))
        amounts[sku] -= quantity
        versions[sku] += 1
        row = (number, sku + 1, versions[sku], kind, order, quantity, amounts[sku], deduction, "shop",
               f"key-{number}", 0, digest, "user:till", null, instant(number), 1)
        flows.write("\t".join(map(str, row)) + "\n")
with open(os.path.join(folder, "stocks"), "w") as stocks:
    for sku in range(skus):
        row = (sku + 1, amounts[sku], versions[sku], instant(sku + 1), instant(entries), 1)
        stocks.write("\t".join(map(str, row)) + "\n")
