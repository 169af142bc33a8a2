#pragma once

#include "net/descriptor.h"

namespace sockscope {

// What a process of its own enters with setns(2), the user namespace first, to be on a host.
struct HostNamespaces {
  Descriptor user, net;
};

}  // namespace sockscope
