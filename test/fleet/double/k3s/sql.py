"""External MySQL or MariaDB: a table of revisions, as kine keeps one, shared by all servers."""
import json
import re
import threading
import time

import pymysql

from journal import Fatal, log
from store import Conflict, Store, Unavailable

TABLE = """CREATE TABLE IF NOT EXISTS kine (
  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, name VARCHAR(630) CHARACTER SET ascii, deleted INTEGER, prev_revision BIGINT UNSIGNED,
  value MEDIUMBLOB, UNIQUE KEY kine_name_prev_revision_uindex (name, prev_revision)) DEFAULT CHARSET=utf8mb4"""
DUPLICATE, UNKNOWN_DATABASE, DENIED, DENIED_DATABASE = 1062, 1049, 1045, 1044
SQL_STATES = {DENIED: "28000", DENIED_DATABASE: "42000", UNKNOWN_DATABASE: "42000"}
# Rows get their ids before they become visible, so each look begins a little before the last id seen.
OVERLAP = 50
# Old rows must stay long enough for every server to have seen what replaced them.
KEPT = 500
DRIVER = "creating storage endpoint: failed to create driver for configured endpoint: "


def parse_dsn(dsn):
    """Rules of go-sql-driver: the last / separates the database, the last @ before it the credentials."""
    head, slash, tail = dsn.rpartition("/")
    if not slash:
        raise ValueError("invalid DSN: missing the slash separating the database name")
    credentials, at, place = head.rpartition("@")
    user, _, password = credentials.partition(":") if at else ("", "", "")
    network, bracket, address = place.partition("(")
    if bracket and not address.endswith(")"):
        raise ValueError("invalid DSN: network address not terminated (missing closing brace)")
    address = address[:-1]
    if network not in ("tcp", "unix", "") or (network == "" and bracket):
        raise ValueError(f"default addr for network '{network}' unknown")
    parsed = {"user": user, "password": password, "database": tail.partition("?")[0] or "kubernetes"}
    if network == "unix":
        return {**parsed, "unix_socket": address or "/var/run/mysqld/mysqld.sock"}
    host, port = re.fullmatch(r"\[?(.*?)\]?(?::(\d+))?", address or "127.0.0.1").groups()
    return {**parsed, "host": host, "port": int(port or 3306)}


class SqlStore(Store):
    def __init__(self, dsn, tls, settings):
        super().__init__()
        self.settings = settings
        self.lock = threading.RLock()
        self.connection = None
        self.failure = "datastore not connected"
        try:
            self.target = {**parse_dsn(dsn), **({"ssl": tls} if tls else {})}
        except ValueError as error:
            raise Fatal(f"preparing server: {DRIVER}{error}") from None
        self._connect_first()
        threading.Thread(target=self._poll, daemon=True).start()

    def problem(self):
        return self.failure

    def put(self, key, value, expected=None):
        while True:
            try:
                return self._insert(key, value, expected)
            except Conflict:
                if expected is not None:
                    raise

    def _insert(self, key, value, expected):
        # The unique pair of name and predecessor lets only one of two writers through.
        with self.lock:
            before = self.entries.get(key, [0, None])[0] if expected is None else expected
            try:
                self._execute(
                    "INSERT INTO kine (name, deleted, prev_revision, value) VALUES (%s, %s, %s, %s)",
                    (key, value is None, before, json.dumps(value)),
                )
                self._execute("DELETE FROM kine WHERE name = %s AND id < %s", (key, max(0, before - KEPT)))
            except pymysql.err.IntegrityError as error:
                self._read()
                raise Conflict(key) from error
            except (pymysql.err.MySQLError, OSError) as error:
                self._lost(error)
                raise Unavailable(self.failure) from error
            self._read()

    def _connect_first(self):
        for _ in range(300):
            try:
                self._connect()
                log("Configuring database table schema and indexes, this may take a moment...")
                self._execute(TABLE)
                log("Database tables and indexes are up to date")
                log("Kine available at unix://kine.sock")
                self._read()
                self.failure = None
                return
            except pymysql.err.OperationalError as error:
                code, message = error.args[0], error.args[1]
                if code in SQL_STATES:
                    raise Fatal(f"preparing server: {DRIVER}Error {code} ({SQL_STATES[code]}): {message}") from None
                log(f"Failed to ping database connection: {self._dial(error)}", "error")
                time.sleep(1)
        raise Fatal(f"preparing server: {DRIVER}failed to ping database connection")

    def _connect(self):
        options = {**self.target, "autocommit": True, "connect_timeout": 3, "read_timeout": 3, "write_timeout": 3, "charset": "utf8mb4"}
        try:
            self.connection = pymysql.connect(**options)
        except pymysql.err.OperationalError as error:
            if error.args[0] != UNKNOWN_DATABASE:
                raise
            database = options.pop("database")
            self.connection = pymysql.connect(**options)
            self._execute(f"CREATE DATABASE IF NOT EXISTS `{database}`")
            self.connection.select_db(database)

    def _execute(self, statement, values=None):
        with self.lock, self.connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    def _read(self):
        start = max(0, self.revision - OVERLAP)
        for number, key, deleted, value in self._execute("SELECT id, name, deleted, value FROM kine WHERE id > %s ORDER BY id", (start,)):
            if number > self.entries.get(key, [0, None])[0]:
                self.apply(number, key, None if deleted else json.loads(value))

    def _poll(self):
        while True:
            time.sleep(self.settings["poll"])
            try:
                with self.lock:
                    if self.failure:
                        self._connect()
                    self._read()
                self.failure = None
            except (pymysql.err.MySQLError, OSError) as error:
                self._lost(error)
                time.sleep(0.5)

    def _lost(self, error):
        if not self.failure:
            log(f"Failed to ping database connection: {self._dial(error)}", "error")
        self.failure = f"datastore: {self._dial(error)}"

    def _dial(self, error):
        place = f"{self.target.get('host')}:{self.target.get('port')}"
        text = str(error)
        if "Connection refused" in text:
            return f"dial tcp {place}: connect: connection refused"
        if "timed out" in text:
            return f"dial tcp {place}: i/o timeout"
        if "No route" in text:
            return f"dial tcp {place}: connect: no route to host"
        return f"invalid connection ({text})" if "Lost connection" in text or "gone away" in text else text
