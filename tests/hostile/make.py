#!/usr/bin/env python3
"""make.py DIRECTORY - makes the hostile requests that `cases` describes.

Each is one function call that says what is wrong with it; all else of the
request is as it should be.  The octets are put together by hand (request.py),
the signatures are by `openssl`, with keys that are thrown away.  It takes a
minute or two.  The files in the tree were made by this program.
"""
import os
import shutil
import sys

from request import *  # noqa: F403

out = sys.argv[1]
made = set()


def put(label, content):
    assert label not in made, label
    made.add(label)
    if not content.startswith(b"-----") and label.endswith(".csr"):
        content = pem(content)
    with open(os.path.join(out, label), "wb") as file:
        file.write(content)


def names(label, *list_, **rest):
    put(label + ".csr", request(extensions=[san(*list_)], **rest))


def extras(label, *extensions, **rest):
    put(label + ".csr", request(extensions=[san(GOOD), *extensions], **rest))


def subject(label, *attributes):
    put(label + ".csr", request(subject=name(*attributes)))


def puny(text):
    """The A-label of a text that no IDNA library would make one of."""
    return "xn--" + text.encode("punycode").decode()


# ---- names ----

names("dns-nul", dns(b"www.example.org\0.evil.example"))
names("dns-newline", dns("www.example.org\nDNS:evil.example"))
names("dns-escape", dns("\x1b[2J\x1b[31mwww.example.org"))
names("dns-delete", dns("www.example.org\x7f"))
names("dns-space", dns("www example.org"))
names("dns-trailing-space", dns("www.example.org "))
names("dns-underscore", dns("_dmarc.example.org"))
names("dns-empty", dns(""))
names("dns-dot", dns("."))
names("dns-leading-dot", dns(".example.org"))
names("dns-empty-label", dns("www..example.org"))
names("dns-two-dots", dns("www.example.org.."))
names("dns-hyphen-first", dns("-www.example.org"))
names("dns-hyphen-last", dns("www-.example.org"))
names("dns-long-label", dns("a" * 64 + ".example.org"))
names("dns-long", dns(".".join(["a" * 49] * 5) + ".example"))
names("dns-utf8", dns("b\u00fccher.example.org"))
names("dns-latin1", dns(b"b\xfccher.example.org"))
names("dns-bidi", dns("www.\u202egro.elpmaxe\u202c.org"))
names("dns-comma", dns("www.example.org,DNS:evil.example"))
names("dns-url", dns("https://www.example.org/"))
names("dns-port", dns("www.example.org:443"))
names("dns-address", dns("192.0.2.1"))
names("dns-address6", dns("2001:db8::1"))
names("dns-address-bracketed", dns("[2001:db8::1]"))
names("dns-address-short", dns("127.1"))
names("dns-address-number", dns("3221225985"))
names("dns-address-hex", dns("0xc0.0x00.0x02.0x01"))
names("dns-address-hex-number", dns("0xc0000201"))
names("dns-address-octal", dns("0300.0.02.01"))
names("dns-address-dot", dns("192.0.2.1."))
names("dns-slash", dns("192.0.2.0/24"))
names("dns-mailbox", dns("root@example.org"))
names("dns-quote", dns("www.example.org\"; rm -rf /; \""))
names("wildcard-all", dns("*"))
names("wildcard-dot", dns("*."))
names("wildcard-registry", dns("*.org"))
names("wildcard-suffix", dns("*.co.uk"))
names("wildcard-private-suffix", dns("*.github.io"))
names("wildcard-two", dns("*.*.example.org"))
names("wildcard-inner", dns("www.*.example.org"))
names("wildcard-partial", dns("w*.example.org"))
names("wildcard-last", dns("www.example.*"))
names("wildcard-double", dns("**.example.org"))
names("wildcard-alabel", dns("xn--bcher-*va.example.org"))
names("alabel-empty", dns("xn--.example.org"))
names("alabel-ascii", dns("xn--www-.example.org"))
names("alabel-ascii-only", dns("xn--www-a.example.org"))
names("alabel-broken", dns("xn--99999999999.example.org"))
names("alabel-not-normal", dns(puny("cafe\u0301") + ".example.org"))
names("alabel-capital-letter", dns(puny("\u00dcber") + ".example.org"))
names("alabel-invisible", dns(puny("ww\u200bw") + ".example.org"))
names("alabel-bidi", dns(puny("ww\u202ew") + ".example.org"))
names("alabel-dot", dns(puny("www\u3002evil") + ".example.org"))
names("alabel-slash", dns(puny("www\u2044evil") + ".example.org"))
names("alabel-fullwidth", dns(puny("\uff57\uff57\uff57") + ".example.org"))
names("alabel-surrogate", dns(puny("a\ud800b") + ".example.org"))
names("alabel-private", dns(puny("a\ue000b") + ".example.org"))
names("alabel-combining", dns(puny("\u0301a") + ".example.org"))
names("alabel-long", dns("xn--" + "a" * 60 + ".example.org"))
names("alabel-mixed-direction", dns(puny("a\u05d0b") + ".example.org"))
names("homograph-mixed", dns(puny("p\u0430ypal") + ".example"))
names("homograph-whole", dns(puny("\u0430\u0440\u0440\u04cf\u0435") + ".com"))
names("homograph-greek", dns(puny("g\u03bfogle") + ".example"))
names("homograph-armenian", dns(puny("\u0578rg") + ".example"))
names("homograph-cherokee", dns(puny("\u13aa\u13c5oogle".lower()) + ".example"))
names("homograph-mailbox", mail("a@" + puny("p\u0430ypal") + ".example"))
names("homograph-uri", uri("https://" + puny("p\u0430ypal") + ".example/"))
names("ip-five", ip(192, 0, 2, 1, 5))
names("ip-masked", ip(192, 0, 2, 0, 255, 255, 255, 0))
names("ip-empty", ip())
names("ip-text", tlv(0x87, b"192.0.2.1"))
names("ip-mapped", ip(*[0] * 10, 255, 255, 192, 0, 2, 1))
names("ip-compatible", ip(*[0] * 12, 192, 0, 2, 1))
names("ip-unspecified", ip(0, 0, 0, 0))
names("ip-unspecified6", ip(*[0] * 16))
names("ip-broadcast", ip(255, 255, 255, 255))
names("ip-multicast", ip(224, 0, 0, 1))
names("ip-multicast6", ip(0xff, 2, *[0] * 13, 1))
names("mail-no-at", mail("example.org"))
names("mail-two-ats", mail("a@evil.example@example.org"))
names("mail-newline", mail("a@example.org\nBcc: b@example.org"))
names("mail-nul", mail(b"a@example.org\0.evil.example"))
names("mail-display", mail("Root <root@example.org>"))
names("mail-quoted", mail("\"a b\"@example.org"))
names("mail-utf8", mail("b\u00fccher@example.org"))
names("mail-address", mail("a@[192.0.2.1]"))
names("mail-list", mail("a@example.org,b@example.org"))
names("uri-user", uri("https://www.example.org@evil.example/"))
names("uri-relative", uri("/etc/passwd"))
names("uri-script", uri("javascript:alert(1) "))
names("uri-nul", uri(b"https://www.example.org/\0"))
names("uri-backslash", uri("https://evil.example\\@www.example.org/"))
names("uri-dots", uri("spiffe://example.org/ns/../admin"))
names("uri-encoded-dots", uri("spiffe://example.org/ns/%2e%2e/admin"))
names("uri-no-host", uri("https:///admin"))
names("uri-utf8", uri("https://b\u00fccher.example.org/"))
names("uri-broken-percent", uri("spiffe://example.org/%zz"))
names("other-upn", tlv(0xa0, oid("1.3.6.1.4.1.311.20.2.3"),
                       tlv(0xa0, tlv(UTF8, b"administrator@example.org"))),
      GOOD)
