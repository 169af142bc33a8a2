#!/usr/bin/python3
"""only_calls.py FILE…: an exported program parses to nothing but the expected calls. Prints FILE:LINE: what is not.

The frame (imports, helpers, the run at the end) is the same in every program; what comes from a recording is in the
bodies of the functions that stand behind "# ---- the threads ----". Those may hold only: global, with line(…), calls of
the functions and methods a play has, assignments to names, literals, and comments.
"""
import ast
import sys

FUNCTIONS = set("""socket socketpair create_connection create_server getaddrinfo gethostbyname getdefaulttimeout
    setdefaulttimeout fromfd dup bytes bytearray str len print open show keep line serve stop load write""".split())
METHODS = set("""setsockopt getsockopt bind listen accept connect connect_ex send sendall sendto sendmsg sendfile recv
    recv_into recvfrom recvmsg shutdown close detach dup fileno getsockname getpeername settimeout gettimeout setblocking
    getblocking encode decode upper lower strip split join format read write seek poll register unregister modify
    append""".split())
MODULES = {"select": {"select", "poll"}, "struct": {"pack", "unpack"}, "time": {"sleep"},
           "signal": {"pthread_kill"}}
ATTRIBUTES = {"family", "type", "proto", "timeout", "server_address"}
# What else a statement may hold; calls, attributes and names are looked at one by one.
NODES = (ast.Constant, ast.Tuple, ast.List, ast.BinOp, ast.UnaryOp, ast.USub, ast.Add, ast.Sub, ast.Mult, ast.BitOr,
         ast.Subscript, ast.Slice, ast.Load, ast.Store, ast.Del, ast.keyword, ast.Expr, ast.Assign, ast.Delete,
         ast.Global, ast.Pass, ast.With, ast.withitem)


def wrong_call(node):
    function = node.func
    if isinstance(function, ast.Name):
        return None if function.id in FUNCTIONS else f"calls {function.id}"
    if not isinstance(function, ast.Attribute):
        return "calls what is no name"
    of = function.value
    if isinstance(of, ast.Name) and of.id in MODULES:
        return None if function.attr in MODULES[of.id] else f"calls {of.id}.{function.attr}"
    return None if function.attr in METHODS else f"calls the method {function.attr}"


def wrong_attribute(node):
    name = node.value.id if isinstance(node.value, ast.Name) else ""
    if name in MODULES:
        known = node.attr in MODULES[name] or node.attr.startswith("POLL") or node.attr == "SIGUSR1"
        return None if known else f"reads {name}.{node.attr}"
    return None if node.attr in ATTRIBUTES | METHODS else f"reads the attribute {node.attr}"


def wrong(node):
    if ast.unparse(node) == "threading.main_thread().ident":  # whom a signal goes to
        return ""
    if isinstance(node, ast.Call):
        return wrong_call(node)
    if isinstance(node, ast.Attribute):
        return wrong_attribute(node)
    if isinstance(node, ast.Name):
        return f"names {node.id}" if node.id.startswith("_") else None
    if isinstance(node, ast.Raise):
        return None if ast.unparse(node) == "raise LeftOut" else "raises"
    return None if isinstance(node, NODES) else f"has a {type(node).__name__}"


def walk(node):
    """What is wrong with a node or below it. "": nothing, and nothing below is looked at."""
    found = wrong(node)
    if found == "":
        return
    if found:
        yield getattr(node, "lineno", 0), found
    for child in ast.iter_child_nodes(node):
        yield from walk(child)


def check(text, name):
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return [f"{name}:{getattr(error, 'lineno', 0)}: not Python: {error}"]
    begins = [number for number, row in enumerate(text.split("\n"), 1) if row == "# ---- the threads ----"]
    if len(begins) != 1:
        return [f"{name}:1: the threads begin {len(begins)} times"]
    problems = []
    for item in tree.body:
        if item.lineno < begins[0] or not isinstance(item, ast.FunctionDef):
            continue
        if item.decorator_list or ast.unparse(item.args):
            problems.append(f"{name}:{item.lineno}: a function with decorators or arguments")
        for statement in item.body:
            if not isinstance(statement, (ast.Global, ast.With)):
                problems.append(f"{name}:{statement.lineno}: a {type(statement).__name__} outside a line")
            problems += [f"{name}:{number}: {what}" for number, what in walk(statement)]
    # Behind the functions: the same few statements always.
    for item in tree.body:
        if item.lineno > begins[0] and not isinstance(item, (ast.FunctionDef, ast.Assign, ast.Expr, ast.For)):
            problems.append(f"{name}:{item.lineno}: a {type(item).__name__} at the end")
    return problems


def main():
    problems = []
    for name in sys.argv[1:]:
        with open(name, encoding="utf-8", newline="") as file:
            problems += check(file.read(), name)
    print("\n".join(problems) if problems else "nothing but the expected calls")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
