"""The tutorial's client. Usage: python3 client.py PORT WORD..."""

import socket
import sys

HOST = "localhost"
PORT = int(sys.argv[1])
data = " ".join(sys.argv[2:])

with socket.create_connection((HOST, PORT)) as sock:
    sock.sendall(bytes(data + "\n", "utf-8"))
    # The answer may come in several pieces. This reads the first.
    received = str(sock.recv(1024), "utf-8")

print("Sent:     {}".format(data))
print("Received: {}".format(received))