names("other-smtp-utf8", tlv(0xa0, oid("1.3.6.1.5.5.7.8.9"),
                             tlv(0xa0, tlv(UTF8, "ä@example.org".encode()))))
names("other-directory", tlv(0xa4, name(attribute(CN, "admin"))), GOOD)
names("other-registered", tlv(0x88, b"\x2a\x03\x04"), GOOD)
names("other-edi", tlv(0xa5, tlv(0xa1, tlv(UTF8, b"party"))), GOOD)
names("other-x400", tlv(0xa3, seq(seq())), GOOD)
names("san-empty")
names("san-some-bad", GOOD, dns("evil example"), dns("ok.example.org"))
names("san-hundred-and-one", *[dns("h%d.example.org" % n)
                               for n in range(101)])
names("san-many", *[dns("h%d.example.org" % n) for n in range(2000)])
names("san-repeated", *[GOOD] * 2500)
names("san-case", dns("WWW.Example.ORG."), GOOD)
put("san-unknown-form.csr", request(extensions=[san(tlv(0x89, b"x"))]))
put("san-not-a-sequence.csr", request(extensions=[
    extension(SAN, GOOD)]))
put("san-no-der.csr", request(extensions=[extension(SAN, b"\x30\x20ab")]))
put("san-trailing.csr", request(extensions=[
    extension(SAN, seq(GOOD) + dns("evil.example"))]))
