#!/usr/bin/env python3
"""program.py - cases of the public suites, through the command line.

    program.py MINICA limbo STRIDE LIMBO.JSON
    program.py MINICA pkits STRIDE DIRECTORY

Each case is a process of its own: the files it needs are written, and minica
verify is asked as its suite says.  Of the thousands of cases about name
constraints every STRIDE-th is taken (1: all of them), of the others each.  What
must be accepted and what must be rejected is counted apart.  Exit status 1 when
any case came out otherwise than docs/verification.md says.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

# See docs/verification.md.
CANNOT_BE_HAD = {
    "rfc5280::aki::cross-signed-root-missing-aki",
    "4.1.4",
    "4.1.5",
}
# What a rejection may be: a no, a certificate that cannot be read, a doubt.
REJECTIONS = (1, 3, 8)


def write(name, text):
    with open(name, "w", encoding="ascii") as file:
        file.write(text)
    return name


def peer_option(case):
    peer = case["expected_peer_name"]
    if not peer:
        return []
    option = {"DNS": "--host", "IP": "--ip", "RFC822": "--email"}[peer["kind"]]
    return [option, peer["value"]]


def limbo_question(case):
    """The options of one case, its files written to this directory."""
    words = [write("leaf.pem", case["peer_certificate"])]
    words += ["--roots", write("roots.pem", "\n".join(case["trusted_certs"]))]
    if case["untrusted_intermediates"]:
        helpers = "\n".join(case["untrusted_intermediates"])
        words += ["--intermediates", write("others.pem", helpers)]
    if case["crls"]:
        words += ["--require-crl"]
        words += ["--crl", write("lists.pem", "\n".join(case["crls"]))]
    if case["validation_time"]:
        words += ["--at", case["validation_time"]]
    if case["max_chain_depth"] is not None:
        words += ["--max-depth", str(case["max_chain_depth"])]
    words += ["--purpose", case["validation_kind"].lower()]
    if case["id"].startswith("webpki::"):
        words += ["--rules", "webpki"]
    if case["id"] == "rfc5280::pc::ica-noncritical-pc":
        words += ["--strict"]
    return words + peer_option(case)


def limbo(path):
    with open(path, encoding="utf-8") as file:
        cases = json.load(file)["testcases"]
    for case in cases:
        accept = case["expected_result"] == "SUCCESS"
        yield case["id"], accept, lambda case=case: limbo_question(case)


def pkits_question(case, directory):
    def at(kind, name, ending):
        return os.path.join(directory, kind, name + ending)

    certs = [at("certs", name, ".crt") for name in case["certs"]]
    words = [certs[-1], "--at", "2011-04-15T00:00:00Z", "--purpose", "any"]
    words += ["--require-crl", "--roots", certs[0]]
    for cert in certs[1:-1]:
        words += ["--intermediates", cert]
    for name in case["crls"]:
        words += ["--crl", at("crls", name, ".crl")]
    for oid in case.get("policies") or []:
        words += ["--policy-oid", oid]
    for flag in (
        "require_explicit_policy",
        "inhibit_policy_mapping",
        "inhibit_any_policy",
    ):
        if case.get(flag):
            words.append("--" + flag.replace("_", "-"))
    return words


def pkits(directory):
    directory = os.path.abspath(directory)
    with open(os.path.join(directory, "pkits.json"), encoding="utf-8") as file:
        cases = json.load(file)["tests"]
    for case in cases:
        yield (
            case["id"],
            case["valid"],
            lambda case=case: pkits_question(case, directory),
        )


def answers_well(minica, question, accept, name):
    done = subprocess.run(
        [minica, "verify", *question],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    good = done.returncode == 0 if accept else done.returncode in REJECTIONS
    if not good:
        wanted = "accepted" if accept else "rejected"
        print(f"FAILED: {name} should be {wanted}: {done.returncode}")
        print(re.sub(r"(?m)^", "    ", done.stdout + done.stderr))
    return good


def taken(cases, stride):
    seen = 0
    for case in cases:
        if case[0].startswith("bettertls::nameconstraints"):
            seen += 1
            if seen % stride != 0:
                continue
        yield case


def main():
    minica, suite, stride, where = sys.argv[1:5]
    minica = os.path.abspath(minica)
    cases = list({"limbo": limbo, "pkits": pkits}[suite](where))
    passed = {True: 0, False: 0}
    failed = {True: 0, False: 0}
    given_up = 0
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        for name, accept, question in taken(cases, int(stride)):
            if name in CANNOT_BE_HAD:
                given_up += 1
            elif answers_well(minica, question(), accept, name):
                passed[accept] += 1
            else:
                failed[accept] += 1
        os.chdir("/")
    print(
        f"{suite}, through the program: must accept {passed[True]} passed, "
        f"{failed[True]} failed; must reject {passed[False]} passed, "
        f"{failed[False]} failed; {given_up} cannot be had"
    )
    sys.exit(1 if failed[True] or failed[False] else 0)


main()
