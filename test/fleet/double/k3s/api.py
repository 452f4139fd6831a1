"""What answers on 6443: the supervisor of K3s and as much of the Kubernetes API as clients of nodes use."""
import json
import re
import time

import leases
from certs import is_address
from etcd import add_member, promote_member, remove_member
from journal import log
from nodes import LEASES, NODES, PASSWORDS, REJECTED, check_password, name_member, node_of, present_node, register_node, renew_lease, table_of
from serve import of_k3s, ok, status, text
from store import Unavailable
from version import read_version

HEALTH = ("/readyz", "/healthz", "/livez")
EMPTY_KINDS = {"pods": "PodList", "services": "ServiceList", "events": "EventList", "endpoints": "EndpointsList", "configmaps": "ConfigMapList"}
# As kube-apiserver without timeoutSeconds: https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/ (--min-request-timeout)
WATCH_SECONDS = 1800
NAMED = "metadata.name="


class Api:
    """`server` has: store, password, agent_password, ca_text, files (for joiners), critical, up (the API is open)."""

    def __init__(self, server):
        self.server = server

    def answer(self, asked):
        try:
            return self._answer(asked)
        except Unavailable as problem:
            return status(500, str(problem))
        except Exception as error:  # A bug of the double must show up in the test, not as a cut connection.
            log(f"test double failed on {asked.method} {asked.path}: {error!r}", "error")
            return status(500, f"test double failed: {error!r}")

    def _answer(self, asked):
        server = self.server
        if server.starting:
            return of_k3s(503, "starting")
        if asked.path == "/ping":
            return text("pong")
        if asked.path == "/cacerts":
            return text(server.ca_text)
        if asked.path.startswith(("/v1-k3s/", "/db/")):
            return self._supervise(asked)
        if not server.has_api:
            return of_k3s(503, "apiserver disabled")
        if not server.api_open:
            return of_k3s(503, "apiserver not ready")
        if asked.certificate.get("organizationName") != "system:masters":
            return status(401, "Unauthorized")
        return self._kubernetes(asked)

    # Supervisor: what joining servers and agents need

    def _supervise(self, asked):
        server = self.server
        if asked.basic is None:
            return of_k3s(403, "forbidden")
        user, password = asked.basic
        known = (user == "server" and password == server.password) or (user == "node" and password in (server.password, server.agent_password))
        if not known:
            log(f"Failed to authenticate request from {asked.client[0]}:{asked.client[1]}: invalid username/password combination", "error")
            log(f"Sending HTTP/1.1 401 response to {asked.client[0]}:{asked.client[1]}: not authorized", "error")
            return of_k3s(401, "not authorized")
        path = asked.path
        if path == "/v1-k3s/readyz":
            return text("ok") if server.core_ready() else of_k3s(503, "runtime core not ready")
        if server.store is None:
            return of_k3s(503, "runtime core not ready")
        if path == "/v1-k3s/apiservers":
            return ok(server.api_servers())
        if path == "/v1-k3s/config":
            return ok({"ClusterDomain": "cluster.local", "Datastore": {}, "SupervisorPort": server.port})
        if path == "/v1-k3s/heartbeat":
            return self._heartbeat(asked)
        if user != "server":
            return status(403, "forbidden")
        if path == "/v1-k3s/server-bootstrap":
            return ok({"files": server.files, "critical": server.critical, "datastore": server.datastore})
        if path == "/db/info":
            return ok({"members": server.store.members()}) if server.datastore == "etcd" else of_k3s(400, "etcd disabled")
        if path == "/v1-k3s/members" and server.datastore == "etcd":
            body = asked.json()
            if body["verb"] == "promote":
                return ok({"problem": promote_member(server.store, body["member"]["id"])})
            problem = add_member(server.store, body["member"])
            if problem and problem.startswith("duplicate"):
                # The second life of a machine writes its member name on the node of the first: whoever deletes that node misses the member.
                server.store.update(NODES + node_of(body["member"]["name"]), lambda node: node and name_member(node, body["member"]["name"]))
            return ok({"problem": problem, "members": server.store.members()})
        return status(404, "the server could not find the requested resource")

    def _heartbeat(self, asked):
        if not self.server.up:
            return of_k3s(503, "apiserver not ready")
        body = asked.json()
        name = asked.headers["k3s-Node-Name"]
        if not check_password(self.server.store, name, asked.headers["k3s-Node-Password"]):
            log(f"unable to verify password for node {name}: hash does not match", "error")
            return status(403, REJECTED)
        if body.get("node"):
            register_node(self.server.store, body["node"])
        renew_lease(self.server.store, name, body["started"])
        return ok({})

    # Kubernetes

    def _kubernetes(self, asked):
        store = self.server.store
        if asked.path in HEALTH:
            checks = {"etcd": store.problem() is None, "poststarthook/rbac/bootstrap-roles": self.server.up}
            if all(checks.values()):
                return text("ok")
            lines = ["[+]ping ok", *(f"[+]{name} ok" if good else f"[-]{name} failed: reason withheld" for name, good in checks.items())]
            return text("\n".join([*lines, f"{asked.path[1:]} check failed", ""]), 500)
        if asked.path == "/version":
            version = read_version()
            major, minor = version[1:].split(".")[:2]
            return ok({"major": major, "minor": minor, "gitVersion": version, "goVersion": "go1.26.0", "compiler": "gc", "platform": "linux/amd64", "gitTreeState": "clean"})
        if asked.path == "/api":
            return ok({"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": f"{self.server.advertised}:{self.server.port}"}]})
        if asked.path == "/apis":
            return ok({"kind": "APIGroupList", "apiVersion": "v1", "groups": []})
        if asked.path == "/api/v1":
            return ok({"kind": "APIResourceList", "groupVersion": "v1", "resources": _resources()})
        if asked.path == "/api/v1/nodes" and (asked.query.get("labelSelector") or not asked.query.get("fieldSelector", NAMED).startswith(NAMED)):
            return status(400, "selectors but metadata.name are not part of this test double of k3s")
        if asked.path == "/api/v1/nodes":
            return self._watch(asked) if asked.query.get("watch") in ("1", "true") else self._list(asked)
        one = re.fullmatch(r"/api/v1/nodes/([^/]+)(/status)?", asked.path)
        if one:
            return self._one(asked, one[1])
        kubelet = re.fullmatch(r"/api/v1/nodes/([^/]+)/proxy/healthz", asked.path)
        if kubelet:
            return self._kubelet(kubelet[1])
        lease = leases.PATH.fullmatch(asked.path)
        if lease:
            return leases.answer_lease(store, asked, *lease.groups())
        kind = re.fullmatch(r"/api/v1/(?:namespaces/[^/]+/)?(\w+)", asked.path)
        if kind and asked.method == "GET" and kind[1] in EMPTY_KINDS:
            return ok({"kind": EMPTY_KINDS[kind[1]], "apiVersion": "v1", "metadata": {"resourceVersion": str(store.revision)}, "items": []})
        if asked.path == "/api/v1/namespaces":
            return ok({"kind": "NamespaceList", "apiVersion": "v1", "metadata": {}, "items": [_namespace(name) for name in ("default", "kube-system")]})
        if asked.path.startswith("/api/v1/namespaces/") and asked.path.split("/")[-1] in ("default", "kube-system"):
            return ok(_namespace(asked.path.split("/")[-1]))
        return status(404, "the server could not find the requested resource")

    def _kubelet(self, name):
        """A kubelet that reports is taken for one whose tunnel is there."""
        if self.server.store.get(NODES + name) is None:
            return status(404, f'nodes "{name}" not found')
        lease = self.server.store.get(LEASES + name)
        if lease is None or time.time() - lease["renewed"] > 40:
            return status(502, f"error dialing backend: failed to find Session for client {name}")
        return text("ok")

    def _list(self, asked):
        store = self.server.store
        with store.changed:
            revision = store.revision
            nodes = [present_node(node, at) for key, (at, node) in store.list(NODES).items() if _is_asked(asked, key)]
        if _wants_table(asked):
            return ok(table_of(nodes, revision))
        return ok({"kind": "NodeList", "apiVersion": "v1", "metadata": {"resourceVersion": str(revision)}, "items": nodes})

    def _one(self, asked, name):
        store = self.server.store
        node = store.get(NODES + name)
        if node is None:
            return status(404, f'nodes "{name}" not found')
        if asked.method == "DELETE":
            member = node["metadata"]["annotations"].get("etcd.k3s.cattle.io/node-name")
            if member:
                remove_member(store, member)
            for prefix in (NODES, LEASES, PASSWORDS):
                store.put(prefix + name, None)
            return ok({"kind": "Status", "apiVersion": "v1", "status": "Success"})
        if asked.method in ("PATCH", "PUT"):
            body = asked.json()
            store.update(NODES + name, lambda current: _merge(current, body) if asked.method == "PATCH" else body)
        node = present_node(store.get(NODES + name), store.entries[NODES + name][0])
        return ok(table_of([node], store.revision) if _wants_table(asked) else node)

    def _watch(self, asked):
        store = self.server.store
        table = _wants_table(asked)
        if store.problem():
            raise Unavailable(store.problem())

        def events():
            since = int(asked.query.get("resourceVersion") or 0)
            known = {key for key, (at, _) in store.list(NODES).items() if at <= since}
            last = {key: node for key, (_, node) in store.list(NODES).items()}
            end = time.monotonic() + int(asked.query.get("timeoutSeconds") or WATCH_SECONDS)
            while time.monotonic() < end:
                seen = store.revision
                for at, key, node in store.changes(NODES, since):
                    if not _is_asked(asked, key):
                        since = max(since, at)
                        continue
                    kind = "DELETED" if node is None else "MODIFIED" if key in known else "ADDED"
                    shown = present_node(node or last.get(key) or {"kind": "Node", "apiVersion": "v1", "metadata": {"name": key[len(NODES):]}}, at)
                    (known.discard if node is None else known.add)(key)
                    last[key] = node
                    since = max(since, at)
                    event = {"type": kind, "object": table_of([shown], at) if table else shown}
                    yield json.dumps(event).encode() + b"\n"
                store.wait(seen, 1)
                if store.problem():
                    return

        return 200, "application/json", events()


