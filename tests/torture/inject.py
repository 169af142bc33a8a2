#!/usr/bin/python3
"""inject.py SOCKSCOPE AT-EXIT PLAY [--all]: a play in which each system call in turn is made to fail by strace(1).

First the play runs undisturbed and the calls of its threads are counted. Then, for each system call and each k, it
runs again and the k-th one fails in every thread of the play, with two errors in turn. Each run must end by itself with exit code 0 or 1, leave
no descriptor, no thread and a recording that loads; and where the failed call was the learner's, its error is in the
recording, unless it was EINTR, which is tried again (PEP 475). --all: every error at each place, and the program's own
calls too, where any exit code will do. AT-EXIT is the library of tests/torture/at_exit.
"""
import argparse
import collections
import errno
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

DEADLINE = 60  # seconds; a run takes less than one
# System call → the errors it is made to give, in turn.
OPENS = ["EMFILE", "ENOMEM", "ENFILE", "ENOBUFS"]
READS = ["EINTR", "EAGAIN", "ECONNRESET", "ENOMEM"]
WRITES = ["EINTR", "EPIPE", "ENOBUFS", "EAGAIN", "ECONNRESET"]
ERRORS = {
    "socket": OPENS + ["EACCES"],
    "socketpair": OPENS,
    "bind": ["EADDRINUSE", "EACCES", "ENOMEM"],
    "listen": ["EADDRINUSE", "EOPNOTSUPP"],
    "accept4": ["EINTR", "ECONNABORTED", "EMFILE", "ENOMEM", "EAGAIN"],
    "connect": ["ECONNREFUSED", "EINTR", "EAGAIN", "ETIMEDOUT", "EINPROGRESS", "EADDRNOTAVAIL"],
    "recvfrom": READS,
    "recvmsg": READS,
    "sendto": WRITES,
    "sendmsg": WRITES,
    "sendfile": ["EINTR", "EPIPE", "EINVAL", "EAGAIN", "EIO"],
    "setsockopt": ["ENOPROTOOPT", "ENOMEM"],
    "getsockopt": ["ENOPROTOOPT", "ENOBUFS"],
    "getsockname": ["ENOBUFS"],
    "getpeername": ["ENOTCONN", "ENOBUFS"],
    "shutdown": ["ENOTCONN"],
    "poll": ["EINTR", "ENOMEM"],
    "ppoll": ["EINTR", "ENOMEM"],
    "select": ["EINTR", "ENOMEM"],
    "pselect6": ["EINTR", "ENOMEM"],
    "fcntl": ["EMFILE", "EINVAL"],
    "ioctl": ["EINVAL", "EIO"],
    "close": ["EIO", "EINTR"],
    "openat": ["EMFILE", "ENOENT", "EACCES", "EINTR"],
    "mkdir": ["EACCES", "ENOSPC"],
    "unshare": ["EPERM", "ENOMEM"],
    "chdir": ["EACCES"],
    "dup": ["EMFILE"],
    "dup3": ["EMFILE"],
    "write": ["EIO", "ENOSPC", "EINTR"],
    "read": ["EIO", "EINTR"],
    "lseek": ["EINVAL"],
    "clone3": ["EAGAIN"],
}
# Made by the program's first thread too, from loading its libraries on: strace counts for each thread, and when the
# k-th of that thread fails, any end will do that says a word.
OWN_TOO = {"close", "openat", "read", "write", "mkdir", "unshare", "chdir", "clone3", "fcntl", "lseek", "dup", "dup3"}
# How many of those fail in turn, with --all.
OWN = {"write": 12, "read": 12, "clone3": 8, "mkdir": 2, "unshare": 2, "openat": 120, "close": 120, "fcntl": 12, "poll": 6,
       "ppoll": 6, "socket": 6, "recvfrom": 6, "sendto": 6, "ioctl": 12}
