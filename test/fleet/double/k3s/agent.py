"""`k3s agent`, and the beating heart that servers have as well."""
import json
import os
import socket
import threading
import time
from urllib.parse import urlsplit

from client import Refused, Unreachable, context_of, request_json
from jointoken import check_url, fetch_ca, parse_token, read_token
from journal import Fatal, log, notify_ready
from nodes import describe_node, node_name, node_password
from options import load_options
from serve import own_address
from settings import load_settings
from store import Unavailable, write_json
from version import read_version

RETRY_SECONDS = 2
DIAL_SECONDS = 0.7


def agent_loop(sign_of_life, settings, registered=lambda: None):
    """Registers the node and then keeps telling that it lives; `sign_of_life(first, started)` is True when it was heard."""
    started, first = time.time(), True
    while True:
        try:
            if sign_of_life(first, started):
                if first:
                    registered()
                first = False
        except (Unavailable, Unreachable, Refused) as error:
            log(f"Failed to update node status: {error}", "error")
        time.sleep(RETRY_SECONDS if first else settings["heartbeat"])


class LocalBalancer:
    """
    A port on loopback that leads to the first server that takes the connection; the one that worked last comes first. What it
    learns is kept in `file`.
    """

    def __init__(self, port, server_url, file, name="k3s-agent-load-balancer"):
        parts = urlsplit(server_url)
        self.default = f"{parts.hostname}:{parts.port or 443}"
        self.url = server_url
        self.file = file
        self.addresses = self._remembered()
        log(f"Adding server to load balancer {name}: {self.default}")
        log(f"Running load balancer {name} 127.0.0.1:{port} -> {self.addresses} [default: {self.default}]".replace("'", ""))
        self.listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, daemon=True).start()

    def update(self, addresses):
        if addresses and set(addresses) != set(self.addresses):
            self.addresses = list(addresses)
            write_json(self.file, {"ServerURL": self.url, "ServerAddresses": self.addresses})

    def _remembered(self):
        if self.file is None:
            return [self.default]
        os.makedirs(os.path.dirname(self.file), exist_ok=True)
        try:
            with open(self.file, encoding="utf-8") as file:
                known = json.load(file)
            return known["ServerAddresses"] if known["ServerURL"] == self.url else [self.default]
        except (FileNotFoundError, ValueError):
            return [self.default]

    def _accept(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        for address in [*self.addresses, self.default]:
            host, _, port = address.rpartition(":")
            try:
                server = socket.create_connection((host, int(port)), DIAL_SECONDS)
            except OSError:
                continue
            server.settimeout(None)
            if address in self.addresses:
                self.addresses = [address, *(one for one in self.addresses if one != address)]
            threading.Thread(target=_pump, args=(client, server), daemon=True).start()
            _pump(server, client)
            return
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        client.close()


def _pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        end.close()


class Agent:
    def __init__(self, arguments):
        self.arguments = arguments
        self.options = load_options("agent", arguments, os.environ)
        self.settings = load_settings()

    def run(self):
        options = self.options
        token = read_token(options)
        if not token:
            raise Fatal("--token is required")
        if not options.get("server"):
            raise Fatal("--server is required")
        url = check_url(options["server"])
        log(f"Starting k3s agent {read_version()} (test double, runs no containers)")
        port = int(options.get("lb-server-port", 6444))
        data = options.get("data-dir", "/var/lib/rancher/k3s")
        self.balancer = LocalBalancer(port, url, os.path.join(data, "agent/etc/k3s-agent-load-balancer.json"))
        self.base = f"https://127.0.0.1:{port}"
        self.name = node_name(options)
        self._wait_for_cluster(url, token)
        address = options.get("node-ip", [None])[0] or own_address(urlsplit(url).hostname)
        self.node = describe_node("agent", options, self.arguments, address, None)
        agent_loop(self._sign_of_life, self.settings, self._registered)

    def _wait_for_cluster(self, url, token):
        while True:
            try:
                pem = fetch_ca(self.base, token)
                self.context = context_of(pem)
                self.basic = ("node", parse_token(token)[1])
                request_json(f"{self.base}/v1-k3s/config", self.context, basic=self.basic)
                break
            except (Unreachable, Refused, ValueError) as error:
                if isinstance(error, Refused) and error.status == 401:
                    log("Waiting to retrieve agent configuration; server is not ready: failed to retrieve configuration from server: not authorized")
                    time.sleep(RETRY_SECONDS)
                    continue
                log(f"Failed to validate connection to cluster at {url}: {error}", "error")
                time.sleep(RETRY_SECONDS)
        log("Getting list of apiserver endpoints from server")
        self._learn_servers()

    def _learn_servers(self):
        addresses = request_json(f"{self.base}/v1-k3s/apiservers", self.context, basic=self.basic)
        if set(addresses) != set(self.balancer.addresses):
            log(f"Got apiserver addresses from supervisor: {addresses}".replace("'", ""))
        self.balancer.update(addresses)

    def _sign_of_life(self, first, started):
        headers = {"k3s-Node-Name": self.name, "k3s-Node-Password": node_password()}
        body = {"started": started, "node": self.node if first else None}
        try:
            request_json(f"{self.base}/v1-k3s/heartbeat", self.context, method="POST", body=body, basic=self.basic, headers=headers, timeout=1.2)
        except Refused as error:
            if first:
                log(f"Waiting to retrieve agent configuration; server is not ready: {str(error).rpartition('Forbidden: ')[2]}")
                return False
            raise
        if int(time.time()) % 2 == 0:
            self._learn_servers()
        return True

    def _registered(self):
        log("Connecting to proxy")
        log(f"Annotations and labels have been set successfully on node: {self.name}")
        # K3s says so to systemd alone.
        if os.environ.get("NOTIFY_SOCKET"):
            log("k3s agent is up and running")
        notify_ready()
