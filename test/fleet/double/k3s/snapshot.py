"""`k3s etcd-snapshot`: saves and lists files that look like those of etcd to whoever asks what one can ask without its tools."""
import datetime
import glob
import hashlib
import os
import socket
import time

from journal import log
from kubectl import kubectl

PAGE = 4096
FIRST_PAGE = bytes.fromhex("00000000000000000000000004000000edda0ced0200000000100000")


def etcd_snapshot(arguments):
    folder = os.path.join(os.environ.get("K3S_DATA_DIR") or "/var/lib/rancher/k3s", "server")
    if arguments[:1] == ["save"]:
        return _save(folder, _option(arguments, "--name") or "on-demand")
    if arguments[:1] in (["ls"], ["list"]):
        return _list(folder)
    log(f"etcd-snapshot {' '.join(arguments[:1])} is not part of this test double of k3s", "fatal")
    return 1


def _save(folder, base):
    try:
        with open(os.path.join(folder, "token"), encoding="utf-8") as file:
            password = file.read().strip().rpartition(":")[2]
    except OSError as error:
        log(f"Error: open {error.filename}: no such file or directory", "fatal")
        return 1
    if not os.path.isdir(os.path.join(folder, "db", "etcd")):
        log("Error: see server log for details: etcd datastore disabled", "fatal")
        return 1
    if kubectl(["get", "--raw", "/livez"]) != 0:
        return 1
    content = f"/bootstrap/{hashlib.sha256(password.encode()).hexdigest()[:12]}\n".encode()
    pages = FIRST_PAGE.ljust(PAGE, b"\0") + content.ljust(PAGE, b"\0")
    name = f"{base}-{socket.gethostname().lower()}-{int(time.time())}"
    snapshots = os.path.join(folder, "db", "snapshots")
    os.makedirs(snapshots, mode=0o700, exist_ok=True)
    with open(os.open(os.path.join(snapshots, name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pages + hashlib.sha256(pages).digest())
    log(f"Snapshot {name} saved.")
    return 0


def _list(folder):
    print("Name Location Size Created")
    for path in sorted(glob.glob(os.path.join(folder, "db", "snapshots", "*"))):
        seen = os.stat(path)
        created = datetime.datetime.fromtimestamp(seen.st_mtime, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        print(os.path.basename(path), f"file://{path}", seen.st_size, created)
    return 0


def _option(arguments, name):
    for at, word in enumerate(arguments):
        if word == name:
            return arguments[at + 1] if at + 1 < len(arguments) else None
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
    return None
