# shellcheck shell=sh disable=SC2154
# verify --connect: servers on loopback, good and bad (server.py).

# What is common to all of them is made once: a home, chains, and one process
# that serves them all.  Its ports are in $live/ports.
live=$work/live
servers=

# made NAME FILE...: a chain of these files
made() {
	name=$1
	shift
	(cd "$live" && cat "$@" >"$name.chain")
}

# certificate NAME HOST [OPTION...]
certificate() {
	name=$1
	host=$2
	shift 2
	minica --home "$live/home" issue "$host" --issuer issuing \
	    --out "$live/$name.pem" --key-out "$live/$name.key" "$@"
}

chains() {
	mkdir "$live" && cd "$live" || return 1
	minica init-root --home home --out root.pem &&
	    minica init-intermediate --home home --issuer root --id issuing \
		--out int.pem &&
	    minica --home other init-root --out stranger.pem &&
	    certificate web www.example.org &&
	    certificate other other.example.org || return 1
	made good web.pem int.pem
	made bare web.pem
	made swapped web.pem root.pem int.pem
	made rooted web.pem int.pem root.pem
	made twice web.pem int.pem int.pem
	made strange web.pem int.pem stranger.pem
	made wrong other.pem int.pem
	made mixed other.pem web.pem int.pem
}

# NAME MODE CHAIN WORD...; the key is that of the chain's first certificate
rows() {
	cat <<'ROWS'
good tls good web
tls12 tls good web tls12
tls13 tls good web tls13
six tls good web six
bare tls bare web
swapped tls swapped web
rooted tls rooted web
twice tls twice web
strange tls strange web
wrong tls wrong other
mixed tls mixed other
asks12 tls good web tls12 asks
asks13 tls good web tls13 asks
smtp smtp good web
imap imap good web
pop3 pop3 good web
ftp ftp good web
ldap ldap good web
postgres postgres good web
mysql mysql good web
xmpp xmpp good web
no-smtp smtp good web no
no-imap imap good web no
no-pop3 pop3 good web no
no-ftp ftp good web no
no-ldap ldap good web no
no-postgres postgres good web no
no-mysql mysql good web no
no-xmpp xmpp good web no
more-smtp smtp good web more
ROWS
	for mode in silent closes http ssh greets garbage record floods drips; do
		echo "$mode $mode - -"
	done
}

serve() {
	chains >"$work/live.log" 2>&1 || return 1
	rows | while read -r name mode chain key words; do
		if [ "$chain" = - ]; then
			echo "$name $mode - -"
		else
			echo "$name $mode $live/$chain.chain $live/$key.key $words"
		fi
	done >"$live/rows"
	python3 "$here/server.py" <"$live/rows" >"$live/ports" \
	    2>>"$work/live.log" &
	servers=$!
	wait_for "$live/ports" good
}

port() {
	sed -n "s/^$1 //p" "$live/ports"
}

# connect STATUS NAME [OPTION...]: the store trusts the root, and knows the
# intermediate
connect() {
	wanted=$1
	name=$2
	shift 2
	expect "$wanted" minica --home "$live/home" verify \
	    --connect "127.0.0.1:$(port "$name")" --host www.example.org "$@"
}

# rooted_in_a_file STATUS NAME [OPTION...]: nothing is known but the root
rooted_in_a_file() {
	wanted=$1
	name=$2
	shift 2
	connect "$wanted" "$name" --roots "$live/root.pem" "$@"
}

if ! command -v python3 >/dev/null; then
	begin 'live: servers of every kind'
	skip 'there is no python3'
	return 0
fi
if ! serve; then
	begin 'live: servers of every kind'
	wrong 'they could not be started'
	sed 's/^/        | /' "$work/live.log"
	return 0
fi

begin 'live: a good server is shown and believed'
rooted_in_a_file 0 good
stdout_has 'connected to 127.0.0.1:'
stdout_has 'TLSv1.3'
stdout_has 'key exchange'
stdout_has 'sent'
stdout_has 'OK: www.example.org'
stdout_lacks warning
rooted_in_a_file 0 good --json
json_has results.0.answer yes
json_has results.0.connection.protocol TLSv1.3
json_has results.0.connection.forward_secret true
json_has results.0.connection.ocsp.answer none
json_has results.0.connection.sent.1.ca true
json_has results.0.path.2

begin 'live: TLS 1.2 and 1.3'
rooted_in_a_file 0 tls12 --json
json_has results.0.connection.protocol TLSv1.2
json_has results.0.connection.cipher
rooted_in_a_file 0 tls13 --json
json_has results.0.connection.protocol TLSv1.3

begin 'live: without a name, that of the endpoint is wanted'
expect 1 minica --home "$live/home" verify --connect "127.0.0.1:$(port good)"
stdout_has MC-V-HOST
stdout_has iPAddress

