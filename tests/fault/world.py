"""world.py - makes the worlds of scenes.py, runs minica in them, judges them.

A world is a directory with a home and whatever else a command reads.  It is
made once, kept aside, and put back before each run.
"""

import base64
import hashlib
import os
import re
import shutil
import signal
import sqlite3
import ssl
import stat
import subprocess
import tempfile
import time

from scenes import HOOKS, MANIFEST, REQUESTS
from server import Server

HERE = os.path.dirname(os.path.abspath(__file__))

# What a run that was killed may leave; what one that ended may not.
LEFTOVER = re.compile(r"(^|/)(\.minica-[0-9a-f]{16}|\..*\.minica-(new|old)|"
                      r"\.crl-\w{6}|minica\.db\.backup-v\d+\.\w{6})[^/]*$")

# What doctor may say about a home that is in order: it is about what to do
# next, not about damage.
NOT_DAMAGE = {"MC-D-CRL-STALE", "MC-D-CRL-BEHIND", "MC-D-AWAITED"}

BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----\n(.*?)-----END \1-----\n",
                   re.S)


class Ran:
    """How one run ended."""

    def __init__(self, status, out, err, report, stuck=False):
        self.stuck = stuck
        self.status = status
        self.out = out
        self.err = err
        self.report = report
        self.hit = "hit " in report
        self.signal = -status if status < 0 else 0

    def said(self):
        return self.err.decode("utf-8", "replace")


