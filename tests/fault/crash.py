#!/usr/bin/env python3
"""crash.py - killed at every write, fsync, rename, link and commit; run again.

    crash.py MINICA SHIM [--every N] [--only SCENE,...]

For every scene (scenes.py) the command is killed (SIGKILL) before the first
call that changes a disk, in a fresh world before the second, and so on.  A
commit is some of these: the frames of the log and their fsync.  Then

  - what was on record is on record, and so is every certificate and CRL in a
    file or on standard output; every file is the old one or a new one, whole
  - minica doctor finds at most temporary files and a key without an authority
  - the same command ends as if nothing had been (or says what is there
    already), with everything in its place, nothing beside a file that it put
    there, and CRL numbers that go on
  - minica doctor --repair leaves no temporary file in the home

The counts are printed, and the exit status is 1 when anything was wrong.
"""

import argparse
import re
import sys

from faults import done
from scenes import SCENES
from world import World, judge_stdout

# What a run that was killed may leave, and doctor says so.
SAFE = ("MC-D-KEY-ORPHAN", "MC-D-LEFTOVER")

HOURS = 2 * 3600  # until doctor takes a temporary file for left behind


def unsafe(problems, mends=None):
    safe = SAFE if mends is None else SAFE + (mends,)
    return [p for p in problems if not any(rule in p for rule in safe)]


def judge_record(world, scene, before, rows, ran):
    """What must be true however it ended."""
    wrong = []
    lost = before.certificates - rows.certificates or before.crls - rows.crls
    if lost and not scene.forgets:
        wrong.append("something on record was forgotten")
    if len(set(rows.numbers)) != len(rows.numbers):
        wrong.append(f"CRL numbers are used again: {rows.numbers}")
    return wrong + world.judge_files(world.files(), rows) + \
        judge_stdout(ran.out, rows)


def judge_again(world, scene, before, after):
    """The same command once more."""
    ran = world.run(scene.command)
    if ran.status not in scene.again:
        return [f"again: exit status {ran.status}: {ran.said()}"]
    if scene.resumes and ran.status != 0 and after.count == before.count:
        return [f"again: is not taken up: {ran.said()}"]
    rows, files = world.rows(), world.files()
    wrong = judge_record(world, scene, after, rows, ran)
    wrong += world.judge_pairs(files) + world.judge_unit(scene, ran, files)
    if ran.status == 0:
        # A certificate that was recorded and not delivered may be there too.
        wrong += [p for p in done(world, scene, files, rows)
                  if "rows" not in p]
        extra = rows.count - before.count - scene.rows
        if not 0 <= extra <= max(abs(scene.rows), 0):
            wrong.append(f"again: {rows.count - before.count} rows in all")
    if ran.status == 0:
        # These names are fixed, so that it finds them.
        wrong += [f"{path} is left" for path in world.leftovers(files)
                  if path.endswith((".minica-new", ".minica-old"))]
    if scene.crl and ran.status == 0 and \
       max(rows.numbers) <= max(after.numbers, default=0):
        wrong.append("again: the CRL number does not rise")
    return ["again: " + p if not p.startswith("again") else p for p in wrong]


def judge_repair(world):
    wrong = unsafe(world.doctor(later=HOURS, repair=True))
    found = world.doctor(later=HOURS)
    wrong += [p for p in found if "MC-D-KEY-ORPHAN" not in p]
    left = [p for p in world.leftovers(world.files()) if p.startswith("home/")]
    return wrong + [f"{path} is left after doctor --repair" for path in left]


def kill_at(world, scene, n, before):
    """One point; None when the run ended before it."""
    world.restore()
    ran = world.run(scene.command, f"step:{n}:kill")
    if not ran.hit:
        return None
    if ran.signal != 9:
        return [f"exit status {ran.status}, not killed"]
    wrong = unsafe(world.doctor(), scene.mends)
    after = world.rows()
    wrong += judge_record(world, scene, before, after, ran)
    wrong += judge_again(world, scene, before, after)
    return wrong + judge_repair(world)


def crash(world, scene, every, turn):
    world.prepare(scene)
    before = world.rows()
    world.count = before.count
    world.number = max(before.numbers, default=0)
    world.restore()
    ran = world.run(scene.command, "step:0:count")
    total = int(re.search(r"^total (\d+)$", ran.report, re.M)[1])
    points = wrong = 0
    for n in range(1, total + 1):
        turn += 1
        if turn % every:
            continue
        problems = kill_at(world, scene, n, before)
        if problems is None:
            continue
        points += 1
        wrong += bool(problems)
        for problem in problems:
            print(f"WRONG {scene.name}, killed at {n}: {problem}", flush=True)
    print(f"{scene.name:22}{points:9}{wrong:9}", flush=True)
    return turn, points, wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("minica")
    parser.add_argument("shim")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--only")
    args = parser.parse_args()
    only = args.only.split(",") if args.only else None
    world = World(args.minica, args.shim)
    turn = points = wrong = 0
    print(f"{'command':22}{'points':>9}{'wrong':>9}")
    try:
        for scene in SCENES:
            if only is None or scene.name in only:
                turn, more, bad = crash(world, scene, args.every, turn)
                points += more
                wrong += bad
    finally:
        world.close()
    print(f"{points} crash points, {wrong} wrong")
    return 1 if wrong or points == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
