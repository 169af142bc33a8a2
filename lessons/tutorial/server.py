"""The tutorial's server. Usage: python3 server.py [PORT]; port 0 takes a free one."""

import socketserver
import sys


class MyTCPHandler(socketserver.BaseRequestHandler):
    """One instance for each connection."""

    def handle(self):
        # One recv is one piece of a stream, not one message.
        self.data = self.request.recv(1024).strip()
        print("{} wrote:".format(self.client_address[0]), flush=True)
        print(self.data, flush=True)
        self.request.sendall(self.data.upper())


if __name__ == "__main__":
    HOST = "localhost"
    PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 9999
    # One word serves several clients at once: socketserver.ThreadingTCPServer
    with socketserver.TCPServer((HOST, PORT), MyTCPHandler) as server:
        print("listening on {}:{}".format(*server.server_address), flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
