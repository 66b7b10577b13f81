"""request.py - the octets of requests that no honest tool makes."""
import base64
import hashlib
import os
import subprocess
import tempfile

work = tempfile.mkdtemp(prefix="minica-hostile.")


# ---- DER ----

def length(n):
    if n < 0x80:
        return bytes([n])
    body = n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(body)]) + body


def tlv(tag, *parts):
    body = b"".join(parts)
    return bytes([tag]) + length(len(body)) + body


def seq(*parts):
    return tlv(0x30, *parts)


def set_(*parts):
    return tlv(0x31, *parts)


def set_of(*parts):
    return set_(*sorted(parts))


def integer(n):
    size = (n.bit_length() // 8) + 1
    return tlv(2, n.to_bytes(size, "big", signed=True))


def octets(body):
    return tlv(4, body)


def bits(body, unused=0):
    return tlv(3, bytes([unused]), body)


def true(value=0xff):
    return tlv(1, bytes([value]))


def oid(dotted):
    first, second, *rest = [int(n) for n in dotted.split(".")]
    body = b""
    for n in [40 * first + second] + rest:
        part = [n & 0x7f]
        while n > 0x7f:
            n >>= 7
            part.append(0x80 | n & 0x7f)
        body += bytes(reversed(part))
    return tlv(6, body)


# ---- the parts of a request ----

CN, O, C, EMAIL = "2.5.4.3", "2.5.4.10", "2.5.4.6", "1.2.840.113549.1.9.1"
REQUEST, MS_REQUEST = "1.2.840.113549.1.9.14", "1.3.6.1.4.1.311.2.1.14"
SAN, KU, EKU, BC = "2.5.29.17", "2.5.29.15", "2.5.29.37", "2.5.29.19"
CURVES = {"P-256": "1.2.840.10045.3.1.7"}
UTF8, PRINTABLE, T61, IA5, UNIVERSAL, BMP = 12, 19, 20, 22, 28, 30
ECDSA = {"sha256": "1.2.840.10045.4.3.2", "sha1": "1.2.840.10045.4.1"}
RSA = {"sha256": "1.2.840.113549.1.1.11", "sha1": "1.2.840.113549.1.1.5",
       "md5": "1.2.840.113549.1.1.4"}


def attribute(kind, value, tag=UTF8):
    if isinstance(value, str):
        value = value.encode()
    return set_(seq(oid(kind), tlv(tag, value)))


def name(*attributes):
    return seq(*attributes)


def dns(text):
    return tlv(0x82, text if isinstance(text, bytes) else text.encode())


def mail(text):
    return tlv(0x81, text if isinstance(text, bytes) else text.encode())


def uri(text):
    return tlv(0x86, text if isinstance(text, bytes) else text.encode())


def ip(*numbers):
    return tlv(0x87, bytes(numbers))


def extension(kind, value, critical=False):
    if critical is False:
        return seq(oid(kind), octets(value))
    return seq(oid(kind), true() if critical is True else critical,
               octets(value))


def san(*names, critical=False):
    return extension(SAN, seq(*names), critical)


GOOD = dns("www.example.org")


def asks(*extensions, kind=REQUEST):
    return seq(oid(kind), set_(seq(*extensions)))


# ---- keys and signatures ----

def openssl(*arguments, stdin=None):
    return subprocess.run(("openssl",) + arguments, input=stdin, check=True,
                          stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout


def new_key(label, *options):
    path = os.path.join(work, label)
    if not os.path.exists(path):
        openssl("genpkey", "-out", path, *options)
    return path


def ec_key(label="ec", curve="P-256"):
    return new_key(label, "-algorithm", "EC", "-pkeyopt",
                   "ec_paramgen_curve:" + curve)


def rsa_key(size=2048):
    return new_key("rsa%d" % size, "-algorithm", "RSA", "-pkeyopt",
                   "rsa_keygen_bits:%d" % size)


def spki_of(path):
    return openssl("pkey", "-in", path, "-pubout", "-outform", "DER")


def sign_with(path, digest="sha256"):
    return lambda tbs: openssl("dgst", "-" + digest, "-sign", path, stdin=tbs)


def request(subject=None, attributes=None, extensions=None, version=None,
            spki=None, algorithm=None, sign=None, wrap=None):
    """The octets of one request; what is not said is as it should be."""
    key = ec_key()
    if extensions is None:
        extensions = [san(GOOD)]
    if attributes is None:
        attributes = [asks(*extensions)]
    tbs = seq(integer(0) if version is None else version,
              name() if subject is None else subject,
              spki_of(key) if spki is None else spki,
              tlv(0xa0, *attributes))
    signature = (sign or sign_with(key))(tbs)
    whole = (tbs, algorithm or seq(oid(ECDSA["sha256"])), bits(signature))
    return seq(*whole) if wrap is None else wrap(*whole)


def pem(der, label="CERTIFICATE REQUEST"):
    text = base64.encodebytes(der).decode().replace("\n", "")
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    return ("-----BEGIN %s-----\n%s\n-----END %s-----\n" %
            (label, "\n".join(lines), label)).encode()


def prime(size, seed):
    """A prime found from a seed: what these keys hold is no secret."""
    n = int.from_bytes(b"".join(
        hashlib.sha512(b"%d %d" % (seed, i)).digest()
        for i in range(size // 512 + 1)), "big") >> 1
    n = (n & ((1 << size) - 1)) | (3 << (size - 2)) | 1
    while pow(2, n - 1, n) != 1 or (n - 1) % 65537 == 0:
        n += 2
    return n


def rsa_spki(modulus, exponent):
    return seq(seq(oid("1.2.840.113549.1.1.1"), tlv(5)),
               bits(seq(integer(modulus), integer(exponent))))


def rsa_sign(primes, exponent):
    """PKCS #1 v1.5 with SHA-256, prime by prime."""
    modulus = 1
    for p in primes:
        modulus *= p

    def sign(tbs):
        info = seq(seq(oid("2.16.840.1.101.3.4.2.1"), tlv(5)),
                   octets(hashlib.sha256(tbs).digest()))
        size = (modulus.bit_length() + 7) // 8
        padded = int.from_bytes(
            b"\0\1" + b"\xff" * (size - len(info) - 3) + b"\0" + info, "big")
        result, so_far = 0, 1
        for p in primes:
            part = pow(padded % p, pow(exponent, -1, p - 1), p)
            result += so_far * ((part - result) * pow(so_far, -1, p) % p)
            so_far *= p
        return result.to_bytes(size, "big")
    return modulus, sign
