#!/usr/bin/python3
"""bad_lines.py SOCKSCOPE PLAY: what a learner may get wrong gives what Python gives.

Each line of PLAY is run here and by this Python: the same class of exception and the same errno. Then come lines that
are no Python, or none of a play: one clear parse error with a caret, exit code 2; and very long ones, bounded in time
and memory. Never a crash.
"""
import json
import os
import pathlib
import resource
import select
import socket
import struct
import subprocess
import sys
import tempfile

DEADLINE = 60  # seconds
MEMORY = 256 << 20  # bytes a run may take; not of a sanitizer's build, which reserves far more
LONG = 1 << 20


def by_python(lines):
    """(class, errno) of each line's exception; ("", 0): it had none."""
    names = {**vars(socket), "socket": socket.socket, "select": select, "struct": struct}
    for line in lines:
        try:
            try:
                eval(compile(line, "line", "eval"), names)
            except SyntaxError:
                exec(compile(line, "line", "exec"), names)
            yield "", 0
        except BaseException as error:  # whatever it is, it is compared
            yield type(error).__name__, getattr(error, "errno", None) or 0


def by_sockscope(program, play, directory):
    """The same, from the recording; and what is wrong with how it ended."""
    recording = pathlib.Path(directory) / "r.jsonl"
    done = subprocess.run([program, "play", play, "--record", recording], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, errors="replace", timeout=DEADLINE, check=False)
    if done.returncode != 0:
        return [], [f"exit code {done.returncode}: {done.stderr}"]
    events = [json.loads(line) for line in recording.read_text().splitlines()]
    return [(e.get("exception", ""), e.get("error", 0)) for e in events if e.get("kind") == "line_ended"], []


def compare(program, play):
    lines = [line[4:] for line in pathlib.Path(play).read_text().splitlines() if line.startswith(">>> ")]
    with tempfile.TemporaryDirectory(prefix="bad.") as directory:
        os.chdir(directory)
        expected = list(by_python(lines))
        got, wrong = by_sockscope(program, play, directory)
        os.chdir("/")
    if not wrong and len(got) != len(lines):
        wrong.append(f"{len(lines)} lines, {len(got)} ended")
    wrong += [f"{line}\n  Python: {there}, here: {here}" for line, there, here in zip(lines, expected, got) if there != here]
    print(f"{len(lines)} lines compared with Python, {sum(there != ('', 0) for there in expected)} of them raise")
    return wrong


def refused(program, name, text, sanitized):
    """What is wrong with how a line that cannot be one is refused."""
    def bounded():
        if not sanitized:
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    with tempfile.NamedTemporaryFile(suffix=".play") as play:
        play.write(text)
        play.flush()
        done = subprocess.run([program, "play", play.name], stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE,
                              check=False, preexec_fn=bounded)
        said = done.stderr.decode("utf-8", errors="replace")
        if done.returncode != 2:
            return f"{name}: exit code {done.returncode}\n{said[:2000]}"
        if not said.startswith(play.name + ":1:") or not said.endswith("^\n") or len(said) > 2000 or said.count("\n") != 3:
            return f"{name}: not one message with a caret\n{said[:2000]}"
    return ""


def no_lines():
    """Name → the bytes of a play's only line."""
    yield "a quote that is not closed", b">>> s.send(b'half"
    yield "a bracket that is not closed", b">>> s.send((b'half'"
    yield "a bracket too many", b">>> s.send(b'x'))"
    yield "the wrong bracket", b">>> s.connect(('127.0.0.1', 80])"
    yield "two literals side by side", b">>> s.send(b'a' 'b')"
    yield "an operator at the end", b">>> 1 +"
    yield "nothing behind =", b">>> x ="
    yield "a keyword as a name", b">>> class = 5"
    yield "a loop", b">>> for x in y: pass"
    yield "a function's attribute", b">>> socket.nothing(1)"
    yield "a full-width bracket", ">>> s.send（b'x'）".encode()
    yield "bytes beyond ASCII", ">>> s.send(b'é')".encode()
    yield "no UTF-8", b">>> s.send('\xff\xfe')"
    yield "a NUL", b">>> s.send('\0')"
    yield "a control character", b">>> s.\x1b[31m"
    yield "a lone \\x", b">>> '\\x'"
    yield "a character beyond the last", b">>> '\\U00110000'"
    yield "no prompt", b"s.send(b'x')"
    yield "a directive nobody knows", b"%exepct main idle"
    yield "a condition cut short", b"%expect main returned and"
    yield "a time without end", b"%wait 99999999999999s"
    yield "1 MB of text", b">>> s.send(b'" + b"x" * LONG + b"')"
    yield "1 MB of brackets", b">>> " + b"(" * LONG
    yield "1 MB of one name", b">>> " + b"x" * LONG
    yield "1 MB of spaces", b">>> x =" + b" " * LONG + b"("
    yield "1 MB before the prompt", b" " * LONG + b">>> 1"
    yield "60,000 brackets", b">>> " + b"(" * 60_000
    yield "60,000 minus signs", b">>> " + b"-" * 60_000 + b"1"
    yield "60,000 commas", b">>> f(" + b"," * 60_000 + b")"
    yield "60,000 nots", b"%expect " + b"not " * 15_000 + b"and"


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: bad_lines.py SOCKSCOPE PLAY")
    program, play = (str(pathlib.Path(name).resolve()) for name in sys.argv[1:])
    sanitized = b"__asan_init" in pathlib.Path(program).read_bytes()
    wrong = compare(program, play)
    cases = list(no_lines())
    wrong += filter(None, (refused(program, name, text, sanitized) for name, text in cases))
    print(f"{len(cases)} lines that are none")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
