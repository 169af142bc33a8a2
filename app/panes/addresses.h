#pragma once
// getaddrinfo's answer as a table: its list as Python prints it, read back, and the rows that differ only in
// the socket's type put together, as they are one address. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace sockscope {

struct AddressRow {
  int family = 0;
  std::string address;         // as Python writes it: "('127.0.0.1', 80)"
  std::string canonical;       // empty unless AI_CANONNAME was asked for
  std::vector<int> types;      // in the order they came
  std::vector<int> protocols;  // one a type
  friend bool operator==(const AddressRow&, const AddressRow&) = default;
};

// What cannot be read (a cut list, a damaged recording) ends the table.
std::vector<AddressRow> address_rows(std::string_view python_list);

// The lines that try this address: a socket of its family and first connecting type, and its connect.
std::vector<std::string> connect_lines(const AddressRow& row, std::string_view variable);

}  // namespace sockscope