class World:
    """Where scenes are made and disturbed; one at a time."""

    def __init__(self, minica, shim, top=None):
        self.minica = os.path.abspath(minica)
        # What planted.sh puts before the shim.
        planted = os.environ.get("PLANTED", "")
        self.preload = f"{planted} {os.path.abspath(shim)}".strip()
        if top is None and os.path.isdir("/dev/shm"):
            top = "/dev/shm"  # a disk that is spared the fsyncs
        self.top = tempfile.mkdtemp(prefix="minica-fault.", dir=top)
        self.work = os.path.join(self.top, "w")
        self.kept = os.path.join(self.top, "kept")
        self.before = {}
        self.limit = 120  # seconds that a run may take
        self.start = int(time.time())
        self.now = self.start
        self.server = Server(os.path.join(self.work, "served", "c"))
        self.others = self.make_others()

    def close(self):
        self.server.close()
        shutil.rmtree(self.top, ignore_errors=True)

    # ---- making ----

    def make_others(self):
        """What does not come from minica, made once."""
        others = os.path.join(self.top, "others")
        os.mkdir(others)
        for name in ["web"] + REQUESTS:
            subprocess.run(
                ["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt",
                 "ec_paramgen_curve:P-256", "-noenc", "-keyout", "/dev/null",
                 "-out", f"{name}.csr", "-subj", f"/CN={name}.example.com",
                 "-addext", f"subjectAltName=DNS:{name}.example.com"],
                cwd=others, check=True, capture_output=True)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:P-256", "-noenc", "-keyout", "/dev/null",
             "-out", "other.pem", "-subj", "/CN=Other", "-days", "3000",
             "-addext", "keyUsage=critical,keyCertSign,cRLSign"],
            cwd=others, check=True, capture_output=True)
        texts = {"m.yaml": MANIFEST, "pass": "open sesame\n"}
        for name, text in (texts | HOOKS).items():
            text = text.replace("PORT", str(self.server.port))
            with open(os.path.join(others, name), "w") as file:
                file.write(text)
        for name in ("tls", "all", "lists", "answers", "served"):
            os.mkdir(os.path.join(others, name))
        with open(os.path.join(others, "other.pem")) as file:
            der = ssl.PEM_cert_to_DER_cert(file.read())
        self.other = hashlib.sha256(der).hexdigest()
        return others

    def prepare(self, scene):
        """Makes the world of a scene and keeps it."""
        self.now = self.start
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.rmtree(self.kept, ignore_errors=True)
        shutil.copytree(self.others, self.work)
        for command in scene.world:
            if command.startswith("!"):
                subprocess.run(command[1:].split(), cwd=self.work, check=True)
                continue
            ran = self.run(command.split())
            if ran.status != 0:
                raise SystemExit(f"{scene.name}: {command}: {ran.said()}")
        shutil.copytree(self.work, self.kept)
        self.now = self.start + scene.later
        self.before = self.files()

    def restore(self):
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self.kept, self.work)

    def files(self):
        """Path below the world to its bytes, of every regular file."""
        found = {}
        for directory, _, names in os.walk(self.work):
            for name in names:
                path = os.path.join(directory, name)
                if stat.S_ISREG(os.lstat(path).st_mode):
                    with open(path, "rb") as file:
                        found[os.path.relpath(path, self.work)] = file.read()
        return found

    # ---- running ----

    def environment(self, extra):
        env = {"PATH": os.environ["PATH"], "LC_ALL": "C",
               "MINICA_HOME": os.path.join(self.work, "home"),
               "ASAN_OPTIONS": "verify_asan_link_order=0:exitcode=97:"
                               "allocator_may_return_null=1:handle_segv=0:"
                               "handle_abort=0:handle_sigbus=0:"
                               "handle_sigfpe=0:handle_sigill=0",
               "UBSAN_OPTIONS": "print_stacktrace=1",
               "LSAN_OPTIONS": "exitcode=98"}
        if extra and "PLANT" in os.environ:
            env["PLANT"] = os.environ["PLANT"]
        env.update(extra)
        return env

    def words(self, command, later=0):
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ",
                            time.gmtime(self.now + later))
        words = [self.other if w == "OTHER" else w for w in command]
        return [self.minica, "--now", now] + words

    def run(self, command, fault=None, trace=None, later=0):
        """minica COMMAND; FAULT and TRACE as shim.c and trace.c say."""
        report = os.path.join(self.top, "report")
        extra = {}
        if fault is not None:
            extra = {"LD_PRELOAD": self.preload, "FAULT": fault,
                     "FAULT_REPORT": report}
        if trace is not None:
            extra = {"LD_PRELOAD": self.preload, "FAULT_TRACE": trace,
                     "FAULT_ROOT": self.work}
        if os.path.exists(report):
            os.unlink(report)
        out = os.path.join(self.top, "out")
        with open(out, "wb+") as stdout:
            with subprocess.Popen(self.words(command, later), cwd=self.work,
                                  env=self.environment(extra), stdout=stdout,
                                  stderr=subprocess.PIPE,
                                  stdin=subprocess.DEVNULL) as child:
                err, stuck = self.wait(child)
            stdout.seek(0)
            said = stdout.read()
        text = ""
        if os.path.exists(report):
            with open(report, encoding="utf-8") as file:
                text = file.read()
        return Ran(child.returncode, said, err, text, stuck)

    def wait(self, child):
        """What it said, and whether it was stuck: where, it then reports."""
        try:
            return child.communicate(timeout=self.limit)[1], False
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGABRT)
        try:
            return child.communicate(timeout=10)[1], True
        except subprocess.TimeoutExpired:
            child.kill()
            return child.communicate()[1], True

    # ---- judging ----

    def rows(self):
        """What the store has on record: SHA-256 of certificates and CRLs."""
        path = os.path.join(self.work, "home", "minica.db")
        if not os.path.exists(path) or os.path.getsize(path) == 0:
            return Rows()
        base = sqlite3.connect(path)
        try:
            return Rows(base)
        finally:
            base.close()

    def doctor(self, later=0, repair=False):
        """The complaints of minica doctor; notes and duties are none."""
        words = ["doctor", "--json"] + (["--repair"] if repair else [])
        ran = self.run(words, later=later)
        # Where there was no store there may be none yet.
        if ran.status == 3 and b"`minica init-root`" in ran.out and \
           "home/minica.db" not in self.before:
            return []
        if ran.status not in (0, 1):
            return [f"doctor: exit status {ran.status}: {ran.said()} "
                    f"{ran.out.decode()}"]
        return complaints_in(ran.out)

    def leftovers(self, files):
        return [path for path in files
                if path not in self.before and LEFTOVER.search(path)]

    def judge_files(self, files, rows):
        """Each file is the old one, or a new one that is whole and known."""
        wrong = []
        for path, content in files.items():
            if path.startswith("home/minica.db") or \
               self.before.get(path) == content or LEFTOVER.search(path):
                continue
            wrong += [f"{path}: {what}" for what in whole(path, content, rows)]
        for path, content in self.before.items():
            if path not in files and not path.startswith("home/minica.db"):
                wrong.append(f"{path}: is gone")
        return wrong

    def judge_pairs(self, files):
        """A certificate and the key beside it belong together."""
        wrong = []
        for path in files:
            base, ending = os.path.splitext(path)
            for cert in (base + ".pem", base + ".crt"):
                if ending == ".key" and cert in files and \
                   not self.is_pair(cert, path):
                    wrong.append(f"{path} is not the key of {cert}")
        return wrong

    def judge_unit(self, scene, ran, files):
        """All of them are new or all are as before."""
        new = [path for path in scene.unit
               if files.get(path) != self.before.get(path)]
        wrong = []
        if new and len(new) != len(scene.unit):
            wrong.append(f"of {len(scene.unit)} files that change together "
                         f"only these are new: {' '.join(new)}")
        if new and scene.ends != 0:
            wrong.append("what was refused is in place")
        if scene.unit and ran.status == 0 and not new:
            wrong.append("the old files are in place, and it says 0")
        return wrong

    def judge_served(self, scene, files):
        """A server has loaded what is in place."""
        return [f"{path} is served, and another one is in place"
                for path in scene.served if files.get(path) !=
                files.get(os.path.join("tls", os.path.basename(path)))]

    def is_pair(self, cert, key):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            context.load_cert_chain(os.path.join(self.work, cert),
                                    os.path.join(self.work, key))
        except ssl.SSLError:
            return False
        return True


