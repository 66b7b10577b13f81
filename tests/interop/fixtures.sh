# fixtures.sh - OpenSSL and Go judge every fixture; read by run.
#
# They must accept what is good.  Of what is bad they may accept what the
# fixture says that they do (lenient), and what only webpki refuses.
# shellcheck shell=sh disable=SC2154

needs minica fixtures fixtures
if ! there python3; then
	skip 'python3 is not here'
	return 0
fi

cat >judge.py <<'PY'
import json, subprocess

def command(row):
    files = {k: "fixtures/" + v for k, v in row["files"].items()}
    out = ["openssl", "verify", "-x509_strict", "-policy_check",
        "-auth_level", "2",
        "-purpose", "ssl" + row["purpose"], "-CAfile", files["roots"],
        "-no-CApath", "-no-CAstore", "-untrusted", files["chain"]]
    form = "-verify_ip" if row["host_form"] == "iPAddress" else "-verify_hostname"
    out += [form, row["host"]]
    if row["require_crl"]:
        out += ["-crl_check_all"]
        if "crls" in files:
            out += ["-CRLfile", files["crls"]]
    return out + [files["chain"]]

wrong = 0
for row in json.load(open("fixtures/fixtures.json"))["fixtures"]:
    ran = subprocess.run(command(row), capture_output=True, text=True)
    accepted = ran.returncode == 0
    wanted = row["verdict"] == "accept"
    lenient = row["rules"] == "webpki" or row.get("lenient") == "OpenSSL"
    if accepted != wanted and not (accepted and lenient):
        wrong += 1
        print(row["name"], "accepted" if accepted else ran.stderr)
    if row.get("lenient") == "OpenSSL" and not accepted:
        wrong += 1
        print(row["name"], "is said to be accepted, and is not:", ran.stderr)
raise SystemExit(wrong > 0)
PY
accepts 'OpenSSL agrees with every fixture, but where that is said' \
    python3 judge.py
