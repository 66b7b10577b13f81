"""client.py ROOTS PORT - a TLS client as Python 3.13 makes one by default.

Reads lines "accept HOST" or "refuse HOST"; says for each host what happened.
"""
import socket
import ssl
import sys

roots, port = sys.argv[1], int(sys.argv[2])
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.verify_flags |= ssl.VERIFY_X509_STRICT
context.verify_flags |= getattr(ssl, "VERIFY_X509_PARTIAL_CHAIN", 0x80000)
context.load_verify_locations(roots)

for line in sys.stdin:
    host = line.split()[1]
    try:
        with socket.create_connection(("127.0.0.1", port), 10) as plain:
            with context.wrap_socket(plain, server_hostname=host):
                print(host, "accepted")
    except ssl.SSLCertVerificationError as error:
        print(f"{host} refused: {error.verify_message}")
