# live.sh - nginx serves what we issued, and clients connect; read by run.
# shellcheck shell=sh disable=SC2034,SC2154

port=$(python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')

# One server for each host, and two that must be refused; each asks its client
# for a certificate but does without.
site() {
	cat <<END
	server {
		listen 127.0.0.1:$port ssl;
		server_name $1;
		ssl_certificate $work/$2.chain;
		ssl_certificate_key $work/$2.key;
		ssl_verify_client optional;
		ssl_client_certificate $work/root.pem;
		ssl_verify_depth 3;
		location / { return 200 "\$ssl_server_name \$ssl_client_verify"; }
	}
END
}

configuration() {
	cat <<END
daemon off;
master_process off;
pid $work/nginx.pid;
error_log $work/nginx.log;
events { }
http {
	access_log off;
	client_body_temp_path $work/nginx-body;
	proxy_temp_path $work/nginx-proxy;
	fastcgi_temp_path $work/nginx-fastcgi;
	uwsgi_temp_path $work/nginx-uwsgi;
	scgi_temp_path $work/nginx-scgi;
	server_names_hash_bucket_size 128;
END
	while read -r name host policy _; do
		[ "$policy" = client ] || site "$host" "$name"
	done <cases
	site wrong.example.com ec-p256-server
	site foreign.example.com foreign
	echo '}'
}

configuration >nginx.conf
nginx -p "$work" -e nginx.log -c "$work/nginx.conf" >output 2>&1 </dev/null &
server=$!
tries=0
until python3 -c "import socket
socket.create_connection(('127.0.0.1', $port)).close()" 2>/dev/null; do
	tries=$((tries + 1))
	if [ "$tries" -gt 20 ] || ! kill -0 "$server" 2>/dev/null; then
		cat output nginx.log >&2
		exit 1
	fi
	sleep 1
done
pass "nginx took all of them, on port $port"

{
	while read -r name host policy _; do
		[ "$policy" = client ] || echo "accept $host"
	done <cases
	echo 'refuse wrong.example.com'
	echo 'refuse foreign.example.com'
} >questions

# A client is a command that reads lines "accept HOST" or "refuse HOST" and
# answers each with "HOST accepted" or "HOST refused: why".
live() {
	label=$1
	shift
	"$@" roots.pem "$port" <questions >answers 2>output || {
		fail "$label: it broke"
		return
	}
	while read -r wanted host; do
		answer=$(grep "^$host " answers || true)
		case $wanted,$answer in
		accept,*' accepted' | refuse,*' refused: '*)
			pass "$label: $answer" ;;
		*) fail "$label: wanted $wanted; $answer" ;;
		esac
	done <questions
}

curl_client() {
	while read -r _ host; do
		if curl --silent --show-error --noproxy '*' --cacert "$1" \
		    --resolve "$host:$2:127.0.0.1" "https://$host:$2/" \
		    </dev/null >page 2>why; then
			echo "$host accepted"
		else
			echo "$host refused: $(head -n 1 why)"
		fi
	done
}

gnutls_client() {
	while read -r _ host; do
		if gnutls-cli --x509cafile="$1" --sni-hostname="$host" \
		    --verify-hostname="$host" --port="$2" 127.0.0.1 \
		    </dev/null >why 2>&1; then
			echo "$host accepted"
		else
			echo "$host refused: $(grep -a 'Status:' why)"
		fi
	done
}

# Itself among them: what it judges in files, it judges when served.
minica_client() {
	while read -r _ host; do
		if minica verify --roots "$1" --host "$host" \
		    --connect "127.0.0.1:$2" >why 2>&1; then
			echo "$host accepted"
		else
			echo "$host refused: $(grep -a 'no: ' why | head -n 1)"
		fi
	done
}

live minica minica_client
live curl curl_client
if there gnutls-cli; then
	live gnutls-cli gnutls_client
else
	skip 'gnutls-cli: not here'
fi
live 'Python ssl, strict' python3 "$here/client.py"
if there go; then
	needs env GOCACHE="$work/go" GOTOOLCHAIN=local GO111MODULE=off \
	    go build -o go-client "$here/client.go"
	live 'Go crypto/tls' ./go-client
else
	skip 'Go: not here'
fi
if there javac; then
	needs javac -d . "$here/Client.java"
	live 'Java JSSE' java -cp . Client
else
	skip 'Java: not here'
fi

# client_page NAME: nginx's own judgement of a client's certificate
client_page() {
	host=ec-p256-server.example.com
	curl --silent --show-error --noproxy '*' --cacert root.pem \
	    --cert "$1.chain" --key "$1.key" \
	    --resolve "$host:$port:127.0.0.1" "https://$host:$port/" |
	    grep SUCCESS
}

while read -r name _ policy _; do
	case $policy in
	client | peer) accepts "nginx, as a client: $name" client_page "$name" ;;
	esac
done <cases
refuses 'nginx, as a client: a server' client_page ec-p256-server
refuses 'nginx, as a client: of another root' client_page foreign

kill "$server"
wait "$server" 2>/dev/null || true
server=
