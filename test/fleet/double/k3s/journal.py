"""Log lines of the shape that K3s writes, and the readiness message to systemd."""
import os
import socket
import sys
import threading
import time

_lock = threading.Lock()


class Fatal(Exception):
    """Ends the program with K3s's last line and status 1."""


class Shutdown(Exception):
    """Ends the program in K3s's own way: an error, and status 0."""


def log(message, level="info"):
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    quoted = message.replace("\\", "\\\\").replace('"', '\\"')
    with _lock:
        sys.stderr.write(f'time="{now}" level={level} msg="{quoted}"\n')
        sys.stderr.flush()


def notify_ready():
    """Tells systemd (Type=notify) that the unit is active; without systemd it does nothing."""
    path = os.environ.get("NOTIFY_SOCKET")
    if not path:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.connect("\0" + path[1:] if path[0] == "@" else path)
        channel.send(b"READY=1")
