# shellcheck shell=sh
# init-root and init-intermediate.

begin 'init-root: needs no set-up and gives the certificate'
expect 0 minica init-root
stdout_has 'BEGIN CERTIFICATE'
stderr_has 'SHA-256'
stderr_has 'home/keys/root'
stderr_has 'minica sign'
stderr_has 'not encrypted'
keep root.pem
expect 0 openssl verify -x509_strict -CAfile root.pem root.pem
expect 0 openssl x509 -in root.pem -noout -text
stdout_has 'ASN1 OID: secp384r1'
stdout_has 'CA:TRUE'
stdout_lacks pathlen
expect 0 minica trust list
stdout_has init-root

begin 'init-root: a second one of the name is refused, and nothing changes'
authority
expect 2 minica init-root --out second.pem
stderr_has '--id'
only root.pem
expect 0 minica init-root --id second --out second.pem
expect 0 minica list --json
json_has certificates.1.ca true

begin 'init-root: name, organization, key, life and label are as asked'
expect 0 minica init-root --name 'Example Root' --org 'Example Org' \
    --key rsa-3072 --days 365 --id top --json --out root.pem \
    --now 2026-01-01T00:00:00Z
json_has label top
json_has info.subject 'CN=Example Root,O=Example Org'
json_has info.key.algorithm rsa-3072
json_has info.not_after 2027-01-01T00:00:00Z
json_has certificate
count root.pem 1
file_is_mode root.pem 644

begin 'init-root: an unknown key algorithm is answered with the nearest'
expect 2 minica init-root --key ec-p265
stderr_has ec-p256

begin 'init-root: name constraints close what was not permitted'
expect 0 minica init-root --permit example.org --exclude bad.example.org \
    --out root.pem
expect 0 openssl x509 -in root.pem -noout -text
stdout_has 'Name Constraints: critical'
request good www.example.org
request bad www.example.com
request worse www.bad.example.org
expect 0 minica sign good.csr --out good.pem
expect 1 minica sign bad.csr --out bad.pem
stderr_has 'name constraints'
expect 1 minica sign worse.csr --out worse.pem
gone bad.pem worse.pem
expect 0 openssl verify -x509_strict -CAfile root.pem good.pem

begin 'init-root: the key is encrypted when a passphrase is given'
echo 'correct horse' >secret
expect 0 minica init-root --pass-file secret --out root.pem
stderr_lacks 'not encrypted'
for key in home/keys/*; do
	grep -q 'BEGIN ENCRYPTED PRIVATE KEY' "$key" || wrong 'not encrypted'
done
request web web.example.org
expect 6 minica sign web.csr --out web.pem
stderr_has --pass-file
echo wrong >other
expect 6 minica sign web.csr --out web.pem --pass-file other
stderr_has passphrase
gone web.pem
expect 0 minica sign web.csr --out web.pem --pass-file secret

begin 'init-root: an output that cannot be is found out before anything'
mkdir directory
ln -s nowhere link
echo mine >taken.pem
expect 2 minica init-root --out directory
expect 2 minica init-root --out link
expect 2 minica init-root --out taken.pem
stderr_has --force
expect 3 minica init-root --out no/such/directory/root.pem
gone home
expect 0 minica init-root --out taken.pem --force
count taken.pem 1

begin 'init-root: one made elsewhere is taken in with its key'
quietly openssl req -x509 -newkey rsa:3072 -nodes -keyout old.key \
    -out old.pem -days 3650 -subj '/CN=Old Root' \
    -addext 'keyUsage=critical,keyCertSign,cRLSign'
expect 0 minica init-root --import old.pem old.key --out copy.pem
expect 0 openssl x509 -in copy.pem -noout -subject
stdout_has 'Old Root'
request web web.example.org
expect 0 minica sign web.csr --out web.pem
expect 0 openssl verify -x509_strict -CAfile old.pem web.pem

begin "init-root: an imported root's key must be its own"
quietly openssl req -x509 -newkey rsa:3072 -nodes -keyout old.key \
    -out old.pem -days 3650 -subj '/CN=Old Root'
quietly minica keygen --out other.key
expect 6 minica init-root --import old.pem other.key
expect 3 minica init-root --import old.pem old.pem
stderr_has 'not a private key'
expect 2 minica init-root --import old.pem
stderr_has 'KEY is missing'
expect 2 minica init-root old.key
stderr_has --import
expect 2 minica init-root --import old.pem old.key --name x

begin 'init-root: what is recorded can be written again'
if [ -w /dev/full ]; then
	expect 7 sh -c 'minica init-root >/dev/full'
	stderr_has 'is recorded'
	expect 0 minica show root --pem
	stdout_has 'BEGIN CERTIFICATE'
else
	skip 'there is no /dev/full'
fi

begin 'init-intermediate: stands under the root and signs for it'
authority
expect 0 minica init-intermediate --issuer root --out int.pem
expect 0 openssl verify -x509_strict -CAfile root.pem int.pem
expect 0 openssl x509 -in int.pem -noout -text
stdout_has 'CA:TRUE, pathlen:0'
request web web.example.org
expect 0 minica sign web.csr --out web.pem --fullchain
count web.pem 2
expect 0 openssl verify -x509_strict -purpose sslserver -CAfile root.pem \
    -untrusted int.pem web.pem
expect 0 minica verify web.pem --host web.example.org

begin 'init-intermediate: an issuer that is not there is named'
authority
expect 3 minica init-intermediate --issuer rot --out int.pem
stderr_has rot
gone int.pem

begin 'init-intermediate: a root that is elsewhere signs its request'
quietly minica --home offline init-root --out root.pem
expect 0 minica init-intermediate --csr-out int.csr
expect 0 openssl req -in int.csr -noout -verify
expect 0 minica --home offline sign --policy intermediate int.csr --out int.pem
request web web.example.org
expect 1 minica sign web.csr
stderr_has awaited
cat int.pem root.pem >both.pem
expect 0 minica init-intermediate --install both.pem
expect 0 minica sign web.csr --out web.pem --fullchain
expect 0 openssl verify -x509_strict -CAfile root.pem -untrusted int.pem web.pem
expect 0 minica verify web.pem --roots root.pem --host web.example.org

begin 'init-intermediate: ways that do not go together are said'
authority
expect 2 minica init-intermediate --csr-out a --install b
expect 2 minica init-intermediate --csr-out a --days 5
expect 2 minica init-intermediate --install b --name x