put("san-indefinite.csr", request(extensions=[
    extension(SAN, b"\x30\x80" + GOOD + b"\0\0")]))
put("san-long-length.csr", request(extensions=[
    extension(SAN, b"\x30\x82\x00" + bytes([len(GOOD)]) + GOOD)]))
put("san-constructed.csr", request(extensions=[
    san(tlv(0xa2, tlv(IA5, b"www."), tlv(IA5, b"example.org")))]))
put("san-none.csr", request(extensions=[]))
put("no-attributes.csr", request(attributes=[]))
put("cn-only.csr", request(attributes=[],
                           subject=name(attribute(CN, "www.example.org"))))

# ---- extensions ----

put("san-twice.csr", request(extensions=[san(GOOD),
                                         san(dns("evil.example"))]))
put("requests-two.csr", request(attributes=[
    asks(san(GOOD)), asks(san(dns("evil.example")))]))
put("requests-two-values.csr", request(attributes=[
    seq(oid(REQUEST), set_of(seq(san(GOOD)),
                             seq(san(dns("evil.example")))))]))
put("requests-microsoft.csr", request(attributes=[
    asks(san(GOOD)), asks(san(dns("evil.example")), kind=MS_REQUEST)]))
put("requests-hidden-ca.csr", request(attributes=[
    asks(san(GOOD)), asks(extension(BC, seq(true())), kind=MS_REQUEST)]))
put("requests-no-value.csr", request(attributes=[
    seq(oid(REQUEST), set_())]))
put("requests-not-a-list.csr", request(attributes=[
    seq(oid(REQUEST), set_(tlv(UTF8, b"subjectAltName=DNS:a.example")))]))
extras("ca-true", extension(BC, seq(true())))
extras("ca-true-critical", extension(BC, seq(true()), True))
extras("ca-true-odd", extension(BC, seq(true(1))))
extras("ca-true-path", extension(BC, seq(true(), integer(0)), True))
extras("ca-path-negative", extension(BC, seq(true(), integer(-1)), True))
extras("ca-path-huge", extension(BC, seq(true(), integer(1 << 4096)), True))
extras("ca-broken", extension(BC, b"\x30\x03\x01\x01"))
extras("ca-trailing", extension(BC, seq() + seq(true())))
extras("ca-twice", extension(BC, seq()), extension(BC, seq(true())))
extras("ca-by-version-one", extension("2.16.840.1.113730.1.1",
                                      bits(b"\x07", 0)))
extras("usage-cert-sign", extension(KU, bits(b"\x04", 2), True))
extras("usage-crl-sign", extension(KU, bits(b"\x02", 1), True))
extras("usage-all", extension(KU, bits(b"\xff\x80", 7), True))
extras("usage-empty", extension(KU, bits(b""), True))
extras("usage-broken", extension(KU, b"\x03\x02\x09\x04"))
extras("usage-integer", extension(KU, integer(4)))
extras("usage-twice", extension(KU, bits(b"\x80", 7)),
       extension(KU, bits(b"\x04", 2)))
extras("eku-any", extension(EKU, seq(oid("2.5.29.37.0"))))
extras("eku-any-and-server", extension(EKU, seq(oid("1.3.6.1.5.5.7.3.1"),
                                                oid("2.5.29.37.0"))))
extras("eku-ocsp", extension(EKU, seq(oid("1.3.6.1.5.5.7.3.9"))))
extras("eku-code", extension(EKU, seq(oid("1.3.6.1.5.5.7.3.3"))))
extras("eku-time", extension(EKU, seq(oid("1.3.6.1.5.5.7.3.8")), True))
extras("eku-smartcard", extension(EKU, seq(oid("1.3.6.1.4.1.311.20.2.2"))))
extras("eku-empty", extension(EKU, seq()))
extras("eku-broken", extension(EKU, b"\x30\x05abc"))
extras("unknown-critical", extension("1.3.6.1.4.1.99999.7", integer(1), True))
extras("unknown-plain", extension("1.3.6.1.4.1.99999.7", integer(1)))
extras("unknown-twice", extension("1.3.6.1.4.1.99999.7", integer(1)),
       extension("1.3.6.1.4.1.99999.7", integer(2)))
