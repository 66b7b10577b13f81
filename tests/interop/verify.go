// verify.go - what Go says of chains.
//
// Reads lines "NAME HOST KEY" and judges NAME.chain under NAME.root.
package main

import (
	"bufio"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"strings"
)

func judge(name, host string) error {
	roots := x509.NewCertPool()
	root, err := os.ReadFile(name + ".root")
	if err != nil {
		return err
	}
	block, _ := pem.Decode(root)
	anchor, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return err
	}
	roots.AddCert(anchor)
	chain, err := os.ReadFile(name + ".chain")
	if err != nil {
		return err
	}
	var certs []*x509.Certificate
	for {
		var block *pem.Block
		block, chain = pem.Decode(chain)
		if block == nil {
			break
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return err
		}
		certs = append(certs, cert)
	}
	others := x509.NewCertPool()
	if len(certs) == 0 {
		return fmt.Errorf("nothing")
	}
	for _, cert := range certs[1:] {
		others.AddCert(cert)
	}
	_, err = certs[0].Verify(x509.VerifyOptions{
		DNSName: host, Roots: roots, Intermediates: others})
	return err
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if err := judge(words[0], words[1]); err != nil {
			fmt.Printf("%s no %v\n", words[0], err)
		} else {
			fmt.Printf("%s yes\n", words[0])
		}
	}
}
