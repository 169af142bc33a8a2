#include "export/frame.h"

namespace sockscope::exporting::python_frame {

constexpr std::string_view baton = R"py(
# ---- the order of the lines ----

baton = threading.Condition()  # guards what follows
begun = 0  # how many lines have begun
inside = {}  # thread → the line it is in
kept = []  # sockets that have no name stay open until the end, as they did


class line:
    """with line(7, 'server'): … is the seventh line. It begins when six have begun, every other thread has finished
    its line, and server, which was inside one when this happened, has finished it or is asleep in its call."""

    def __init__(self, number, may_be_inside=''):
        self.number, self.may_be_inside, self.value = number, may_be_inside.split(), None

    def __enter__(self):
        global begun
        with baton:
            baton.wait_for(lambda: begun == self.number - 1)
        self.wait_for_others()
        with baton:
            begun = self.number
            inside[threading.current_thread().name] = self
            baton.notify_all()

    def wait_for_others(self):
        with baton:
            baton.wait_for(lambda: all(thread in self.may_be_inside for thread in inside), 10)
            alone = not inside
        if not alone or others_run:
            settle()

    def __exit__(self, kind, error, _):
        with baton:
            if isinstance(error, Exception):
                number = getattr(error, 'errno', None)
                print(self.number, 'raised', kind.__name__, *[number] if number else [])
            else:
                print(self.number, 'done' if self.value is None else repr(self.value))
            del inside[threading.current_thread().name]
            baton.notify_all()
        return isinstance(error, Exception)


def show(value):
    """What the line prints."""
    inside[threading.current_thread().name].value = value
    kept.append(value)


def print(*words, sep=' ', end='\n'):
    """In one piece: several threads print."""
    sys.stdout.write(sep.join(map(str, words)) + end)
    sys.stdout.flush()


def look():
    """Every other thread's state, and how often it has gone to sleep."""
    others = {}
    for task in os.listdir('/proc/self/task'):
        if int(task) == threading.get_native_id():
            continue
        try:
            with io.open(f'/proc/self/task/{task}/status') as status:
                facts = dict(row.split(':\t', 1) for row in status if ':\t' in row)
            others[task] = facts['State'][0], facts['voluntary_ctxt_switches']
        except (OSError, KeyError):
            pass  # it has just ended
    return others


def settle():
    """Waits until two looks, 20 ms apart, find every other thread asleep and none has moved; half a second at most."""
    before = look()
    for _ in range(25):
        time.sleep(0.02)
        now = look()
        if now == before and all(state == 'S' for state, _ in now.values()):
            return
        before = now


def finish(number, may_be_inside=''):
    """After the last line, or when none has begun for a long time: says which lines are still inside, and ends."""
    with baton:
        while begun < number - 1 and baton.wait(patience):
            pass
    line(number, may_be_inside).wait_for_others()
    with baton:
        for left in inside.values():
            print(left.number, 'blocked')
        shutil.rmtree(directory)
        os._exit(0 if begun == number - 1 else 1)
)py";

constexpr std::string_view keep = R"py(

def keep(value):
    """Keeps a socket open that no name holds any more."""
    kept.append(value)
    return value
)py";

constexpr std::string_view open_file = R"py(

def open(name, mode='r'):
    """A file of this program's own directory."""
    return io.open(os.path.basename(name), mode)
)py";

constexpr std::string_view write_file = R"py(

def write(name, data):
    with open(name, 'wb') as file:
        file.write(data)
)py";

constexpr std::string_view left_out = R"py(

class LeftOut(Exception):
    """This line of the run is not in the program."""
)py";

constexpr std::string_view interrupt = R"py(

def interrupt(signal_number, frame):
    """Only the main thread runs a signal's handler, so the thread that is interrupted is the main one."""
    raise InterruptedError(errno.EINTR, 'Interrupted system call')


signal.signal(signal.SIGUSR1, interrupt)
)py";

constexpr std::string_view handler = R"py(

# ---- the server ----

class Handler(BaseRequestHandler):
    def handle(self):
        data = self.request.recv(1024).strip()
        print(f'{self.client_address[0]} wrote:')
        print(data)
)py";

constexpr std::string_view serve = R"py(

def serve(model, address, backlog=5, reuse_addr=False, work=0):
    class Server(model):
        request_queue_size, allow_reuse_address, daemon_threads = backlog, reuse_addr, True

        def process_request(self, request, client_address):
            serving.append((self, request))
            super().process_request(request, client_address)

    server = Server(address, Handler)
    server.work = work
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


serving = []
)py";

constexpr std::string_view stop = R"py(

def stop(server):
    """Ends it, and its clients' threads."""
    threading.Thread(target=server.shutdown, daemon=True).start()  # a silent client can keep it waiting
    server.socket.shutdown(SHUT_RDWR)
    server.server_close()
    for its, request in serving:
        try:
            if its is server:
                request.shutdown(SHUT_RDWR)
        except OSError:
            pass  # it was closed long ago
)py";

constexpr std::string_view load = R"py(

def load(address, clients=1, messages=1, text=b'hello\n', stay=False):
    """Clients, a thread each: connect, send, wait for the answer, close."""
    def client():
        own = socket()
        try:
            own.connect(address)
            connected.release()
            for _ in range(messages):
                own.sendall(text)
                if not own.recv(1024):
                    break
            if stay:
                threading.Event().wait()
        except OSError:
            connected.release()
        own.close()

    connected = threading.Semaphore(0)
    own_threads = [threading.Thread(target=client, daemon=True) for _ in range(clients)]
    for thread in own_threads:
        thread.start()
    for thread in own_threads:
        connected.acquire() if stay else thread.join()
)py";

}  // namespace sockscope::exporting::python_frame
