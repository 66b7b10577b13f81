"""server.py - servers on loopback, good and bad, for tests of --connect.

Reads lines "NAME MODE CHAIN KEY [WORD...]" from standard input, listens for
each on a free port and writes "NAME PORT" once all of them listen; then serves
until whoever started it is gone.  CHAIN and KEY are PEM files, or
"-" where MODE does not get to TLS.

MODE is "tls", a protocol of --starttls, or one of those below that never get
to TLS.  WORDs: "tls12" and "tls13" allow nothing else, "asks" wants a
certificate of its client, "six" listens on ::1, "no" does not offer or refuses
STARTTLS, "more" says more than the reply, before TLS begins.
"""

import os
import socket
import ssl
import sys
import threading
import time


def line(wire):
    """Reads up to the end of a line."""
    got = b""
    while not got.endswith(b"\n"):
        byte = wire.recv(1)
        if not byte:
            raise ConnectionError
        got += byte
    return got


def exactly(wire, size):
    got = b""
    while len(got) < size:
        part = wire.recv(size - len(got))
        if not part:
            raise ConnectionError
        got += part
    return got


def until(wire, text):
    got = b""
    while text not in got:
        part = wire.recv(1)
        if not part:
            raise ConnectionError
        got += part


def wanted(wire, text):
    got = line(wire)
    if got.rstrip(b"\r\n").upper() != text:
        raise ConnectionError(got)


def smtp(wire, words):
    wire.sendall(b"220-mail.test ESMTP\r\n220 hello\r\n")
    if not line(wire).startswith(b"EHLO "):
        raise ConnectionError
    offer = b"" if "no" in words else b"250-STARTTLS\r\n"
    wire.sendall(b"250-mail.test\r\n250-SIZE 1000\r\n" + offer + b"250 HELP\r\n")
    wanted(wire, b"STARTTLS")
    more = b"250 injected\r\n" if "more" in words else b""
    wire.sendall(b"220 go ahead\r\n" + more)


def imap(wire, words):
    wire.sendall(b"* OK IMAP4rev1 ready\r\n")
    tag, command = line(wire).split()
    if command.upper() != b"STARTTLS":
        raise ConnectionError
    answer = b" NO not here\r\n" if "no" in words else b" OK begin\r\n"
    wire.sendall(b"* CAPABILITY IMAP4rev1\r\n" + tag + answer)


def pop3(wire, words):
    wire.sendall(b"+OK ready\r\n")
    wanted(wire, b"STLS")
    wire.sendall(b"-ERR no\r\n" if "no" in words else b"+OK begin\r\n")


def ftp(wire, words):
    wire.sendall(b"220 ready\r\n")
    wanted(wire, b"AUTH TLS")
    wire.sendall(b"502 no\r\n" if "no" in words else b"234 begin\r\n")


def ldap(wire, words):
    head = exactly(wire, 2)
    request = exactly(wire, head[1])
    if head[0] != 0x30 or b"1.3.6.1.4.1.1466.20037" not in request:
        raise ConnectionError
    result = 0x34 if "no" in words else 0
    body = bytes([0x0A, 1, result, 0x04, 0, 0x04, 0])
    message = bytes([0x02, 1, 1, 0x78, len(body)]) + body
    wire.sendall(bytes([0x30, 0x84, 0, 0, 0, len(message)]) + message)


def postgres(wire, words):
    if exactly(wire, 8) != b"\x00\x00\x00\x08\x04\xd2\x16\x2f":
        raise ConnectionError
    wire.sendall(b"N" if "no" in words else b"S")


def mysql(wire, words):
    can = 0xF7FF if "no" in words else 0xFFFF
    greeting = (
        b"\x0a8.0.0-test\x00"
        + b"\x01\x00\x00\x00"
        + b"saltsalt\x00"
        + bytes([can & 0xFF, can >> 8])
        + b"\x2d\x02\x00\xff\xc1\x15"
        + bytes(10)
        + b"saltsaltsalt\x00"
    )
    wire.sendall(len(greeting).to_bytes(3, "little") + b"\x00" + greeting)
    head = exactly(wire, 4)
    request = exactly(wire, int.from_bytes(head[:3], "little"))
    if len(request) != 32 or head[3] != 1 or not request[1] & 0x08:
        raise ConnectionError


def xmpp(wire, words):
    until(wire, b"jabber:client")
    until(wire, b">")
    offer = b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
    wire.sendall(
        b"<?xml version='1.0'?><stream:stream from='x' id='1' version='1.0' "
        b"xmlns='jabber:client' "
        b"xmlns:stream='http://etherx.jabber.org/streams'><stream:features>"
        + (b"<bind/>" if "no" in words else offer)
        + b"</stream:features>"
    )
    until(wire, b"/>")
    wire.sendall(b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")


def silent(wire, words):
    time.sleep(30)


def closes(wire, words):
    """Reads what was said first: what is left unread would be a reset."""
    wire.recv(65536)


def says(text):
    def talk(wire, words):
        wire.sendall(text)
        time.sleep(2)

    return talk


def floods(wire, words):
    while True:
        wire.sendall(b"220-" + b"x" * 10000)


def drips(wire, words):
    """A byte now and then, and never a whole line."""
    while True:
        wire.sendall(b"2")
        time.sleep(0.2)


DIALOGUES = {
    "smtp": smtp,
    "imap": imap,
    "pop3": pop3,
    "ftp": ftp,
    "ldap": ldap,
    "postgres": postgres,
    "mysql": mysql,
    "xmpp": xmpp,
}
DEAD_ENDS = {
    "silent": silent,
    "closes": closes,
    "http": says(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    "ssh": says(b"SSH-2.0-test\r\n"),
    "greets": says(b"220 mail.test ESMTP\r\n"),
    "garbage": says(bytes(range(255, 55, -1))),
    "record": says(b"\x16\x03\x03\x00\x04\xff\xff\xff\xff"),
    "floods": floods,
    "drips": drips,
}


def tls_context(chain, key, words):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    if "tls12" in words:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    if "tls13" in words:
        context.minimum_version = ssl.TLSVersion.TLSv1_3
    if "asks" in words:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(chain)
    return context


def answer(wire, mode, context, words):
    try:
        if mode in DEAD_ENDS:
            DEAD_ENDS[mode](wire, words)
            return
        if mode in DIALOGUES:
            DIALOGUES[mode](wire, words)
        with context.wrap_socket(wire, server_side=True) as tls:
            tls.recv(1)
    except (OSError, ValueError):
        pass
    finally:
        wire.close()


def serve(listener, *how):
    while True:
        wire, _ = listener.accept()
        threading.Thread(target=answer, args=(wire, *how), daemon=True).start()


def main():
    ports = []
    for row in sys.stdin:
        name, mode, chain, key, *words = row.split()
        family = socket.AF_INET6 if "six" in words else socket.AF_INET
        listener = socket.socket(family)
        listener.bind(("::1" if "six" in words else "127.0.0.1", 0))
        listener.listen()
        context = None if chain == "-" else tls_context(chain, key, words)
        ports.append(f"{name} {listener.getsockname()[1]}")
        threading.Thread(
            target=serve, args=(listener, mode, context, words), daemon=True
        ).start()
    parent = os.getppid()
    print("\n".join(ports), flush=True)
    while os.getppid() == parent:
        time.sleep(1)


main()
