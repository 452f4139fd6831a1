"""Node objects: registration, readiness, the table that kubectl prints."""
import hashlib
import json
import os
import platform
import socket
import time
import uuid

from etcd import MEMBERS, remove_member
from flags import SECRETS
from options import node_arguments
from version import read_version

NODES = "/registry/nodes/"
LEASES = "/leases/"
PASSWORDS = "/registry/node-passwords/"
ROLE = "node-role.kubernetes.io/"
REMOVE = "etcd.k3s.cattle.io/remove"
REJECTED = (
    "Node password rejected, duplicate hostname or contents of '/etc/rancher/node/password' may not match server node-passwd entry, "
    "try enabling a unique node name with the --with-node-id flag"
)


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def node_of(member_name):
    return member_name.rpartition("-")[0]


def name_member(node, member_name):
    node["metadata"]["annotations"]["etcd.k3s.cattle.io/node-name"] = member_name
    return node


def describe_node(role, options, arguments, address, embedded_etcd):
    """The Node as its own host knows it."""
    name = node_name(options)
    version = read_version()
    labels = {
        "beta.kubernetes.io/arch": "amd64", "beta.kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", "kubernetes.io/os": "linux",
        "kubernetes.io/hostname": name, "node.kubernetes.io/instance-type": "k3s",
    }
    if role == "server" and not options.get("disable-apiserver"):
        labels[ROLE + "control-plane"] = "true"
        if int(version.split(".")[1]) <= 33:
            labels[ROLE + "master"] = "true"
    if embedded_etcd:
        labels[ROLE + "etcd"] = "true"
    labels.update(one.partition("=")[::2] for item in options.get("node-label", []) for one in item.split(","))
    arguments = _mask(node_arguments(role, arguments, os.environ))
    annotations = {
        "k3s.io/hostname": socket.gethostname(), "k3s.io/internal-ip": address, "k3s.io/node-args": json.dumps(arguments),
        "k3s.io/node-config-hash": hashlib.sha256(json.dumps(arguments).encode()).hexdigest()[:52].upper() + "====", "k3s.io/node-env": "{}",
    }
    if embedded_etcd:
        annotations["etcd.k3s.cattle.io/node-address"] = address
        annotations["etcd.k3s.cattle.io/node-name"] = embedded_etcd
    addresses = [{"type": "InternalIP", "address": address}]
    addresses += [{"type": "ExternalIP", "address": one} for one in options.get("node-external-ip", [])]
    return {
        "apiVersion": "v1", "kind": "Node",
        "metadata": {"name": name, "labels": labels, "annotations": annotations},
        "spec": {"providerID": f"k3s://{name}", "taints": [_taint(one) for one in options.get("node-taint", [])]},
        "status": {
            "addresses": [*addresses, {"type": "Hostname", "address": name}],
            "capacity": {"cpu": str(os.cpu_count()), "pods": "110"}, "allocatable": {"cpu": str(os.cpu_count()), "pods": "110"},
            "nodeInfo": {
                "architecture": "amd64", "bootID": _line("/proc/sys/kernel/random/boot_id"), "containerRuntimeVersion": "containerd://2.3.2-k3s2",
                "kernelVersion": platform.release(), "kubeletVersion": version, "kubeProxyVersion": version, "machineID": _line("/etc/machine-id"),
                "operatingSystem": "linux", "osImage": "Debian GNU/Linux 12 (bookworm)", "systemUUID": "",
            },
        },
    }


def node_name(options):
    return (options.get("node-name") or socket.gethostname()).lower()