class Rows:
    """What is on record."""

    def __init__(self, base=None):
        self.certificates, self.crls, self.numbers = set(), set(), []
        self.known = set()  # certificates, and anchors that are not ours
        self.count = 0
        if base is None:
            return
        try:
            self.certificates = digests(base, "certificate_der")
            self.known = self.certificates | digests(base, "trust_anchor")
            self.count = base.execute(
                "SELECT count(*) FROM certificate").fetchone()[0]
            self.crls = {row[0] for row in
                         base.execute("SELECT sha256 FROM crl")}
            self.numbers = [row[0] for row in
                            base.execute("SELECT number FROM crl")]
        except sqlite3.OperationalError:
            pass  # no tables: nothing is on record


def digests(base, table):
    return {hashlib.sha256(row[0]).digest()
            for row in base.execute(f"SELECT der FROM {table}")}


def complaints_in(document):
    """Findings above a note, from the document of doctor --json."""
    import json
    try:
        findings = json.loads(document)["findings"]
    except (ValueError, KeyError) as error:
        return [f"doctor: no document: {error}"]
    return [f"doctor: {f['rule']}: {f['detail']}" for f in findings
            if f["severity"] != "note" and f["rule"] not in NOT_DAMAGE]


def der_is_whole(der):
    """One SEQUENCE, to its last byte."""
    if len(der) < 2 or der[0] != 0x30:
        return False
    size, at = der[1], 2
    if size & 0x80:
        at = 2 + (size & 0x7f)
        size = int.from_bytes(der[2:at], "big")
    return at + size == len(der)


def whole_pem(content, rows):
    """What is wrong with a text of PEM blocks, all of it."""
    wrong = []
    if BLOCK.sub(b"", content).strip():
        wrong.append("holds something else than whole PEM blocks")
    for label, body in BLOCK.findall(content):
        der = base64.b64decode(body)
        digest = hashlib.sha256(der).digest()
        if not der_is_whole(der):
            wrong.append(f"a {label.decode()} that is cut")
        elif label == b"CERTIFICATE" and digest not in rows.known:
            wrong.append("holds a certificate that is not on record")
        elif label == b"X509 CRL" and digest not in rows.crls:
            wrong.append("holds a CRL that is not on record")
    return wrong


def whole(path, content, rows):
    """What is wrong with a new file."""
    if path.endswith("apply.lock"):
        return []
    if not content:
        return ["is empty"]
    if path.endswith(".minica-backup"):
        return whole_database(content)
    if content.startswith(b"-----BEGIN"):
        return whole_pem(content, rows)
    if der_is_whole(content):
        return []
    return ["is neither PEM nor DER"]


def whole_database(content):
    with tempfile.NamedTemporaryFile(suffix=".db") as file:
        file.write(content)
        file.flush()
        base = sqlite3.connect(f"file:{file.name}?immutable=1", uri=True)
        try:
            answer = base.execute("PRAGMA integrity_check").fetchone()[0]
            base.execute("SELECT count(*) FROM certificate").fetchone()
        except sqlite3.DatabaseError as error:
            answer = str(error)
        finally:
            base.close()
    return [] if answer == "ok" else [f"is no whole database: {answer}"]


def judge_stdout(out, rows):
    """Every certificate that was printed is on record."""
    wrong = []
    for label, body in BLOCK.findall(out):
        digest = hashlib.sha256(base64.b64decode(body)).digest()
        known = {b"CERTIFICATE": rows.known, b"X509 CRL": rows.crls}
        if digest not in known.get(label, {digest}):
            wrong.append(f"standard output: a {label.decode()} that is not "
                         "on record")
    return wrong


def name_of(number):
    return signal.Signals(number).name
