// Names and numbers against Python's own socket and select modules.

#include "net/names.h"

#include <gtest/gtest.h>
#include <netdb.h>

#include <cstdio>
#include <memory>
#include <string>

namespace sockscope::testing {
namespace {

TEST(NamesTest, EveryConstantHasTheValuePythonHas) {
  std::string program = "import socket, select\nfor name, value in (";
  for (const Constant& one : constants()) {
    if (one.name == "VMADDR_CID_LOCAL") continue;  // later Pythons have it
    program += "('" + std::string(one.name) + "', " + std::to_string(one.value) + "), ";
  }
  program += "):\n  m = select if name[:4] == 'POLL' else socket\n";
  program += "  if getattr(m, name, None) != value: print(name, getattr(m, name, None), value)\n";
  const std::string command = "/usr/bin/python3 -c \"" + program + "\" 2>&1";
  const std::unique_ptr<FILE, int (*)(FILE*)> out(::popen(command.c_str(), "r"), ::pclose);
  ASSERT_NE(out, nullptr);
  std::string said(1 << 16, '\0');
  said.resize(std::fread(said.data(), 1, said.size(), out.get()));
  EXPECT_EQ(said, "");
}

TEST(NamesTest, ALookupsErrorsAreBelowZero) {
  EXPECT_EQ(errno_name(EAI_NONAME), "EAI_NONAME");
  EXPECT_EQ(errno_text(-9), "Address family for hostname not supported");
  EXPECT_EQ(python_exception(EAI_SERVICE), "gaierror");
  EXPECT_EQ(errno_number("EAI_FAMILY"), EAI_FAMILY);
  EXPECT_EQ(errno_number("EAI_NOTHING"), std::nullopt);
  EXPECT_EQ(errno_name(-77), "-77");
  for (int error = -12; error < 0; ++error) {
    EXPECT_EQ(errno_text(error), std::string(::gai_strerror(error))) << error;
  }
}

}  // namespace
}  // namespace sockscope::testing
