# shellcheck shell=sh disable=SC2016
# trust install and uninstall: the trust stores of a machine.

# image DIRECTORY PROGRAM: what a system looks like from outside
image() {
	mkdir -p "image/$1" image/usr/sbin
	printf '#!/bin/sh\n' >"image/usr/sbin/$2"
	chmod +x "image/usr/sbin/$2"
}

# short FILE: the first digits of its fingerprint
short() {
	openssl x509 -in "$1" -noout -fingerprint -sha256 |
	    sed 's/.*=//; s/://g' | tr A-F a-f | cut -c 1-16
}

begin 'trust install: --dry-run says where, for every kind of system'
authority
while read -r directory program file; do
	rm -rf image
	image "$directory" "$program"
	expect 0 minica trust install --root "$PWD/image" --dry-run
	stdout_has "/image/$directory/minica-$(short root.pem)$file: would add"
	stdout_has "would run /usr/sbin/$program"
	[ -z "$(ls "image/$directory")" ] || wrong 'written'
done <<'END'
usr/local/share/ca-certificates update-ca-certificates .crt
etc/pki/ca-trust/source/anchors update-ca-trust .crt
etc/pki/trust/anchors update-ca-certificates .pem
etc/ca-certificates/trust-source/anchors update-ca-trust .crt
END
expect 0 minica trust install --root "$PWD/image" --dry-run --json
json_has changes 1
json_has entries.0.would_change
json_has entries.0.sha256

begin 'trust install: only what is ours, and only where it fits'
authority
expect 3 minica trust install --root "$PWD"
stderr_has 'no trust store that is known'
expect 2 minica trust install --root image
stderr_has 'not an absolute path'
image usr/local/share/ca-certificates update-ca-certificates
store=image/usr/local/share/ca-certificates
echo mine >"$store/minica-$(short root.pem).crt"
expect 2 minica trust install --root "$PWD/image"
stderr_has 'is not our certificate'
expect 2 minica trust uninstall --root "$PWD/image"
[ "$(cat $store/minica-*)" = mine ] || wrong 'changed'
expect 2 minica trust install --root "$PWD/image" --nss
expect 2 minica trust install --root "$PWD/image" 1234
expect 3 minica trust install --root "$PWD/image" \
    0000000000000000000000000000000000000000000000000000000000000000
expect 3 minica --home nowhere trust install

# machine COMMAND: a shell where this system's trust store is a copy of itself
machine() {
	unshare -rm sh -ec '
		cp -a /etc/ssl/certs copy
		mkdir -p mine empty
		mount --bind mine /usr/local/share/ca-certificates
		mount --bind copy /etc/ssl/certs
		[ ! -d /etc/ca-certificates/update.d ] ||
			mount --bind empty /etc/ca-certificates/update.d
		eval "$1"' sh "$1"
}

begin 'trust install: programs of the machine trust it, until uninstall'
authority
quietly minica issue www.example.org
if [ ! -x /usr/sbin/update-ca-certificates ]; then
	skip 'this is not a system with update-ca-certificates'
elif ! machine true >setup 2>&1; then
	skip 'no mount namespace can be had here'
else
	rm -rf copy mine empty
	expect 0 machine '
		bundle=/etc/ssl/certs/ca-certificates.crt
		minica trust install --system
		minica trust install --system
		openssl verify -no-CApath -no-CAstore -CAfile $bundle \
		    www.example.org.pem
		minica verify www.example.org.pem --host www.example.org \
		    --roots system
		rm $bundle
		minica trust install --system
		openssl verify -no-CApath -no-CAstore -CAfile $bundle \
		    www.example.org.pem
		minica trust uninstall --system
		minica trust uninstall --system
		! openssl verify -no-CApath -no-CAstore -CAfile $bundle \
		    www.example.org.pem
		ls mine'
	stdout_has ': added: CN='
	stdout_has ': there already: CN='
	stdout_has ': removed: CN='
	stdout_has ': not there: CN='
	stdout_lacks 'minica-*.crt'
	[ -z "$(ls -A mine)" ] || wrong 'a file was left'
fi

begin 'trust install: a program that fails is an error with its words'
authority
image usr/local/share/ca-certificates update-ca-certificates
if unshare -r true 2>/dev/null; then
	expect 7 unshare -r minica trust install --root "$PWD/image"
	stderr_has '/usr/sbin/update-ca-certificates: exit status'
else
	skip 'no user namespace can be had here'
fi

begin 'trust install: Firefox and Chrome, through certutil'
authority
HOME=$PWD/user
export HOME
mkdir -p user/.pki/nssdb user/.mozilla/firefox/abc.default
expect 0 minica trust install --nss
stdout_is_empty
if ! command -v certutil >/dev/null; then
	: >user/.pki/nssdb/cert9.db
	expect 0 minica trust install --nss
	stderr_has 'certutil is not here'
	skip 'certutil is not here (libnss3-tools)'
else
	for db in user/.pki/nssdb user/.mozilla/firefox/abc.default; do
		quietly certutil -N -d "sql:$db" --empty-password
	done
	expect 0 minica trust install --nss --dry-run
	stdout_has 'would add'
	expect 0 minica trust install --nss
	stdout_has 'user/.pki/nssdb: added: CN='
	stdout_has 'user/.mozilla/firefox/abc.default: added: CN='
	expect 0 certutil -L -d sql:user/.pki/nssdb
	stdout_has "minica-$(short root.pem)"
	stdout_has 'C,,'
	expect 0 minica trust install --nss
	stdout_has 'there already'
	expect 0 minica trust uninstall --nss
	stdout_has 'removed'
	expect 0 certutil -L -d sql:user/.pki/nssdb
	stdout_lacks minica-
	expect 0 minica trust uninstall --nss
	stdout_has 'not there'
	if [ "$(id -u)" = 0 ]; then
		chown 65534 user
		expect 0 minica trust install --nss
		stderr_has 'belongs to somebody else'
		chown 0 user
	fi
	echo broken >user/.pki/nssdb/cert9.db
	expect 7 minica trust uninstall --nss
	stderr_has 'sql:'
fi
