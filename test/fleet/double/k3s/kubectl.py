"""`k3s kubectl`: the few verbs that tools run on a host, over the real API with the certificate of the kubeconfig."""
import base64
import json
import os
import re
import sys
import tempfile

import yaml

from client import Unreachable, context_of, request
from nodes import COLUMNS, cells_of
from version import read_version

DEFAULT = "/etc/rancher/k3s/k3s.yaml"


def kubectl(arguments):
    words, flags = _split(arguments)
    if words[:1] == ["version"] and "client" in flags:
        print(f"Client Version: {read_version()}")
        return 0
    try:
        api = _Api(flags)
    except FileNotFoundError:
        return _fail("The connection to the server localhost:8080 was refused - did you specify the right host or port?")
    except PermissionError as error:
        return _fail(f"error: error loading config file \"{error.filename}\": open {error.filename}: permission denied")
    try:
        return _run(api, words, flags)
    except Unreachable as error:
        text = str(error)
        if "connection refused" in text:
            return _fail(f"The connection to the server {api.place} was refused - did you specify the right host or port?")
        return _fail("Unable to connect to the server: " + text.partition('": ')[2])


def _run(api, words, flags):
    if flags.get("raw"):
        status, body = api.ask("GET", flags["raw"])
        if status >= 400:
            return _fail(f"Error from server: {body.decode()}" if status != 401 else "error: You must be logged in to the server (Unauthorized)")
        print(body.decode(), end="")
        return 0
    verb, rest = words[:1], words[1:]
    if verb == ["version"]:
        print(json.dumps({"serverVersion": json.loads(api.ask("GET", "/version")[1])}, indent=2))
        return 0
    if verb == ["get"] and rest[:1] and rest[0] in WITHOUT_OBJECTS:
        if flags.get("output") == "json":
            print(json.dumps({"apiVersion": "v1", "kind": "List", "items": []}))
        return 0
    if verb == ["get"] and rest[:1] in (["lease"], ["leases"]):
        return _leases(api, rest[1:], flags)
    if verb in (["create"], ["replace"]) and flags.get("f") == "-":
        try:
            document = json.load(sys.stdin)
        except ValueError:
            return _fail("error: error parsing STDIN: unexpected end of JSON input")
        return _write(api, verb[0], document)
    if verb == ["get"] and rest[:2] == ["namespace", "kube-system"]:
        # As old as the first Node, which a server makes of itself when it founds the cluster.
        items = json.loads(api.ask("GET", "/api/v1/nodes")[1])["items"]
        print(min(item["metadata"]["creationTimestamp"] for item in items), end="")
        return 0
    kinds = ("node", "nodes", "no")
    names = [one.partition("/")[2] for one in rest if "/" in one] or (rest[1:] if rest[:1] and rest[0] in kinds else rest)
    if verb == ["get"] and rest[:1] and rest[0].partition("/")[0] in kinds:
        return _get(api, names, flags)
    if verb == ["delete"] and names:
        return _each(names, lambda name: api.ask("DELETE", f"/api/v1/nodes/{name}"), 'node "{}" deleted', "ignore-not-found" in flags)
    if verb == ["patch"] and rest[:1] and rest[0] in kinds:
        return _each(names, lambda name: api.ask("PATCH", f"/api/v1/nodes/{name}", json.loads(flags["p"])), "node/{} patched")
    if verb in (["cordon"], ["uncordon"], ["drain"]) and names:
        patch = {"spec": {"unschedulable": True if verb != ["uncordon"] else None}}
        done = _each(names, lambda name: api.ask("PATCH", f"/api/v1/nodes/{name}", patch), "node/{} " + ("uncordoned" if verb == ["uncordon"] else "cordoned"))
        if verb == ["drain"] and done == 0:
            print("\n".join(f"node/{name} drained" for name in names))
        return done
    return _fail(f"kubectl {' '.join(words)} is not part of this test double of k3s")


def _get(api, names, flags):
    if "selector" in flags or "field-selector" in flags:
        return _fail("selectors are not part of this test double of k3s")
    items = []
    for path in [f"/api/v1/nodes/{name}" for name in names] or ["/api/v1/nodes"]:
        status, body = api.ask("GET", path)
        document = json.loads(body)
        if status == 404 and "ignore-not-found" in flags:
            continue
        if status >= 400:
            return _fail(f"Error from server ({document.get('reason')}): {document.get('message')}")
        items += document["items"] if document["kind"] == "NodeList" else [document]
    output = flags.get("output", "")
    if output == "json":
        print(json.dumps(items[0] if len(names) == 1 else {"apiVersion": "v1", "kind": "List", "items": items, "metadata": {"resourceVersion": ""}}, indent=4))
    elif output.startswith("jsonpath="):
        print("".join(_jsonpath(node, output.partition("=")[2]) for node in items), end="")
    elif output == "name":
        print("\n".join(f"node/{node['metadata']['name']}" for node in items))
    elif output in ("", "wide"):
        shown = 10 if output == "wide" else 5
        rows = ([] if flags.get("no-headers") else [[name.upper() for name, _ in COLUMNS[:shown]]]) + [cells_of(node)[:shown] for node in items]
        widths = [max(len(row[i]) for row in rows) + 3 for i in range(shown)] if rows else []
        print("\n".join("".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows))
    else:
        return _fail(f"output {output} is not part of this test double of k3s")
    return 0


