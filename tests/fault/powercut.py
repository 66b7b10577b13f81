#!/usr/bin/env python3
"""powercut.py - the power goes at any moment; what then may be on the disk.

    powercut.py MINICA SHIM [--every N] [--only SCENE,...] [--seed N]

For every scene (scenes.py) the command runs once and is traced (trace.c): every
write, truncation, new name, rename, unlink, fsync.  After each of these the
power may go.  Certain is then only what was synced: a file's bytes by its own
fsync, a name by that of its directory.  All else may be there or not, and of
one write any of its sectors.  From this model states of the disk are made:

  nothing    only what is certain
  all        everything, as if nothing had been lost
  names      names, without the bytes that nobody synced
  bytes      bytes, without the names
  torn       the last write of each file in part: sectors of 512 bytes or 4096
  chance     any part of each, several times

What is not modelled: that a rename is done by half, or that a sector is (disks
and journals promise both).  In each state minica doctor has nothing to say but
what --repair mends; what was on record before is on record, so is each
certificate and CRL that had left (to standard output before the cut, or in a
file that is there), and each file is the old one or a new one, whole.  In some
states the command runs again, as in crash.py.
"""

import argparse
import hashlib
import os
import random
import shutil
import sys

from crash import judge_again, judge_record, unsafe
from scenes import SCENES
from world import Ran, World

WAYS = ["nothing", "all", "names", "bytes", "torn-512", "torn-4096",
        "chance", "chance", "chance"]


class File:
    def __init__(self, content=b""):
        self.synced = content
        self.pending = []  # (offset, bytes), or (None, size)


class Directory:
    def __init__(self, names=None):
        self.synced = names or {}
        self.pending = []  # lists of (name, object or None), each at once


class Disk:
    """What was done, and how much of it is certain."""

    def __init__(self, top):
        self.objects = {}
        self.root = self.read(top)

    def read(self, path):
        """What is there before the run is all on the disk."""
        if not os.path.isdir(path):
            with open(path, "rb") as file:
                made = File(file.read())
        else:
            made = Directory({name: self.read(os.path.join(path, name))
                              for name in os.listdir(path)})
        self.objects[os.lstat(path).st_ino] = made
        return made

    def now(self, directory):
        """The names of a directory, as a process sees them."""
        return names_of(directory, directory.pending)

    def play(self, line):
        """One line of the trace; False for what is no step."""
        words = line.split(" ")
        step = getattr(self, "do_" + words[0])
        return step(*words[1:])

    def get(self, number):
        return self.objects.get(int(number))

    def do_create(self, number, directory, name):
        self.objects[int(number)] = File()
        if name != "-":
            self.get(directory).pending.append([(name, self.get(number))])

    def do_write(self, number, at, hexadecimal):
        if self.get(number):
            self.get(number).pending.append(
                (int(at), bytes.fromhex(hexadecimal)))

    def do_size(self, number, size):
        if self.get(number):
            self.get(number).pending.append((None, int(size)))

    def do_sync(self, number):
        every = self.objects.values()
        for found in every if number == "all" else [self.get(number)]:
            if isinstance(found, File):
                found.synced = bytes_of(found, found.pending)
                found.pending = []
            elif found is not None:
                found.synced = self.now(found)
                found.pending = []

    def do_rename(self, old_directory, old, directory, new):
        at, to = self.get(old_directory), self.get(directory)
        moved = self.now(at)[old]
        if at is to:
            to.pending.append([(old, None), (new, moved)])
        else:
            to.pending.append([(new, moved)])
            at.pending.append([(old, None)])

    def do_link(self, number, directory, name):
        self.get(directory).pending.append([(name, self.get(number))])

    def do_unlink(self, directory, name):
        if self.get(directory):
            self.get(directory).pending.append([(name, None)])

    def do_mkdir(self, directory, name, number):
        self.objects[int(number)] = Directory()
        self.get(directory).pending.append([(name, self.get(number))])


def names_of(directory, changes):
    names = dict(directory.synced)
    for change in changes:
        for name, found in change:
            if found is None:
                names.pop(name, None)
            else:
                names[name] = found
    return names


def bytes_of(file, changes):
    content = bytearray(file.synced)
    for at, what in changes:
        if at is None:
            del content[what:]
            content.extend(bytes(what - len(content)))
        else:
            content.extend(bytes(max(0, at - len(content))))
            content[at:at + len(what)] = what
    return bytes(content)


