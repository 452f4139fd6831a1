"""`k3s server`."""
import base64
import json
import os
import secrets
import shutil
import sys
import threading
import time

from agent import LocalBalancer, agent_loop
from api import Api, automatic_sans
from bootstrap import critical_values, fetch_from_server, make_files, read_files, share_through_datastore, write_files
from certs import issue
from client import Refused, Unreachable, context_of, request_json
from external_etcd import ExternalEtcdStore
from etcd import MEMBERS, PEER_PORT, EtcdStore, Follower
from etcd_http import CLUSTER, GATEWAY_PORT, HEALTH_PORT, EtcdHttp, cluster_id
from jointoken import check_url, full_token, parse_token, read_token
from journal import Fatal, Shutdown, log, notify_ready
from nodes import (
    NODES, REJECTED, REMOVE, check_password, describe_node, judge_nodes, node_name, node_password, register_node, remove_annotated, renew_lease,
)
from options import load_options
from serve import PlainServer, TlsServer, ok, own_address, status
from serving import Serving
from settings import load_settings
from sql import SqlStore
from store import FileStore, Unavailable
from version import read_version

ENDPOINT_FORM = "invalid datastore endpoint; endpoint should be a DSN URI in the format <scheme>://<authority>"
API_BALANCER_PORT = 6444
TELL_SECONDS = 5
WAITING_FOR_API = "Waiting for control-plane node to register apiserver addresses in etcd"
REMOVED = "This node has been removed from the cluster - please restart k3s to rejoin the cluster"
TOMBSTONE = (
    "tombstone file has been detected but --server is empty: backup and delete ${datadir}/server/db to create a new cluster, "
    "or set --server to rejoin the cluster"
)


