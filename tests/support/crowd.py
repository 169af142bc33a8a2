"""crowd.py PAIRS CONNECTIONS: another program with many sockets. Opens so many AF_UNIX socket pairs and TCP connections
over loopback, two descriptors each, says how many sockets it has, and keeps them until its standard input ends."""

import resource
import socket
import struct
import sys


def main() -> int:
    pairs, connections = (int(word) for word in sys.argv[1:])
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    kept: list[socket.socket] = []
    for _ in range(pairs):
        kept.extend(socket.socketpair())
    with socket.create_server(("127.0.0.1", 0), backlog=16) as listener:
        for _ in range(connections):
            kept.append(socket.create_connection(listener.getsockname()))
            kept.append(listener.accept()[0])
            # Closed without TIME_WAIT: nothing of it outlives the test.
            kept[-2].setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        print(len(kept), "sockets", flush=True)
        sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main())
