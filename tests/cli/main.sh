# shellcheck shell=sh
# The program as a whole: options, help, errors, exit statuses, stdout.

begin 'main: a command that is nearly right is answered with the right one'
expect 2 minica sing
stderr_has 'did you mean sign?'
expect 2 minica trust ad
stderr_has 'did you mean trust add?'
expect 2 minica trsut list
stderr_has 'did you mean trust?'
stdout_is_empty

begin 'main: an option that is nearly right is answered with the right one'
expect 2 minica sign --polcy server web.csr
stderr_has 'did you mean --policy?'
expect 2 minica list --json --bogus
json_has error.code EUSAGE
json_has error.exit 2

begin 'main: nothing asked is asked wrongly'
expect 2 minica
stderr_has 'minica help'
expect 2 minica trust
stderr_has 'minica trust export'

begin 'main: a missing argument is named'
expect 2 minica show
stderr_has 'ID is missing'
expect 2 minica verify --host example.org
stderr_has 'CERT is missing'
expect 2 minica sign
stderr_has 'CSR is missing'

begin 'main: an argument too many is named'
expect 2 minica show a b
stderr_has '"b"'
expect 2 minica version x

begin 'main: values are read strictly'
expect 2 minica keygen --out
stderr_has '--out needs a value'
expect 2 minica keygen --force=1
stderr_has '--force takes no value'
expect 2 minica list --status old
stderr_has 'valid|expired|revoked'
expect 2 minica verify --max-depth -1 x
stderr_has 'not a whole number'
expect 2 minica sign --days 0 x
expect 2 minica sign --days 0h x
stderr_has '0h is no life: wanted days'
expect 2 minica sign --days 90x x
stderr_has 'not a duration'
expect 2 minica sign --days 1 --days 2 x
stderr_has 'given twice'
expect 2 minica --now yesterday list
stderr_has '--now'

begin 'main: global options go anywhere'
authority
expect 0 minica --json list
json_has certificates.0.ca true
expect 0 minica list --json
json_has certificates.0.ca true
expect 0 minica trust --json list
json_has anchors.0.origin init-root
expect 0 minica trust list --home "$MINICA_HOME" --json
json_has anchors.0.origin init-root

begin 'main: -- ends options'
expect 3 minica inspect -- --json
stderr_has 'minica inspect: --json: '

begin 'main: every command explains itself, for people and as JSON'
for command in init-root init-intermediate keygen csr review sign issue \
    verify inspect list show 'trust add' 'trust list' 'trust remove' \
    'trust export' 'policy list' 'policy show' 'policy check' version help
do
	# shellcheck disable=SC2086 # two words are two arguments
	expect 0 minica help $command
	stdout_has "Usage: minica $command"
	# shellcheck disable=SC2086
	expect 0 minica $command --help --json
	json_has command "$command"
	json_has usage
done
expect 0 minica --help
stdout_has 'minica help COMMAND'
expect 0 minica help trust
stdout_has 'minica trust export'

begin 'main: --version and --limits tell what they say'
expect 0 minica --version
stdout_has 'minica 0.'
expect 0 minica sign --version
stdout_has 'minica 0.'
expect 0 minica version --limits --json
json_has limits.request 65536

begin 'main: the home is --home, MINICA_HOME, XDG_DATA_HOME or HOME'
unset MINICA_HOME
expect 0 env HOME="$PWD" minica init-root --quiet
[ -f .local/share/minica/minica.db ] || wrong 'not in HOME'
expect 0 env XDG_DATA_HOME="$PWD/data" minica init-root --quiet
[ -f data/minica/minica.db ] || wrong 'not in XDG_DATA_HOME'
expect 2 env XDG_DATA_HOME=data HOME="$PWD" minica init-root --quiet
stderr_has .local/share/minica
expect 0 env MINICA_HOME="$PWD/own" minica init-root --quiet
[ -f own/minica.db ] || wrong 'not in MINICA_HOME'
expect 0 env MINICA_HOME="$PWD/own" minica --home named init-root --quiet
[ -f named/minica.db ] || wrong 'not in --home'
expect 2 env -u HOME minica list
stderr_has MINICA_HOME

begin 'main: what needs no home runs without one'
quietly minica init-root --out root.pem
quietly minica issue www.example.org
unset MINICA_HOME
for command in version --version help --help 'completion bash' \
    'keygen --out a.key' 'csr a.example.org --key-out b.key' \
    'inspect root.pem' 'lint root.pem' 'fixtures certs' \
    'verify www.example.org.pem --roots root.pem' \
    'exec --roots root.pem -- true'; do
	# shellcheck disable=SC2086 # words
	expect 0 env -u HOME -u XDG_DATA_HOME minica $command
done
for command in 'verify www.example.org.pem' 'exec -- true' 'policy list' \
    'review a.example.org.csr' init-root; do
	# shellcheck disable=SC2086 # words
	expect 2 env -u HOME -u XDG_DATA_HOME minica $command
	stderr_has 'no home: give --home DIR or set MINICA_HOME'
done

begin 'main: a result that did not arrive is not a success'
if [ -w /dev/full ]; then
	expect 7 sh -c 'minica version >/dev/full'
	stderr_has 'standard output'
	expect 7 sh -c 'minica version --json >/dev/full'
	expect 7 sh -c 'minica keygen --out - >/dev/full'
else
	skip 'there is no /dev/full'
fi

begin 'main: a closed standard output is not a success either'
expect 7 sh -c 'minica version >&-'
expect 7 sh -c 'minica inspect - <&-'

begin 'main: --quiet keeps results and errors, and no more'
expect 0 minica --quiet init-root --out root.pem
stderr_is_empty
expect 3 minica --quiet inspect nothing.pem
stderr_has nothing.pem
expect 0 minica --verbose list
stderr_has home

begin 'main: --now sets the time of everything'
expect 0 minica --now 2030-01-01T00:00:00Z init-root --out root.pem --json
json_has info.not_before 2029-12-31T23:55:00Z
expect 0 minica --now 2030-01-01T00:00:00Z verify root.pem
expect 1 minica --now 2050-01-01T00:00:00Z verify root.pem
