"""refusing.py netlink|namespaces COMMAND...: runs it where seccomp(2) answers EPERM, as in some containers: to
socket(AF_NETLINK, ...), or to an unshare(2) of anything but the working directory."""
import ctypes
import os
import platform
import struct
import sys

MACHINE = platform.machine()
SOCKET = {"x86_64": 41, "aarch64": 198}[MACHINE]
UNSHARE = {"x86_64": 272, "aarch64": 97}[MACHINE]
NUMBER, FIRST_ARGUMENT = 0, 16  # offsets in struct seccomp_data
LOAD, IF_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | 1  # SECCOMP_RET_ALLOW; SECCOMP_RET_ERRNO with EPERM
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, FILTER = 22, 38, 2
AF_NETLINK, CLONE_FS = 16, 0x200

# Which call, which first argument, and how far to jump over the refusal when it is that, and when it is not.
call, argument, same, other = {"netlink": (SOCKET, AF_NETLINK, 0, 1), "namespaces": (UNSHARE, CLONE_FS, 1, 0)}[sys.argv[1]]
program = [(LOAD, 0, 0, NUMBER), (IF_EQUAL, 0, 3, call), (LOAD, 0, 0, FIRST_ARGUMENT), (IF_EQUAL, same, other, argument),
           (RETURN, 0, 0, REFUSE), (RETURN, 0, 0, ALLOW)]
code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in program))
header = struct.pack("@HP", len(program), ctypes.addressof(code))
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, FILTER, header, 0, 0):
    sys.exit(f"seccomp: {os.strerror(ctypes.get_errno())}")
os.execv(sys.argv[2], sys.argv[2:])
