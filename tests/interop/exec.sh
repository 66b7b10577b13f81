# exec.sh - clients under `minica exec` trust a server of ours, and without it
# do not; read by run.
# shellcheck shell=sh disable=SC2154

unset SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE REQUESTS_CA_BUNDLE PIP_CERT \
    NODE_EXTRA_CA_CERTS GIT_SSL_CAINFO JAVA_TOOL_OPTIONS
no_proxy=localhost
NO_PROXY=localhost
export no_proxy NO_PROXY

needs minica issue --issuer web localhost --fullchain --out exec.pem \
    --key-out exec.key
mkdir -p www
echo served >www/hello
if there git; then
	needs git init -q --bare www/repo.git
	needs git -C www/repo.git update-server-info
fi

cat >serve.py <<'PY'
import functools, http.server, ssl
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory="www")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("exec.pem", "exec.key")
server.socket = context.wrap_socket(server.socket, server_side=True)
open("exec.port.new", "w").write(str(server.server_port))
import os
os.rename("exec.port.new", "exec.port")
server.serve_forever()
PY
[ -z "$server" ] || kill "$server" 2>/dev/null || true
python3 serve.py >serve.log 2>&1 </dev/null &
server=$!
tries=0
until [ -s exec.port ]; do
	tries=$((tries + 1))
	if [ "$tries" -gt 100 ] || ! kill -0 "$server" 2>/dev/null; then
		cat serve.log >&2
		exit 1
	fi
	sleep 0.1
done
url=https://localhost:$(cat exec.port)

cat >get_urllib.py <<'PY'
import sys, urllib.request
print(urllib.request.urlopen(sys.argv[1]).read())
PY
cat >get_requests.py <<'PY'
import sys, requests
requests.get(sys.argv[1]).raise_for_status()
PY
cat >get.js <<'JS'
require("https").get(process.argv[2], r => process.exit(r.statusCode === 200 ? 0 : 1))
    .on("error", e => { console.error(e.code); process.exit(1) });
JS
cat >Get.java <<'JAVA'
import java.net.URI;
public class Get {
	public static void main(String[] args) throws Exception {
		URI.create(args[0]).toURL().openStream().readAllBytes();
	}
}
JAVA
cat >get.go <<'GO'
package main

import (
	"log"
	"net/http"
	"os"
)

func main() {
	if _, err := http.Get(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}
GO

# under LABEL PROGRAM COMMAND...: it connects under exec, and not without
under() {
	who=$1
	if ! there "$2"; then
		skip "$who: $2 is not here"
		return 0
	fi
	shift 2
	accepts "$who connects under exec" minica exec -- "$@"
	refuses "$who does not connect without" "$@"
}

under curl curl curl -sSf "$url/hello"
under 'openssl s_client' openssl openssl s_client -verify_return_error \
    -verify_hostname localhost -connect "${url#https://}"
under 'Python urllib' python3 python3 get_urllib.py "$url/hello"
if python3 -c 'import requests' 2>/dev/null; then
	under 'Python requests' python3 python3 get_requests.py "$url/hello"
else
	skip 'Python requests is not here (python3-requests)'
fi
under Node.js node node get.js "$url/hello"
under git git git ls-remote "$url/repo.git"
if there javac; then
	needs javac Get.java
fi
under Java javac java -cp . Get "$url/hello"
if there go; then
	needs env GO111MODULE=off GOCACHE="$work/go-cache" go build -o get-go get.go
fi
under Go go ./get-go "$url/hello"

# A child of a child, through a shell that closes what it does not know.
accepts 'a grandchild finds the roots as well' minica exec -- \
    python3 -c 'import subprocess, sys
sys.exit(subprocess.call(["sh", "-c", "exec curl -sSf " + sys.argv[1]]))' \
    "$url/hello"
