"""A test double of k3s: real TLS, tokens, datastores and nodes; no containers and no workloads."""
import os
import signal
import sys

from journal import Fatal, Shutdown, log

USAGE = """NAME:
   k3s - test double of Kubernetes, but small and simple
COMMANDS: server, agent, kubectl, ctr, etcd-snapshot"""


def main():
    name, arguments = os.path.basename(sys.argv[0]), sys.argv[1:]
    if name in ("kubectl", "crictl", "ctr"):
        arguments = [name, *arguments]
    command, rest = (arguments or ["help"])[0], arguments[1:]
    if command in ("--version", "-v"):
        from version import print_version

        print_version()
        return 0
    if command == "kubectl":
        from kubectl import kubectl
        from unpack import unpack

        unpack(os.environ.get("K3S_DATA_DIR"))
        return kubectl(rest)
    if command == "ctr":
        from images import ctr

        return ctr(rest)
    if command == "etcd-snapshot":
        from snapshots import etcd_snapshot

        return etcd_snapshot(rest)
    if command in ("server", "agent"):
        return run(command, rest)
    if command in ("help", "--help", "-h"):
        print(USAGE)
        return 0
    print(f"k3s {command} is not part of this test double of k3s", file=sys.stderr)
    return 1


def run(command, arguments):
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    from unpack import unpack

    try:
        if command == "server":
            from server import Server as Program
        else:
            from agent import Agent as Program

        program = Program(arguments)
        unpack(program.options.get("data-dir"))
        if not program.options.get("disable-agent"):
            from images import import_images

            import_images(program.options)
        program.run()
    except Fatal as error:
        log(f"Error: {error}", "fatal")
        os._exit(1)
    except Shutdown as error:
        log(f'Shutdown request received: "{error}"', "error")
        os._exit(0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