extras("poison", extension("1.3.6.1.4.1.11129.2.4.3", b"\x05\0", True))
extras("constraints", extension("2.5.29.30", seq(tlv(0xa0, seq(dns("")))),
                                True))
extras("policy-ev", extension("2.5.29.32", seq(seq(oid("2.23.140.1.1")))))
extras("policy-any", extension("2.5.29.32", seq(seq(oid("2.5.29.32.0")))))
extras("policy-mappings", extension("2.5.29.33", seq(seq(
    oid("1.2.3.4"), oid("2.23.140.1.1"))), True))
extras("proxy", extension("1.3.6.1.5.5.7.1.14", seq(seq(
    oid("1.3.6.1.5.5.7.21.1"))), True))
extras("crl-elsewhere", extension("2.5.29.31", seq(seq(tlv(0xa0, tlv(
    0xa0, uri("http://evil.example/none.crl")))))))
extras("ocsp-elsewhere", extension("1.3.6.1.5.5.7.1.1", seq(seq(
    oid("1.3.6.1.5.5.7.48.1"), uri("http://evil.example/")))))
extras("ocsp-no-check", extension("1.3.6.1.5.5.7.48.1.5", b"\x05\0"))
extras("key-id-forged", extension("2.5.29.14", octets(b"\xaa" * 20)),
       extension("2.5.29.35", seq(tlv(0x80, b"\xbb" * 20))))
extras("issuer-names", extension("2.5.29.18", seq(dns("ca.example.org"))))
extras("template-microsoft", extension("1.3.6.1.4.1.311.20.2",
                                       tlv(BMP, "SubCA".encode("utf-16-be"))))
extras("sid-microsoft", extension("1.3.6.1.4.1.311.25.2", seq(tlv(
    0xa0, oid("1.3.6.1.4.1.311.25.2.1"), tlv(0xa0, octets(b"S-1-5-21-500"))))))
extras("critical-odd", extension("1.3.6.1.4.1.99999.7", integer(1), true(2)))
extras("critical-spelt-default", extension("1.3.6.1.4.1.99999.7", integer(1),
                                           tlv(1, b"\0")))
extras("extensions-many", *[extension("1.3.6.1.4.1.99999.%d" % n, integer(n))
                            for n in range(1500)])
extras("extension-large", extension("1.3.6.1.4.1.99999.7",
                                    octets(b"A" * 40000)))

def nested(depth):
    body = b""
    for _ in range(depth):
        body = seq(body)
    return body


extras("extension-deep", extension("1.3.6.1.4.1.99999.7", nested(4000)))
put("oid-huge.csr", request(extensions=[san(GOOD), seq(
    tlv(6, b"\x2b" + b"\xff" * 2000 + b"\x7f"), octets(b"\x05\0"))]))
put("oid-empty.csr", request(extensions=[san(GOOD), seq(
    tlv(6), octets(b"\x05\0"))]))
put("oid-padded.csr", request(extensions=[san(GOOD), seq(
    tlv(6, b"\x55\x1d\x80\x13"), octets(seq(true())))]))
put("password.csr", request(attributes=[
    asks(san(GOOD)), seq(oid("1.2.840.113549.1.9.7"),
                         set_(tlv(UTF8, b"hunter2")))]))

# ---- subjects ----

subject("subject-bmp", attribute(CN, "www.example.org".encode("utf-16-be"),
                                 BMP))
subject("subject-bmp-odd", attribute(CN, b"\0w\0w\0", BMP))
subject("subject-t61", attribute(CN, b"www.example.org", T61))
subject("subject-universal", attribute(
    CN, "www.example.org".encode("utf-32-be"), UNIVERSAL))
subject("subject-nul", attribute(CN, b"www.example.org\0.evil.example"))
subject("subject-escape", attribute(CN, "\x1b]0;owned\x07www.example.org"))
subject("subject-newline", attribute(CN, "www.example.org\nok: signed"))
subject("subject-bidi", attribute(CN, "www.\u202egro.example"))
subject("subject-not-utf8", attribute(CN, b"\xc0\xaf\xfe\xff"))
subject("subject-surrogate", attribute(CN, b"\xed\xa0\x80"))
subject("subject-at-odds", attribute(CN, "evil.example"))
subject("subject-two-cns", attribute(CN, "www.example.org"),
        attribute(CN, "evil.example"))
