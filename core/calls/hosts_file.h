#pragma once
// /etc/hosts (hosts(5)), read by us: a name that is not in it is looked up nowhere.

#include <string>
#include <string_view>
#include <vector>

#include "net/address.h"

namespace sockscope {

struct KnownHost {
  std::string canonical;           // the first name of the first line that has it; empty: it is not known
  std::vector<Address> addresses;  // port 0, as getaddrinfo would order them, none twice
};
KnownHost find_host(std::string_view text_of_file, std::string_view name);
// In this machine's file. localhost is known even if the file does not say it.
KnownHost find_host(std::string_view name);

}  // namespace sockscope