def node_password():
    """The host's own secret, made once."""
    path = "/etc/rancher/node/password"
    if not os.path.exists(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.write(uuid.uuid4().hex + "\n")
    return _line(path)


def check_password(store, name, password):
    """True when `name` is new or was registered with this password."""
    digest = hashlib.sha256(password.encode()).hexdigest()
    return store.update(PASSWORDS + name, lambda known: known or digest) == digest


def register_node(store, fresh):
    """A new Node is NotReady; one that is known keeps its identity, its cordon and what others wrote into it."""

    def change(node):
        if node is None:
            return {
                **fresh,
                "metadata": {**fresh["metadata"], "uid": str(uuid.uuid4()), "creationTimestamp": now()},
                "status": {**fresh["status"], "conditions": [_ready("False", "KubeletNotReady", "container runtime network not ready: cni plugin not initialized")]},
            }
        metadata = node["metadata"]
        metadata["labels"] = {**{k: v for k, v in metadata["labels"].items() if not k.startswith(ROLE)}, **fresh["metadata"]["labels"]}
        metadata["annotations"] = {**metadata["annotations"], **fresh["metadata"]["annotations"]}
        node["status"] = {**fresh["status"], "conditions": node["status"]["conditions"]}
        return node

    store.update(NODES + fresh["metadata"]["name"], change)


def renew_lease(store, name, started):
    """A sign of life; `started` is when the kubelet began, in seconds since 1970."""
    if store.get(NODES + name) is not None:
        store.put(LEASES + name, {"renewed": time.time(), "started": started})


def remove_annotated(store):
    """Takes the members out whose nodes are annotated so; their servers run on."""
    for key, (_, node) in store.list(NODES).items():
        annotations = node["metadata"]["annotations"]
        member = annotations.get("etcd.k3s.cattle.io/node-name")
        if annotations.get(REMOVE) == "true" and member in [one["name"] for one in store.get(MEMBERS) or []]:
            store.update(key, lambda current, member=member: current and _removed(current, member))
            remove_member(store, member)


def _removed(node, member):
    node["metadata"]["annotations"]["etcd.k3s.cattle.io/removed-node-name"] = member
    return node


def judge_nodes(store, settings):
    """Sets Ready by the age of the lease, and EtcdIsVoter by membership. Run every now and then by a server."""
    voters = {member["name"]: not member["learner"] for member in store.get(MEMBERS) or []}
    for key, (_, node) in store.list(NODES).items():
        lease = store.get(LEASES + node["metadata"]["name"])
        member = node["metadata"]["annotations"].get("etcd.k3s.cattle.io/node-name")
        wanted = [_judge(lease, settings)] + ([_voter(voters.get(member))] if member and voters else [])
        store.update(key, lambda current, wanted=wanted: current and _with_conditions(current, wanted))


def _judge(lease, settings):
    if lease is None or time.time() - lease["renewed"] > settings["grace"]:
        return _ready("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status.")
    if time.time() - lease["started"] < settings["network"]:
        return _ready("False", "KubeletNotReady", "container runtime network not ready: cni plugin not initialized")
    return _ready("True", "KubeletReady", "kubelet is posting ready status")


def _with_conditions(node, wanted):
    """Keeps the time of a condition that stays as it is, so that nothing is written in vain."""
    old = {one["type"]: one for one in node["status"]["conditions"]}
    same = lambda one: one["type"] in old and (old[one["type"]]["status"], old[one["type"]]["reason"]) == (one["status"], one["reason"])
    node["status"]["conditions"] = [old[one["type"]] if same(one) else one for one in wanted]
    return node


def _condition(kind, status, reason, message):
    return {"type": kind, "status": status, "reason": reason, "message": message, "lastHeartbeatTime": now(), "lastTransitionTime": now()}


def _ready(status, reason, message):
    return _condition("Ready", status, reason, message)


def _voter(is_voter):
    if is_voter is None:
        return _condition("EtcdIsVoter", "False", "NotAMember", "Node is not a member of the etcd cluster")
    if is_voter:
        return _condition("EtcdIsVoter", "True", "MemberNotLearner", "Node is a voting member of the etcd cluster")
    return _condition("EtcdIsVoter", "False", "MemberIsLearner", "Node has not been promoted to voting member of the etcd cluster")


def present_node(node, revision):
    return {**node, "metadata": {**node["metadata"], "resourceVersion": str(revision)}}


COLUMNS = [
    ("Name", 0), ("Status", 0), ("Roles", 0), ("Age", 0), ("Version", 0),
    ("Internal-IP", 1), ("External-IP", 1), ("OS-Image", 1), ("Kernel-Version", 1), ("Container-Runtime", 1),
]


def table_of(nodes, revision, headers=True):
    """The server-side table that kubectl asks for."""
    columns = [{"name": name, "type": "string", "format": "name" if name == "Name" else "", "description": "", "priority": priority} for name, priority in COLUMNS]
    return {
        "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": {"resourceVersion": str(revision)},
        "columnDefinitions": columns if headers else [],
        "rows": [{"cells": cells_of(node), "object": {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": node["metadata"]}} for node in nodes],
    }


def cells_of(node):
    ready = next((one["status"] for one in node["status"]["conditions"] if one["type"] == "Ready"), "Unknown")
    state = ("Ready" if ready == "True" else "NotReady") + (",SchedulingDisabled" if node["spec"].get("unschedulable") else "")
    roles = sorted(label[len(ROLE):] for label in node["metadata"]["labels"] if label.startswith(ROLE))
    created = time.mktime(time.strptime(node["metadata"]["creationTimestamp"], "%Y-%m-%dT%H:%M:%SZ")) - time.timezone
    info = node["status"]["nodeInfo"]
    address = {one["type"]: one["address"] for one in node["status"]["addresses"]}
    return [
        node["metadata"]["name"], state, ",".join(roles) or "<none>", _age(int(time.time() - created)), info["kubeletVersion"],
        address.get("InternalIP", "<none>"), address.get("ExternalIP", "<none>"), info["osImage"], info["kernelVersion"], info["containerRuntimeVersion"],
    ]


def _age(seconds):
    for size, letter in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= 2 * size:
            return f"{seconds // size}{letter}"
    return f"{max(0, seconds)}s"


def _taint(text):
    head, _, effect = text.rpartition(":")
    key, _, value = head.partition("=")
    return {"key": key, "value": value, "effect": effect}


def _mask(arguments):
    """As in K3s's annotation: each argument apart, secrets hidden."""
    shown = []
    for word in arguments:
        name, equals, value = word.partition("=")
        shown += [name] if not equals else [name, "********" if name.lstrip("-") in SECRETS else value]
    return shown


def _line(path):
    with open(path, encoding="utf-8") as file:
        return file.read().strip()
