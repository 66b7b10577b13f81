#!/usr/bin/env python3
"""faults.py - one call fails, in every command that writes, call by call.

    faults.py MINICA SHIM [--every N] [--only SCENE,...] [--kinds KIND,...]
              [--limit SECONDS]

For every scene (scenes.py) and kind of call (shim.c): the first call fails, in
a fresh world, then the second alone, until a run meets no fault.  After each:

  - the run ended by itself, with 0 or a status that DESIGN.md has for it (7:
    I/O failed; 3: an input cannot be read), and said why
  - after an interrupted call or one that did less it is 0
  - 0 means that everything is there
  - every file is the old one, or a new one that is whole, and every certificate
    in one, or on standard output, has its row
  - no temporary file is left; minica doctor has nothing to say

A few commands that only answer are asked too: a fault turns no yes into a no,
and no no into a yes.

Allocations are many (20,000 in a `sign`, nearly all of libcrypto's own
beginning): each way through the program to one is tried, once in all scenes.
What crashes or waits for ever within the very call into libcrypto that could
not allocate is libcrypto's, and listed apart by its frames; so is what it then
forgets to free of what it allocated itself.  All else is ours.

--every N takes every N-th only; a run may take --limit (120).  The counts are printed, and the exit status
is 1 when anything was wrong.
"""

import argparse
import re
import sys

from scenes import ANSWERS, SCENES
from world import World, judge_stdout, name_of

# Of each kind: how it fails, and which exit statuses are then right.
KINDS = {
    "alloc": (["ENOMEM"], {7}),
    "open": (["EIO", "EMFILE"], {3, 7}),
    "read": (["EIO", "EINTR", "short"], {3, 7}),
    "write": (["ENOSPC", "EIO", "EINTR", "short"], {7}),
    "sync": (["EIO"], {7}),
    "name": (["EIO", "ENOSPC"], {7}),
    "size": (["EIO"], {7}),
    "flush": (["EIO"], {7}),
    "random": (["EIO"], {7}),
}

HARMLESS = {"EINTR", "short"}


class Tally:
    """What was tried, and what came of it."""

    def __init__(self):
        self.faults = {}
        self.stopped = {}
        self.wrong = []
        self.theirs = {}
        self.turn = 0

    def count(self, scene, kind, ran):
        key = (scene.name, kind)
        self.faults[key] = self.faults.get(key, 0) + 1
        self.stopped[key] = self.stopped.get(key, 0) + (ran.status != 0)

    def add(self, scene, fault, ran, problems):
        for problem in problems:
            text = f"{scene.name}, {fault}: {problem}"
            self.wrong.append(text)
            print(f"WRONG {text}", flush=True)
        if problems:
            print("      " + ran.report.strip().replace("\n", "\n      "))
            print("      | " + ran.said().strip().replace("\n", "\n      | "),
                  flush=True)


def is_theirs(ran):
    """Lost within the one call of a library that was refused memory."""
    hit = re.search(r"^hit .* entry (\w+) frames (.*)$", ran.report, re.M)
    end = re.search(r"^signal .* entry (\w+) frames (.*)$", ran.report, re.M)
    if not hit or not end or hit[1] != end[1] or "libcrypto" not in hit[2]:
        return False
    # What fell is whoever called libc last: not a function of ours that
    # libcrypto called back.
    fell = [frame for frame in end[2].split() if not frame.startswith("libc.")]
    return bool(fell) and fell[0].startswith("libcrypto")


def owner_of(leak):
    """The frame that asked for memory: behind what passes the request on.

    A confined program cannot be asked for the names of its functions; of ours,
    libcrypto calls the allocator alone (heap.c, a function or two).
    """
    frames = [line for line in leak.splitlines()[1:]
              if not re.search(r"interceptor|libasan|libfaultshim|calls\.c|"
                               r"heap\.c", line)]
    unnamed = 0
    while unnamed < len(frames) and re.search(r"minica\+0x", frames[unnamed]):
        unnamed += 1
    if 0 < unnamed <= 2 and "libcrypto" in "".join(frames[unnamed:][:1]):
        frames = frames[unnamed:]
    return frames[0] if frames else ""


