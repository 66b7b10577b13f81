# shellcheck shell=sh
# apply: the check, reload and probe of an output.
# What is in quotes and begins with a dollar is for the hooks.
# shellcheck disable=SC2016

# hooked: a manifest whose output has the hooks on standard input
hooked() {
	manifest <<END
    outputs:
      - directory: tls
        layout: nginx
$(sed 's/^/        /')
END
}

# again: makes another certificate necessary
again() {
	cp -Rp tls before
	quietly minica revoke www.example.org --reason superseded
}

# holds FILE...: these are in tls, and nothing else
holds() {
	[ "$(ls -A tls)" = "$(printf '%s\n' "$@")" ] ||
	    wrong "tls holds $(ls -A tls)"
}

# back: the files are as they were, with nothing beside them
back() {
	diff -r tls before >difference 2>&1 || wrong "$(cat difference)"
}

begin 'hooks: check and reload run, in their order, once'
hooked <<'END'
check: [sh, -c, "echo check $MINICA_NAME >>log"]
reload: [sh, -c, "echo $MINICA_STEP $MINICA_MANIFEST $MINICA_COUNT >>log"]
END
expect 0 minica apply m.yaml
printf 'check web\nreload shop 1\n' | cmp -s - log ||
    wrong "the log says $(cat log)"
quietly minica apply m.yaml
[ "$(wc -l <log)" = 2 ] || wrong 'hooks ran for nothing'
holds web.crt web.key

begin 'hooks: a check sees the new files in place of the old'
hooked <<'END'
check: [sh, -c, "cp tls/web.crt seen-$(ls seen-* 2>/dev/null | wc -l)"]
END
quietly minica apply m.yaml
again
quietly minica apply m.yaml
cmp -s seen-1 tls/web.crt || wrong 'the check saw another file'
cmp -s seen-0 before/web.crt || wrong 'the first check saw another file'

begin 'hooks: they get a clean environment, no input, no descriptor of ours'
hooked <<'END'
check: [sh, -c, "env | cut -d= -f1 | grep -vE '^(_|PWD|OLDPWD|SHLVL)$' | sort >names; cat >input; ls /proc/$$/fd >open"]
END
SECRET=x expect 0 minica apply m.yaml
printf 'HOME\nMINICA_COUNT\nMINICA_DIRECTORY\nMINICA_MANIFEST\nMINICA_NAME\nMINICA_SERIAL\nMINICA_STEP\nPATH\n' |
    cmp -s - names || wrong "the environment is $(cat names)"
[ ! -s input ] || wrong 'there was something to read'
if [ -d /proc/self/fd ]; then
	grep -vxE '0|1|2|10' open >extra
	[ ! -s extra ] || wrong "descriptors are open: $(cat open)"
fi

begin 'hooks: without a shell nothing of a word means anything'
hooked <<'END'
check: [touch, "a b", "$(touch c)", "x; touch d"]
END
expect 0 minica apply m.yaml
[ -e 'a b' ] || wrong 'a word was split'
gone c d
edit 's/check:.*/check: ["touch e \&\& touch f"]\n        shell: true/'
again
expect 0 minica apply m.yaml
[ -e f ] || wrong 'shell: true ran no shell'
edit 's/check: ..*/check: [touch, e]/'
expect 3 minica plan m.yaml
stderr_has 'with shell: true a command is one text'

begin 'hooks: one that says no puts the old files back'
hooked <<'END'
check: [sh, -c, "test ! -e no || { echo because of no; exit 3; }"]
reload: [sh, -c, "echo r >>log; test ! -e broken"]
END
quietly minica apply m.yaml
again
touch no
expect 1 minica apply m.yaml
stderr_has 'web: check: sh ended with status 3: because of no'
stderr_has 'the old files are back'
back
[ "$(wc -l <log)" = 1 ] || wrong 'the reload ran after the check failed'
rm no && touch broken
expect 1 minica apply m.yaml --json
json_has problems.0.error.code
back
[ "$(wc -l <log)" = 3 ] || wrong 'the old files were not reloaded'
rm broken
expect 4 minica plan --detailed-exit m.yaml
stdout_has 'was not finished'
expect 0 minica apply m.yaml
issued 2
gone home/pending/shop.pem
expect 0 minica plan --detailed-exit m.yaml

