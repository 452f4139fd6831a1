"""Embedded etcd in small: a state copied to a majority of members before a write counts. Not Raft, but it keeps quorum honestly."""
import hashlib
import http.client
import json
import os
import threading
import time

from client import Refused, Unreachable, connect, exchange
from journal import log
from store import Conflict, Store, Unavailable, write_json

MEMBERS = "/members"
PEER_PORT = 2380
TIMED_OUT = "etcdserver: request timed out"
# Signs of life change twice a second; they are worth nothing after a restart.
VOLATILE = "/leases/"


class EtcdStore(Store):
    """`folder` is server/db/etcd. Call start() once the certificates are there and the peer port is served."""

    def __init__(self, folder, member_id, password, settings):
        super().__init__()
        self.file = folder and os.path.join(folder, "member", "wal", "state.json")
        self.member_id = member_id
        self.password = password
        self.settings = settings
        self.seen = {}  # member id to the time of its last answer
        self.peers = {}
        self.writing = threading.RLock()
        self.tls = None
        if self.file:
            os.makedirs(os.path.dirname(self.file), exist_ok=True)
        if self.file and os.path.exists(self.file):
            with open(self.file, encoding="utf-8") as file:
                self.revision, self.entries = json.load(file)

    def start(self, tls):
        self.tls = tls
        threading.Thread(target=self._gossip, daemon=True).start()

    # Membership

    def members(self):
        return self.entries.get(MEMBERS, [0, []])[1]

    def myself(self):
        return next((m for m in self.members() if m["id"] == self.member_id), None)

    def voters(self):
        return [m for m in self.members() if not m["learner"]]

    def _alive(self, member):
        return member["id"] == self.member_id or time.monotonic() - self.seen.get(member["id"], -1e9) < self.settings["silence"]

    def problem(self):
        alive = [m for m in self.voters() if self._alive(m)]
        return None if len(alive) * 2 > len(self.voters()) else TIMED_OUT

    def leader(self):
        """The eldest voter that answers; all agree while the network is whole, and a majority has to take each write anyway."""
        return next((m for m in self.voters() if self._alive(m)), None)

    # Writing

    def put(self, key, value, expected=None):
        deadline = time.monotonic() + self.settings["silence"] + 1
        while True:
            self._check()
            leader = self.leader()
            try:
                if leader["id"] == self.member_id:
                    return self.lead(key, value, expected)
                answer = self._ask(leader, "/write", {"key": key, "value": value, "expected": expected})
                if answer.get("conflict"):
                    raise Conflict(key)
                return self.apply(answer["revision"], key, value) if self.revision < answer["revision"] else None
            except (Unreachable, Refused, Unavailable):
                if time.monotonic() > deadline:
                    raise Unavailable(TIMED_OUT) from None
                time.sleep(0.1)

    def lead(self, key, value, expected=None):
        """Writes as leader: a majority of voters has it before it is done."""
        with self.writing:
            self._check()
            for _ in range(3):
                if expected is not None and self.entries.get(key, [0, None])[0] != expected:
                    raise Conflict(key)
                entry = {"base": self.revision, "revision": self.revision + 1, "key": key, "value": value, "from": self.member_id}
                # Whoever is being removed hears of it, too.
                hearers = {m["id"]: m for m in [*self.members(), *((value or []) if key == MEMBERS else [])]}
                hearers.pop(self.member_id, None)
                acknowledged, ahead = self._push(entry, list(hearers.values()))
                if ahead:
                    self._adopt(ahead)
                    continue
                if (1 + acknowledged) * 2 > len(self.voters()):
                    self.apply(entry["revision"], key, value)
                    return None
                break
            raise Unavailable(TIMED_OUT)

    def _push(self, entry, hearers):
        """How many voters took it, and the state of one that knew more. Does not wait for the slow once a majority has it."""
        answers, heard = [], threading.Condition()

        def send(member):
            answer = {}
            try:
                answer = self._ask(member, "/append", entry)
                if answer.get("behind"):
                    self._ask(member, "/adopt", self._state())
                    answer = self._ask(member, "/append", entry)
            except (Unreachable, Refused):
                pass
            with heard:
                answers.append((member["learner"], answer))
                heard.notify()

        # The lost ones catch up by themselves when they are back; a new member has not been heard yet but must be told.
        told = [m for m in hearers if self._alive(m) or m["id"] not in self.seen]
        for member in told:
            threading.Thread(target=send, args=(member,), daemon=True).start()
        taken = lambda: sum(1 for learner, answer in answers if answer.get("ok") and not learner)
        ahead = lambda: next((answer["ahead"] for _, answer in answers if answer.get("ahead")), None)
        with heard:
            done = lambda: len(answers) == len(told) or (1 + taken()) * 2 > len(self.voters()) or ahead()
            heard.wait_for(done, 2 * self.settings["peer_timeout"])
            return taken(), ahead()

    # What peers ask of us; `path` as in _ask

    def answer(self, path, body):
        if path == "/append":
            with self.changed:
                if body["base"] > self.revision:
                    return {"behind": True}
                if body["base"] < self.revision:
                    return {"ahead": self._state()}
                self.apply(body["revision"], body["key"], body["value"])
            return {"ok": True}
        if path == "/adopt":
            self._adopt(body)
            return {"ok": True}
        if path == "/state":
            return {} if body == self._mark() else self._state()
        if path == "/write":
            try:
                self.lead(body["key"], body["value"], body["expected"])
                return {"revision": self.revision}
            except Conflict:
                return {"conflict": True}
        return None

    # Keeping up

    def _gossip(self):
        """One visitor for each member, so that a silent one holds up nobody."""
        visited = set()
        while True:
            for member in self.members():
                if member["id"] not in visited and member["id"] != self.member_id:
                    visited.add(member["id"])
                    threading.Thread(target=self._visit_again, args=(member,), daemon=True).start()
            time.sleep(self.settings["gossip"])

    def _visit_again(self, member):
        while True:
            self._visit(member)
            time.sleep(self.settings["gossip"])

    def _visit(self, member):
        try:
            state = self._ask(member, "/state", self._mark())
        except (Unreachable, Refused):
            return
        leader = self.leader()
        if state and (state["revision"] > self.revision or (state["revision"] == self.revision and leader and leader["id"] == member["id"])):
            self._adopt(state)
        self.seen[member["id"]] = time.monotonic()

    def _adopt(self, state):
        with self.changed:
            if state["revision"] < self.revision:
                return
            self.entries = state["entries"]
            self.revision = state["revision"]
            self._save()
            self.changed.notify_all()

    def apply(self, revision, key, value):
        with self.changed:
            super().apply(revision, key, value)
            if not key.startswith(VOLATILE):
                self._save()

    def _save(self):
        write_json(self.file, [self.revision, self.entries])

    def _state(self):
        with self.changed:
            return {"revision": self.revision, "entries": dict(self.entries)}

    def _mark(self):
        with self.changed:
            return [self.revision, hashlib.sha256(json.dumps(self.entries, sort_keys=True).encode()).hexdigest()]

    def _ask(self, member, path, body):
        """One question to a peer over a connection that is kept."""
        lock, box = self.peers.setdefault((member["address"], path), (threading.Lock(), {}))
        url = f"https://{member['address']}:{PEER_PORT}{path}"
        with lock:
            for fresh in (False, True):
                connection = None if fresh else box.pop("connection", None)
                if connection is None and not fresh:
                    continue
                connection = connection or connect(url, self.tls, self.settings["peer_timeout"])
                try:
                    status, answer = exchange(connection, url, "POST", body, ("server", self.password), None)
                except (Unreachable, http.client.HTTPException):
                    connection.close()
                    if fresh:
                        raise
                    continue
                if status != 200:
                    connection.close()
                    raise Refused(status, answer.decode(errors="replace"))
                box["connection"] = connection
                return json.loads(answer)
        raise Unreachable(url)


class Follower(EtcdStore):
    """etcd as a server without a member of its own sees it: it reads and writes through the others and keeps nothing."""

    def __init__(self, members, password, settings):
        super().__init__(None, None, password, settings)
        self.entries[MEMBERS] = [0, members]

    def _save(self):
        pass


def add_member(store, member):
    """As learner. None, or the reason why not now, or a Fatal reason beginning with 'duplicate'."""
    problem = []

    def change(members):
        members = members or []
        problem.clear()
        mine = [m for m in members if m["id"] == member["id"]]
        if mine:
            return members
        if any(m["name"] == member["name"] for m in members):
            problem.append("duplicate node name found, please use a unique name for this node")
        elif any(m["learner"] for m in members):
            problem.append("etcdserver: too many learner members in cluster")
        return members if problem else [*members, {**member, "learner": True}]

    store.update(MEMBERS, change)
    return problem[0] if problem else None


def promote_member(store, member_id):
    store.update(MEMBERS, lambda members: [{**m, "learner": False} if m["id"] == member_id else m for m in members])
    log(f"Promoted learner {member_id}")


def remove_member(store, name):
    store.update(MEMBERS, lambda members: [m for m in members or [] if m["name"] != name])