def is_their_leak(ran):
    """What libcrypto allocated, and lost where it was refused memory."""
    said = ran.said()
    if "LeakSanitizer" not in said or "runtime error" in said or \
       not re.search(r"^hit .* frames (\S*minica\S* ){1,2}libcrypto",
                     ran.report, re.M):
        return False
    for leak in re.findall(r"^Direct leak .*?(?=\n\n)", said, re.M | re.S):
        if "libcrypto" not in owner_of(leak):
            return False
    return True


def frames_of(ran):
    end = re.search(r"^signal (\d+) entry \w+ frames (.*)$", ran.report, re.M)
    named = re.findall(r"libcrypto[^(]*\((\w+)\)", end[2])
    how = "stuck" if ran.stuck else name_of(int(end[1]))
    return f"{how} below {' < '.join(named[:3])}"


def done(world, scene, files, rows):
    """What is missing from a success."""
    wrong = [f"{path} is not there" for path in scene.made
             if path not in files]
    if rows.count != world.count + scene.rows:
        wrong.append(f"{rows.count - world.count} rows were added, not "
                     f"{scene.rows}")
    if scene.crl and max(rows.numbers, default=0) <= world.number:
        wrong.append("no CRL was recorded")
    return wrong


def judge(world, scene, kind, action, ran):
    """Everything that is not as it should be after one fault."""
    wrong = []
    if ran.stuck:
        return [f"did not end in {world.limit} seconds"]
    if ran.signal:
        return [f"killed by {name_of(ran.signal)}"]
    said = ran.said()
    if "Sanitizer" in said or "runtime error" in said:
        return ["the sanitizers object"]
    allowed = {scene.ends}
    if action not in HARMLESS:
        allowed |= KINDS[kind][1] | scene.also
    if ran.status not in allowed:
        wrong.append(f"exit status {ran.status}")
    if ran.status == 0 and kind == "sync" and is_needed(ran):
        wrong.append("an fsync failed, and it says 0")
    if ran.status != 0 and "minica" not in said and not ran.out:
        wrong.append("failed, and did not say why")
    files = world.files()
    if "unlink" not in ran.report:
        wrong += [f"{path} was left" for path in world.leftovers(files)]
    if scene.answer is not None:
        return wrong  # its files are the reader's own: minica.db-shm
    if files == world.before:
        return wrong + ([] if ran.status or not scene.rows
                        else ["nothing was done, and it says 0"])
    empty = files.get("home/minica.db", b"") == b"" and \
        files.get("home/minica.db-wal", b"") == b""
    problems = [] if empty else world.doctor()
    rows = world.rows()
    wrong += [p for p in problems if not excused(p, scene, ran)]
    wrong += world.judge_files(files, rows) + world.judge_pairs(files)
    wrong += judge_stdout(ran.out, rows)
    wrong += world.judge_unit(scene, ran, files)
    wrong += world.judge_served(scene, files)
    if ran.status == 0:
        wrong += done(world, scene, files, rows)
    return wrong


def is_needed(ran):
    """SQLite may do without one when it moves its log into the database; and
    of a directory, which minica syncs itself, it does not look at the result.
    """
    call, frames = re.search(r"^hit (\S+) .*frames (.*)$", ran.report,
                             re.M).groups()
    if call == "syncfs":  # each file is synced by itself then
        return False
    return not frames.startswith("libsqlite3") or \
        ("sqlite3PagerCommitPhaseOne" in frames and
         not call.endswith("-directory"))


def excused(problem, scene, ran):
    """What a repair that failed was to mend; a key that could not be removed
    after another failure.
    """
    return (ran.status != 0 and scene.mends and scene.mends in problem) or \
        ("MC-D-KEY-ORPHAN" in problem and " unlink" in ran.report)