# What tools ask for and no cluster of this double has.
WITHOUT_OBJECTS = {"pods", "jobs", "secrets", "poddisruptionbudgets"}


def _jsonpath(value, template):
    """Fields by their names, the status of a condition, and texts in quotes."""

    def part(match):
        text = match.group(1)
        if text.startswith('"'):
            return json.loads(text)
        condition = re.fullmatch(r'\.status\.conditions\[\?\(@\.type=="(\w+)"\)\]\.status', text)
        if condition:
            return next((one["status"] for one in value["status"]["conditions"] if one["type"] == condition.group(1)), "")
        names = [name.replace("\\.", ".") for name in re.split(r"(?<!\\)\.", text)[1:]]
        found = _field(value, names)
        return {"<none>": "", "True": "true", "False": "false"}.get(found, found)

    return re.sub(r"\{([^{}]*)\}", part, template)


LEASES = "/apis/coordination.k8s.io/v1/namespaces/{}/leases"


def _leases(api, names, flags):
    status, body = api.ask("GET", "/".join([LEASES.format(flags.get("namespace", "default")), *names[:1]]))
    document = json.loads(body)
    if status >= 400:
        missing = document.get("reason") == "NotFound" and "ignore-not-found" in flags
        return 0 if missing else _fail(f"Error from server ({document.get('reason')}): {document.get('message')}")
    output = flags.get("output", "")
    if output == "json":
        print(json.dumps(document, indent=4))
    elif output.startswith("custom-columns=") and "no-headers" in flags:
        paths = [column.partition(":.")[2].split(".") for column in output.partition("=")[2].split(",")]
        for item in document["items"] if "items" in document else [document]:
            print("   ".join(_field(item, path) for path in paths))
    else:
        return _fail(f"output {output} is not part of this test double of k3s")
    return 0


def _field(value, path):
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return "<none>" if value is None else str(value)


def _write(api, verb, document):
    """Leases only."""
    metadata = document["metadata"]
    path = LEASES.format(metadata["namespace"])
    status, body = api.ask("POST", path, document) if verb == "create" else api.ask("PUT", f"{path}/{metadata['name']}", document)
    answer = json.loads(body)
    if status >= 400:
        return _fail(f"Error from server ({answer.get('reason')}): error when {verb[:-1]}ing \"STDIN\": {answer.get('message')}")
    print(json.dumps(answer, indent=4))
    return 0


def _each(names, act, done, ignore_not_found=False):
    for name in names:
        status, body = act(name)
        if status == 404 and ignore_not_found:
            continue
        if status >= 400:
            document = json.loads(body)
            return _fail(f"Error from server ({document.get('reason')}): {document.get('message')}")
        print(done.format(name))
    return 0


class _Api:
    def __init__(self, flags):
        path = flags.get("kubeconfig") or os.environ.get("KUBECONFIG") or DEFAULT
        with open(path, encoding="utf-8") as file:
            document = yaml.safe_load(file)
        cluster, user = document["clusters"][0]["cluster"], document["users"][0]["user"]
        self.url = flags.get("server") or cluster["server"]
        self.place = self.url.partition("://")[2]
        with tempfile.NamedTemporaryFile() as certificate, tempfile.NamedTemporaryFile() as key:
            for file, name in ((certificate, "client-certificate-data"), (key, "client-key-data")):
                file.write(base64.b64decode(user[name]))
                file.flush()
            self.context = context_of(base64.b64decode(cluster["certificate-authority-data"]).decode(), True, certificate.name, key.name)

    def ask(self, method, path, body=None):
        headers = {"Content-Type": "application/merge-patch+json"} if method == "PATCH" else None
        return request(self.url + path, self.context, method, body, headers=headers)


SHORT = {"o": "output", "n": "namespace", "l": "selector", "s": "server", "A": "all-namespaces"}
WITHOUT_VALUE = {"no-headers", "ignore-not-found", "all-namespaces", "ignore-daemonsets", "delete-emptydir-data", "force", "client"}


def _split(arguments):
    words, flags, rest = [], {}, list(arguments)
    while rest:
        word = rest.pop(0)
        if word == "--":
            return words + rest, flags
        if not word.startswith("-"):
            words.append(word)
            continue
        name, equals, value = word.lstrip("-").partition("=")
        if not equals and word[1] != "-" and len(word) > 2:
            name, equals, value = word[1], "=", word[2:]
        name = SHORT.get(name, name)
        flags[name] = value if equals else True if name in WITHOUT_VALUE else rest.pop(0) if rest else ""
    return words, flags


def _fail(message):
    print(message, file=sys.stderr)
    return 1
