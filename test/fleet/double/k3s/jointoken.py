"""Tokens in both forms, and the first two steps of joining: fetch the CA, check it against the token."""
import hashlib
import os
import re
import time

from client import Unreachable, context_of, request
from journal import Fatal, log

NO_HASH = (
    "Cluster CA certificate is not trusted by the host CA bundle, but the token does not include a CA hash. "
    "Use the full token from the server's node-token file to enable Cluster CA validation."
)


def read_token(options, name="token"):
    """Value of token-file or token; empty when neither is given."""
    path = options.get(f"{name}-file")
    if not path:
        return options.get(name, "")
    for _ in range(240):
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                return file.read().strip()
        log(f'Waiting for file "{path}" to be created')
        time.sleep(1)
    raise Fatal(f"open {path}: no such file or directory")


def parse_token(token):
    """CA hash (or None) and password."""
    if not token:
        raise ValueError("token must not be empty")
    if not token.startswith("K10"):
        return None, token
    digest, separator, rest = token[3:].partition("::")
    if len(digest) != 64:
        raise ValueError("invalid token CA hash length")
    if not separator or not re.fullmatch(r"(server|node):.+", rest):
        raise ValueError("invalid token format")
    return digest, rest.partition(":")[2]


def ca_hash(pem):
    return hashlib.sha256(pem.encode()).hexdigest()


def full_token(pem, user, password):
    return f"K10{ca_hash(pem)}::{user}:{password}\n"


def fetch_ca(url, token):
    """CA of the cluster at `url` as PEM, checked if the token says how. ValueError or Unreachable tell what is wrong."""
    digest, _ = parse_token(token)
    try:
        status, body = request(f"{url}/cacerts", context_of())
    except Unreachable as error:
        raise Unreachable(f"failed to get CA certs: {error}") from None
    if status != 200:
        raise Unreachable(f"failed to get CA certs: {url}/cacerts: {status} {'Service Unavailable' if status == 503 else ''}".rstrip())
    pem = body.decode()
    if digest is None:
        log(NO_HASH, "warning")
    elif digest != ca_hash(pem):
        raise ValueError(f"token CA hash does not match the Cluster CA certificate hash: {digest} != {ca_hash(pem)}")
    return pem


def check_url(url):
    if not url.startswith("https://"):
        raise Fatal(f"only https:// URLs are supported, invalid scheme: {url}")
    return url.rstrip("/")
