#!/bin/sh
#
# kill.sh [RUNS [SEED]] - apply, killed at random points, ends where it should.
#
# Each run begins with the same home and manifest, is killed (SIGKILL) after a
# random part of the time that an undisturbed one takes, and once more on the
# next try, and is followed by one that is left alone.  Whatever the point, the end is the same: every
# certificate was issued once, every file is there with the key that belongs to
# it, nothing else is, and there is nothing more to do.  Every other run renews
# certificates that are in place, with a hook that must see whole files.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${MINICA_BUILD:-$here/../../build}" && pwd)
runs=${1:-200}
seed=${2:-$(date +%s)}
names='a b c d e f g h'

work=$(mktemp -d "${TMPDIR:-/tmp}/minica-kill.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
cd "$work"
PATH=$build:$PATH
MINICA_HOME=$work/home
export PATH MINICA_HOME

{
	echo 'manifest: kill'
	echo 'certificates:'
	for name in $names; do
		cat <<END
  - name: $name
    hosts: [$name.example.org]
    outputs:
      - { directory: tls, layout: nginx }
      - { directory: all, layout: haproxy, check: ["$work/whole"] }
END
	done
} >m.yaml
# shellcheck disable=SC2016
printf '#!/bin/sh\nfor f in "%s"/all/*.pem; do\n%s\ndone\n' "$work" \
    '	grep -q "END PRIVATE KEY" "$f" || exit 1' >whole
chmod +x whole

wrong() {
	echo "seed $seed, run $run, killed after $delay and $second s: $*" >&2
	exit 1
}

# The states that runs begin with: nothing issued, and all to be renewed.
minica init-root --now 2027-01-01 >log 2>&1
mkdir tls all
tar cf new.tar home tls all
started=$(date +%s%N)
minica apply --now 2027-01-01 m.yaml >log 2>&1
lasts=$((($(date +%s%N) - started) / 1000))
tar cf due.tar home tls all

# check COUNT: the home and the directories are as they should be
check() {
	minica plan --detailed-exit --now "$now" m.yaml >said 2>&1 ||
	    wrong "there is more to do: $(cat said)"
	issued=$(minica list --policy server | grep -c example.org)
	[ "$issued" = "$1" ] || wrong "$issued were issued, not $1"
	for name in $names; do
		echo "$name.crt"
		echo "$name.key"
	done | sort >wanted
	# shellcheck disable=SC2012
	ls -A tls | sort | cmp -s - wanted || wrong "tls holds $(ls -A tls)"
	for name in $names; do
		echo "$name.pem"
	done | sort >wanted
	# shellcheck disable=SC2012
	ls -A all | sort | cmp -s - wanted || wrong "all holds $(ls -A all)"
	[ -z "$(ls -A home/pending)" ] || wrong 'keys are still pending'
	for name in $names; do
		openssl x509 -in "tls/$name.crt" -noout -pubkey >public
		openssl pkey -in "tls/$name.key" -pubout | cmp -s - public ||
		    wrong "the key of $name is another one"
	done
}

# kill_after SECONDS: an apply that gets no more than that
kill_after() {
	status=0
	timeout -s KILL "$1" minica apply --now "$now" m.yaml >said 2>&1 ||
	    status=$?
	case $status in
	0) ;;
	137) killed=$((killed + 1)) ;;
	*) wrong "exit status $status: $(cat said)" ;;
	esac
}

run=0
awk -v seed="$seed" -v runs="$runs" -v lasts="$lasts" 'BEGIN {
	srand(seed)
	for (i = 0; i < runs; i++)
		printf "%.6f %.6f\n", rand() * lasts * 1.2 / 1000000, \
		    rand() * lasts / 1000000
}' >delays
killed=0
while read -r delay second; do
	run=$((run + 1))
	rm -rf home tls all
	if [ $((run % 2)) = 1 ]; then
		tar xf new.tar
		now=2027-01-01 count=8
	else
		tar xf due.tar
		now=2027-03-15 count=16
	fi
	kill_after "$delay"
	kill_after "$second"
	minica apply --now "$now" m.yaml >said 2>&1 || wrong "$(cat said)"
	check "$count"
done <delays
echo "$run runs, killed $killed times on the way, the same end each time"
[ "$killed" -gt $((runs / 2)) ] || {
	echo "too few were killed before they had ended" >&2
	exit 1
}
