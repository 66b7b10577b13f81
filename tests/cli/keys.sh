# shellcheck shell=sh
# keygen, csr, and where passphrases come from.

begin 'keygen: makes every algorithm, PKCS #8, for its owner alone'
for algorithm in rsa-2048 rsa-3072 ec-p256 ec-p384 ec-p521 ed25519; do
	expect 0 minica keygen --key $algorithm --out $algorithm.key
	stderr_has 'not encrypted'
	file_is_mode $algorithm.key 600
	grep -q 'BEGIN PRIVATE KEY' $algorithm.key || wrong 'not PKCS #8'
	expect 0 openssl pkey -in $algorithm.key -noout
	expect 0 minica inspect $algorithm.key --json
	json_has files.0.objects.0.algorithm $algorithm
done

begin 'keygen: goes to standard output, or to a document'
expect 0 minica keygen
stdout_has 'BEGIN PRIVATE KEY'
expect 0 minica keygen --json --key ed25519
json_has key
json_has public_key.algorithm ed25519
expect 0 minica keygen --json --out web.key
json_has key_file web.key

begin 'keygen: does not show a key on a terminal unless told to'
if ! can_have_terminal; then
	skip 'there is no script(1) to make a terminal'
else
	expect 2 terminal 'minica keygen' </dev/null
	stdout_has '--out -'
	stdout_lacks BEGIN
	expect 0 terminal 'minica keygen --out -' </dev/null
	stdout_has BEGIN
fi

begin 'keygen: a passphrase comes from a file, a descriptor or a variable'
printf 'first line\nsecond line\n' >secret
expect 0 minica keygen --pass-file secret --out a.key
stderr_lacks 'not encrypted'
grep -q 'BEGIN ENCRYPTED PRIVATE KEY' a.key || wrong 'not encrypted'
expect 0 openssl pkey -in a.key -noout -passin 'pass:first line'
expect 0 sh -c 'minica keygen --pass-fd 7 --out b.key 7<secret'
expect 0 sh -c 'minica keygen --pass-file - --out d.key <secret'
expect 0 openssl pkey -in d.key -passin file:secret -noout
expect 0 openssl pkey -in b.key -noout -passin 'pass:first line'
expect 0 env WORD='first line' minica keygen --pass-env WORD --out c.key
expect 0 openssl pkey -in c.key -noout -passin 'pass:first line'
expect 0 minica inspect a.key --pass-file secret
expect 0 minica inspect a.key
stdout_has 'private key, encrypted'
stdout_has --pass-file
stdout_lacks SHA-256
expect 0 minica inspect a.key --json
json_has files.0.objects.0.encrypted true

begin 'keygen: a key is read whatever cipher keeps it'
printf 'correct horse\n' >secret
expect 0 minica keygen --out plain.key
read_again() {
	expect 0 minica csr --key e.key --pass-file secret --force \
	    --out e.csr www.example.org
}
for cipher in aes-128-cbc aes-256-cfb aria-192-ctr camellia-256-ofb des3; do
	quietly openssl pkcs8 -topk8 -in plain.key -v2 $cipher \
	    -passout file:secret -out e.key
	read_again
done
for cipher in aes128 aria256 camellia192 des3; do
	quietly openssl ec -in plain.key -$cipher -passout file:secret \
	    -out e.key
	read_again
done

begin 'keygen: a key under a cipher that no old file has is to be written anew'
printf 'correct horse\n' >secret
expect 0 minica keygen --out plain.key
quietly openssl ec -in plain.key -aes-256-cfb -passout file:secret -out e.key
expect 3 minica csr --key e.key --pass-file secret www.example.org
stderr_has e.key
stderr_has DEK-Info
stderr_has 'openssl pkey -aes256'
quietly openssl pkey -in e.key -passin file:secret -aes256 \
    -passout 'pass:correct horse' -out f.key
expect 0 minica csr --key f.key --pass-file secret www.example.org

begin 'keygen: a passphrase that is not there is said'
: >empty
expect 6 minica keygen --pass-file empty --out a.key
stderr_has --pass-file
expect 3 minica keygen --pass-file nothing --out a.key
expect 2 env -u WORD minica keygen --pass-env WORD --out a.key
stderr_has 'WORD is not set'
expect 3 minica keygen --pass-fd 99 --out a.key
expect 2 minica keygen --pass-file empty --pass-env WORD --out a.key
head -c 2000 /dev/zero | tr '\0' x >long
expect 6 minica keygen --pass-file long --out a.key
stderr_has 1024
gone a.key