subject("subject-one-set", set_of(
    seq(oid(CN), tlv(UTF8, b"www.example.org")),
    seq(oid(CN), tlv(UTF8, b"evil.example"))))
subject("subject-set-order", set_(
    seq(oid(CN), tlv(UTF8, b"www.example.org")),
    seq(oid(CN), tlv(UTF8, b"evil.example"))))
subject("subject-long", attribute(CN, "a" * 30000))
subject("subject-many", *[attribute(O, "o%d" % n) for n in range(2000)])
subject("subject-mailbox", attribute(EMAIL, "root@evil.example", IA5))
subject("subject-issuer", attribute(O, "minica"), attribute(CN, "minica root"))
subject("subject-integer", attribute(CN, b"\x01", 2))
subject("subject-empty-value", attribute(CN, ""))
subject("subject-empty-set", set_())
subject("subject-unknown", attribute("1.3.6.1.4.1.99999.8", "x"))
subject("subject-wildcard", attribute(CN, "*.evil.example"))
subject("subject-slash", attribute(CN, "www.example.org/CN=evil.example"))

# ---- the request itself ----

put("version-two.csr", request(version=integer(1)))
put("version-negative.csr", request(version=integer(-1)))
put("version-huge.csr", request(version=integer(1 << 8192)))
put("version-padded.csr", request(version=tlv(2, b"\0\0")))
put("version-empty.csr", request(version=tlv(2)))
put("signature-other-key.csr", request(sign=sign_with(ec_key("other"))))
put("signature-empty.csr", request(sign=lambda tbs: b""))
put("signature-zeros.csr", request(sign=lambda tbs: seq(integer(0),
                                                        integer(0))))
put("signature-negative.csr", request(sign=lambda tbs: seq(integer(-1),
                                                           integer(1))))
put("signature-huge.csr", request(sign=lambda tbs: seq(integer(1 << 8000),
                                                       integer(1))))
put("signature-flipped.csr", request(sign=lambda tbs: sign_with(ec_key())(
    tbs.replace(b"www.example.org", b"www.example.com"))))
put("signature-trailing.csr", request(
    sign=lambda tbs: sign_with(ec_key())(tbs) + b"\0"))
put("signature-sha1.csr", request(
    spki=spki_of(rsa_key()), sign=sign_with(rsa_key(), "sha1"),
    algorithm=seq(oid(RSA["sha1"]), tlv(5))))
put("signature-sha1-ec.csr", request(
    sign=sign_with(ec_key(), "sha1"), algorithm=seq(oid(ECDSA["sha1"]))))
put("signature-md5.csr", request(
    spki=spki_of(rsa_key()), sign=sign_with(rsa_key(), "md5"),
    algorithm=seq(oid(RSA["md5"]), tlv(5))))
put("signature-wrong-kind.csr", request(
    algorithm=seq(oid(RSA["sha256"]), tlv(5))))
put("signature-unknown.csr", request(algorithm=seq(oid("1.3.6.1.4.1.99999.9"))))
put("signature-null.csr", request(algorithm=seq(oid("2.5.8.3.100"))))
put("signature-bits.csr", request(wrap=lambda tbs, algorithm, _: seq(
    tbs, algorithm, bits(sign_with(ec_key())(tbs)[:-1] + b"\xff", 3))))
put("trailing.csr", request() + b"trailing")
put("truncated.csr", request()[:-40])
put("indefinite.csr", request(wrap=lambda *whole: b"\x30\x80" +
                              b"".join(whole) + b"\0\0"))
put("length-padded.csr", request(wrap=lambda *whole: (
    lambda body: b"\x30\x83" + len(body).to_bytes(3, "big") + body)(
        b"".join(whole))))
put("length-huge.csr", pem(b"\x30\x84\xff\xff\xff\xff" + b"A" * 20))
put("deep.csr", pem(nested(16000)))
put("not-a-request.csr", pem(seq(integer(1))))

certificate = openssl("req", "-x509", "-new", "-key", ec_key(), "-subj",
                      "/CN=www.example.org", "-outform", "DER")
put("certificate.csr", pem(certificate, "CERTIFICATE"))
put("certificate-relabelled.csr", pem(certificate))
put("two-requests.csr", pem(request()) + pem(request(
    extensions=[san(dns("evil.example"))])))