LINE = re.compile(r"^(\d+) +(\d+\.\d+) (?:(\w+)\(|<\.\.\. (\w+) resumed>)(.*)$")
# The system calls that a catalogue call makes for its own sake, where the name says another one.
MAKES = {"accept": ["accept4"], "send": ["sendto"], "recv": ["recvfrom"], "recv_into": ["recvfrom"], "connect_ex": ["connect"],
         "os.sendfile": ["sendfile"], "select": ["select", "pselect6"], "poll": ["poll", "ppoll"], "dup": ["fcntl"],
         "fromfd": ["fcntl"], "sendall": [], "sendfile": [], "create_connection": [], "create_server": [], "getaddrinfo": [],
         "gethostbyname": []}
# Not an error of the call, or not of this call alone: connect says EINPROGRESS and waits; EAGAIN may mean wait again.
WAITS = {"EINTR", "EAGAIN", "EINPROGRESS"}


class Wrong(Exception):
    """What a run should not have done."""


def number(name):
    return getattr(errno, name)


class Torture:
    def __init__(self, arguments, directory):
        self.program, self.at_exit, self.play = arguments.sockscope, arguments.at_exit, arguments.play
        self.directory = pathlib.Path(directory)
        self.log, self.recording = self.directory / "strace", self.directory / "r.jsonl"
        self.left = self.directory / "left"
        self.runs = self.failed_calls = self.in_trace = 0

    def run(self, inject=None):
        """Exit code and what was said; `inject` as strace wants it."""
        for path in (self.log, self.recording, self.left):
            path.unlink(missing_ok=True)
        command = ["strace", "-f", "--seccomp-bpf", "-qq", "-ttt", "-o", self.log, "-e", "signal=none", "-e",
                   "trace=" + (inject.split(":")[0] if inject else ",".join("?" + name for name in ERRORS))]
        if inject:
            command += ["-e", "inject=" + inject]
        command += ["-E", f"LD_PRELOAD={self.at_exit}", "-E", f"SOCKSCOPE_AT_EXIT={self.left}",
                    self.program, "play", self.play, "--record", self.recording]
        self.runs += 1
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                              timeout=DEADLINE, check=False)
        return done.returncode, done.stdout + done.stderr

    def traced(self):
        """Each call strace saw: (thread id, seconds, name, the rest of the line)."""
        for line in self.log.read_text(errors="replace").splitlines():
            match = LINE.match(line)
            if match and match[3]:
                yield int(match[1]), float(match[2]), match[3], match[5]

    def events(self):
        return [json.loads(line) for line in self.recording.read_text().splitlines()]

    def workers(self):
        return {event["tid"] for event in self.events() if event.get("kind") == "thread_started"}

    def count(self):
        """System call → how often the busiest thread of the play makes it."""
        workers, counts = self.workers(), collections.Counter()
        for thread, _, name, _ in self.traced():
            if thread in workers:
                counts[name, thread] += 1
        most = collections.Counter()
        for (name, _), times in counts.items():
            most[name] = max(most[name], times)
        return most

    def check_left(self, closes):
        """Nothing but the standard descriptors and one thread, when it ended; a close that failed keeps its own."""
        if not self.left.exists():
            raise Wrong("it did not end by itself")
        lines = self.left.read_text().splitlines()
        descriptors = [line for line in lines if line.startswith("descriptor") and int(line.split()[1]) > 2]
        if len(descriptors) > closes:
            raise Wrong("left open:\n" + "\n".join(descriptors))
        if sum(line.startswith("thread") for line in lines) != 1:
            raise Wrong("left a thread")

    def check_recorded(self, error):
        """Each injected failure of a learner's call is what that call returned."""
        events = self.events()
        wall = wall_of(events[0]["wall"])
        threads = {event["tid"]: event["thread"] for event in events if event.get("kind") == "thread_started"}
        for tid, seconds, name, rest in self.traced():
            if "(INJECTED)" not in rest and not rest.endswith("INJECTED)"):
                continue
            self.failed_calls += 1
            at = (seconds - wall) * 1e9
            call = open_call(events, threads.get(tid), at)
            if call is None or name not in MAKES.get(call["name"], [call["name"]]):
                continue
            returned = [e for e in events if e.get("kind") == "call_returned" and e["call"] == call["call"]]
            if error in WAITS:
                continue
            self.in_trace += 1
            if not returned or abs(returned[0].get("error", 0) or returned[0].get("result", 0)) != number(error):
                raise Wrong(f"{name} failed with {error}, and the recording says {returned} of {call}")

    def check(self, inject):
        name, error = inject.split(":")[0], re.search(r"error=(\w+)", inject)[1]
        code, said = self.run(inject)
        own = name in OWN_TOO and self.first_thread_failed()
        try:
            if code not in ((0, 1, 2, 3, 127) if own else (0, 1)):  # 127: a library did not load
                raise Wrong(f"exit code {code}")
            if code != 0 and not said.strip():
                raise Wrong(f"exit code {code} and not a word")
            if own:
                return True
            log = self.log.read_text(errors="replace")
            self.check_left(log.count("INJECTED") if name == "close" else 0)
            self.check_loads()
            self.check_recorded(error)
        except Wrong as wrong:
            print(f"{self.play}: with {inject}: {wrong}\n{said}", flush=True)
            return False
        return True

    def first_thread_failed(self):
        """strace's first line is of the process's first thread."""
        calls = list(self.traced())
        return any(tid == calls[0][0] and "INJECTED" in rest for tid, _, _, rest in calls)

    def check_loads(self):
        done = subprocess.run([self.program, "narrate", self.recording], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, errors="replace", timeout=DEADLINE, check=False)
        if done.returncode != 0:
            raise Wrong("its recording does not load: " + done.stderr)


