#pragma once
// /etc/hosts (hosts(5)), read by us: a name that is not in it is looked up nowhere.

#include <string>
#include <string_view>
#include <vector>

#include "net/address.h"

namespace sockscope {

struct HostLine {
  std::string canonical;  // the line's first name
  Address address;        // port 0
};
// The lines that have the name, in the file's order.
std::vector<HostLine> find_host(std::string_view text_of_file, std::string_view name);
// In this machine's file. localhost is known even if the file does not say it.
std::vector<HostLine> find_host(std::string_view name);

}  // namespace sockscope
