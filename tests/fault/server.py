"""server.py - a TLS server that presents what was last put before it.

The probe of minica apply asks it, in scenes whose reload copies files there.
"""

import socket
import ssl
import threading


class Server:
    """Serves CHAIN and KEY, BASE.crt and BASE.key, as they are by then."""

    def __init__(self, base):
        self.base = base
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def close(self):
        self.listening.close()

    def serve(self):
        while True:
            try:
                peer, _ = self.listening.accept()
            except OSError:
                return  # closed
            with peer:
                self.greet(peer)

    def greet(self, peer):
        """A handshake; whoever does not come through is told by the close."""
        peer.settimeout(5)
        try:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.base + ".crt", self.base + ".key")
            with context.wrap_socket(peer, server_side=True) as stream:
                stream.recv(1)
        except OSError:
            pass  # nothing is served yet, or the other side is gone
