#!/bin/sh
# run.sh - unpacks one of the public suites and runs it.
#
#	run.sh limbo|pkits|weakkeys|hostile RUNNER [OPTION...]
#
# The suites are found in MINICA_VECTORS, or in ../shared/vectors beside the
# repository.  Without them there is nothing to run: exit status 77.
set -eu

suite=$1
runner=$2
shift 2

here=$(cd "$(dirname "$0")/../.." && pwd)
vectors=${MINICA_VECTORS:-$here/../shared/vectors}
case $suite in
limbo) packed=$vectors/limbo-dev.json.xz ;;
pkits) packed=$vectors/pkits-dev.tar.xz ;;
weakkeys) packed=$vectors/weakkeys.tar.xz ;;
hostile) packed=$vectors/hostile.tar.xz ;;
*) echo "run.sh: no suite is called $suite" >&2; exit 2 ;;
esac
if ! [ -r "$packed" ]; then
	echo "skipped: $suite is not here; MINICA_VECTORS may say where it is"
	exit 77
fi
if ! command -v xz >/dev/null; then
	echo "skipped: $suite is packed, and there is no xz to unpack it"
	exit 77
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ "$suite" = limbo ]; then
	xz -dc "$packed" >"$work/limbo.json"
	"$runner" "$@" "$work/limbo.json"
	exit
fi
xz -dc "$packed" | tar -x -C "$work" -f -
# A suite is where its list is, in whatever folder it was packed.
list=$(find "$work" -name pkits.json -o -name weak.json)
"$runner" "$@" "$(dirname "${list:-$work/.}")"
