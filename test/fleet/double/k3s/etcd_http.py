"""What etcd answers on loopback besides gRPC: the JSON gateway on 2382 (TLS, client certificate) and its health on 2381."""
import hashlib

from etcd import MEMBERS, remove_member
from serve import ok, text

HEALTH_PORT = 2381
GATEWAY_PORT = 2382
CLUSTER = "/cluster"
NO_LEADER = "etcdserver: no leader"


def number(name):
    """An id as etcd shows it: 64 bits, as decimal digits."""
    return str(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big"))


def cluster_id(address):
    """etcd makes it of the first member's address: a reinstalled cluster has it again."""
    return number(f"cluster {address}")


class EtcdHttp:
    def __init__(self, store):
        self.store = store

    def gateway(self, asked):
        store = self.store
        if asked.path == "/v3/cluster/member/list":
            return ok(self._members())
        if asked.path == "/v3/maintenance/status":
            leader = self._leader()
            found = {"leader": number(leader["id"])} if leader else {"errors": [NO_LEADER]}
            revision = str(store.revision)
            return ok({"header": self._header(), "version": "3.6.14", **found, "raftIndex": revision, "raftTerm": "2", "raftAppliedIndex": revision})
        if asked.path == "/v3/maintenance/hashkv":
            # Signs of life differ from member to member; what is asked for is what they all have to have.
            lasting = [[key, value] for key, value in sorted(store.entries.items()) if key in (MEMBERS, CLUSTER)]
            revision = (asked.json() or {}).get("revision", "0")
            found = int.from_bytes(hashlib.sha256(repr(lasting).encode()).digest()[:4], "big")
            return ok({"header": self._header(), "hash": found, "hash_revision": str(store.revision) if revision == "0" else revision})
        if asked.path == "/v3/cluster/member/remove":
            gone = next((m for m in store.members() if number(m["id"]) == (asked.json() or {}).get("ID")), None)
            if gone is None:
                return 404, *ok({"code": 5, "message": "etcdserver: member not found"})[1:]
            remove_member(store, gone["name"])
            return ok(self._members())
        return 404, *ok({"code": 5, "message": "Not Found"})[1:]

    def health(self, asked):
        alive = self._leader() is not None
        if asked.path == "/health":
            said = {"health": "true", "reason": ""} if alive or asked.query.get("serializable") == "true" else {"health": "false", "reason": "RAFT NO LEADER"}
            return 200 if said["health"] == "true" else 503, *ok(said)[1:]
        if asked.path not in ("/readyz", "/livez"):
            return text("404 page not found\n", 404)
        learner = (self.store.myself() or {}).get("learner", True)
        checks = {
            "serializable_read": "ok", "linearizable_read": "ok" if alive else f"failed: {NO_LEADER}",
            "non_learner": "failed: not supported for learner" if learner else "ok", "data_corruption": "ok",
        }
        if asked.path == "/livez" or all(state == "ok" for state in checks.values()):
            return text("ok\n")
        return text("".join(f"[{'+' if state == 'ok' else '-'}]{name} {state}\n" for name, state in checks.items()), 503)

    def _leader(self):
        return None if self.store.problem() else self.store.leader()

    def _header(self):
        return {"cluster_id": self.store.entries.get(CLUSTER, [0, "0"])[1], "member_id": number(self.store.member_id), "raft_term": "2"}

    def _members(self):
        listed = [
            {
                "ID": number(m["id"]), "name": m["name"], "peerURLs": [f"https://{m['address']}:2380"], "clientURLs": [f"https://{m['address']}:2379"],
                **({"isLearner": True} if m["learner"] else {}),
            }
            for m in self.store.members()
        ]
        return {"header": self._header(), "members": sorted(listed, key=lambda one: int(one["ID"]))}