def numbers(world, scene, kind, known):
    """Which calls of a kind to fail, of a run that is left alone."""
    world.restore()
    ran = world.run(scene.command, f"{kind}:0:count")
    if ran.status != scene.ends:
        raise SystemExit(f"{scene.name}: exit status {ran.status}: "
                         f"{ran.said()}")
    total = int(re.search(r"^total (\d+)$", ran.report, re.M)[1])
    if kind != "alloc":
        return list(range(1, total + 1)), total
    fresh = []
    for n, place in re.findall(r"^site (\d+) (\w+)$", ran.report, re.M):
        if place not in known:
            known.add(place)
            fresh.append(int(n))
    return fresh, total


def disturb(world, scene, kind, n, action, tally):
    """One fault; False when the run did not meet it."""
    fault = f"{kind}:{n}:{action}"
    world.restore()
    ran = world.run(scene.command, fault)
    if not ran.hit:
        return False
    if re.search(r"^hit .*lib(a|l|t)san", ran.report, re.M) or \
       "LeakSanitizer has encountered a fatal error" in ran.said():
        return True  # the sanitizers' own beginning, or their way out
    tally.count(scene, kind, ran)
    theirs = None
    if ran.signal and kind == "alloc" and is_theirs(ran):
        theirs = frames_of(ran)
    elif kind == "alloc" and is_their_leak(ran):
        theirs = "leaks of its own memory"
    if theirs is not None:
        tally.theirs[theirs] = tally.theirs.get(theirs, 0) + 1
        return True
    tally.add(scene, fault, ran, judge(world, scene, kind, action, ran))
    return True


def try_scene(world, scene, kinds, every, tally, known):
    world.prepare(scene)
    rows = world.rows()
    world.count = rows.count
    world.number = max(rows.numbers, default=0)
    for kind in kinds:
        calls, total = numbers(world, scene, kind, known)
        for action in KINDS[kind][0]:
            for n in calls:
                tally.turn += 1
                if tally.turn % every == 0:
                    disturb(world, scene, kind, n, action, tally)
            # One more than there were: the last run meets none.
            if every == 1 and kind != "alloc":
                n = total + 1
                while disturb(world, scene, kind, n, action, tally):
                    n += 1


def print_table(scenes, tally, kinds):
    print(f"{'command':22}" + "".join(f"{kind:>9}" for kind in kinds) +
          f"{'all':>9}{'stopped':>9}")
    for scene in scenes:
        counts = [tally.faults.get((scene.name, kind), 0) for kind in kinds]
        stopped = sum(tally.stopped.get((scene.name, kind), 0)
                      for kind in kinds)
        print(f"{scene.name:22}" + "".join(f"{n:9}" for n in counts) +
              f"{sum(counts):9}{stopped:9}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("minica")
    parser.add_argument("shim")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--only")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--limit", type=int)
    args = parser.parse_args()
    only = args.only.split(",") if args.only else None
    scenes = [s for s in SCENES + ANSWERS if only is None or s.name in only]
    kinds = args.kinds.split(",")
    world = World(args.minica, args.shim)
    world.limit = args.limit or world.limit
    tally = Tally()
    known = set()
    try:
        for scene in scenes:
            # What was tried for a yes may yet turn a no.
            try_scene(world, scene, kinds, args.every, tally,
                      known if scene.answer is None else set())
    finally:
        world.close()
    print_table(scenes, tally, kinds)
    for frames, count in sorted(tally.theirs.items()):
        print(f"libcrypto's own, {count} times: {frames}")
    total = sum(tally.faults.values())
    print(f"{total} faults, {len(tally.wrong)} wrong, "
          f"{sum(tally.theirs.values())} of libcrypto's own")
    if total == 0:
        print("no fault was met: this shows nothing", file=sys.stderr)
    return 1 if tally.wrong or total == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
