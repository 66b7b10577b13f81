#!/bin/sh
#
# security.sh [TREE] - the tests that docs/security.md names are there.
#
# `FILE` is a file of the tree, and "SENTENCE" after it is in that file; each
# numbered threat has at least one.
set -eu
cd "${1:-$(dirname "$0")/../..}"

python3 - docs/security.md <<'END'
import os
import re
import sys

failed = threats = tests = 0
for number, line in enumerate(open(sys.argv[1]), 1):
    threat = re.match(r"\| (\d+\.\d+) \|", line)
    named = re.findall(r'`(tests/[^`]+)`(?:: "([^"]+)")?', line)
    threats += threat is not None
    if threat and not named:
        failed = 1
        print(f"line {number}: threat {threat[1]} has no test", file=sys.stderr)
    for path, sentence in named:
        tests += 1
        if not os.path.isfile(path):
            failed = 1
            print(f"line {number}: there is no {path}", file=sys.stderr)
        elif sentence and sentence not in open(path).read():
            failed = 1
            print(f'line {number}: {path} has no "{sentence}"', file=sys.stderr)
if threats == 0:
    failed = 1
    print("no threat found", file=sys.stderr)
print(f"{threats} threats, {tests} tests")
sys.exit(failed)
END