begin 'keygen: --ask-pass asks twice, without showing the answer'
if ! can_have_terminal; then
	skip 'there is no script(1) to make a terminal'
else
	expect 0 sh -c '(sleep 1; echo word; sleep 1; echo word; sleep 1) |
	    script -qec "minica keygen --ask-pass --out a.key" /dev/null'
	stdout_has 'Passphrase:'
	stdout_lacks word
	expect 0 openssl pkey -in a.key -noout -passin pass:word
	expect 6 sh -c '(sleep 1; echo word; sleep 1; echo sword; sleep 1) |
	    script -qec "minica keygen --ask-pass --out b.key" /dev/null'
	stdout_has 'not the same'
	gone b.key
fi

begin 'keygen: without a terminal --ask-pass says what else there is'
if ! command -v setsid >/dev/null; then
	skip 'there is no setsid(1) to be without a terminal'
else
	expect 2 setsid -w minica keygen --ask-pass --out a.key
	stderr_has --pass-file
	gone a.key
fi

begin 'keygen: an output that exists is kept'
echo mine >web.key
expect 2 minica keygen --out web.key
stderr_has --force
[ "$(cat web.key)" = mine ] || wrong 'the file was replaced'
ln -s elsewhere link
expect 2 minica keygen --out link --force
mkdir directory
expect 2 minica keygen --out directory --force
expect 0 minica keygen --out web.key --force
file_is_mode web.key 600

begin 'keygen: a full disk leaves nothing half-written'
expect 7 sh -c 'trap "" XFSZ; ulimit -f 0; minica keygen --out web.key'
only

begin 'csr: makes a key and a request for its names'
expect 0 minica csr www.example.org example.org 192.0.2.1 ops@example.org
file_is_mode www.example.org.key 600
file_is_mode www.example.org.csr 644
only www.example.org.csr www.example.org.key
expect 0 openssl req -in www.example.org.csr -noout -text -verify
stdout_has 'DNS:www.example.org, DNS:example.org, IP Address:192.0.2.1'
stdout_has 'email:ops@example.org'

begin 'csr: the files of a wildcard have a plain name'
expect 0 minica csr '*.example.org'
only _wildcard.example.org.csr _wildcard.example.org.key

begin 'csr: uses a key that is there, encrypted or not'
echo word >secret
quietly minica keygen --key rsa-2048 --out plain.key
quietly minica keygen --pass-file secret --out locked.key
expect 0 minica csr --key plain.key --out - example.org
stdout_has 'BEGIN CERTIFICATE REQUEST'
expect 6 minica csr --key locked.key example.org
expect 0 minica csr --key locked.key --pass-file secret example.org
expect 3 minica csr --key nothing.key other.example.org
expect 3 minica csr --key secret other.example.org
expect 2 minica csr --key plain.key --algorithm ed25519 example.org
gone other.example.org.csr

begin 'csr: subject, algorithm and places are as asked'
expect 0 minica csr --algorithm ed25519 --name Alice --org Example \
    --key-out a.key --out a.csr --json alice@example.org
json_has info.subject 'CN=Alice,O=Example'
json_has info.key.algorithm ed25519
json_has key_file a.key
json_has file a.csr
json_has request
only a.csr a.key

begin 'csr: a name that is none makes no files'
expect 2 minica csr 'exa mple.org'
expect 2 minica csr -- '-x.example.org'
expect 2 minica csr 'www.*.org'
expect 2 minica csr '*.org' --name "$(printf 'a\tb')"
only

begin 'keys: those that cost too much to decode are refused before'
quietly openssl dsaparam -genkey -noout -out traditional.pem 1024
quietly openssl pkcs8 -topk8 -nocrypt -in traditional.pem -out dsa.pem
quietly openssl genpkey -algorithm DH -pkeyopt group:ffdhe2048 -out dh.pem
{
	echo '-----BEGIN PRIVATE KEY-----'
	head -c 6001 /dev/zero | openssl base64
	echo '-----END PRIVATE KEY-----'
} >long.pem
for key in dsa traditional dh long; do
	expect 3 minica csr www.example.org --key "$key.pem" --out -
	expect 3 minica inspect "$key.pem"
done
expect 3 minica inspect dsa.pem
stderr_has 'a key of DSA'
expect 3 minica inspect long.pem
stderr_has 'limit is 6000'
quietly openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:4096 \
    -out rsa.pem
expect 0 minica inspect rsa.pem
