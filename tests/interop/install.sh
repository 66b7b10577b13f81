# install.sh - a key store of Java's, changed by `minica trust install`; read
# by run.
# shellcheck shell=sh disable=SC2154

if ! there keytool; then
	skip 'keytool is not here (openjdk)'
	return 0
fi

# lists: what keytool says of the store
lists() {
	keytool -list -keystore java.p12 -storepass changeit >said 2>&1 &&
	    cat said && grep -q 'minica-.*trustedCertEntry' said
}

needs openssl req -x509 -newkey rsa:2048 -nodes -keyout other.key \
    -out other.pem -subj /CN=other
needs keytool -importcert -noprompt -alias other -file other.pem \
    -keystore java.p12 -storepass changeit
accepts 'a key store of Java'\''s gains the anchors' \
    minica trust install --java java.p12
accepts 'keytool lists them' lists
accepts 'doing it twice is no error' minica trust install --java java.p12
accepts 'they can be taken away again' minica trust uninstall --java java.p12
refuses 'keytool lists them no more' lists
refuses 'a key store that is not there is an error' \
    minica trust uninstall --java missing.p12