def wall_of(text):
    """Seconds since 1970 of "2026-01-31T12:00:00.123456789Z"."""
    import calendar
    import time
    whole, fraction = text.rstrip("Z").split(".")
    return calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) + int(fraction) / 1e9


def open_call(events, thread, at):
    """The innermost call that `thread` was in at that time."""
    calls = []
    for event in events[1:]:
        if event["t"] > at:
            break
        if event.get("thread") != thread:
            continue
        if event["kind"] == "call_entered":
            calls.append(event)
        elif event["kind"] == "call_returned":
            calls = [call for call in calls if call["call"] != event["call"]]
    return calls[-1] if calls else None


def plan(most, everything):
    """What strace is told, a run each."""
    for name, errors in ERRORS.items():
        for k in range(1, max(most[name], OWN.get(name, 0) if everything else 0) + 1):
            for error in errors if everything else sorted({errors[(2 * k - 2) % len(errors)], errors[(2 * k - 1) % len(errors)]}):
                yield f"{name}:error={error}:when={k}"


def permitted():
    """Whether strace may trace here; why not, otherwise."""
    done = subprocess.run(["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=none", "true"], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 and not done.stderr else done.stderr.strip() or "strace failed"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sockscope")
    parser.add_argument("at_exit")
    parser.add_argument("play")
    parser.add_argument("--all", action="store_true")
    arguments = parser.parse_args()
    refused = permitted()
    if refused:
        print("skipped: this machine lets nobody trace:", refused)
        return 77
    with tempfile.TemporaryDirectory(prefix="torture.") as directory:
        torture = Torture(arguments, directory)
        code, said = torture.run()
        if code != 0:
            print(f"{arguments.play}: undisturbed it ends with {code}\n{said}")
            return 1
        torture.check_left(0)
        most = torture.count()
        if not most:
            print(f"{arguments.play}: strace saw no call of its threads")
            return 1
        good = [torture.check(step) for step in plan(most, arguments.all)]
    print(f"{torture.runs} runs, {torture.failed_calls} calls failed, {torture.in_trace} errors found in the recording, "
          f"{good.count(False)} runs wrong; each call at most: {dict(most)}")
    some = torture.failed_calls >= len(most) and torture.in_trace > 0
    return 0 if all(good) and some else 1


if __name__ == "__main__":
    sys.exit(main())