def _is_asked(asked, key):
    """kubectl selects by name when it waits for one node, as after a deletion."""
    name = asked.query.get("fieldSelector", NAMED)[len(NAMED):]
    return not name or key == NODES + name


def _wants_table(asked):
    return "as=Table" in (asked.headers.get("Accept") or "")


def _merge(target, patch):
    """JSON merge patch; for the fields of a node that people patch it does what a strategic patch does."""
    for key, value in patch.items():
        if value is None:
            target.pop(key, None)
        else:
            target[key] = _merge(target.get(key) or {}, value) if isinstance(value, dict) else value
    return target


def _resources():
    verbs = ["delete", "get", "list", "patch", "update", "watch"]
    nodes = {"name": "nodes", "singularName": "node", "namespaced": False, "kind": "Node", "verbs": verbs, "shortNames": ["no"]}
    pods = {"name": "pods", "singularName": "pod", "namespaced": True, "kind": "Pod", "verbs": ["get", "list"], "shortNames": ["po"]}
    namespaces = {"name": "namespaces", "singularName": "namespace", "namespaced": False, "kind": "Namespace", "verbs": ["get", "list"], "shortNames": ["ns"]}
    return [namespaces, nodes, pods]


def _namespace(name):
    return {"kind": "Namespace", "apiVersion": "v1", "metadata": {"name": name, "uid": name}, "status": {"phase": "Active"}}


def automatic_sans(node_name, addresses, extra):
    """Names that K3s puts into its certificate by itself, and those of tls-san, each once."""
    names = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", "localhost", node_name]
    given = [one for item in extra for one in item.split(",")]
    everything = ["10.43.0.1", "127.0.0.1", "::1", *addresses, *given, *names]
    unique = list(dict.fromkeys(everything))
    return [one for one in unique if is_address(one)] + [one for one in unique if not is_address(one)]
