# shellcheck shell=sh disable=SC2154
# docs/recipes: what can be run of them here is run, the rest is parsed.

recipes=$(cd "$here/../../docs/recipes" && pwd)
recipe_port=$((20000 + $$ % 20000))

can_parse() {
	python3 -c 'import yaml' 2>/dev/null
}

# extract FILE EXPRESSION: what Python makes of the documents of a YAML file
extract() {
	python3 -c '
import sys, yaml
docs = list(yaml.safe_load_all(open(sys.argv[1])))
doc = docs[0]
out = eval(sys.argv[2])
print(out if isinstance(out, str) else "\n".join(out))' "$1" "$2"
}

# script FILE: runs it as CI would, in a directory with the project's manifest
script() {
	cp "$recipes/certs.yaml" .
	recipe_port=$((recipe_port + 1))
	{
		echo "trap 'kill \$! 2>/dev/null || true' EXIT"
		sed "s/8443/$recipe_port/" "$1"
	} >run-it
	expect 0 sh -e run-it
	count tls/web.crt 2
	file_is_mode tls/web.key 600
	grep -q s_server page || wrong 'the server was not reached'
}

begin 'recipes: the job for GitHub'
if can_parse; then
	quietly extract "$recipes/github-actions.yaml" '[
	    step["run"] for step in doc["jobs"]["test"]["steps"]
	    if "run" in step and step["name"] != "Install minica"]'
	keep script
	script script
else
	skip 'python3 with yaml is not here (python3-yaml)'
fi

begin 'recipes: the job for GitLab'
if can_parse; then
	quietly extract "$recipes/gitlab-ci.yaml" 'doc["test"]["script"]'
	keep script
	script script
else
	skip 'python3 with yaml is not here (python3-yaml)'
fi

begin 'recipes: the one-shot service of Compose'
if can_parse; then
	file=$recipes/compose.yaml
	quietly extract "$file" 'doc["services"]["certs"]["command"]'
	keep words
	# shellcheck disable=SC2046 # words are words
	set -- $(cat words)
	[ "$1 $2" = 'apply /etc/minica/certs.yaml' ] || wrong "$*"
	mkdir tls
	cp "$recipes/certs.yaml" .
	expect 0 minica "$1" "$(basename "$2")"
	expect 0 minica plan certs.yaml --detailed-exit
	quietly extract "$file" 'doc["configs"]["site"]["content"]'
	keep site
	sed -n 's,.*/etc/nginx/tls/\(.*\);,\1,p' site >names
	[ "$(wc -l <names)" = 2 ] || wrong 'nginx names no files'
	while read -r name; do
		[ -s "tls/$name" ] || wrong "no $name for nginx"
	done <names
	quietly extract "$file" \
	    'doc["services"]["web"]["depends_on"]["certs"]["condition"]'
	stdout_has service_completed_successfully
	quietly extract "$file" 'doc["services"]["certs"]["volumes"]'
	stdout_has tls:/etc/minica/tls
	stdout_has authority:/var/lib/minica
	if docker compose version >/dev/null 2>&1; then
		expect 0 docker compose -f "$file" config -q
	fi
else
	skip 'python3 with yaml is not here (python3-yaml)'
fi

begin 'recipes: the Job and the Secret of Kubernetes'
if can_parse; then
	file=$recipes/kubernetes.yaml
	quietly extract "$file" 'docs[0]["data"]["certs.yaml"]'
	keep certs.yaml
	mkdir out
	expect 0 minica apply certs.yaml
	quietly extract out/web.yaml '[doc["kind"], doc["type"],
	    doc["metadata"]["name"], *sorted(doc["data"])]'
	stdout_has Secret
	stdout_has kubernetes.io/tls
	stdout_has tls.crt
	quietly extract "$file" '[one["kind"] for one in docs]'
	stdout_has Job
	quietly extract "$file" 'docs[-1]["spec"]["template"]["spec"] \
	    ["initContainers"][0]["args"]'
	stdout_has apply
	quietly extract "$file" 'docs[-1]["spec"]["template"]["spec"] \
	    ["containers"][0]["args"]'
	stdout_has /out/web.yaml
else
	skip 'python3 with yaml is not here (python3-yaml)'
fi

begin 'recipes: the timer of systemd'
if command -v systemd-analyze >/dev/null; then
	mkdir units
	for unit in minica-apply.service minica-apply.timer; do
		sed "s,/usr/local/bin/minica,$build/minica," \
		    "$recipes/$unit" >"units/$unit"
	done
	expect 0 systemd-analyze verify --man=no \
	    "$PWD/units/minica-apply.service" "$PWD/units/minica-apply.timer"
	stderr_lacks minica-apply
	mkdir tls
	cp "$recipes/certs.yaml" .
	line=$(sed -n 's/^ExecStart=//p' "$recipes/minica-apply.service")
	expect 0 sh -c "$(echo "$line" | sed 's,/[a-z/]*/,,g')"
else
	skip 'systemd-analyze is not here (systemd)'
fi

begin 'recipes: the fragment for make'
if command -v make >/dev/null; then
	cp "$recipes/certs.yaml" .
	printf 'include %s/minica.mk\n' "$recipes" >Makefile
	unset MINICA_HOME
	expect 0 make certs
	file_is_mode tls/web.key 600
	cp tls/web.crt before
	expect 0 make certs
	cmp -s before tls/web.crt || wrong 'made again'
	expect 0 make -n trust
	stdout_has 'minica trust install'
	[ -d .minica ] || wrong 'the home is elsewhere'
else
	skip 'make is not here'
fi

# package LIBRARY: what Debian 12 calls it
package() {
	case $1 in
	libcrypto.so.3 | libssl.so.3) echo libssl3 ;;
	libidn2.so.0) echo libidn2-0 ;;
	libjansson.so.4) echo libjansson4 ;;
	libsqlite3.so.0) echo libsqlite3-0 ;;
	libyaml-0.so.2) echo libyaml-0-2 ;;
	libasan.* | libubsan.* | libc.* | libm.* | libgcc_s.* | ld-linux* | \
	    libstdc++.*) ;;
	*) echo "$1" ;;
	esac
}

# What these need themselves comes with their packages, on each system another.
begin 'recipes: the image has the libraries that are linked'
if readelf -d "$build/minica" >linked 2>&1; then
	sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' linked >names
	grep -q libcrypto names || wrong 'readelf does not say'
	while read -r library; do
		wants=$(package "$library")
		[ -z "$wants" ] || grep -q -w -e "$wants" \
		    "$recipes/Containerfile" || wrong "$wants is missing"
	done <names
else
	skip 'readelf cannot say'
fi
