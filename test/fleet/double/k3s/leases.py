"""Leases as the API gives them: those that kubelets renew, and those in kube-system that others create and replace."""
import re
import time

from nodes import LEASES
from serve import ok, status
from store import Conflict

PATH = re.compile(r"/apis/coordination\.k8s\.io/v1/namespaces/([^/]+)/leases(?:/([^/]+))?")
KEPT = "/registry/leases/"


def answer_lease(store, asked, namespace, name):
    if namespace == "kube-node-lease" and asked.method == "GET":
        leases = [_of_node(key[len(LEASES):], lease) for key, (_, lease) in store.list(LEASES).items()]
        return _listed(leases) if name is None else _one(leases, name)
    if namespace != "kube-system" or asked.method not in ("GET", "POST", "PUT"):
        return status(404, "the server could not find the requested resource")
    if asked.method == "GET":
        leases = [_with_version(lease, at) for _, (at, lease) in store.list(KEPT).items()]
        return _listed(leases) if name is None else _one(leases, name)
    return _write(store, asked, asked.json())


def _write(store, asked, wanted):
    metadata = wanted["metadata"]
    key, named = KEPT + metadata["name"], f'leases.coordination.k8s.io "{metadata["name"]}"'
    store.get(key)
    revision, before = store.entries.get(key, [0, None])
    if asked.method == "POST" and before is not None:
        return status(409, f"{named} already exists", "AlreadyExists")
    if asked.method == "PUT" and before is None:
        return status(404, f"{named} not found")
    if asked.method == "PUT":
        revision = int(metadata["resourceVersion"])
    try:
        store.put(key, {**wanted, "metadata": {**metadata, "resourceVersion": None}}, expected=revision)
    except Conflict:
        if asked.method == "POST":
            return status(409, f"{named} already exists", "AlreadyExists")
        return status(409, f"Operation cannot be fulfilled on {named}: the object has been modified; please apply your changes to the latest version and try again", "Conflict")
    written, lease = store.entries[key]
    return ok(_with_version(lease, written))


def _of_node(name, lease):
    renewed = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(lease["renewed"])) + f".{int(lease['renewed'] % 1 * 1e6):06}Z"
    return {
        "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": name, "namespace": "kube-node-lease"},
        "spec": {"holderIdentity": name, "leaseDurationSeconds": 40, "renewTime": renewed},
    }


def _with_version(lease, revision):
    return {**lease, "metadata": {**lease["metadata"], "resourceVersion": str(revision)}}


def _listed(leases):
    return ok({"kind": "LeaseList", "apiVersion": "coordination.k8s.io/v1", "metadata": {}, "items": leases})


def _one(leases, name):
    found = next((lease for lease in leases if lease["metadata"]["name"] == name), None)
    return status(404, f'leases.coordination.k8s.io "{name}" not found') if found is None else ok(found)
