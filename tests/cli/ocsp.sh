# shellcheck shell=sh disable=SC2154 # run.sh sets out
# ocsp: signed answers about single certificates.

# two_leaves: an intermediate, a good certificate and a revoked one
two_leaves() {
	quietly minica init-root --out root.pem
	quietly minica init-intermediate --out int.pem
	quietly minica issue good.example.org
	quietly minica issue bad.example.org
	quietly minica revoke bad.example.org --reason keyCompromise --invalid-since 2020-01-01
}

# checked ARGUMENTS...: openssl reads resp.der, and believes it
checked() {
	expect 0 openssl ocsp -issuer int.pem -CAfile root.pem \
	    -verify_other int.pem -respin resp.der "$@"
	stderr_has 'Response verify OK'
	stderr_lacks 'Nonce Verify error'
}

begin 'ocsp: good, revoked and unknown, with the nonce that was asked'
two_leaves
quietly openssl ocsp -sha256 -issuer int.pem -cert good.example.org.pem \
    -sha256 -cert bad.example.org.pem -sha256 -serial 0x1234 -reqout req.der
expect 0 minica ocsp --request req.der --out resp.der
stderr_has '1234: unknown'
checked -reqin req.der
quietly openssl ocsp -respin resp.der -noverify -text
stdout_has 'Cert Status: good'
stdout_has 'Cert Status: unknown'
stdout_has 'keyCompromise'
stdout_has 'Jan  1 00:00:00 2020 GMT'
stdout_has 'OCSP Nonce'
stdout_has 'OCSP No Check'
stdout_has 'OCSP Signing'
expect 0 minica ocsp --request req.der --out resp.der --json
json_has answers.0.answer good
json_has answers.1.reason keyCompromise
json_has answers.2.answer unknown

begin 'ocsp: the responder is made once, and again when it ends too soon'
quietly minica --now 2030-01-01 init-root --out root.pem
quietly minica --now 2030-01-01 issue www.example.org
quietly openssl ocsp -issuer root.pem -cert www.example.org.pem -reqout req.der
for day in 01 02 03; do
	expect 0 minica --now 2030-01-$day ocsp --request req.der --out resp.der
done
expect 0 minica --now 2030-01-03 list --label ocsp-responder --csv
[ "$(wc -l <"$out")" -eq 2 ] || wrong 'more than one responder'
expect 0 minica --now 2030-03-30 ocsp --request req.der --out resp.der
expect 0 minica --now 2030-03-30 list --label ocsp-responder --csv
[ "$(wc -l <"$out")" -eq 3 ] || wrong 'the responder ends before its answer'
expect 2 minica --now 2030-03-30 ocsp --request req.der --out resp.der --days 100
stderr_has 'shorter life'
quietly minica --now 2030-03-30 ocsp --request req.der --out resp.der
expect 0 openssl ocsp -respin resp.der -noverify -text
stdout_has 'Produced At: Mar 30 00:00:00 2030 GMT'
stdout_has 'Next Update: Apr  6 00:00:00 2030 GMT'
expect 1 minica --now 2030-03-01 renew --due --check --before 100%
stdout_has www.example.org
stdout_lacks ocsp-
expect 0 sh -c 'minica --now 2030-03-30 doctor'
stdout_lacks ocsp-

begin 'ocsp: the authority may speak for itself'
two_leaves
quietly openssl ocsp -issuer int.pem -cert good.example.org.pem -no_nonce -reqout req.der
expect 0 minica ocsp --request req.der --out resp.der --by-issuer
checked -reqin req.der
quietly openssl ocsp -respin resp.der -noverify -text
stdout_lacks 'OCSP No Check'
expect 0 minica list --label ocsp-responder --json
json_has certificates '[]'

begin 'ocsp --all: a file for each certificate, for stapling and for GET'
two_leaves
mkdir by-serial by-get
expect 0 minica ocsp --all --out-dir by-serial
stderr_has '2 responses'
quietly minica show good.example.org --json
serial=$(value serial)
cp "by-serial/$serial.ocsp" resp.der
checked -no_nonce -cert good.example.org.pem
stdout_has 'good.example.org.pem: good'
expect 0 minica verify good.example.org.pem --ocsp resp.der
quietly minica revoke good.example.org
expect 0 minica ocsp --all --out-dir by-serial --json
json_has revoked 2
cp "by-serial/$serial.ocsp" resp.der
quietly minica trust export --out roots.pem
expect 1 minica --home elsewhere verify good.example.org.pem --roots roots.pem \
    --intermediates int.pem --ocsp resp.der
stdout_has revoked
expect 0 minica ocsp --all --names get --out-dir by-get
quietly openssl ocsp -issuer int.pem -cert good.example.org.pem -no_nonce -reqout req.der
path=by-get/$(openssl base64 -A -in req.der)
cp "$path" resp.der || wrong "no file $path"
checked -reqin req.der

begin 'ocsp: responses replace responses and nothing else'
authority
quietly minica issue www.example.org
quietly minica show www.example.org --json
serial=$(value serial)
mkdir dir
echo mine >"dir/$serial.ocsp"
expect 2 minica ocsp --all --out-dir dir
grep -q mine "dir/$serial.ocsp" || wrong 'replaced'
expect 0 minica ocsp --all --out-dir dir --force
expect 0 minica ocsp --all --out-dir dir

begin 'ocsp: what is no request, or about others, is refused'
two_leaves
quietly minica --home other init-root --out other.pem
echo nonsense >req.der
expect 3 minica ocsp --request req.der --out resp.der
stderr_has 'RFC 6960'
quietly openssl ocsp -issuer other.pem -serial 1 -reqout req.der
expect 3 minica ocsp --request req.der --out resp.der
stderr_has 'no authority of this home'
gone resp.der
echo mine >mine.der
quietly openssl ocsp -issuer int.pem -serial 1 -reqout req.der
expect 2 minica ocsp --request req.der --out mine.der
expect 3 minica ocsp --request nosuch.der --out resp.der
expect 2 minica ocsp
expect 2 minica ocsp --all
expect 2 minica ocsp --request req.der --issuer root
expect 3 minica ocsp --all --out-dir nosuch
expect 3 minica ocsp --all --out-dir . --issuer nosuch
