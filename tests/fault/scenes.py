"""scenes.py - the commands that write, each with the world it begins in.

A scene is a row: the name it is reported by, the commands that make its world
(once, undisturbed), the command that is disturbed, and what must be true when
it says that it is done.  `%` in a command stands for the time of the run.
"""

REQUESTS = [f"r{i}" for i in range(10)]

MANIFEST = """\
manifest: shop
certificates:
  - name: a
    hosts: [a.example.org]
    outputs: [{ directory: tls, layout: nginx }]
  - name: b
    hosts: [b.example.org]
    outputs:
      - { directory: tls, layout: nginx }
      - { directory: all, layout: haproxy }
"""

# Five files that are all new or all old.  A reload is what a server does then:
# it takes what is there, and the one of world.py, which is probed, serves it.
HOOKS = {
    "hooks.yaml": """\
manifest: hooks
defaults:
  outputs:
    - directory: tls
      layout: nginx
      check: [sh, check.sh]
      reload: [sh, reload.sh]
certificates:
  - name: c
    hosts: [c.example.org]
    outputs:
      - directory: tls
        layout: nginx
        check: [sh, check.sh]
        reload: [sh, reload.sh]
        probe: "127.0.0.1:PORT"
      - directory: all
        layout: haproxy
        check: [sh, check.sh]
        reload: [sh, reload.sh]
  - name: d
    hosts: [d.example.org]
""",
    "check.sh": "for f in tls/c.crt tls/c.key tls/d.crt tls/d.key all/c.pem\n"
                "do test -s $f || exit 1; done\n",
    # With refused/ there it objects to any other certificate than that one,
    # when it has loaded it: the old one, or none, must be loaded again.
    "reload.sh": "rm -f served/c.crt served/c.key\n"
                 "test ! -e tls/c.crt || cp tls/c.crt tls/c.key served/\n"
                 "test ! -e refused || cmp -s tls/c.crt refused/c.crt || "
                 "exit 3\n",
}
HOOKED = ["tls/c.crt", "tls/c.key", "tls/d.crt", "tls/d.key", "all/c.pem"]
SERVED = ["served/c.crt", "served/c.key"]

ROOT = ["init-root --out root.pem"]
CA = ROOT + ["init-intermediate --out int.pem"]
ISSUED = ROOT + ["issue old.example.org"]
REVOKED = ISSUED + ["revoke old.example.org --reason superseded",
                    "crl --out ca.crl"]


class Scene:
    """One row; see the module's docstring.

    made: files that must be there and whole after success
    rows: certificates that success adds
    again: exit statuses of a second run after one that was killed
    resumes: it is 0 as long as no certificate was recorded
    later: seconds after the world was made
    crl: a CRL is recorded
    forgets: what was recorded since is meant to be lost
    mends: the finding of doctor that it is there to mend
    answer: it writes nothing, and this is the exit status of its answer, which
        no fault may turn into the other one
    also: exit statuses that a fault may end in beside those of faults.py
    unit: files that are all new or all as before, whatever happened
    served: the copies of some of them that a server took
    ends: the exit status when nothing is disturbed; with another than 0 the
        files of `unit` are as before
    """

    def __init__(self, name, world, command, made=(), rows=0, again=(0,),
                 later=0, crl=False, also=(),
                 forgets=False, mends=None, resumes=False,
                 answer=None, unit=(), served=(), ends=0):
        self.name = name
        self.world = world
        self.command = command.split()
        self.made = made
        self.rows = rows
        self.again = again
        self.later = later
        self.crl = crl
        self.also = set(also)
        self.forgets = forgets
        self.mends = mends
        self.resumes = resumes
        self.answer = answer
        self.unit = unit
        self.served = served
        self.ends = ends if answer is None else answer


DAYS = 86400

