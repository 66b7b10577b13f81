# shellcheck shell=sh
# plan: what a manifest wants, and cannot have.
# What is in quotes and begins with a dollar is for sed and for manifests.
# shellcheck disable=SC2016

begin 'apply: variables come from the environment, where the file says so'
simple
edit 's/www.example.org/"${HOST}.example.org"/; s/directory: tls/directory: "${DIR}"/'
expect 3 minica plan m.yaml
stderr_has 'm.yaml:7:'
stderr_has 'the variable HOST is not set'
expect 0 env HOST=api DIR=tls minica apply m.yaml
expect 0 openssl x509 -in tls/web.crt -noout -checkhost api.example.org
stdout_has 'does match'
expect 3 env HOST='a, b' DIR=tls minica plan m.yaml

begin 'plan, apply: every error of a manifest is told, and where it is'
manifest <<'END'
    lif: 30d
    outputs: [{ directory: tls, mode: 777, owner: 12x }]
  - name: one
    hosts: ["a b", b.example.org, "c d"]
    key: rsa-1
  - name: two
    hosts: [two.example.org]
    outputs: [{ directory: tls, owner: nobody-here }, { layout: nginx }]
  - name: two
    hosts: [two.example.org]
    outputs: [{ directory: tls }]
END
for do in plan apply; do
	expect 3 minica $do m.yaml
	stderr_has "minica $do: m.yaml:8:5: unknown key \"lif\"; did you mean"
	stderr_has 'm.yaml:9:39: outputs.mode: "777"'
	stderr_has 'm.yaml:11:13: certificates.hosts: dNSName "a b"'
	stderr_has 'm.yaml:12:10: certificates.key: "rsa-1"'
	stderr_has 'm.yaml:10: certificate "one": outputs: wanted a list'
	stderr_has 'm.yaml:15: certificate "two": owner: "nobody-here" is unknown'
	stderr_has 'm.yaml:15: certificate "two": an output without a directory'
	stderr_has 'm.yaml:16: a second certificate named "two"'
	stderr_has 'm.yaml: 8 errors'
	only m.yaml tls
done
expect 3 minica plan --json m.yaml
json_has problems.7.error.code EFORMAT
json_has error.message 'm.yaml: 8 errors'
stderr_is_empty
edit '/lif:/d; s/, mode: 777, owner: 12x//; /name: one/,$d'
edit 's/outputs/output/'
expect 3 minica plan --json m.yaml
json_has problems.1.error.code EFORMAT
edit 's/output:/outputs:/; s/tls/tls, shel: true/'
expect 3 minica plan --json m.yaml
json_has error.message 'm.yaml:8:33: unknown key "shel"; did you mean "shell"?'
stdout_lacks problems

begin 'plan: what is wrong with the defaults is told once'
printf 'manifest: m\ndefaults:\n  life: 9x\n  key: rsa-1\n  outputs: [{ directory: ".", owner: nobody-here }]\ncertificates:\n' >m.yaml
for name in a b c; do
	echo "  - { name: $name, hosts: [$name.example.org] }" >>m.yaml
done
expect 3 minica plan m.yaml
stderr_has 'm.yaml:3:9: certificates.life: "9x"'
stderr_has 'm.yaml:4:8: certificates.key: "rsa-1"'
stderr_has 'm.yaml: 2 errors'
edit 's/9x/9d/; s/rsa-1/rsa-3072/'
expect 3 minica plan m.yaml
stderr_has 'm.yaml:5: certificate "a": owner: "nobody-here" is unknown'
stderr_lacks '"b"'
edit 's/owner: nobody-here/modd: 0644/'
expect 3 minica plan m.yaml
stderr_has 'm.yaml:5:31: unknown key "modd"; did you mean "mode"?'
stderr_lacks 'errors'

begin 'plan: every variable that is missing is told'
simple
edit 's/www.example.org/"${A}.${B}.example"/; s/directory: tls/directory: "${C}"/'
expect 3 env B=b minica plan m.yaml
stderr_has 'the variable A is not set'
stderr_has 'the variable C is not set'
stderr_has 'm.yaml: 2 errors'

begin 'apply: two manifests share a store, and not their files'
simple
quietly minica apply m.yaml
cp m.yaml other.yaml
sed -e 's/manifest: shop/manifest: other/' m.yaml >other.yaml
expect 2 minica apply other.yaml
stderr_has 'belongs to shop/web'
stderr_has 'nothing was changed'
sed -i.bak 's/directory: tls/directory: own/' other.yaml && mkdir own
expect 0 minica apply other.yaml
expect 0 minica apply --prune m.yaml
expect 0 minica plan --detailed-exit m.yaml
expect 0 minica plan --detailed-exit other.yaml

