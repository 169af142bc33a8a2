"""without_netlink.py COMMAND...: runs it where socket(AF_NETLINK, ...) is EPERM (seccomp(2)), as in some containers."""
import ctypes
import os
import platform
import struct
import sys

SOCKET = {"x86_64": 41, "aarch64": 198}[platform.machine()]
NUMBER, FIRST_ARGUMENT = 0, 16  # offsets in struct seccomp_data
LOAD, IF_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | 1  # SECCOMP_RET_ALLOW; SECCOMP_RET_ERRNO with EPERM
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, FILTER, AF_NETLINK = 22, 38, 2, 16

program = [(LOAD, 0, 0, NUMBER), (IF_EQUAL, 0, 3, SOCKET), (LOAD, 0, 0, FIRST_ARGUMENT), (IF_EQUAL, 0, 1, AF_NETLINK),
           (RETURN, 0, 0, REFUSE), (RETURN, 0, 0, ALLOW)]
code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in program))
header = struct.pack("@HP", len(program), ctypes.addressof(code))
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, FILTER, header, 0, 0):
    sys.exit(f"seccomp: {os.strerror(ctypes.get_errno())}")
os.execv(sys.argv[1], sys.argv[1:])