SCENES = [
    # 2: what was made before the kill stays as it is.
    Scene("init-root", [], "init-root --out root.pem",
          ["root.pem"], 1, again=(0, 2)),
    Scene("init-intermediate", ROOT, "init-intermediate --out int.pem",
          ["int.pem"], 1, again=(0, 2)),
    Scene("intermediate-request", ROOT,
          "init-intermediate --id sub --csr-out sub.csr", ["sub.csr"],
          again=(0, 2)),
    Scene("sign", ROOT, "sign web.csr --out web.pem", ["web.pem"], 1),
    Scene("sign-stdout", CA, "sign web.csr --fullchain", [], 1),
    Scene("sign-passphrase", ["init-root --pass-file pass"],
          "sign web.csr --pass-file pass --out web.pem", ["web.pem"], 1),
    Scene("sign-json", CA, "sign web.csr --json", [], 1),
    Scene("sign-replace", ROOT + ["sign web.csr --out web.pem"],
          "sign web.csr --out web.pem", ["web.pem"], 1),
    Scene("bulk-sign", CA,
          "sign " + " ".join(f"{r}.csr" for r in REQUESTS) + " --out-dir .",
          [f"{r}.pem" for r in REQUESTS], len(REQUESTS)),
    Scene("issue", CA, "issue new.example.org --fullchain",
          ["new.example.org.pem", "new.example.org.key"], 1, again=(0, 2),
          resumes=True),
    Scene("issue-left", CA + ["keygen --out new.example.org.key"],
          "issue new.example.org", ["new.example.org.pem"], 1, again=(0, 2),
          resumes=True),
    Scene("renew", ISSUED, "renew --due",
          ["old.example.org.pem"], 1, later=75 * DAYS),
    Scene("renew-rekey", ISSUED,
          "renew old.example.org --rekey --key-out new.key --out new.pem",
          ["new.pem", "new.key"], 1, again=(0, 2), resumes=True),
    Scene("revoke", ISSUED, "revoke old.example.org --reason keyCompromise",
          again=(0, 2)),
    Scene("crl", REVOKED, "crl --out ca.crl", ["ca.crl"], crl=True),
    Scene("crl-ahead", REVOKED, "crl --ahead 3 --out-dir lists", crl=True),
    Scene("ocsp", REVOKED, "ocsp --all --out-dir answers", rows=1),
    Scene("apply", ROOT, "apply m.yaml",
          ["tls/a.crt", "tls/a.key", "tls/b.crt", "tls/b.key", "all/b.pem"],
          2),
    Scene("apply-renew", ROOT + ["apply m.yaml"], "apply m.yaml",
          ["tls/a.crt", "tls/a.key", "tls/b.crt", "tls/b.key", "all/b.pem"],
          2, later=75 * DAYS),
    Scene("apply-hooks", ROOT, "apply hooks.yaml",
          HOOKED, 2, unit=HOOKED, served=SERVED),
    Scene("apply-hooks-renew", ROOT + ["apply hooks.yaml"],
          "apply hooks.yaml", HOOKED, 2, later=75 * DAYS,
          unit=HOOKED, served=SERVED),
    # The reload says no, and the old files are back and loaded again.
    Scene("apply-refused",
          ROOT + ["apply hooks.yaml", "!cp -r tls refused"],
          "apply hooks.yaml", rows=2, later=75 * DAYS, again=(1,), ends=1,
          unit=HOOKED, served=SERVED),
    Scene("rollover-start", CA, "rollover start --out new.pem", ["new.pem"],
          1, again=(0, 2)),
    Scene("rollover-cross", CA + ["rollover start"],
          "rollover cross --out cross.pem", ["cross.pem"], 2, again=(0, 2)),
    Scene("rollover-switch", CA + ["rollover start", "rollover cross"],
          "rollover switch", rows=1, again=(0, 2)),
    Scene("rollover-finish",
          CA + ["rollover start", "rollover cross", "rollover switch"],
          "rollover finish", again=(0, 1)),
    Scene("trust-add", ROOT, "trust add other.pem"),
    Scene("trust-remove", ROOT + ["trust add other.pem"],
          "trust remove OTHER", again=(0, 3)),
    Scene("trust-export", ROOT, "trust export --out roots.pem",
          ["roots.pem"], again=(0, 2)),
    Scene("backup", REVOKED, "backup --out b.minica-backup",
          ["b.minica-backup"], again=(0, 2)),
    Scene("backup-keys", REVOKED,
          "backup --with-keys --out b.minica-backup", ["b.minica-backup"],
          again=(0, 2)),
    Scene("restore", REVOKED + ["backup --with-keys --out b.minica-backup",
                                "!rm -r home"],
          "restore b.minica-backup", rows=2, again=(0, 2)),
    Scene("restore-force", ISSUED + ["backup --with-keys --out b.minica-backup",
                                     "issue late.example.org"],
          "restore b.minica-backup --force", rows=-1, forgets=True),
    Scene("keygen", [], "keygen --out new.key --pass-file pass", ["new.key"],
          again=(0, 2)),
    Scene("csr", [], "csr new.example.org", ["new.example.org.key",
                                             "new.example.org.csr"],
          again=(0, 2)),
    Scene("export", ISSUED,
          "export old.example.org --format pkcs12 --key old.example.org.key "
          "--out old.p12 --out-pass-file pass", ["old.p12"]),
    Scene("import", ROOT, "import other.pem", rows=1, again=(0, 2)),
    # What it cannot look at is a finding, like what it finds there.
    Scene("doctor-repair", ROOT + ["!chmod 644 home/minica.db"],
          "doctor --repair", also=[1], mends="MC-D-MODE"),
]

VERIFY = "verify old.example.org.pem --host old.example.org"

# Yes stays yes and no stays no, or nobody can tell (8, or what failed).
ANSWERS = [
    Scene("verify-yes", ISSUED, VERIFY, also=[8], answer=0),
    Scene("verify-no", ISSUED,
          "verify old.example.org.pem --host new.example.org", also=[8],
          answer=1),
    Scene("verify-revoked", REVOKED,
          VERIFY + " --roots root.pem --crl ca.crl", also=[8], answer=1),
    Scene("doctor-yes", ISSUED, "doctor", answer=0),
    Scene("doctor-no", ISSUED + ["!chmod 644 home/minica.db"], "doctor",
          answer=1),
]
