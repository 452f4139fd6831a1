"""HTTPS server: one thread a connection, client certificates asked for, and demanded where told so."""
import base64
import json
import socket
import ssl
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from journal import Fatal

HANDSHAKE_SECONDS = 5
# Beyond what a test waits for: what ends idle streams in a test is what lies between.
IDLE_SECONDS = 3600


@dataclass
class Request:
    method: str
    path: str
    query: dict
    headers: object
    body: bytes
    client: tuple
    certificate: dict
    """Subject of the client's certificate, empty without one."""
    basic: tuple
    """User and password, or None."""

    def json(self):
        return json.loads(self.body or b"null")


REASONS = {400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 500: "InternalError", 503: "ServiceUnavailable"}


def status(code, message, reason=None):
    """A Kubernetes Status answer, written as Go writes it."""
    document = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message, "reason": reason or REASONS[code], "code": code}
    return code, "application/json", json.dumps(document, separators=(",", ":")).encode() + b"\n"


def of_k3s(code, message):
    """The same from K3s's own supervisor, which leaves out the version."""
    _, kind, body = status(code, message)
    return code, kind, body.replace(b'"apiVersion":"v1",', b"")


def ok(document):
    return 200, "application/json", json.dumps(document).encode()


def text(content, code=200):
    return code, "text/plain", content if isinstance(content, bytes) else content.encode()


class PlainServer(ThreadingHTTPServer):
    """The same without TLS."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, address, answer):
        self.answer = answer
        try:
            super().__init__(address, _Handler)
        except OSError as error:
            raise Fatal(f"preparing server: failed to start supervisor listener: listen tcp {address[0].replace('0.0.0.0', '')}:{address[1]}: bind: {error.strerror.lower()}") from None
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def end(self):
        self.shutdown()
        self.server_close()


class TlsServer(PlainServer):
    def __init__(self, address, certificate, key, client_ca, answer, demanded=False):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.context.load_verify_locations(client_ca)
        self.context.verify_mode = ssl.CERT_REQUIRED if demanded else ssl.CERT_OPTIONAL
        self.context.set_alpn_protocols(["http/1.1"])
        super().__init__(address, answer)

    def finish_request(self, request, client_address):
        request.settimeout(HANDSHAKE_SECONDS)
        try:
            secured = self.context.wrap_socket(request, server_side=True)
        except (OSError, ssl.SSLError):
            return
        secured.settimeout(IDLE_SECONDS)
        try:
            self.RequestHandlerClass(secured, client_address, self)
        except (OSError, ssl.SSLError):
            pass
        finally:
            secured.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def _serve(self):
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        shown = self.connection.getpeercert() if isinstance(self.connection, ssl.SSLSocket) else None
        subject = {key: value for one in (shown or {}).get("subject", ()) for key, value in one}
        asked = Request(
            self.command, parts.path, {key: values[-1] for key, values in parse_qs(parts.query).items()}, self.headers,
            self.rfile.read(length), self.client_address, subject, _basic(self.headers.get("Authorization")),
        )
        code, kind, body = self.server.answer(asked)
        self.send_response(code)
        self.send_header("Content-Type", kind)
        if isinstance(body, bytes):
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for part in body:
            self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve


def _basic(header):
    if not header or not header.startswith("Basic "):
        return None
    user, _, password = base64.b64decode(header[6:]).decode().partition(":")
    return user, password


def own_address(towards):
    """Address of this host on the way to `towards`."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect((towards, 9))
        return probe.getsockname()[0]
