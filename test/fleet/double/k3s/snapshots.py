"""`k3s etcd-snapshot`, and what a reset makes of a snapshot: the state of etcd in a file that begins and ends as one of etcd's does."""
import hashlib
import json
import os
import shutil
import sys
import time

from etcd import MEMBERS
from etcd_http import CLUSTER, number
from jointoken import parse_token
from journal import Fatal, Shutdown, log
from nodes import node_name
from options import load_options
from store import write_json

PAGE = 4096
FIRST_PAGE = bytes.fromhex("00000000000000000000000004000000edda0ced0200000000100000")
START = "starting kubernetes: failed to start cluster: start managed database: "


def etcd_snapshot(arguments):
    """All words go to standard error, as with the real one; only `ls` prints on standard output."""
    verb, rest = (arguments or [""])[0], arguments[1:]
    options = load_options("server", [], os.environ)
    server = os.path.join(options.get("data-dir", "/var/lib/rancher/k3s"), "server")
    folder = options.get("etcd-snapshot-dir") or os.path.join(server, "db", "snapshots")
    state = os.path.join(server, "db", "etcd", "member", "wal", "state.json")
    try:
        with open(os.path.join(server, "token"), encoding="utf-8") as file:
            password = parse_token(file.read().strip())[1]
    except FileNotFoundError as error:
        log(f"Error: open {error.filename}: no such file or directory", "fatal")
        return 1
    if verb == "save":
        base = rest[rest.index("--name") + 1] if "--name" in rest else "on-demand"
        name = f"{base}-{node_name(options)}-{int(time.time())}"
        with open(state, encoding="utf-8") as file:
            image = _image(file.read(), _token_hash(password))
        os.makedirs(folder, mode=0o700, exist_ok=True)
        with open(os.open(os.path.join(folder, name), os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            file.write(image)
        log(f"Snapshot {name} saved.")
        return 0
    files = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    if verb in ("ls", "list"):
        print("Name Location Size Created")
        for name in files:
            path = os.path.join(folder, name)
            print(f"{name} file://{path} {os.path.getsize(path)} {time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(os.path.getmtime(path)))}")
        return 0
    if verb == "delete":
        for name in [one for one in rest if not one.startswith("-")]:
            if name in files:
                os.remove(os.path.join(folder, name))
                log(f"Snapshot {name} deleted.")
            else:
                log(f"Snapshot {name} not found.", "warning")
        return 0
    print(f"k3s etcd-snapshot {verb} is not part of this test double of k3s", file=sys.stderr)
    return 1


def reset(server):
    """`server --cluster-reset --cluster-reset-restore-path`: this server alone with the data of the snapshot. Ends the program."""
    options, database = server.options, os.path.dirname(server.etcd_folder)
    flag, path = os.path.join(database, "reset-flag"), options.get("cluster-reset-restore-path")
    if options.get("server"):
        raise Fatal("cannot perform cluster-reset while server URL is set - remove server from configuration before resetting")
    if os.path.exists(flag):
        raise Fatal(f"{START}Managed etcd cluster membership was previously reset, please remove the cluster-reset flag and start k3s normally.")
    if options.get("etcd-s3"):
        raise Fatal(f"{START}S3 is not part of this test double of k3s")
    if not path or not os.path.exists(path):
        raise Fatal(f"{START}etcd: snapshot path does not exist: {path}")
    with open(path, "rb") as file:
        image = file.read()
    with open(os.path.join(server.folder, "token"), encoding="utf-8") as file:
        password = parse_token(file.read().strip())[1]
    # An empty file makes an empty cluster, as with the real one.
    revision, entries = _state(image, password) if image else (0, {})
    shutil.move(server.etcd_folder, f"{server.etcd_folder}-old-{int(time.time())}")
    name, member_id = server._etcd_identity()
    entries[MEMBERS] = [revision + 1, [{"id": member_id, "name": name, "address": server.address, "learner": False}]]
    entries[CLUSTER] = [revision + 2, number(f"cluster {name}")]
    state = os.path.join(server.etcd_folder, "member", "wal", "state.json")
    os.makedirs(os.path.dirname(state))
    write_json(state, [revision + 2, entries])
    with open(flag, "w", encoding="utf-8"):
        pass
    raise Shutdown(
        "Managed etcd cluster membership has been reset, restart without --cluster-reset flag now. "
        "Backup and delete ${datadir}/server/db on each peer etcd server and rejoin the nodes"
    )


def _image(state, token_hash):
    content = f"/bootstrap/{token_hash}\n{state}\n".encode()
    pages = bytearray(PAGE * (1 + -(-len(content) // PAGE)))
    pages[: len(FIRST_PAGE)] = FIRST_PAGE
    pages[PAGE : PAGE + len(content)] = content
    return bytes(pages) + hashlib.sha256(pages).digest()


def _state(image, password):
    head, _, rest = image[PAGE:-32].partition(b"\n")
    if head.decode() != f"/bootstrap/{_token_hash(password)}":
        raise Fatal("preparing server: failed to bootstrap cluster data: bootstrap data already found and encrypted with different token")
    return json.loads(rest.partition(b"\n")[0])


def _token_hash(password):
    return hashlib.sha256(password.encode()).hexdigest()[:12]
