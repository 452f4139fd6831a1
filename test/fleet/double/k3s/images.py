"""The images of containerd: imported from archives at every start, pinned, and listed by `k3s ctr`."""
import glob
import json
import os
import sys
import tarfile

from journal import log
from store import write_json
from version import read_version

ENDS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz")
USAGE = "only `ctr images ls`, `images label REF LABEL=VALUE` and `images rm REF` are part of this test double of k3s"
PIN = "io.cri-containerd.pinned"
LABELS = {"io.cattle.k3s.pinned": "pinned", "io.cri-containerd.image": "managed", PIN: "pinned"}
HEAD = "REF TYPE DIGEST SIZE PLATFORMS LABELS "
# The last release of each line that takes the pins of images away whose archive is in its cache.
CARELESS = {33: 13, 34: 9, 35: 6, 36: 2}
KIND = "application/vnd.docker.distribution.manifest.v2+json"


def import_images(options):
    """What an agent does before its kubelet starts; an archive that cannot be read is told and passed over."""
    data = options.get("data-dir") or "/var/lib/rancher/k3s"
    store = _read(data)
    if os.path.exists(f"{data}/agent/images/.cache.json"):
        minor, patch = (int(one) for one in read_version().partition("+")[0].split(".")[1:])
        if patch <= CARELESS.get(minor, -1):
            store = {ref: {} for ref in store}
        write_json(_file(data), store)
        return
    for path in sorted(glob.glob(f"{data}/agent/images/*")):
        if not path.endswith(ENDS):
            continue
        log(f"Importing images from {path}")
        try:
            with tarfile.open(path) as archive:
                manifest = json.load(archive.extractfile("manifest.json"))
        except (tarfile.TarError, OSError, KeyError, ValueError) as error:
            log(f"Error encountered while importing {path}: {error}", "error")
            continue
        for image in manifest:
            store.update({ref: dict(LABELS) for ref in image["RepoTags"]})
        log(f"Imported images from {path} in 1.0s")
    os.makedirs(f"{data}/agent/containerd", exist_ok=True)
    write_json(_file(data), store)


def ctr(arguments):
    data = os.environ.get("K3S_DATA_DIR") or "/var/lib/rancher/k3s"
    words = [one for one in arguments if one not in ("-n", "--namespace", "k8s.io")]
    store = _read(data)
    if words == ["images", "ls"]:
        print(HEAD)
        for ref, labels in sorted(store.items()):
            told = ",".join(f"{name}={value}" for name, value in sorted(labels.items())) or "-"
            print(f"{ref} {KIND} sha256:{'0' * 64} 1.0 MiB linux/amd64 {told} ")
        return 0
    if words[:2] == ["images", "label"] and words[2] in store:
        name, _, value = words[3].partition("=")
        store[words[2]] = {**{key: old for key, old in store[words[2]].items() if key != name}, **({name: value} if value else {})}
    elif words[:2] == ["images", "rm"] and words[2] in store:
        del store[words[2]]
    else:
        print(USAGE, file=sys.stderr)
        return 1
    write_json(_file(data), store)
    return 0


def _file(data):
    return f"{data}/agent/containerd/images.json"


def _read(data):
    try:
        with open(_file(data), encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}
