# deploy.sh - apply puts certificates into real servers; read by run.
# shellcheck shell=sh disable=SC2034,SC2154

deploy_home=$MINICA_HOME
MINICA_HOME=$work/deploy/home
mkdir deploy deploy/nginx deploy/haproxy
chmod 755 "$work" deploy
cd deploy || exit 1
free_port() {
	python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

# served PORT [S_CLIENT-OPTION...]: the serial number that is served
served() {
	port=$1
	shift
	openssl s_client -connect "127.0.0.1:$port" "$@" </dev/null 2>/dev/null |
	    openssl x509 -noout -serial | tr 'A-F' 'a-f' | sed 's/serial=//'
}

# served_after OLD PORT...: the same, once it is another than OLD.  The workers
# that a reload replaces still answer for a moment after the new ones do.
served_after() {
	old=$1
	shift
	tries=50
	now=$(served "$@")
	while [ "$now" = "$old" ] && [ "$tries" -gt 0 ]; do
		tries=$((tries - 1))
		sleep 0.1
		now=$(served "$@")
	done
	echo "$now"
}

# recorded NAME: the serial number that the store has for it, newest last
recorded() {
	minica list --name "$1" --json | sed -n 's/.*"serial": *"\([^"]*\)".*/\1/p' |
	    tail -n 1
}

# manifest NAME LAYOUT PORT: one certificate, one output, and its hooks on
# standard input
deploy_manifest() {
	cat <<END
manifest: $1
authorities: [{ name: root }]
certificates:
  - name: $1
    hosts: [$1.example.org]
    outputs:
      - directory: $1
        layout: $2
        timeout: 10
        probe: 127.0.0.1:$3
END
	cat
}

# deployed NAME PORT [S_CLIENT-OPTION...]: what every server must do with
# NAME.yaml, NAME.good (its configuration) and NAME.conf, a copy of that
deployed() {
	name=$1
	shift
	needs minica apply "$name.yaml"
	first=$(served "$@")
	if [ -n "$first" ] && [ "$first" = "$(recorded "$name.example.org")" ]; then
		pass "$name: apply starts it, and it serves the certificate"
	else
		fail "$name: serves \"$first\""
	fi

	needs minica revoke "$name.example.org" --reason superseded
	accepts "$name: a new certificate passes check, reload and probe" \
	    minica apply "$name.yaml"
	second=$(served_after "$first" "$@")
	if [ "$second" != "$first" ] && [ -n "$second" ]; then
		pass "$name: the new certificate is served"
	else
		fail "$name: still serves \"$second\""
	fi

	# What it is told to read is broken: its own check says so.
	cp -Rp "$name" "$name.before"
	needs minica revoke "$second" --reason superseded
	echo 'no such directive' >>"$name.conf"
	refuses "$name: a check that fails is a no" minica apply "$name.yaml"
	cat "$name.good" >"$name.conf"
	accepts "$name: the old files are back" diff -r "$name" "$name.before"
	if [ "$(served "$@")" = "$second" ]; then
		pass "$name: the old certificate is still served"
	else
		fail "$name: another certificate is served"
	fi

	# A reload that does nothing: the probe sees the old certificate.
	sed 's/reload: .*/reload: ["true"]/; s/timeout: .*/timeout: 2/' \
	    "$name.yaml" >lazy.yaml
	refuses "$name: a probe that sees the old certificate is a no" \
	    minica apply lazy.yaml
	accepts "$name: the old files are back again" \
	    diff -r "$name" "$name.before"

	accepts "$name: the next run finishes it" minica apply "$name.yaml"
	third=$(served_after "$second" "$@")
	if [ "$third" != "$second" ] && [ -n "$third" ]; then
		pass "$name: and its certificate is served"
	else
		fail "$name: still serves \"$third\""
	fi
	accepts "$name: and then there is nothing to do" \
	    minica plan --detailed-exit "$name.yaml"
}

if there nginx; then
	port=$(free_port)
	cat >nginx.good <<END
pid $work/nginx-deploy.pid;
error_log $work/deploy/nginx.log;
events { }
http {
	access_log off;
	client_body_temp_path $work/deploy/body;
	proxy_temp_path $work/deploy/proxy;
	fastcgi_temp_path $work/deploy/fastcgi;
	uwsgi_temp_path $work/deploy/uwsgi;
	scgi_temp_path $work/deploy/scgi;
	server {
		listen 127.0.0.1:$port ssl;
		ssl_certificate $work/deploy/nginx/nginx.crt;
		ssl_certificate_key $work/deploy/nginx/nginx.key;
	}
}
END
	cp nginx.good nginx.conf
	deploy_manifest nginx nginx "$port" >nginx.yaml <<END
        check: [nginx, -t, -q, -e, nginx.log, -c, $work/deploy/nginx.conf]
        reload: [sh, nginx.reload]
END
	cat >nginx.reload <<END
if [ -s $work/nginx-deploy.pid ]; then
	kill -HUP "\$(cat $work/nginx-deploy.pid)"
else
	nginx -e nginx.log -c $work/deploy/nginx.conf
fi
END
	deployed nginx "$port"
else
	skip 'nginx: not here'
fi

if there haproxy; then
	port=$(free_port)
	cat >haproxy.good <<END
global
	pidfile $work/haproxy.pid
defaults
	mode http
	timeout connect 5s
	timeout client 5s
	timeout server 5s
frontend tls
	bind 127.0.0.1:$port ssl crt $work/deploy/haproxy/haproxy.pem
	http-request return status 200
END
	cp haproxy.good haproxy.conf
	deploy_manifest haproxy haproxy "$port" >haproxy.yaml <<END
        check: [haproxy, -c, -q, -f, haproxy.conf]
        reload: [sh, haproxy.reload]
END
	cat >haproxy.reload <<END
old=\$(cat $work/haproxy.pid 2>/dev/null)
exec haproxy -D -q -f haproxy.conf \${old:+-sf} \$old
END
	deployed haproxy "$port"
else
	skip 'haproxy: not here'
fi

# PostgreSQL refuses to run as root, and wants its key to be its own.
postgres_path=$PATH
for directory in /usr/lib/postgresql/*/bin; do
	[ ! -x "$directory/initdb" ] || PATH=$directory:$PATH
done
if there initdb && there pg_ctl; then
	port=$(free_port)
	as=''
	owner=''
	if [ "$(id -u)" = 0 ]; then
		as='setpriv --reuid=postgres --regid=postgres --clear-groups'
		owner='owner: postgres'
	fi
	mkdir data postgres
	[ -z "$as" ] || chown postgres data postgres
	chmod 700 data
	# shellcheck disable=SC2086
	needs $as initdb -D "$work/deploy/data" -A trust
	cat >postgres.good <<END
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = ''
ssl = on
ssl_cert_file = '$work/deploy/postgres/server.crt'
ssl_key_file = '$work/deploy/postgres/server.key'
END
	cp postgres.good postgres.conf
	deploy_manifest postgres postgres "$port" >postgres.yaml <<END
        ${owner:-mode: 0644}
        starttls: postgres
        check: [sh, postgres.check]
        reload: [sh, postgres.reload]
END
	start="-D $work/deploy/data -o '-c config_file=$work/deploy/postgres.conf'"
	cat >postgres.check <<END
cd $work/deploy/data
exec $as postgres -D $work/deploy/data -C ssl \
    -c config_file=$work/deploy/postgres.conf
END
	cat >postgres.reload <<END
cd $work/deploy/data
if $as pg_ctl status $start >/dev/null; then
	$as pg_ctl reload $start
else
	$as pg_ctl start -w -l $work/deploy/data/log $start
	head -n 1 postmaster.pid >$work/postgres.pid
fi
END
	deployed postgres "$port" -starttls postgres
else
	skip 'PostgreSQL: not here'
fi
PATH=$postgres_path
stop_servers
cd "$work" || exit 1
MINICA_HOME=$deploy_home