def tear(change, sector, dice):
    """Some sectors of one write, each whole."""
    at, what = change
    if at is None:
        return [change]
    kept, start = [], at
    while start < at + len(what):
        end = min((start // sector + 1) * sector, at + len(what))
        if dice.random() < 0.5:
            kept.append((start, what[start - at:end - at]))
        start = end
    return kept


def some(changes, dice):
    return [change for change in changes if dice.random() < 0.5]


def choose_names(directory, way, dice):
    if way in ("nothing", "bytes"):
        return []
    if way != "chance":
        return directory.pending
    if dice.random() < 0.5:  # in their order, as a journal has them
        return directory.pending[:dice.randint(0, len(directory.pending))]
    return some(directory.pending, dice)


def choose_bytes(file, way, dice):
    pending = file.pending
    if way in ("nothing", "names") or not pending:
        return []
    if way.startswith("torn"):
        return pending[:-1] + tear(pending[-1], int(way[5:]), dice)
    if way != "chance":
        return pending
    kept = []
    for change in some(pending, dice):
        kept += tear(change, 512, dice) if dice.random() < 0.3 else [change]
    return kept


def state(found, way, dice):
    """A tree of dictionaries and bytes that may be on the disk."""
    if isinstance(found, File):
        return bytes_of(found, choose_bytes(found, way, dice))
    names = names_of(found, choose_names(found, way, dice))
    return {name: state(below, way, dice)
            for name, below in sorted(names.items())}


def write_state(path, tree):
    os.mkdir(path, 0o700)
    for name, content in tree.items():
        below = os.path.join(path, name)
        if isinstance(content, dict):
            write_state(below, content)
            continue
        if name.endswith("-shm"):
            continue  # made anew by whoever comes first
        fd = os.open(below, os.O_WRONLY | os.O_CREAT, 0o600)
        os.write(fd, content)
        os.close(fd)


def digest(tree):
    made = hashlib.sha256()
    for name, content in sorted(tree.items()):
        part = digest(content) if isinstance(content, dict) \
            else hashlib.sha256(content).digest()
        made.update(name.encode() + b"\0" + part)
    return made.digest()


class Cuts:
    """The states of one scene, judged as they come."""

    def __init__(self, world, scene, dice, again):
        self.world, self.scene, self.dice = world, scene, dice
        self.again = again
        self.seen = set()
        self.states = self.wrong = self.ran_again = 0

    def judge(self, way, line, disk, printed, before):
        tree = state(disk.root, way, self.dice)
        mark = digest(tree) + printed
        if mark in self.seen:
            return
        self.seen.add(mark)
        self.states += 1
        shutil.rmtree(self.world.work)
        write_state(self.world.work, tree)
        problems = self.judge_state(printed, before)
        self.wrong += bool(problems)
        for problem in problems:
            print(f"WRONG {self.scene.name}, cut after \"{line[:60]}\", "
                  f"{way}: {problem}", flush=True)

    def judge_state(self, printed, before):
        world, ran = self.world, Ran(0, printed, b"", "")
        wrong = unsafe(world.doctor(), self.scene.mends)
        rows = world.rows()
        wrong += judge_record(world, self.scene, before, rows, ran)
        if not wrong and self.states % self.again == 0:
            self.ran_again += 1
            wrong += judge_again(world, self.scene, before, rows)
        return wrong


def trace(world, scene):
    """The lines of one run, and what it printed."""
    path = os.path.join(world.top, "trace")
    if os.path.exists(path):
        os.unlink(path)
    world.restore()
    disk = Disk(world.work)
    ran = world.run(scene.command, trace=path)
    if ran.status != scene.ends:
        raise SystemExit(f"{scene.name}: {ran.said()}")
    with open(path, encoding="ascii") as file:
        return disk, file.read().splitlines(), ran.out


def cut(world, scene, every, again, seed):
    world.prepare(scene)
    before = world.rows()
    world.count = before.count
    world.number = max(before.numbers, default=0)
    disk, lines, out = trace(world, scene)
    dice = random.Random(f"{seed} {scene.name}")
    cuts = Cuts(world, scene, dice, again)
    printed = b""
    for number, line in enumerate(lines):
        if line.startswith("stdout "):
            printed = out[:int(line.split()[1])]
        else:
            disk.play(line)
        for turn, way in enumerate(WAYS):
            if (number * len(WAYS) + turn) % every == 0:
                cuts.judge(way, line, disk, printed, before)
    # After its end: what it printed has left, whatever was not synced.
    for way in WAYS:
        cuts.judge(way, "the end", disk, out, before)
    print(f"{scene.name:22}{len(lines):9}{cuts.states:9}"
          f"{cuts.ran_again:9}{cuts.wrong:9}", flush=True)
    return cuts


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("minica")
    parser.add_argument("shim")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--again", type=int, default=5)
    parser.add_argument("--only")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    only = args.only.split(",") if args.only else None
    world = World(args.minica, args.shim)
    states = wrong = 0
    print(f"{'command':22}{'steps':>9}{'states':>9}{'again':>9}{'wrong':>9}")
    try:
        for scene in SCENES:
            if only is not None and scene.name not in only:
                continue
            cuts = cut(world, scene, args.every, args.again, args.seed)
            states += cuts.states
            wrong += cuts.wrong
    finally:
        world.close()
    print(f"{states} states of the disk, {wrong} wrong (seed {args.seed})")
    return 1 if wrong or states == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
