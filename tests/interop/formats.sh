# formats.sh - what status and list write, read by whom it is for; read by run.
# shellcheck shell=sh disable=SC2034,SC2154

# Names with every mark that one of the formats gives a meaning to.
fm() {
	fm_day=$1
	shift
	needs minica -q --home formats --now "$fm_day" "$@"
}
fm 2030-01-01 init-root --name 'R; "A, B" <b>\ & co' --out fm-root.pem
fm 2030-01-01 init-intermediate --name "I, 'm" --out fm-int.pem
mkdir 'fm;&,"etc"'
for name in www.example.org b.example.org "$(printf 'a%.0s' $(seq 60)).$(printf \
    'b%.0s' $(seq 60)).example.org"; do
	fm 2030-01-01 issue "$name" --label team=web \
	    --out 'fm;&,"etc"'/"$name.pem" --key-out "$name.key"
done
fm 2030-01-02 revoke b.example.org --reason superseded
fm 2030-01-02 crl --days 30 --out fm.crl
fm 2030-03-10 list --csv
cp output fm.csv

# due FORMAT: what status writes of it, to fm.FORMAT
due() {
	status=0
	minica -q --home formats --now 2030-03-10 status \
	    --paths 'fm;&,"etc"' --format "$1" >"fm.$1" || status=$?
	[ "$status" -eq 1 ]
}
for format in json junit prom ics html; do
	needs due $format
done

# python_with MODULE: a Python that has it, or nothing; what Debian packages is
# for its own
python_with() {
	for python in python3 /usr/bin/python3; do
		if "$python" -c "import $1" 2>/dev/null; then
			echo "$python"
			return
		fi
	done
}

# ---- JSON

cat >fm_json.py <<'PY'
import json
report = json.load(open("fm.json"))
assert report["verdict"] == "due"
assert {"authority", "crl", "leaf", "anchor", "file"} == \
    {item["kind"] for item in report["items"]}
assert 'fm;&,"etc"/www.example.org.pem' in \
    {item["name"] for item in report["items"]}
PY
accepts 'status --json, read by Python' python3 fm_json.py

# ---- Prometheus

if there promtool; then
	accepts 'promtool check metrics' sh -c 'promtool check metrics <fm.prom'
	sed 's/^# HELP minica_due .*/# HELP minica_due/' fm.prom >fm.bad
	refuses 'promtool: a metric without help' \
	    sh -c 'promtool check metrics <fm.bad'
	sed 's/^minica_due{kind="leaf"/minica_due{kind="leaf/' fm.prom >fm.bad
	refuses 'promtool: a label that is not closed' \
	    sh -c 'promtool check metrics <fm.bad'
else
	skip 'promtool check metrics (no promtool)'
fi

# ---- JUnit

cat >fm_junit.py <<'PY'
import junitparser
suites = list(junitparser.JUnitXml.fromfile("fm.junit"))
assert [s.name for s in suites] == ["minica." + kind for kind in
    ("authority", "crl", "anchor", "leaf", "file")], suites
for suite in suites:
    counted = suite.tests, suite.failures, suite.errors
    suite.update_statistics()
    assert counted == (suite.tests, suite.failures, suite.errors), suite.name
cases = {case.name: case for suite in suites for case in suite}
name, = (name for name in cases if "/b.example.org.pem" in name)
assert name.startswith('fm;&,"etc"/b.example.org.pem (')
bad, = cases[name].result
assert isinstance(bad, junitparser.Failure) and bad.type == "MC-S-EXPIRING"
assert "is revoked" in bad.message
assert any('"A' in name and "<b" in name for name in cases), list(cases)
PY
python=$(python_with junitparser)
if [ -n "$python" ]; then
	accepts 'status --format junit, read by junitparser' "$python" fm_junit.py
else
	skip 'status --format junit (no junitparser)'
fi

# ---- calendars

cat >fm_ics.py <<'PY'
import datetime, icalendar
calendar = icalendar.Calendar.from_ical(open("fm.ics", "rb").read())
assert calendar["VERSION"] == "2.0" and calendar["PRODID"]
events = calendar.walk("VEVENT")
assert len({event["UID"] for event in events}) == len(events) == 9, len(events)
for event in events:
    assert not event.errors and event["DTSTAMP"].dt.tzinfo is not None
    assert type(event["DTSTART"].dt) is datetime.date
    alarm, = event.walk("VALARM")
    assert alarm["ACTION"] == "DISPLAY"
    assert alarm["TRIGGER"].dt < datetime.timedelta(0)
