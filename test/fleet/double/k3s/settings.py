"""How fast the double lives. /etc/k3s-double.json may set any of these; values are seconds."""
import json

DEFAULTS = {
    "start": 0.2,  # from the first line to listening
    "starting": 0.2,  # a port that is open and answers 503 to everything
    "api": 0.3,  # from the datastore to an API server that asks for credentials
    "hooks": 0.3,  # from then until it is ready
    "lost": 2.0,  # from a removed member to the end of K3s, whose controllers have lost their leases
    "heartbeat": 0.5,  # between two signs of life of a node
    "grace": 4.0,  # without a sign of life until NotReady
    "network": 0.5,  # NotReady after registration until the pod network is there
    "promotion": 0.3,  # between two tries of a learner to become a voter
    "gossip": 0.25,  # between two exchanges of etcd members
    "peer_timeout": 0.6,  # for one answer of an etcd member
    "silence": 2.0,  # without an answer until an etcd member counts as lost
    "poll": 0.25,  # between two looks into an SQL datastore
}


def load_settings():
    try:
        with open("/etc/k3s-double.json", encoding="utf-8") as file:
            given = json.load(file)
    except FileNotFoundError:
        given = {}
    unknown = sorted(set(given) - set(DEFAULTS))
    if unknown:
        raise SystemExit(f"/etc/k3s-double.json: no such setting: {', '.join(unknown)}")
    return {**DEFAULTS, **given}