begin 'hooks: a no is a no, whoever runs minica and ignores its children'
hooked <<'END'
check: ["false"]
END
expect 1 careless minica apply m.yaml
stderr_has 'web: check: false ended with status 1'
holds

begin 'hooks: a way back that is barred is no mere no, and is told'
hooked <<'END'
check: [sh, -c, "test ! -e no || { rm tls/.web.key.minica-old; exit 1; }"]
END
quietly minica apply m.yaml
again
touch no
expect 7 minica apply m.yaml
stderr_has 'web: check: sh ended with status 1; going back to the old files: '
stderr_has 'web.key: the old file cannot be put back: No such file'
cmp -s tls/web.crt before/web.crt || wrong 'the other file is not back'
rm no
expect 0 minica apply m.yaml
holds web.crt web.key
expect 0 minica plan --detailed-exit m.yaml

# halt SIGNAL: sends it to an apply whose check waits
# shellcheck disable=SC2154 # run.sh sets out and err
halt() {
	rm -f waits
	touch wait
	minica apply m.yaml >"$out" 2>"$err" &
	halted=$!
	until [ -s waits ]; do sleep 0.1; done
	kill -s "$1" $halted
	wait $halted
	status=$?
	rm wait
	sleep 0.5
	case $(ps -o stat= -p "$(cat waits)") in
	'' | Z*) ;;
	*) wrong "after $1 the check lives on" ;;
	esac
}

begin 'hooks: whoever ends minica ends its hooks, and has the old files back'
hooked <<'END'
check: [sh, -c, "test ! -e wait || { echo $$ >waits; sleep 60; touch late; }"]
END
quietly minica apply m.yaml
again
halt TERM
[ $status = 143 ] || wrong "exit status $status, not 143"
back
halt HUP
[ $status = 129 ] || wrong "exit status $status, not 129"
back
halt KILL
expect 0 minica apply m.yaml
issued 2
gone late
holds web.crt web.key

begin 'hooks: a reload of the old files that could not be run is run again'
hooked <<'END'
reload: [sh, -c, "echo r >>log; test ! -e no || { rm no; exec sh starve $PPID; }"]
END
cat >starve <<'END'
prlimit --pid "$1" --nofile=10:
{ sleep 0.5; prlimit --pid "$1" --nofile=100:; } >/dev/null 2>&1 &
exit 3
END
quietly minica apply m.yaml
again
touch no
expect 1 minica apply m.yaml
stderr_has 'web: reload: sh ended with status 3; the old files are back'
stderr_lacks 'may still use'
[ "$(wc -l <log)" = 3 ] || wrong 'the old files were not reloaded'
back
sed -i.bak '/sleep/d' starve
touch no
expect 7 minica apply m.yaml
stderr_has 'ended with status 3; the old files are back, but the server may'
stderr_has 'still use the new ones: reload: cannot make a pipe: Too many open'
back
edit 's/rm no; exec sh starve $PPID/exit 4/'
touch no
expect 1 minica apply m.yaml
stderr_has 'but the server may still use the new ones: reload: sh ended with'
back

begin 'hooks: the first files go again when they are refused'
hooked <<'END'
check: ["false"]
END
expect 1 minica apply m.yaml
holds
edit 's/false/true/'
expect 0 minica apply m.yaml
issued 1
expect 0 minica plan --detailed-exit m.yaml

