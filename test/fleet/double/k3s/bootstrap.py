"""Where a server's CAs, token and settings come from: made new, read from disk, from another server or from the datastore."""
import hashlib
import json
import os
import secrets
import time

from certs import decrypt, encrypt, make_authority
from client import Refused, Unreachable, context_of, request_json
from jointoken import fetch_ca, parse_token
from journal import Fatal, log
from store import Conflict

AUTHORITIES = {
    "server-ca": "k3s-server-ca", "client-ca": "k3s-client-ca", "request-header-ca": "k3s-request-header-ca",
    "etcd/server-ca": "etcd-server-ca", "etcd/peer-ca": "etcd-peer-ca",
}
BOOTSTRAP = "/bootstrap/"
CRITICAL_SWITCHES = (
    "disable-cloud-controller", "disable-helm-controller", "disable-network-policy", "embedded-registry", "flannel-external-ip",
    "flannel-ipv6-masq", "secrets-encryption", "supervisor-metrics",
)
CRITICAL_VALUES = {
    "cluster-cidr": "10.42.0.0/16", "service-cidr": "10.43.0.0/16", "cluster-dns": "10.43.0.10", "cluster-domain": "cluster.local",
    "egress-selector-mode": "agent", "flannel-backend": "vxlan", "secrets-encryption-provider": "aescbc",
}


def critical_values(options):
    """What must be equal on all servers, by the tag that the log shows."""
    text = lambda value: ",".join(value) if isinstance(value, list) else value
    values = {name: text(options.get(name, default)) for name, default in CRITICAL_VALUES.items()}
    values.update({name: bool(options.get(name)) for name in CRITICAL_SWITCHES})
    values["disable-service-lb"] = "servicelb" in ",".join(options.get("disable", [])).split(",")
    return values


def read_files(tls):
    """Relative name to text of what servers share; None unless all is there."""
    files = {}
    for name in [*(f"{one}.{ending}" for one in AUTHORITIES for ending in ("crt", "key")), "service.key"]:
        path = os.path.join(tls, name)
        if not os.path.exists(path):
            return None
        with open(path, encoding="utf-8") as file:
            files[name] = file.read()
    return files


def write_files(tls, files):
    for name, content in files.items():
        path = os.path.join(tls, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600 if name.endswith(".key") else 0o644), "w", encoding="utf-8") as file:
            file.write(content)


def make_files(tls):
    for path, name in AUTHORITIES.items():
        subject = make_authority(os.path.join(tls, path + ".crt"), os.path.join(tls, path + ".key"), name)
        log(f"generated self-signed CA certificate CN={subject}: notBefore={_date(0)} notAfter={_date(3650)}")
    write_files(tls, {"service.key": secrets.token_hex(32) + "\n"})
    return read_files(tls)


def fetch_from_server(url, token, own_critical):
    """Bootstrap data of the cluster that `url` leads to. Every failure is fatal; systemd tries again."""
    try:
        pem = fetch_ca(url, token)
    except (Unreachable, ValueError) as error:
        raise Fatal(f"preparing server: failed to validate token: {error}") from None
    try:
        data = request_json(f"{url}/v1-k3s/server-bootstrap", context_of(pem), basic=("server", parse_token(token)[1]))
    except (Unreachable, Refused) as error:
        if isinstance(error, Refused) and error.status == 401:
            log("Skipping cluster configuration validation: not authorized", "warning")
            raise Fatal("preparing server: failed to bootstrap cluster data: not authorized") from None
        raise Fatal(f"preparing server: failed to bootstrap cluster data: {error}") from None
    mismatched = [tag for tag, value in own_critical.items() if data["critical"].get(tag) != value]
    for tag in mismatched:
        log(f"critical configuration mismatched: {tag}", "warning")
    if mismatched:
        raise Fatal(
            "preparing server: failed to bootstrap cluster data: failed to validate server configuration: "
            "critical configuration value mismatch between servers"
        )
    return pem, data


def share_through_datastore(store, tls, token, tokenless):
    """External datastore: the first server stores its files encrypted by the token, the others read them."""
    digest = _token_key(token)
    for attempt in range(30):
        found = store.list(BOOTSTRAP)
        if found and BOOTSTRAP + digest not in found:
            if tokenless and read_files(tls) is None:
                make_files(tls)
            raise Fatal("preparing server: bootstrap data already found and encrypted with different token")
        content = found.get(BOOTSTRAP + digest, (0, None))[1]
        if content:
            return _take(tls, content, token)
        if content is None:
            try:
                store.put(BOOTSTRAP + digest, "", expected=0)
            except Conflict:
                continue
            log("Bootstrap key locked for initial create")
            files = read_files(tls) or make_files(tls)
            log("Saving cluster bootstrap data to datastore")
            store.put(BOOTSTRAP + digest, encrypt(json.dumps(files), token))
            return files
        if attempt == 0:
            log("Bootstrap key already locked - waiting for data to be populated by another server")
        time.sleep(0.5)
    raise Fatal("preparing server: no bootstrap data found in datastore - check server token value and verify datastore integrity")


def _take(tls, content, token):
    plain = decrypt(content, token)
    if plain is None:
        raise Fatal("preparing server: bootstrap data already found and encrypted with different token")
    files = json.loads(plain)
    differing = [os.path.join(tls, name) for name, text in (read_files(tls) or {}).items() if files.get(name) != text]
    if differing:
        raise Fatal(
            f"preparing server: {', '.join(differing)} newer than datastore and could cause a cluster outage. "
            "Remove the file(s) from disk and restart to be recreated from datastore."
        )
    write_files(tls, files)
    return files


def _token_key(token):
    return hashlib.sha256(token.encode()).hexdigest()[:12]


def _date(days):
    return time.strftime("%Y-%m-%d %H:%M:%S +0000 UTC", time.gmtime(time.time() + days * 86400))
