#!/usr/bin/python3
"""house.py SOURCE-DIR: the rules of the house that a compiler does not hold. Prints FILE:LINE: what is wrong.

Which room may include which is read from the sockscope_room() lines of CMake; the absences of ARCHITECTURE.md are
written here, so that a wrong arrow added in CMake fails too.
"""
import pathlib
import re
import sys

MOST_LINES = 450

# Whatever CMake says, these rooms see these rooms only.
SEES_ONLY = {
    "net": {"net"},
    "trace": {"trace", "net"},
    "ui": {"ui", "net"},
    "explain": {"explain", "trace", "net"},
    "panes": {"panes", "ui", "explain", "trace", "net"},
}
# They write to the inbox; what has been written is not theirs to read.
PRODUCERS = {"calls", "engine", "kernel", "lab", "server", "watch"}
READ_SIDE = {"trace/trace.h", "trace/state.h", "trace/recording.h", "trace/narrate.h"}
ROOM = re.compile(r"sockscope_room\(\s*(\w+)\s+(\w+)([^)]*)\)")
INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')
IMGUI = re.compile(r"^(imgui|misc/cpp/imgui|backends/imgui)")
SCREEN = re.compile(r"^(GLFW/|glad/|GL/|EGL/|imgui_impl_|backends/imgui_impl_)")
MUTABLE_STATIC = re.compile(r"\bstatic\b(?!\s+(?:inline\s+)?const(?:expr)?\b)|\bthread_local\b")
SLEEP = re.compile(r"\b(sleep_for|sleep_until|usleep|nanosleep|sleep)\s*\(")
OPEN_END = re.compile(r"\b(" + "TO" + "DO|FIX" + "ME|X" + "XX)\\b")
MACHINE = re.compile(r"(?<![\w.])/(?:wo" + r"rk|fa" + r"rm|home/\w+|tmp/build-\w+)/")
TEXT = {".cc", ".h", ".md", ".txt", ".cmake", ".json", ".jsonl", ".po", ".py", ".play", ".sh", ""}
# Not ours to judge, or not text.
SKIP = {".git", "build", "__pycache__"}


def rooms(source):
    """Room → (folder, rooms whose headers it can include): what CMake puts on its include path."""
    public, private, folder = {}, {}, {}
    for path in [source / "CMakeLists.txt", *sorted((source / "cmake").glob("*.cmake"))]:
        for name, where, rest in ROOM.findall(path.read_text()):
            folder[name] = where
            kinds = re.split(r"\b(PRIVATE_LINK|LINK)\b", rest)
            words = dict(zip(kinds[1::2], (part.split() for part in kinds[2::2])))
            public[name], private[name] = words.get("LINK", []), words.get("PRIVATE_LINK", [])

    def closure(names):
        seen, todo = set(), list(names)
        while todo:
            name = todo.pop()
            if name in folder and name not in seen:
                seen.add(name)
                todo += public[name]
        return seen

    return {name: (folder[name], closure([name, *public[name], *private[name]])) for name in folder}


def files(source):
    for path in sorted(source.rglob("*")):
        parts = path.relative_to(source).parts
        if path.is_file() and not path.is_symlink() and not SKIP & set(parts) and path.suffix in TEXT:
            yield path, parts


def check_include(kind, name, parts, known):
    """What is wrong with including `name` in the file of core/ or app/ with these path parts."""
    folder, room = parts[0], parts[1] if len(parts) > 2 else ""
    target = name.split("/")[0]
    if name == "netinet/tcp.h":
        yield "<netinet/tcp.h> cannot be used together with <linux/tcp.h>; core/kernel has what is needed"
    if IMGUI.match(name) and folder != "app":
        yield "ImGui belongs to app/"
    if SCREEN.match(name) and parts[:2] != ("app", "gui"):
        yield "windows and GL belong to app/gui"
    if kind != '"':
        return
    if ".." in name.split("/") or "/" not in name:
        yield f'write "room/file.h", not "{name}"'
    if target not in known:
        return
    if folder == "core" and known[target][0] == "app":
        yield "core never includes app"
        return
    if room not in known:
        return
    if target not in known[room][1]:
        yield f"{room} may not include {target}: it does not link it"
    elif target not in SEES_ONLY.get(room, known):
        yield f"{room} may not include {target}, whatever it links"
    if room in PRODUCERS and name in READ_SIDE:
        yield f"{room} writes to the inbox and never reads the trace"


def check_line(line, parts):
    """What is wrong with a line, wherever it stands."""
    folder = parts[0]
    code = pathlib.PurePath(parts[-1]).suffix in (".cc", ".h")
    if OPEN_END.search(line) and folder in ("core", "app", "tests", "scripts", "cmake"):
        yield "finish it, or file an issue"
    if MACHINE.search(line):
        yield "a path of one machine"
    if not code:
        return
    bare = re.sub(r'"(?:[^"\\]|\\.)*"|//.*', "", line)
    member_function = parts[-1].endswith(".h") and "(" in bare
    if parts[:2] == ("app", "panes") and MUTABLE_STATIC.search(bare) and not member_function:
        yield "a pane keeps nothing: state goes into View"
    if folder == "tests" and SLEEP.search(bare):
        yield "wait for a condition with a deadline instead of sleeping"


def check(source):
    """Every broken rule as "file:line: what is wrong"."""
    source = pathlib.Path(source)
    known = rooms(source)
    tcp_info = []
    for path, parts in files(source):
        where = "/".join(parts)
        code = path.suffix in (".cc", ".h")
        lines = path.read_text(errors="replace").splitlines()
        if code and len(lines) > MOST_LINES:
            yield f"{where}:{len(lines)}: more than {MOST_LINES} lines: which second job is in it?"
        for number, line in enumerate(lines, 1):
            wrong = list(check_line(line, parts))
            include = INCLUDE.match(line) if code else None
            if include and parts[0] in ("core", "app"):
                wrong += check_include(*include.groups(), parts, known)
            if include and include[2] == "linux/tcp.h":
                tcp_info.append(f"{where}:{number}")
            for what in wrong:
                yield f"{where}:{number}: {what}"
    for place in tcp_info[1:]:
        yield f"{place}: only one file includes <linux/tcp.h>, and {tcp_info[0]} does"


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: house.py SOURCE-DIR")
    broken = list(check(sys.argv[1]))
    print("\n".join(broken) if broken else "the house is in order")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