put("after-the-end.csr", pem(request()) + b"MIIB evil\n")
put("pem-encrypted.csr", pem(request()).replace(
    b"REQUEST-----\n", b"REQUEST-----\nProc-Type: 4,ENCRYPTED\n"
    b"DEK-Info: AES-256-CBC,00\n\n", 1))
put("pem-not-base64.csr", pem(request()).replace(b"\nMI", b"\n!!"))
put("pem-no-end.csr", pem(request()).replace(b"-----END", b"-----FIN"))
put("pem-ends-otherwise.csr", pem(request()).replace(
    b"END CERTIFICATE", b"END X509"))
put("empty", b"")
put("zeros", b"\0" * 300)

# ---- keys ----


def rsa_request(label, primes, exponent=65537):
    modulus, sign = rsa_sign(primes, exponent)
    put(label + ".csr", request(
        spki=rsa_spki(modulus, exponent), sign=sign,
        algorithm=seq(oid(RSA["sha256"]), tlv(5))))


rsa_request("key-rsa-512", [prime(256, 1), prime(256, 2)])
rsa_request("key-rsa-1024", [prime(512, 3), prime(512, 4)])
rsa_request("key-rsa-2047", [prime(1024, 5), prime(1023, 6)])
rsa_request("key-rsa-prime", [(1 << 4423) - 1])  # of Mersenne's, by Hurwitz
rsa_request("key-rsa-16384", [prime(1024, 10 + n) for n in range(16)])
rsa_request("key-rsa-65536", [prime(1024, 10 + n) for n in range(64)])
rsa_request("key-rsa-exponent-3", [
    p for p in (prime(1024, 100 + n) for n in range(12)) if p % 3 == 2][:2], 3)
put("key-rsa-exponent-1.csr", request(
    spki=rsa_spki(prime(1024, 5) * prime(1024, 7), 1),
    sign=lambda tbs: (rsa_sign([prime(1024, 5), prime(1024, 7)], 1)[1])(tbs),
    algorithm=seq(oid(RSA["sha256"]), tlv(5))))
put("key-rsa-negative.csr", request(
    spki=rsa_spki(-prime(2048, 8), 65537), sign=lambda tbs: b"\0" * 256,
    algorithm=seq(oid(RSA["sha256"]), tlv(5))))
put("key-rsa-exponent-huge.csr", request(
    spki=rsa_spki(prime(1024, 5) * prime(1024, 7), (1 << 2000) + 1),
    sign=lambda tbs: b"\0" * 256,
    algorithm=seq(oid(RSA["sha256"]), tlv(5))))
put("key-dsa.csr", openssl("req", "-new", "-key", (lambda p: new_key(
    "dsa", "-paramfile", p))(new_key("dsaparam", "-genparam", "-algorithm",
                                     "DSA", "-pkeyopt",
                                     "dsa_paramgen_bits:2048")),
    "-subj", "/CN=www.example.org", "-addext",
    "subjectAltName=DNS:www.example.org", "-outform", "DER"))
for curve in ("prime192v1", "secp256k1", "brainpoolP256r1", "sect283k1"):
    key = ec_key(curve, curve)
    put("key-%s.csr" % curve.lower(), request(spki=spki_of(key),
                                              sign=sign_with(key)))
put("key-curve-spelt.csr", request(spki=openssl(
    "pkey", "-in", ec_key(), "-pubout", "-outform", "DER", "-ec_param_enc",
    "explicit")))
point = spki_of(ec_key())
put("key-off-curve.csr", request(spki=point[:-1] + bytes([point[-1] ^ 1])))
put("key-infinity.csr", request(spki=seq(
    seq(oid("1.2.840.10045.2.1"), oid(CURVES["P-256"])), bits(b"\0"))))
put("key-empty.csr", request(spki=seq(
    seq(oid("1.2.840.10045.2.1"), oid(CURVES["P-256"])), bits(b""))))
put("key-x25519.csr", request(spki=spki_of(new_key("x", "-algorithm",
                                                   "X25519"))))
ed448 = new_key("ed448", "-algorithm", "ED448")
put("key-ed448.csr", openssl(
    "req", "-new", "-key", ed448, "-subj", "/", "-addext",
    "subjectAltName=DNS:www.example.org", "-outform", "DER"))
put("key-unknown.csr", request(spki=seq(
    seq(oid("1.3.6.1.4.1.99999.10")), bits(b"key"))))

shutil.rmtree(work)
print("%d requests in %s" % (len(made), out))
