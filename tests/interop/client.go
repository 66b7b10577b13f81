// client.go ROOTS PORT - a TLS client with Go's own verifier.
//
// Reads lines "accept HOST" or "refuse HOST"; says for each what happened.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log"
	"os"
	"strings"
)

func main() {
	roots, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(roots) {
		log.Fatal("no roots")
	}

	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		host := strings.Fields(lines.Text())[1]
		conn, err := tls.Dial("tcp", "127.0.0.1:"+os.Args[2],
			&tls.Config{RootCAs: pool, ServerName: host})
		if err != nil {
			fmt.Printf("%s refused: %v\n", host, err)
			continue
		}
		fmt.Println(host, "accepted")
		conn.Close()
	}
}