begin 'apply: every refusal is told, and nothing is changed'
manifest <<'END'
    outputs: [{ directory: tls }]
  - name: one
    hosts: ["*.org"]
    outputs: [{ directory: tls }]
  - name: two
    hosts: [two.example.org]
    life: 4000d
    outputs: [{ directory: tls }]
END
expect 1 minica apply m.yaml
stderr_has 'minica apply: m.yaml:9: one: no: '
stderr_has 'minica apply: m.yaml:12: two: no: '
stderr_has 'nothing was changed'
only m.yaml tls
expect 3 minica show root
rmdir tls || wrong 'files were made'

begin 'apply: so is what a certificate needs and cannot have, before it is made'
manifest <<'END'
    policy: first
    outputs: [{ directory: tls }]
  - name: two
    hosts: [two.example.org]
    policy: second
    outputs: [{ directory: tls }]
  - name: store
    hosts: [store.example.org]
    outputs: [{ directory: tls, layout: java, password_file: word }]
  - name: empty
    hosts: [empty.example.org]
    outputs: [{ directory: tls, layout: pkcs12, password_file: nothing }]
  - name: asked
    csr: asked.csr
    outputs: [{ directory: tls }]
END
echo >nothing
# A password that is none is worse than a file that is not there.
expect 6 minica apply --json m.yaml
json_has results.1.line 6
expect 6 minica apply m.yaml
stderr_has 'm.yaml:6: web: no: policy: no policy "first"; there are: '
stderr_has 'm.yaml:10: two: no: policy: no policy "second"; there are: '
stderr_has "m.yaml:14: store: no: password_file: $PWD/word: No such file"
stderr_has "m.yaml:17: empty: no: password_file: $PWD/nothing: its first line is empty"
stderr_has "m.yaml:20: asked: no: csr: $PWD/asked.csr: No such file"
stdout_has 'create   asked: not made yet'
stdout_lacks 'keep'
expect 3 minica show root
echo secret >word
echo secret >nothing
edit '/policy:/d; /name: asked/,$d'
expect 0 minica apply m.yaml
# What needs no password does not ask for it.
rm word nothing
expect 0 minica plan --detailed-exit m.yaml

begin 'apply: name constraints of an authority hold before all else'
simple
quietly minica apply m.yaml
edit 's/www.example.org/www.example.com/'
expect 1 minica apply m.yaml
stderr_has 'not permitted by the name constraints'
issued 1

begin 'plan: what an authority to be made must not sign is refused before'
simple
edit 's/www.example.org/www.example.com/'
expect 1 minica plan m.yaml
stderr_has 'not permitted by the name constraints'
# shellcheck disable=SC2154 # run.sh sets it
[ "$(grep -c 'not permitted' "$err")" = 1 ] || wrong 'it is told twice'
expect 1 minica apply m.yaml
stderr_has 'nothing was changed'
expect 3 minica show root
edit 's/permit: .example.org/permit: [example..org/'
expect 2 minica plan m.yaml
stderr_has 'minica plan: m.yaml:3: root: no: authorities: "root": '
gone home/keys

begin 'apply: an authority stays as it was made'
simple
quietly minica apply m.yaml
edit 's/permit: .example.org/permit: [example.net, example.org/'
expect 1 minica plan m.yaml
stderr_has 'was made from other values'
edit 's/permit:.*/key: rsa-3072/'
expect 1 minica plan m.yaml
stderr_has 'its key is ec-p384, not rsa-3072'

begin 'apply: a file that minica did not write is not replaced'
simple
echo mine >tls/web.key
expect 2 minica apply m.yaml
stderr_has 'minica did not write it'
grep -q mine tls/web.key || wrong 'it was replaced'
expect 0 minica apply --force m.yaml

begin 'apply: directories that cannot be written into'
simple
rmdir tls
expect 3 minica apply m.yaml
stderr_has 'is missing; make it first'
mkdir real && ln -s real tls
expect 2 minica apply m.yaml
stderr_has 'is a symbolic link'
rm tls && touch tls
expect 2 minica apply m.yaml
stderr_has 'is not a directory'
rm tls && mkdir tls && ln -s ../real/x tls/web.key
expect 2 minica apply m.yaml
stderr_has 'web.key is a symbolic link'
gone real/x
rm tls/web.key
if can_be_unprivileged; then
	chmod 555 tls && chmod 755 . && mkdir -m 777 open
	expect 7 unprivileged env MINICA_HOME="$PWD/open/home" minica apply \
	    m.yaml
	stderr_has 'cannot be written to'
	edit 's/layout: nginx/&\n        owner: root/'
	chmod 777 tls
	expect 7 unprivileged env MINICA_HOME="$PWD/open/home" minica apply \
	    m.yaml
	stderr_has 'cannot be given to'
