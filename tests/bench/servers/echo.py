"""echo.py CLASS: an echo by that class of socketserver. Prints its port; ends by a signal."""
import socketserver
import sys


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(1024):
            self.request.sendall(data)


kind = getattr(socketserver, sys.argv[1])


class Server(kind):
    request_queue_size = 1024  # its 5 would measure repeated SYNs
    max_children = 4096  # of ForkingTCPServer: its 40 would wait for clients that stay
    daemon_threads = True


with Server(("127.0.0.1", 0), Echo) as server:
    print("listening on 127.0.0.1:%d" % server.server_address[1], flush=True)
    server.serve_forever()
