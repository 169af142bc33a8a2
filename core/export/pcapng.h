#pragma once
// What crossed the wires as a pcapng file (draft-ietf-opsawg-pcapng), which Wireshark and tshark read: one
// interface a host's end of the wires, and one a host's loopback. Each packet stands once, at the end that
// sent it and when it left; a copy that a wire made no host sent, and it is left out. The comment says whose
// call it was and what became of it.

#include <string>

#include "trace/trace.h"

namespace sockscope {

// Without a single packet it is a file of no packets.
std::string export_pcapng(const Trace& trace);

}  // namespace sockscope
