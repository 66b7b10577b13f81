#!/bin/sh
#
# run.sh - no secret is in the memory of a process once it was used.
#
# Every command that meets a key or a passphrase is run with image.so, which
# writes down its memory as it ends, and, in a build without sanitizers, with
# hoard.so, which lets nothing that was freed be used again.  Then each private
# number, each line of base64 and each passphrase is looked for by scan.py.
# MINICA_BUILD is where minica and the two are.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${MINICA_BUILD:-$here/../../build}" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/minica-secrets.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
MINICA_HOME=$work/home
export MINICA_HOME

preload=$build/tests/image.so
if grep -qE '^MINICA_(SANITIZE|THREADS):[A-Z]*=ON$' "$build/CMakeCache.txt"
then
	# Their allocators keep what was freed as well, for a while.
	options=verify_asan_link_order=0:quarantine_size_mb=64
else
	preload="$build/tests/hoard.so $preload"
	options=
fi

one=correct-horse-battery-9f3a
two=another-word-for-output-77
echo $one >pass
echo $two >out-pass
processes=0
found=0

# run COMMAND...: its standard output is out, its memory in image
run() {
	processes=$((processes + 1))
	rm -f image
	SECRETS_IMAGE=$work/image ASAN_OPTIONS=$options \
	    LD_PRELOAD=$preload "$build/minica" "$@" >out 2>err <pass || {
		echo "failed: minica $*" >&2
		cat err >&2
		exit 1
	}
	said="minica $*"
}

# lacks SECRET...: as scan.py takes them; none of them is in the image, and
# nothing of a passphrase was told
lacks() {
	if ! python3 "$here/scan.py" image "$@" >scanned; then
		found=$((found + 1))
		echo "FAILED  $said"
		sed 's/^/        /' scanned
	else
		echo "ok      $said: $(cat scanned)"
	fi
	! grep -e $one -e $two out err ||
	    { found=$((found + 1)) && echo "FAILED  $said: told"; }
}

authority() {
	for key in "$MINICA_HOME"/keys/"$1"-*.key; do
		echo "$key"
	done
}

# A process that is known to keep its secret is seen to, or nothing counts.
quiet() {
	"$@" >out 2>err || {
		cat err >&2
		exit 1
	}
}
quiet openssl genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-256 -out leaky
SECRETS_IMAGE=$work/image LD_PRELOAD=$build/tests/image.so \
    openssl pkey -in leaky -passin pass:$two >/dev/null
if python3 "$here/scan.py" image --key leaky --pass $two >scanned; then
	echo 'the scan is blind: openssl pkey is said to leave nothing' >&2
	exit 1
fi
echo "seen    openssl pkey: $(tail -n 1 scanned)"

for algorithm in ec-p256 ec-p521 rsa-2048 ed25519; do
	run keygen --key $algorithm --out $algorithm.key
	lacks --key $algorithm.key
	run inspect $algorithm.key
	lacks --key $algorithm.key
done
run keygen --pass-file pass --out locked.key
lacks --key locked.key $one --pass $one
run keygen
cp out stdout.key
lacks --key stdout.key
run keygen --json
python3 -c 'import json; print(json.load(open("out"))["key"])' >json.key
lacks --key json.key
run csr a.example.org --key locked.key --pass-fd 0 --out a.csr
lacks --key locked.key $one --pass $one
run csr b.example.org --key-out b.key --out b.csr
lacks --key b.key

run init-root --out root.pem
root=$(authority root)
lacks --key "$root"
run init-intermediate --id web --out web.pem
lacks --key "$root" --key "$(authority web)"
run sign a.csr --out a.pem
lacks --key "$root" --key "$(authority web)"
run issue c.example.org --out c.pem --key-out c.key
lacks --key c.key --key "$(authority web)"
run keygen --out left.key
lacks --key left.key
run issue left.example.org --out left.pem --key-out left.key
lacks --key left.key --key "$(authority web)"
for layout in pkcs12 pkcs12-legacy; do
	run export c.example.org --key c.key --format $layout \
	    --out-pass-file out-pass --out c.$layout
	lacks --key c.key --pass $two
done
for layout in haproxy kubernetes; do
	run export c.example.org --key c.key --format $layout --out c.$layout
	lacks --key c.key
done
run inspect c.pkcs12 --pass-file out-pass
lacks --key c.key --pass $two
run renew c.example.org --rekey --key-out new.key --force
lacks --key new.key --key "$(authority web)"
run crl --out list.pem
lacks --key "$(authority web)"
run doctor
lacks --key "$root" --key "$(authority web)"
run backup --with-keys --out backup
lacks --key "$root" --key "$(authority web)"
run restore backup --home again
lacks --key "$root" --key "$(authority web)"

mkdir tls
cat >m.yaml <<'END'
manifest: shop
authorities:
  - name: shop
    permit: [example.org]
certificates:
  - name: web
    hosts: [www.example.org]
    outputs:
      - directory: tls
        layout: nginx
      - directory: tls
        layout: pkcs12
        password_file: out-pass
      - directory: tls
        layout: kubernetes
END
run apply m.yaml
lacks --key tls/web.key --key "$(authority shop)" --pass $two

MINICA_HOME=$work/locked
run init-root --pass-file pass
root=$(authority root)
lacks --key "$root" $one --pass $one
run sign a.csr --pass-fd 0 --out a2.pem
lacks --key "$root" $one --pass $one
run issue d.example.org --pass-file pass --out d.pem --key-out d.key
lacks --key "$root" $one --key d.key $one --pass $one
run rollover start --pass-file pass --out next.pem
lacks --key "$root" $one --pass $one

# A sanitizer keeps a copy of the environment, out of our reach.
if [ -z "$options" ]; then
	WORD=$one
	export WORD
	run sign a.csr --pass-env WORD --out a3.pem
	lacks --key "$root" $one --pass $one
fi

# Nor is a passphrase in a store, its log, or a file that was written.
rm image
if grep -rla -e $one -e $two . | grep -vxE '\./(out-)?pass' >where; then
	found=$((found + 1))
	echo "FAILED  a passphrase was written down: $(cat where)"
fi

echo "$processes processes, secrets left in memory: $found"
[ "$found" -eq 0 ]
