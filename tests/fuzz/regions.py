#!/usr/bin/env python3
"""regions.py - a table from what `llvm-cov export` says, on standard input.

A region of code counts once, reached if any harness reached it.  What a macro
expands to belongs to the macro, and is left out: MCA_NEVER_OK around every
failure would count as two.  A region that is there for memory that runs out is
told apart: no input leads there.
"""
import json
import os
import sys

CODE = 0

data = json.load(sys.stdin)["data"][0]
lines = {}
for file in data["files"]:
    with open(file["filename"], encoding="utf-8") as source:
        lines[file["filename"]] = source.read().split("\n")

regions = {}
for function in data["functions"]:
    for row in function["regions"]:
        name = function["filenames"][row[5]]
        if row[7] == CODE and name in lines:
            key = (name, *row[:4])
            regions[key] = max(regions.get(key, 0), row[4])


def is_memory(name, first, begin, last, end):
    """Whether the region does no more than say that memory ran out."""
    text = "\n".join(lines[name][first - 1:last])
    if first == last:
        text = text[begin - 1:end - 1]
    return "mca_fail_memory" in text and text.count(";") <= 1


totals = {}
for key, count in regions.items():
    total = totals.setdefault(key[0], [0, 0, 0])
    total[0] += 1
    total[1] += count > 0
    total[2] += count == 0 and is_memory(*key)


def row(name, total):
    share = 100 * total[1] / total[0]
    print(f"| {name} | {total[0]} | {total[1]} | {share:.1f} % | {total[2]} |")


print("| file | regions | reached | | memory alone |")
print("| --- | ---: | ---: | ---: | ---: |")
for name in sorted(totals):
    row(os.path.basename(name), totals[name])
everything = [sum(column) for column in zip(*totals.values())]
row("all", everything)
share = 100 * everything[1] / (everything[0] - everything[2])
print(f"\nWithout what only memory that runs out leads to: {share:.1f} %.")