fi

# refuses EXPRESSION WORDS: the edited manifest cannot be read, and says so
refuses() {
	simple
	edit "$1"
	expect 3 minica plan m.yaml
	stderr_has 'm.yaml:'
	stderr_has "$2"
}

begin 'plan: a manifest that is wrong is told with its line'
refuses 's/hosts:/host:/' 'unknown key "host"; did you mean "hosts"?'
refuses 's/layout: nginx/&\n        renew-before: 3d/' 'unknown key'
refuses 's/manifest: shop/x: y/' 'unknown key "x"'
refuses 's/^manifest: shop//' 'it begins with manifest: NAME'
refuses 's/layout: nginx/layout: ngnix/' 'did you mean "nginx"?'
refuses 's/hosts: .*/hosts: www.example.org/' 'wanted a list'
refuses 's/hosts: .*/hosts: []/' 'wanted a list such as [www.example.org, 10.0.0.1]; found an empty list'
refuses 's/hosts: .*/hosts: [bad_name..org]/' 'certificates.hosts'
refuses 's/hosts: .*/key: ec-p257/' 'did you mean "ec-p256"?'
refuses 's/hosts: .*/key: ec-p256/' 'hosts is missing'
refuses 's/name: web/name: ..\/web/' 'certificates.name'
refuses 's/hosts: .*/&\n    life: 10d\n    renew_before: 10d/' \
    'renew_before is not shorter than life'
refuses 's/hosts: .*/&\n    csr: a.csr/' 'the names are those of the csr'
refuses 's/layout: nginx/&\n        owner: nobody-knows/' \
    '"nobody-knows" is unknown on this machine'
refuses 's/layout: nginx/&\n        group: nobody-knows/' \
    '"nobody-knows" is unknown on this machine'
refuses 's/layout: nginx/&\n        mode: 0666/' 'not writable by others'
refuses 's/layout: nginx/&\n        key_mode: 0644/' 'nothing for others'
refuses 's/layout: nginx/&\n        files: { key: ..\/x }/' 'without a slash'
refuses 's/layout: nginx/&\n        files: { keystore: x }/' \
    'the layout has no file of that kind'
refuses 's/layout: nginx/layout: java/' 'needs a password_file'
refuses 's/layout: nginx/&\n        probe: nowhere/' 'is not HOST:PORT'
refuses 's/layout: nginx/&\n        starttls: smtp/' 'belong to a probe'
refuses 's/layout: nginx/&\n        check: nginx -t/' 'a list of words'
refuses 's/layout: nginx/&\n        timeout: 0/' 'from 1 to 3600'
refuses 's/directory: tls/layout: pem/; s/^        layout.*//' 'without a directory'
refuses 's/outputs:/labels: {a: b}/; /directory/,$d' 'wanted a list of places'
refuses 's/web/"${"/' 'begins the name of a variable'
manifest <<'END'
    outputs: [{ directory: tls }]
  - name: web
    hosts: [b.example.org]
    outputs: [{ directory: tls }]
END
expect 3 minica plan m.yaml
stderr_has 'm.yaml:9: a second certificate named "web" (the first is in line 6)'

begin 'apply: two files of one name are refused'
manifest <<'END'
    outputs: [{ directory: tls, files: { key: x } }]
  - name: two
    hosts: [two.example.org]
    outputs: [{ directory: ./tls/, files: { key: x } }]
END
expect 2 minica apply m.yaml
stderr_has 'tls/x would also be written for "web"'
edit 's/key: x }/key: x, ca: x }/'
expect 2 minica plan m.yaml
stderr_has 'two of its files would be'
gone tls/x

begin 'plan: no output goes where the home has its own, not by force either'
authority
cp -R home before
for place in 'home files: { certificate: minica.db }' \
    'home/keys/.. files: { certificate: minica.db-wal }' home/keys \
    "home/keys files: { key: $(basename home/keys/root-*) }"; do
	directory=${place%% *}
	files=${place#"$directory"}
	manifest <<-END
	    outputs:
	      - directory: $directory
	        layout: pem
	       $files
	END
	expect 2 minica plan m.yaml
	stderr_has '[MC-A-HOME]'
	expect 2 minica apply --force m.yaml
	stderr_has '[MC-A-HOME]'
done
diff -r before/keys home/keys || wrong 'a key was replaced'
expect 0 minica doctor
