// docs/calls.md is the catalogue, word for word. SOCKSCOPE_WRITE=1 writes it anew.

#include "net/calls_page.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "net/call_errors.h"
#include "net/names.h"

namespace sockscope {
namespace {

constexpr const char* kPage = SOCKSCOPE_SOURCE_DIR "/docs/calls.md";

TEST(CallsPage, TheCommittedPageIsWhatTheCatalogueSays) {
  if (const char* write = std::getenv("SOCKSCOPE_WRITE"); write != nullptr && std::string_view(write) == "1")
    std::ofstream(kPage) << calls_page();
  std::ifstream file(kPage);
  const std::string committed{std::istreambuf_iterator<char>(file), {}};
  EXPECT_TRUE(committed == calls_page()) << "docs/calls.md is old: run this test with SOCKSCOPE_WRITE=1";
}

TEST(CallsPage, EveryCallHasOneSectionAndOneLinkInTheIndex) {
  const std::string page = calls_page();
  const auto count = [&](const std::string& text) {
    std::size_t found = 0;
    for (std::size_t at = page.find(text); at != page.npos; at = page.find(text, at + 1)) ++found;
    return found;
  };
  for (const CallInfo& call : catalogue()) {
    EXPECT_EQ(count("\n### " + std::string(call.python) + "\n"), 1U) << call.python;
    EXPECT_EQ(count("[" + std::string(call.python) + "](#"), 1U) << call.python;
  }
}

TEST(CallsPage, SpellsWhatMayBeLeftOutBeforeWhatMayNotInBrackets) {
  const std::string page = calls_page();
  for (const char* spelling : {"`s.sendto(data[, flags], address)`",
                               "`socket.socket(family=AF_INET, type=SOCK_STREAM, proto=0, fileno=None)`",
                               "`socket.create_server(address, *, family=AF_INET, backlog=None, "
                               "reuse_port=False, dualstack_ipv6=False)`",
                               "`s.accept()`", "`p.poll(timeout=None)`", "`s.listen(backlog=128)`"})
    EXPECT_NE(page.find(spelling), page.npos) << spelling;
}

TEST(CallErrors, EachIsNamedOnceACallAndHasASentence) {
  for (const CallInfo& call : catalogue()) {
    std::set<int> seen;
    for (const ErrorCase& error : errors_of(call.call)) {
      EXPECT_TRUE(seen.insert(error.error).second) << call.python << " " << error.error;
      EXPECT_TRUE(error.means.ends_with('.')) << error.means;
      EXPECT_TRUE(error_name(error.error).starts_with('E')) << error.error;
      EXPECT_FALSE(error_text(error.error).empty()) << error.error;
    }
  }
}

TEST(CallErrors, EveryCallThatTheKernelSeesCanFail) {
  for (const CallInfo& call : catalogue())
    EXPECT_TRUE(call.c.empty() || !errors_of(call.call).empty()) << call.python;
}

TEST(CallErrors, ALookupsErrorIsNamedAsGetaddrinfoNamesIt) {
  EXPECT_EQ(error_name(-2), "EAI_NONAME");
  EXPECT_EQ(error_text(-2), "Name or service not known");
  EXPECT_EQ(error_name(-9999), "-9999");
}

}  // namespace
}  // namespace sockscope
