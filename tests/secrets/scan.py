#!/usr/bin/env python3
"""scan.py IMAGE [--pass TEXT]... [--key FILE [PASSPHRASE]]... - secrets in an
image of a process's memory.

What is looked for: of each key the private numbers, as bytes in both orders
(libcrypto's integers are little-endian), and the base64 of its PKCS #8 form,
with line ends and without; of each passphrase its text, and its BMPString form
that PKCS #12 derives keys from.  A part of 16 octets is enough to be found:
what remains of a secret is often not whole.  Only what is private counts: a
file's other octets may be anywhere.

Prints one line for each secret that was found and "N found".
"""
import base64
import hashlib
import subprocess
import sys

PART = 16


def pkcs8(path, passphrase):
    command = ["openssl", "pkcs8", "-topk8", "-nocrypt", "-outform", "DER",
               "-in", path]
    if passphrase:
        command += ["-passin", "pass:" + passphrase]
    return subprocess.run(command, check=True, capture_output=True).stdout


def leaves(der, at=0, end=None, opened=False):
    """Begin, end and tag of every primitive.

    Of OCTET STRINGs that of PKCS #8 alone has more of them inside, whatever
    the octets of a private number look like.
    """
    end = len(der) if end is None else end
    while at < end:
        tag, length = der[at], der[at + 1]
        at += 2
        if length & 0x80:
            count = length & 0x7F
            length = int.from_bytes(der[at:at + count], "big")
            at += count
        if tag == 0x30 or tag == 0x04 and not opened:
            yield from leaves(der, at, at + length, opened or tag == 0x04)
        elif tag in (0x02, 0x04):
            yield at, at + length, tag
        at += length


def private_parts(der):
    """Begin and end of each private number in PKCS #8."""
    rows = [row for row in leaves(der) if row[1] - row[0] >= 20]
    # RSA: the modulus is public, the first; elsewhere there is one.
    return [row[:2] for row in (rows[1:] if len(rows) > 2 else rows)]


def parts(text):
    """Pieces of which any one tells that the secret was here."""
    if len(text) <= PART:
        return [text]
    return [text[i:i + PART] for i in range(0, len(text) - PART + 1, 8)] + [
        text[-PART:]]


def base64_parts(der, begin, end):
    text = base64.b64encode(der).decode()
    first, last = (begin + 2) // 3 * 4, end // 3 * 4
    whole = [p for p in parts(text[first:last])]
    for line in range(0, len(text), 64):
        low, high = max(first, line), min(last, line + 64)
        if high - low >= PART:
            whole += parts(text[low:high])
    return [piece.encode() for piece in whole]


def twice_base64_parts(der, begin, end):
    """The base64 of a PEM file, as Kubernetes has it."""
    body = base64.b64encode(der)
    lines = [body[i:i + 64] for i in range(0, len(body), 64)]
    head = b"-----BEGIN PRIVATE KEY-----\n"
    text = base64.b64encode(head + b"\n".join(lines) + b"\n").decode()
    first, last = (len(head) + at + at // 64
                   for at in ((begin + 2) // 3 * 4, end // 3 * 4))
    return [piece.encode()
            for piece in parts(text[(first + 2) // 3 * 4:last // 3 * 4])]


def of_key(path, passphrase):
    der = pkcs8(path, passphrase)
    for begin, end in private_parts(der):
        number = der[begin:end].lstrip(b"\0")
        yield "octets", parts(number)
        yield "octets of an integer", parts(number[::-1])
        yield "base64", base64_parts(der, begin, end)
        yield "base64 of PEM", twice_base64_parts(der, begin, end)
        if len(number) == 32 and b"\x2b\x65\x70" in der[:16]:
            yield "Ed25519's hash", parts(hashlib.sha512(number).digest()[:32])


def of_text(text):
    yield "text", parts(text.encode())
    yield "BMPString", parts(text.encode("utf-16-be"))


def main():
    image = open(sys.argv[1], "rb").read()
    words = sys.argv[2:]
    secrets = []
    while words:
        kind = words.pop(0)
        value = words.pop(0)
        if kind == "--pass":
            secrets.append(("a passphrase", of_text(value)))
            continue
        passphrase = ""
        if words and not words[0].startswith("--"):
            passphrase = words.pop(0)
        secrets.append((value, of_key(value, passphrase)))
    if len(image) < 100000:
        sys.exit("scan.py: no image of a process")
    found = looked = 0
    for name, forms in secrets:
        for form, pieces in forms:
            looked += len(pieces)
            places = sorted({image.find(p) for p in pieces} - {-1})
            if places:
                found += 1
                print(f"{name}: {form} at", *map(hex, places[:4]))
    print(f"{found} found ({looked} parts of {len(secrets)} secrets, "
          f"{len(image) >> 10} KB)")
    sys.exit(1 if found else 0)


main()
