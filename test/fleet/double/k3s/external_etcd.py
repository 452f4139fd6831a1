"""An etcd cluster of others, over its JSON gateway: what K3s keeps there, shared by all servers. https://etcd.io/docs/v3.4/dev-guide/api_grpc_gateway/"""
import base64
import http.client
import json
import ssl
import threading
import time
import urllib.parse

from journal import Fatal, log
from store import Conflict, Store, Unavailable

ALL = base64.b64encode(b"\0").decode()
TRIES = 5


class ExternalEtcdStore(Store):
    """A deleted key keeps `null` as its value, so that its revision stays known."""

    def __init__(self, endpoint, tls, settings):
        super().__init__()
        self.settings = settings
        self.lock = threading.RLock()
        self.failure = "datastore not connected"
        self.places = [urllib.parse.urlsplit(part.strip()) for part in endpoint.split(",")]
        self.context = _context(tls)
        self._connect_first()
        threading.Thread(target=self._poll, daemon=True).start()

    def problem(self):
        return self.failure

    def put(self, key, value, expected=None):
        while True:
            try:
                return self._write(key, value, expected)
            except Conflict:
                if expected is not None:
                    raise

    def _write(self, key, value, expected):
        with self.lock:
            before = self.entries.get(key, [0, None])[0] if expected is None else expected
            name = base64.b64encode(key.encode()).decode()
            content = base64.b64encode(json.dumps(value).encode()).decode()
            try:
                answer = self._ask("/v3/kv/txn", {
                    "compare": [{"key": name, "target": "MOD", "result": "EQUAL", "mod_revision": str(before)}],
                    "success": [{"request_put": {"key": name, "value": content}}],
                })
                self._read()
            except (OSError, http.client.HTTPException) as error:
                self._lost(error)
                raise Unavailable(self.failure) from error
            if not answer.get("succeeded"):
                raise Conflict(key)

    def _connect_first(self):
        for _ in range(TRIES):
            try:
                self._read()
                self.failure = None
                return
            except (OSError, http.client.HTTPException) as error:
                log(f"Failed to test etcd connection: {_reason(error)}", "warning")
                time.sleep(1)
                last = _reason(error)
        raise Fatal(f"preparing server: failed to bootstrap cluster data: context deadline exceeded: {last}")

    def _read(self):
        with self.lock:
            found = self._ask("/v3/kv/range", {"key": ALL, "range_end": ALL, "min_mod_revision": str(self.revision + 1)})
            for item in sorted(found.get("kvs", []), key=lambda item: int(item["mod_revision"])):
                key = base64.b64decode(item["key"]).decode()
                self.apply(int(item["mod_revision"]), key, json.loads(base64.b64decode(item.get("value", "bnVsbA=="))))

    def _ask(self, path, body):
        failure = OSError("no endpoint")
        for place in self.places:
            try:
                connection = (
                    http.client.HTTPSConnection(place.hostname, place.port or 2379, timeout=3, context=self.context)
                    if place.scheme == "https"
                    else http.client.HTTPConnection(place.hostname, place.port or 2379, timeout=3)
                )
                connection.request("POST", path, json.dumps(body))
                answer = connection.getresponse()
                text = answer.read()
                connection.close()
                if answer.status != 200:
                    raise OSError(f"etcd answers {answer.status}: {text.decode(errors='replace')[:200]}")
                return json.loads(text)
            except (OSError, http.client.HTTPException) as error:
                failure = error
        raise failure

    def _poll(self):
        while True:
            time.sleep(self.settings["poll"])
            try:
                self._read()
                self.failure = None
            except (OSError, http.client.HTTPException) as error:
                self._lost(error)

    def _lost(self, error):
        if not self.failure:
            log(f"Failed to test etcd connection: {_reason(error)}", "warning")
        self.failure = f"datastore: {_reason(error)}"


def _context(tls):
    try:
        context = ssl.create_default_context(cafile=tls.get("ca"))
        if tls.get("cert"):
            context.load_cert_chain(tls["cert"], tls.get("key"))
        return context
    except FileNotFoundError:
        missing = next(path for path in tls.values() if not _is_there(path))
        raise Fatal(f"preparing server: creating storage endpoint: open {missing}: no such file or directory") from None
    except ssl.SSLError as error:
        raise Fatal(f"preparing server: creating storage endpoint: tls: {error.reason}") from None


def _is_there(path):
    try:
        with open(path, "rb"):
            return True
    except OSError:
        return False


def _reason(error):
    if isinstance(error, ssl.SSLCertVerificationError):
        return "authentication handshake failed: tls: failed to verify certificate: x509: certificate signed by unknown authority"
    if isinstance(error, ssl.SSLError):
        return f"authentication handshake failed: remote error: tls: {error.reason}"
    return str(error)