begin 'hooks: one that hangs is ended, one that is killed told so'
hooked <<'END'
check: [sh, -c, "sleep 60 & echo $! >child; sleep 60"]
timeout: 1
END
expect 8 minica apply m.yaml
stderr_has 'check: sh was ended: it took longer than 1 seconds'
case $(ps -o stat= -p "$(cat child)") in
'' | Z*) ;;
*) wrong 'what it started lives on' ;;
esac
expect 8 minica apply --json m.yaml
json_has problems.0.error.code EUNDECIDED
edit 's/check:.*/check: [sh, -c, "kill -9 $$"]/'
expect 8 minica apply m.yaml
stderr_has 'sh was killed by signal 9'
edit 's/check:.*/check: [no-such-program]/'
expect 3 minica apply m.yaml
stderr_has 'no-such-program cannot be started: No such file'
edit 's/check:.*/check: [yes]/'
expect 8 minica apply m.yaml
edit 's/check:.*/probe: "127.0.0.1:1"/'
expect 8 minica apply m.yaml
stderr_has 'probe: '
holds

begin 'hooks: the files of an output change together, wherever they lie'
manifest <<'END'
    outputs:
      - { directory: tls, files: { certificate: 1, key: 4 }, probe: "127.0.0.1:1", timeout: 1 }
  - name: two
    hosts: [two.example.org]
    outputs:
      - { directory: tls, files: { certificate: 2, key: 3 }, probe: "127.0.0.1:1", timeout: 1 }
END
expect 8 minica apply m.yaml
# shellcheck disable=SC2154 # run.sh sets it
[ "$(grep -c 'minica apply: .*probe' "$err")" = 2 ] ||
    wrong 'two were not probed'
edit 's/, probe: "127.0.0.1:1"/, reload: [sh, reload]/'
echo 'echo "$MINICA_COUNT$MINICA_NAME" >>log' >reload
expect 0 minica apply m.yaml
[ "$(cat log)" = 2 ] || wrong "the reload saw $(cat log)"

begin 'hooks: outputs with the same hooks change together'
manifest <<'END'
    outputs: [{ directory: tls, reload: [sh, reload] }]
  - name: two
    hosts: [two.example.org]
    outputs: [{ directory: tls, reload: [sh, reload] }]
  - name: three
    hosts: [three.example.org]
    outputs: [{ directory: tls, check: ["true"] }]
END
echo 'echo "$MINICA_COUNT$MINICA_NAME" >>log; test ! -e broken' >reload
expect 0 minica apply m.yaml
[ "$(cat log)" = 2 ] || wrong "the reload saw $(cat log)"
touch broken
quietly minica revoke www.example.org
quietly minica revoke two.example.org
quietly minica revoke three.example.org
cp -Rp tls before
expect 1 minica apply m.yaml
stderr_has 'web: reload'
stderr_has 'two: reload'
cmp -s tls/web.pem before/web.pem || wrong 'web is not back'
cmp -s tls/two.key before/two.key || wrong 'two is not back'
cmp -s tls/three.pem before/three.pem && wrong 'three went back too'

begin 'hooks: a probe finds its certificate beside one of another key'
port=$(python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
manifest <<END
    outputs: [{ directory: tls, layout: nginx, probe: "127.0.0.1:$port", reload: [sh, serve], timeout: 20 }]
  - name: two
    hosts: [www.example.org]
    key: rsa-2048
    outputs: [{ directory: tls, layout: nginx, probe: "127.0.0.1:$port", reload: [sh, serve], timeout: 20 }]
END
cat >serve <<END
openssl s_server -www -accept 127.0.0.1:$port -cert tls/web.crt \\
    -key tls/web.key -dcert tls/two.crt -dkey tls/two.key \\
    >/dev/null 2>&1 &
echo \$! >pid
END
expect 0 minica apply m.yaml
# Of the same key another one is another one.
quietly minica revoke "$(openssl x509 -in tls/two.crt -noout -serial |
    sed 's/.*=//')"
edit 's/\[sh, serve\]/["true"]/; s/timeout: 20/timeout: 1/'
cp -Rp tls before
expect 1 minica apply m.yaml
stderr_has 'serves the certificate with serial'
back
kill "$(cat pid)"
