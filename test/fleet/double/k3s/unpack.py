"""The programs that k3s carries: unpacked by the first subcommand of a version, below the data dir."""
import hashlib
import os

from journal import log
from version import read_version

DEFAULT_FOLDER = "/var/lib/rancher/k3s"


def unpack(data_dir):
    folder = f"{data_dir or DEFAULT_FOLDER}/data/{hashlib.sha256(read_version().encode()).hexdigest()}"
    if os.path.exists(f"{folder}/bin/k3s"):
        return
    try:
        log(f"Preparing data dir {folder}")
        os.makedirs(f"{folder}/bin", exist_ok=True)
        with open(f"{folder}/bin/k3s", "w", encoding="utf-8") as program:
            program.write("unpacked by the test double of k3s\n")
    except PermissionError:
        return  # whoever may not unpack uses what the service has unpacked
