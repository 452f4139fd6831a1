"""Keys with values and a common revision: what every datastore of the double offers."""
import json
import os
import threading
import time


class Unavailable(Exception):
    """The datastore cannot be read or written now."""


class Conflict(Exception):
    """Somebody else wrote since it was read."""


class Store:
    """Current values, kept by the kinds of datastore below; a deleted key stays as None so that watchers learn of it."""

    def __init__(self):
        self.entries = {}
        self.revision = 0
        self.changed = threading.Condition(threading.RLock())

    def problem(self):
        """Why nothing can be read or written now, or None."""
        return None

    def apply(self, revision, key, value):
        with self.changed:
            self.entries[key] = [revision, value]
            self.revision = max(self.revision, revision)
            self.changed.notify_all()

    def get(self, key):
        self._check()
        return self.entries.get(key, [0, None])[1]

    def list(self, prefix):
        """Key to (revision, value), without what was deleted."""
        self._check()
        with self.changed:
            return {k: (r, v) for k, (r, v) in sorted(self.entries.items()) if k.startswith(prefix) and v is not None}

    def changes(self, prefix, since):
        """(revision, key, value or None) of what was written after revision `since`, in order."""
        with self.changed:
            return sorted((r, k, v) for k, (r, v) in self.entries.items() if k.startswith(prefix) and r > since)

    def wait(self, since, timeout):
        """Returns when there is something after revision `since`, or after `timeout` seconds."""
        with self.changed:
            self.changed.wait_for(lambda: self.revision > since, timeout)

    def put(self, key, value, expected=None):
        """Stores; None deletes. `expected`, when given, is the revision the key must still have."""
        raise NotImplementedError

    def update(self, key, change):
        """Writes `change(value)`; again when somebody else was faster."""
        for _ in range(20):
            self._check()
            revision, value = self.entries.get(key, [0, None])
            new = change(json.loads(json.dumps(value)))
            if new == value:
                return new
            try:
                self.put(key, new, expected=revision)
                return new
            except Conflict:
                time.sleep(0.02)
        raise Unavailable("etcdserver: too many requests")

    def _check(self):
        problem = self.problem()
        if problem:
            raise Unavailable(problem)


class FileStore(Store):
    """Stands for SQLite: one file of one server."""

    def __init__(self, path):
        super().__init__()
        self.path = path
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                self.revision, self.entries = json.load(file)

    def put(self, key, value, expected=None):
        with self.changed:
            if expected is not None and self.entries.get(key, [0, None])[0] != expected:
                raise Conflict(key)
            self.apply(self.revision + 1, key, value)
            write_json(self.path, [self.revision, self.entries])


def write_json(path, document):
    """Readers see the old file or the new one, whenever the power fails."""
    with open(path + ".tmp", "w", encoding="utf-8") as file:
        json.dump(document, file)
    os.chmod(path + ".tmp", 0o600)
    os.replace(path + ".tmp", path)
