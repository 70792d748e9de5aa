"""An HTTP server on loopback, on a thread of its own: what the scripted servers share."""

from __future__ import annotations

import socket
import struct
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class Loopback:
    """A running server on a free port; its handlers find it as `self.server.owner`."""

    def __init__(self, handler: type[Handler]) -> None:
        self._server = _Server(("127.0.0.1", 0), handler)
        self._server.owner = self
        self._thread = Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """The base_url to give to a client."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def close(self) -> None:
        """Stop listening; the port refuses connections from then on."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256
    owner: Any  # a subclass of Loopback

    def handle_error(self, request: Any, client_address: Any) -> None:  # as the base class has it
        """Clients that go away are part of the script."""


class Handler(BaseHTTPRequestHandler):
    """Serves one connection, silently."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def body(self) -> bytes:
        """What the client sent."""
        return self.rfile.read(int(self.headers.get("content-length", 0)))

    def reset(self) -> None:
        """Close with RST instead of FIN."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:  # as the base class has it
        """Say nothing."""
