"""The one certificate that all servers of a cluster show: its names are those of all of them, and never become fewer."""
import hashlib
import json
import os

from certs import issue

SECRET = "/registry/secrets/kube-system/k3s-serving"


class Serving:
    """Files of one server, kept as the datastore says; `servers` are listeners that have to show them."""

    def __init__(self, tls, names):
        self.tls = tls
        self.names = names
        self.servers = []
        self.shown = None
        # Until the datastore answers, the server shows what it showed last, or a certificate of its own.
        if not os.path.exists(self.path("crt")):
            self._make(names)

    def path(self, name):
        return os.path.join(self.tls, f"serving-kube-apiserver.{name}")

    def follow(self, store):
        """Adds the own names to the secret, and shows what it holds."""
        secret = store.get(SECRET)
        if secret is None or not set(self.names) <= set(secret["names"]):
            secret = store.update(SECRET, self._joined)
        if secret["crt"] != self.shown:
            self.shown = secret["crt"]
            for ending in ("crt", "key"):
                with open(self.path(ending), "w", encoding="utf-8") as file:
                    file.write(secret[ending])
            self._write_names(secret["names"])
            for server in self.servers:
                server.context.load_cert_chain(self.path("crt"), self.path("key"))

    def _joined(self, secret):
        names = list(dict.fromkeys([*(secret or {"names": []})["names"], *self.names]))
        if secret is not None and len(names) == len(secret["names"]):
            return secret
        self._make(names)
        return {"names": names, "crt": _read(self.path("crt")), "key": _read(self.path("key"))}

    def _make(self, names):
        issue(os.path.join(self.tls, "server-ca"), self.path("crt"), self.path("key"), "/O=k3s/CN=k3s", "serverAuth,clientAuth", names)
        self._write_names(names)

    def _write_names(self, names):
        annotations = {_annotation(name): name for name in names}
        with open(os.path.join(self.tls, "dynamic-cert.json"), "w", encoding="utf-8") as file:
            json.dump({"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "k3s-serving", "namespace": "kube-system", "annotations": annotations}}, file)


def _annotation(name):
    """A colon cannot stand in a key."""
    key = f"listener.cattle.io/cn-{name}"
    return key if ":" not in key else f"{key.replace(':', '_')}-{hashlib.sha256(key.encode()).hexdigest()[:6]}"


def _read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()
