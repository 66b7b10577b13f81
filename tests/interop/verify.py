"""verify.py - what Python's ssl says of chains, as 3.13 is by default.

Reads lines "NAME HOST KEY", hands NAME.chain over in memory, and judges it under
NAME.root.
"""
import ssl
import sys


def client(name):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    context.verify_flags |= getattr(ssl, "VERIFY_X509_PARTIAL_CHAIN", 0x80000)
    context.load_verify_locations(name + ".root")
    return context


def server(name, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_cert_chain(name + ".chain", key)
    return context


def judge(name, host, key):
    pipes = [ssl.MemoryBIO() for _ in range(4)]
    ours = client(name).wrap_bio(pipes[0], pipes[1],
                                         server_hostname=host)
    theirs = server(name, key).wrap_bio(pipes[2], pipes[3], server_side=True)
    for _ in range(10):
        done = True
        for side in (ours, theirs):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                done = False
            pipes[2].write(pipes[1].read())
            pipes[0].write(pipes[3].read())
        if done:
            return


for line in sys.stdin:
    name, host, key = line.split()
    try:
        judge(name, host, key)
        print(name, "yes")
    except ssl.SSLCertVerificationError as error:
        print(name, "no", error.verify_message)
    except ssl.SSLError as error:
        print(name, "no", error)