ends = {str(event["SUMMARY"]): event["DTSTART"].dt for event in events}
assert ends['file fm;&,"etc"/www.example.org.pem ends'] == \
    datetime.date(2030, 4, 1), ends
PY
python=$(python_with icalendar)
if [ -n "$python" ]; then
	accepts 'status --format ics, read by icalendar' "$python" fm_ics.py
else
	skip 'status --format ics (no icalendar)'
fi

# ---- CSV

imported() {
	sqlite3 -csv :memory: '.import fm.csv t' "
	    SELECT count(*), count(DISTINCT serial), sum(status = 'revoked'),
	        max(labels), sum(instr(subject, ',') > 0) FROM t" | tr -d '\r' | tee fm.sums &&
	    grep -qxF '5,5,1,team=web,2' fm.sums
}

cat >fm_csv.py <<'PY'
import csv
rows = list(csv.DictReader(open("fm.csv", newline=""), strict=True))
assert len(rows) == 5 and all(None not in row for row in rows)
assert {row["labels"] for row in rows} == {"", "team=web"}
assert any('"A' in row["subject"] for row in rows)
PY
if there sqlite3; then
	accepts 'list --csv, imported by sqlite3' imported
else
	skip 'list --csv (no sqlite3)'
fi
accepts 'list --csv, read by Python' python3 fm_csv.py

# ---- the page

browser=$(command -v chromium || command -v chromium-browser || true)

# browse OPTION... FILE: a browser without a screen, that asks nobody anything
browse() {
	timeout 60 "$browser" --headless --no-sandbox --disable-gpu \
	    --disable-quic --no-first-run --disable-background-networking \
	    --disable-component-update --disable-sync \
	    --user-data-dir="$PWD/fm.profile" "$@" 2>fm.log
}

# The page forbids scripts: a copy that does not is asked how it looks, in a
# frame as wide as a phone, and answers the page around it.
# frame PAGE WIDTH: that page around, as frame.html
frame() {
	sed -e '/Content-Security-Policy/d' -e 's|</body>|<script>parent.postMessage({wide: document.documentElement.scrollWidth - innerWidth, bars: document.querySelectorAll(".bar").length, deep: document.querySelectorAll(".tree ul ul ul .leaf").length, title: document.title}, "*")</script></body>|' \
	    "$1" >framed.html
	cat >frame.html <<HTML
<!DOCTYPE html><body><script>onmessage = e => { document.body.dataset.seen = JSON.stringify(e.data) }</script>
<iframe src="framed.html" width="$2" height="9000" style="border:0"></iframe></body>
HTML
}

# seen PAGE WIDTH WANTED: it answers so
seen() {
	frame "$1" "$2"
	browse --virtual-time-budget=5000 --dump-dom "file://$PWD/frame.html" \
	    >frame.dom && sed 's/&quot;/"/g' frame.dom | grep -o 'data-seen=.*}' &&
	    sed 's/&quot;/"/g' frame.dom | grep -qF "$3"
}

printed() {
	browse --no-pdf-header-footer --print-to-pdf=fm.pdf \
	    "file://$PWD/fm.html" && pdftotext -raw fm.pdf fm.txt &&
	    tr -d ' \n' <fm.txt >fm.words
	sed -n 's/.*class="serial">\([0-9a-f]*\)<.*/\1/p' fm.html >fm.serials
	[ "$(wc -l <fm.serials)" -eq 9 ] || return 1
	while read -r serial; do
		grep -qF "$serial" fm.words || {
			echo "not on paper: $serial"
			return 1
		}
	done <fm.serials
}

if [ -n "$browser" ]; then
	all='"bars":8,"deep":2,"title":"minica status: due"}'
	for width in 320 390 1280; do
		accepts "status --format html, $width pixels wide" \
		    seen fm.html $width "{\"wide\":0,$all"
	done
	sed 's/overflow-wrap:anywhere//g' fm.html >fm.bad.html
	refuses 'the same, with lines that do not break' \
	    seen fm.bad.html 320 "{\"wide\":0,$all"
else
	skip 'status --format html (no chromium)'
fi
if [ -n "$browser" ] && there pdftotext; then
	accepts 'status --format html, printed' printed
else
	skip 'status --format html, printed (no chromium or pdftotext)'
fi