class Server:
    def __init__(self, arguments):
        self.arguments = arguments
        self.options = load_options("server", arguments, os.environ)
        self.settings = load_settings()
        self.folder = os.path.join(self.options.get("data-dir", "/var/lib/rancher/k3s"), "server")
        self.tls = os.path.join(self.folder, "tls")
        self.etcd_folder = os.path.join(self.folder, "db", "etcd")
        self.port = int(self.options.get("https-listen-port", 6443))
        self.name = node_name(self.options)
        self.critical = critical_values(self.options)
        self.address = self.options.get("node-ip", [None])[0] or own_address("198.51.100.1")
        self.advertised = self.options.get("advertise-address") or self.options.get("node-external-ip", [self.address])[0]
        self.store = self.ca_text = self.files = self.etcd_name = None
        self.has_api = not self.options.get("disable-apiserver")
        self.starting = True
        self.api_open = self.up = False
        self.etcd_servers = []
        self.serving = self.balancer = None

    def run(self):
        if os.geteuid() != 0:
            raise Fatal("server requires additional privilege when not run with --rootless and/or --disable-agent: not running as root")
        if self.options.get("cluster-reset"):
            from snapshots import reset

            reset(self)
        log(f"Starting k3s {read_version()} (test double, runs no containers)")
        self._check_tombstone()
        self.datastore = self._choose()
        self.token = read_token(self.options)
        self._read_password()
        self.agent_password = read_token(self.options, "agent-token") or self.password
        time.sleep(self.settings["start"])
        opening = {"etcd": self._open_etcd, "external-etcd": self._open_external_etcd, "sql": self._open_sql, "sqlite": self._open_file}
        opening[self.datastore]()
        self._serve_forever()

    # Which datastore, and whose token

    def _choose(self):
        """The order of K3s: etcd data on disk, endpoint, cluster-init or token with server, SQLite."""
        options = self.options
        if os.path.exists(os.path.join(self.etcd_folder, "member", "wal", "state.json")):
            return "etcd"
        endpoint = options.get("datastore-endpoint", "")
        if endpoint:
            scheme, found, _ = endpoint.partition("://")
            if not found:
                raise Fatal(f"preparing server: creating storage endpoint: failed to create driver for configured endpoint: {ENDPOINT_FORM}")
            if scheme == "sqlite":
                return "sqlite"
            if scheme in ("http", "https"):
                return "external-etcd"
            if scheme != "mysql":
                raise Fatal(f"datastore {scheme} is not part of this test double of k3s")
            return "sql"
        if options.get("cluster-init") and options.get("server") and not read_token(options):
            raise Fatal("token is required to join a cluster")
        return "etcd" if options.get("cluster-init") or (options.get("server") and read_token(options)) else "sqlite"

    def _read_password(self):
        """From the token, else from an earlier start, else new."""
        path = os.path.join(self.folder, "token")
        self.tokenless = not self.token and not os.path.exists(path)
        try:
            if self.token:
                self.password = parse_token(self.token)[1]
            elif os.path.exists(path):
                with open(path, encoding="utf-8") as file:
                    self.password = parse_token(file.read().strip())[1]
            else:
                self.password = secrets.token_hex(16)
        except ValueError as error:
            raise Fatal(f"preparing server: {error}") from None

    def _check_tombstone(self):
        if os.path.exists(os.path.join(self.etcd_folder, "tombstone")):
            if not self.options.get("server"):
                raise Fatal(f"preparing server: start managed database: {TOMBSTONE}")
            shutil.rmtree(self.etcd_folder)

    # Opening each kind of datastore

    def _open_file(self):
        self._take_files(read_files(self.tls) or make_files(self.tls))
        self.store = FileStore(os.path.join(self.folder, "db", "state.db"))
        self._listen()

    def _open_sql(self):
        self._share(SqlStore(self.options["datastore-endpoint"].partition("://")[2], self._datastore_tls(), self.settings))

    def _open_external_etcd(self):
        self._share(ExternalEtcdStore(self.options["datastore-endpoint"], self._datastore_tls(), self.settings))

    def _datastore_tls(self):
        names = {"datastore-cafile": "ca", "datastore-certfile": "cert", "datastore-keyfile": "key"}
        return {short: self.options[name] for name, short in names.items() if self.options.get(name)}

    def _share(self, store):
        self._take_files(share_through_datastore(store, self.tls, self.password, self.tokenless))
        self.store = store
        self._listen()

    def _open_etcd(self):
        if self.options.get("disable-etcd"):
            return self._follow_etcd()
        restarting = os.path.exists(os.path.join(self.etcd_folder, "member", "wal", "state.json"))
        url = check_url(self.options["server"]) if self.options.get("server") else None
        if restarting:
            log("Managed etcd cluster bootstrap already complete and initialized")
            if os.path.exists(os.path.join(self.folder, "db", "reset-flag")):
                os.remove(os.path.join(self.folder, "db", "reset-flag"))
            self._take_files(read_files(self.tls))
        elif url:
            log("Managed etcd cluster not yet initialized")
            pem, data = fetch_from_server(url, self.token, self.critical)
            if data["datastore"] != "etcd":
                raise Fatal("preparing server: failed to bootstrap cluster data: etcd disabled")
            write_files(self.tls, data["files"])
            self._take_files(data["files"])
        else:
            log("Managed etcd cluster initializing")
            self._take_files(read_files(self.tls) or make_files(self.tls))
        self.etcd_name, member_id = self._etcd_identity()
        store = EtcdStore(self.etcd_folder, member_id, self.password, self.settings)
        member = {"id": member_id, "name": self.etcd_name, "address": self.address, "learner": False}
        if not restarting and not url:
            store.apply(1, MEMBERS, [member])
            store.apply(2, CLUSTER, cluster_id(self.address))
        # Nobody joins through a member that has not joined itself, so the store shows only when it is ready.
        self._listen()
        self._listen_to_peers(store)
        if not restarting and url:
            self._join(store, url, pem, member)
        store.start(context_of(self.ca_text))
        self.store = store
        self._wait_for_quorum(store)
        if restarting and store.myself() is None:
            self._hang()
        while url and store.myself() and store.myself()["learner"]:
            time.sleep(self.settings["promotion"])
            self._ask_to_join(url, context_of(self.ca_text), "promote", member)

    def _follow_etcd(self):
        """Control plane only: reads and writes through the members, and reaches them by a balancer of its own on 2379."""
        url = check_url(self.options["server"])
        pem, data = fetch_from_server(url, self.token, self.critical)
        if data["datastore"] != "etcd":
            raise Fatal("preparing server: failed to bootstrap cluster data: etcd disabled")
        write_files(self.tls, data["files"])
        self._take_files(data["files"])
        self._listen()
        members = request_json(f"{url}/db/info", context_of(pem), basic=("server", self.password))["members"]
        LocalBalancer(PEER_PORT - 1, f"https://{members[0]['address']}:{PEER_PORT - 1}", None, "k3s-etcd-server-load-balancer")
        store = Follower(members, self.password, self.settings)
        store.start(context_of(self.ca_text))
        self.store = store
        self._wait_for_quorum(store)

    def _hang(self):
        """The member was removed while K3s was stopped: etcd ends, K3s waits for it and never exits."""
        self._end_etcd()
        etcd = lambda line, text: print(json.dumps({"level": "warn", "caller": f"etcdserver/server.go:{line}", **text}, separators=(",", ":")), file=sys.stderr, flush=True)
        etcd(860, {"msg": "server error", "error": "the member has been permanently removed from the cluster"})
        etcd(861, {"msg": "data-dir used by this member must be removed"})
        log("etcd exited: server is stopping", "error")
        while True:
            log("Failed to check local etcd status for learner management: context deadline exceeded", "error")
            log("Failed to test etcd connection: failed to get etcd status: context deadline exceeded")
            time.sleep(30)

    def _end_etcd(self):
        for server in self.etcd_servers:
            server.end()
        self.etcd_servers = []

    def _etcd_identity(self):
        path = os.path.join(self.etcd_folder, "name")
        os.makedirs(self.etcd_folder, exist_ok=True)
        if not os.path.exists(path):
            with open(path, "w", encoding="utf-8") as file:
                file.write(f"{self.name}-{secrets.token_hex(4)}")
        with open(path, encoding="utf-8") as file:
            name = file.read().strip()
        return name, name.rpartition("-")[2]

    def _join(self, store, url, pem, member):
        while True:
            answer = self._ask_to_join(url, context_of(pem), "add", member)
            problem = answer.get("problem") if answer else "no answer"
            if not problem:
                if store.revision == 0:
                    store.entries[MEMBERS] = [0, answer["members"]]
                log(f"Adding member {member['name']}=https://{member['address']}:2380 to etcd cluster")
                return
            if problem.startswith("duplicate"):
                raise Shutdown(f"etcd cluster join failed: {problem}")
            log(f"Waiting for other members to finish joining etcd cluster: {problem}")
            time.sleep(0.5)

    def _ask_to_join(self, url, context, verb, member):
        try:
            return request_json(f"{url}/v1-k3s/members", context, method="POST", body={"verb": verb, "member": member}, basic=("server", self.password))
        except (Unreachable, Refused) as error:
            log(f"Failed to {verb} etcd member: {error}", "error")
            return None

    def _wait_for_quorum(self, store):
        said = None
        while store.problem() or store.revision == 0:
            if said != store.problem():
                said = store.problem()
                log(f"Failed to test etcd connection: {said}", "error")
            time.sleep(0.1)
        log("ETCD server is now running")

    # Serving

    def _take_files(self, files):
        self.files = files
        self.ca_text = files["server-ca.crt"]
        self._write_tokens()
        self._issue_clients()

    def _listen(self):
        addresses = [self.address, self.advertised, *self.options.get("node-external-ip", [])]
        self.serving = Serving(self.tls, automatic_sans(self.name, addresses, self.options.get("tls-san", [])))
        self.serving.servers.append(self._server(self.options.get("bind-address", "0.0.0.0"), self.port, Api(self).answer))
        time.sleep(self.settings["starting"])
        self.starting = False

    def _listen_to_peers(self, store):
        def answer(asked):
            if asked.basic != ("server", self.password):
                return status(401, "not authorized")
            found = store.answer(asked.path, asked.json())
            return status(404, "not found") if found is None else ok(found)

        http = EtcdHttp(store)
        path = lambda name: os.path.join(self.tls, "etcd", name)
        self.etcd_servers = [
            *(self._server(address, port, answer) for address in (self.address, "127.0.0.1") for port in (PEER_PORT, PEER_PORT - 1)),
            PlainServer(("127.0.0.1", HEALTH_PORT), http.health),
            TlsServer(("127.0.0.1", GATEWAY_PORT), path("server-client.crt"), path("server-client.key"), path("server-ca.crt"), http.gateway, demanded=True),
        ]

    def _issue_clients(self):
        """The administrator's certificate, and those with which etcd is asked on this host."""
        path = lambda name: os.path.join(self.tls, name)
        etcd = (("etcd/server-ca", "etcd/client", "/CN=etcd-client", "clientAuth", ()), ("etcd/server-ca", "etcd/server-client", "/CN=etcd-server", "serverAuth,clientAuth", ("127.0.0.1", "localhost")))
        wanted = [("client-ca", "client-admin", "/O=system:masters/CN=system:admin", "clientAuth", ()), *(etcd if self.datastore == "etcd" else ())]
        for authority, name, subject, usage, sans in wanted:
            if not os.path.exists(path(name + ".crt")):
                issue(path(authority), path(name + ".crt"), path(name + ".key"), subject, usage, sans)

    def _server(self, address, port, answer):
        return TlsServer((address, port), self.serving.path("crt"), self.serving.path("key"), os.path.join(self.tls, "client-ca.crt"), answer)

    def _serve_forever(self):
        self.serving.follow(self.store)
        self._tell_tokens()
        self._write_kubeconfig()
        if self.has_api:
            self._start_api()
        else:
            self._follow_api()
        agents = not self.options.get("disable-agent")
        if agents:
            threading.Thread(target=self._run_agent, daemon=True).start()
        log("k3s is up and running")
        notify_ready()
        while True:
            time.sleep(self.settings["poll"])
            self._check_removal()
            try:
                self.serving.follow(self.store)
                if self.balancer:
                    self.balancer.update(self.api_servers())
                if self.datastore == "etcd":
                    remove_annotated(self.store)
                if self.datastore != "etcd" or (self.store.leader() or {}).get("id") == self.store.member_id:
                    judge_nodes(self.store, self.settings)
            except Unavailable:
                pass

    def _start_api(self):
        """The API server asks for credentials before it is ready."""
        for name in ("kube-apiserver", "kube-scheduler", "kube-controller-manager", "cloud-controller-manager"):
            log(f"Running {name} (only in name: this is a test double)")
        time.sleep(self.settings["api"])
        self.api_open = True
        time.sleep(self.settings["hooks"])
        self.up = True
        log("Kube API server is now running")

    def _follow_api(self):
        """Without an API server of its own it reaches that of the others as agents do."""
        file = os.path.join(os.path.dirname(self.folder), "agent/etc/k3s-agent-load-balancer.json")
        self.balancer = LocalBalancer(API_BALANCER_PORT, self.options.get("server") or f"https://127.0.0.1:{self.port}", file)

    def _run_agent(self):
        """Without an API server of its own the kubelet waits for one of the others, while the unit is active already."""
        told = time.monotonic()
        while not self._knows_api():
            if time.monotonic() - told >= TELL_SECONDS:
                told = time.monotonic()
                log(WAITING_FOR_API)
            time.sleep(self.settings["poll"])
        agent_loop(self._sign_of_life, self.settings)

    def _knows_api(self):
        try:
            return self.core_ready()
        except Unavailable:
            return False

    def core_ready(self):
        return self.up or (not self.has_api and self.store is not None and bool(self.api_servers()))

    def _sign_of_life(self, first, started):
        """The kubelet of this very host: straight into the store."""
        if first:
            if not check_password(self.store, self.name, node_password()):
                log(REJECTED, "error")
                return False
            register_node(self.store, describe_node("server", self.options, self.arguments, self.address, self.etcd_name))
        renew_lease(self.store, self.name, started)
        return True

    def _check_removal(self):
        if self.etcd_name and self.store.members() and not self.store.myself():
            with open(os.path.join(self.etcd_folder, "tombstone"), "w", encoding="utf-8"):
                pass
            self._end_etcd()
            log(REMOVED)
            node = self.store.entries.get(NODES + self.name, [0, None])[1]
            while node and node["metadata"]["annotations"].get(REMOVE) == "true":
                time.sleep(30)
            time.sleep(self.settings["lost"])
            print('E1127 00:00:00.000000       1 controllermanager.go:274] "leaderelection lost"', file=sys.stderr, flush=True)
            os._exit(1)

    def api_servers(self):
        """Addresses that agents may use, as host:port."""
        own = [f"{self.advertised}:{self.port}"] if self.up else []
        others = [
            f"{one['address']}:{self.port}" for _, node in self.store.list(NODES).values() for one in node["status"]["addresses"]
            if one["type"] == "InternalIP" and "node-role.kubernetes.io/control-plane" in node["metadata"]["labels"]
        ]
        return sorted({*own, *others})

    # Files

    def _write_tokens(self):
        _write(os.path.join(self.folder, "token"), full_token(self.ca_text, "server", self.password), 0o600)
        _link(os.path.join(self.folder, "node-token"), "token")
        agent_token = os.path.join(self.folder, "agent-token")
        if self.agent_password == self.password:
            _link(agent_token, "token")
        else:
            if os.path.islink(agent_token):
                os.remove(agent_token)
            _write(agent_token, full_token(self.ca_text, "node", self.agent_password), 0o600)
        _write(
            os.path.join(self.folder, "cred", "passwd"),
            f"{self.agent_password},node,node,k3s:agent\n{self.password},server,server,k3s:server\n", 0o600,
        )

    def _tell_tokens(self):
        log(f"Server node token is available at {self.folder}/token")
        log(f"To join server node to cluster: k3s server -s https://{self.advertised}:{self.port} -t ${{SERVER_NODE_TOKEN}}")
        log(f"Agent node token is available at {self.folder}/agent-token")
        log(f"To join agent node to cluster: k3s agent -s https://{self.advertised}:{self.port} -t ${{AGENT_NODE_TOKEN}}")

    def _write_kubeconfig(self):
        crt, key = (os.path.join(self.tls, f"client-admin.{ending}") for ending in ("crt", "key"))
        data = {"certificate-authority-data": self.ca_text.encode(), "client-certificate-data": _bytes(crt), "client-key-data": _bytes(key)}
        data = {name: base64.b64encode(value).decode() for name, value in data.items()}
        text = (
            "apiVersion: v1\nclusters:\n- cluster:\n"
            f"    certificate-authority-data: {data['certificate-authority-data']}\n    server: https://127.0.0.1:{self.port if self.has_api else API_BALANCER_PORT}\n  name: default\n"
            "contexts:\n- context:\n    cluster: default\n    user: default\n  name: default\ncurrent-context: default\nkind: Config\n"
            f"users:\n- name: default\n  user:\n    client-certificate-data: {data['client-certificate-data']}\n    client-key-data: {data['client-key-data']}\n"
        )
        path = self.options.get("write-kubeconfig") or "/etc/rancher/k3s/k3s.yaml"
        _write(path, text, int(self.options.get("write-kubeconfig-mode") or "600", 8))
        log(f"Wrote kubeconfig {path}")
        log("Run: k3s kubectl")


def _write(path, content, mode):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(os.open(path + ".tmp", os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(content)
    os.chmod(path + ".tmp", mode)
    os.replace(path + ".tmp", path)


def _link(path, target):
    if not os.path.islink(path):
        if os.path.exists(path):
            os.remove(path)
        os.symlink(target, path)


def _bytes(path):
    with open(path, "rb") as file:
        return file.read()
