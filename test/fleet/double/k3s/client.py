"""HTTPS requests, with failures told in the words of Go's standard library."""
import base64
import http.client
import json
import os
import socket
import ssl
import tempfile
from urllib.parse import urlsplit


class Unreachable(Exception):
    """No answer came; the text is what Go's http client would say."""


class Refused(Exception):
    """An answer came, and it was an error."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


def context_of(ca=None, check_name=True, certificate=None, key=None):
    """TLS settings; without `ca` (PEM text) the server is not verified."""
    context = ssl.create_default_context(cadata=ca) if ca else ssl._create_unverified_context()
    context.check_hostname = bool(ca) and check_name
    if certificate:
        context.load_cert_chain(certificate, key)
    return context


def request(url, context, method="GET", body=None, basic=None, headers=None, timeout=5.0):
    """Status and bytes of the answer."""
    connection = connect(url, context, timeout)
    try:
        return exchange(connection, url, method, body, basic, headers)
    finally:
        connection.close()


def request_json(url, context, **options):
    """The parsed answer; statuses of 400 and more are raised as Refused."""
    status, body = request(url, context, **options)
    if status >= 400:
        raise Refused(status, f"{url}: {status} {http.client.responses.get(status, '')}: {_message(body)}")
    return json.loads(body or b"null")


def connect(url, context, timeout):
    parts = urlsplit(url)
    return http.client.HTTPSConnection(parts.hostname, parts.port or 443, context=context, timeout=timeout)


def exchange(connection, url, method, body, basic, headers):
    headers = dict(headers or {})
    if basic:
        headers["Authorization"] = "Basic " + base64.b64encode(":".join(basic).encode()).decode()
    data = json.dumps(body).encode() if body is not None else None
    if data is not None:
        headers.setdefault("Content-Type", "application/json")
    parts = urlsplit(url)
    try:
        connection.request(method, (parts.path or "/") + ("?" + parts.query if parts.query else ""), data, headers)
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(f'{method.capitalize()} "{url}": {_go_words(error, parts.hostname, parts.port or 443)}') from None


def _message(body):
    try:
        return json.loads(body)["message"]
    except (ValueError, KeyError, TypeError):
        return body.decode(errors="replace").strip()


def _go_words(error, host, port):
    address = f"{host}:{port}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "tls: failed to verify certificate: x509: " + _x509_words(error, host, port)
    if isinstance(error, ConnectionRefusedError):
        return f"dial tcp {address}: connect: connection refused"
    if isinstance(error, socket.gaierror):
        return f"dial tcp: lookup {host}: no such host"
    if isinstance(error, TimeoutError):
        return f"dial tcp {address}: i/o timeout"
    if isinstance(error, (ConnectionResetError, BrokenPipeError, ssl.SSLEOFError)):
        return f"read tcp {address}: read: connection reset by peer"
    if isinstance(error, (http.client.RemoteDisconnected, ssl.SSLZeroReturnError)):
        return "EOF"
    return f"dial tcp {address}: connect: {os.strerror(error.errno).lower() if getattr(error, 'errno', None) else error}"


def _x509_words(error, host, port):
    if "IP address mismatch" in str(error) or "Hostname mismatch" in str(error):
        names = certificate_names(host, port)
        return f"certificate is valid for {', '.join(names)}, not {host}"
    if "expired" in str(error) or "not yet valid" in str(error):
        return "certificate has expired or is not yet valid"
    return "certificate signed by unknown authority"


def certificate_names(host, port):
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(ssl.get_server_certificate((host, port), timeout=5))
        file.flush()
        decoded = ssl._ssl._test_decode_cert(file.name)
    return [name for _, name in decoded.get("subjectAltName", ())]