begin 'live: IPv6, in brackets'
if [ -n "$(port six)" ]; then
	expect 0 minica --home "$live/home" verify \
	    --connect "[::1]:$(port six)" --host www.example.org
	stdout_has 'connected to [::1]:'
else
	skip 'there is no ::1'
fi

begin 'live: a chain that is incomplete'
rooted_in_a_file 1 bare
stdout_has MC-V-NO-ANCHOR
stdout_has MC-V-LIVE-INCOMPLETE
stdout_has 'not known here either'
connect 0 bare
stdout_has warning
stdout_has MC-V-LIVE-INCOMPLETE
stdout_has 'other clients will refuse'
connect 1 bare --strict

begin 'live: a chain out of order, with its root, twice, or with a stranger'
rooted_in_a_file 0 swapped
stdout_has MC-V-LIVE-ORDER
rooted_in_a_file 0 rooted --verbose
stdout_has MC-V-LIVE-ROOT
rooted_in_a_file 0 twice
stdout_has MC-V-LIVE-DUPLICATE
rooted_in_a_file 0 strange
stdout_has MC-V-LIVE-STRANGER
rooted_in_a_file 1 strange --strict

begin 'live: the certificate of another name'
rooted_in_a_file 1 wrong --explain
stdout_has MC-V-HOST
stdout_has other.example.org
stdout_has MC-V-LIVE-OTHER-NAME
rooted_in_a_file 1 mixed --explain
stdout_has 'certificate 2 of those sent is'
expect 0 minica verify --roots "$live/root.pem" --host other.example.org \
    --servername www.example.org --connect "127.0.0.1:$(port wrong)"

begin 'live: a certificate that ends soon'
rooted_in_a_file 0 good --at "$(date -u -d '+85 days' +%Y-%m-%dT%H:%M:%SZ)"
stdout_has MC-V-LIVE-EXPIRING
stdout_has 'ends soon'

begin 'live: a certificate of the client is wanted'
rooted_in_a_file 0 asks12
stdout_has 'asks for a certificate of its clients'
rooted_in_a_file 0 asks13 --json
json_has results.0.connection.asks_client true

begin 'live: every protocol goes over to TLS, or says that it will not'
for protocol in smtp imap pop3 ftp ldap postgres mysql xmpp; do
	rooted_in_a_file 0 $protocol --starttls $protocol
	stdout_has 'OK: www.example.org'
	rooted_in_a_file 8 no-$protocol --starttls $protocol
	stderr_has "STARTTLS ($protocol)"
	stdout_is_empty
done

begin 'live: nobody can put words before TLS'
rooted_in_a_file 8 more-smtp --starttls smtp
stderr_has 'somebody on the way'

begin 'live: what is no TLS is told, and what it may be'
rooted_in_a_file 8 http
stderr_has 'plain HTTP'
rooted_in_a_file 8 ssh
stderr_has SSH
rooted_in_a_file 8 greets
stderr_has '--starttls smtp'
rooted_in_a_file 8 garbage
stderr_has 'not TLS'
rooted_in_a_file 8 record
rooted_in_a_file 8 closes
stderr_has 'closed the connection'
rooted_in_a_file 8 closes --json
json_has error.code EUNDECIDED

begin 'live: who says nothing, or never enough, or too much, is left'
rooted_in_a_file 8 silent --timeout 1
stderr_has 'limit of 1 s'
rooted_in_a_file 8 silent --timeout 1 --starttls smtp
stderr_has 'limit of 1 s'
rooted_in_a_file 8 drips --timeout 1 --starttls smtp
stderr_has 'limit of 1 s'
rooted_in_a_file 8 floods --timeout 5 --starttls smtp
stderr_has limit

begin 'live: a port where nobody listens'
expect 8 minica --home "$live/home" verify --connect 127.0.0.1:1 --host x.test
stderr_has connecting
stderr_has refused
expect 2 minica verify --connect 127.0.0.1
expect 2 minica verify --connect ::1:443
expect 2 minica verify --connect localhost:0
expect 2 minica verify --connect localhost:443 --starttls irc
expect 2 minica verify web.pem --connect localhost:443
expect 2 minica verify web.pem --servername x.test
expect 2 minica verify --connect localhost:443 --timeout 0

begin 'live: --save keeps what was sent, whatever it is worth'
rooted_in_a_file 0 twice --save sent.pem
count sent.pem 3
cmp -s "$live/twice.chain" sent.pem || wrong 'it is not what was sent'
rooted_in_a_file 1 wrong --save wrong.pem
count wrong.pem 2
echo precious >kept
rooted_in_a_file 2 good --save kept
grep -q precious kept || wrong 'it was replaced'
rooted_in_a_file 0 good --save kept --force
count kept 2
rooted_in_a_file 8 closes --save nothing.pem
gone nothing.pem

kill "$servers"
