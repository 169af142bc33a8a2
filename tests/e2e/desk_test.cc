// Plain words under Python's message, from what is really so; and a deadlock named.

#include "program.h"

namespace sockscope {
namespace {

using testing::HasSubstr;
using testing::Not;

class DeskTest : public ProgramTest {
 protected:
  Finished played(const std::string& text) { return sockscope({"play", write("desk.play", text)}); }
};

TEST_F(DeskTest, TheListenerOnTheOtherFamilyIsNamed) {
  const Finished done = played(
      "server>>> s = socket(AF_INET, SOCK_STREAM)\nserver>>> s.bind(('127.0.0.1', 0))\nserver>>> s.listen()\n"
      "client>>> c = socket(AF_INET6, SOCK_STREAM)\nclient>>> c.connect(('::1', s.getsockname()[1]))\n"
      "%expect client raised ConnectionRefusedError\n");
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("[Errno 111] Connection refused\n  # Nobody listens at [::1]:"));
  EXPECT_THAT(done.out, HasSubstr(", but server's s listens at 127.0.0.1:"));
}

TEST_F(DeskTest, AServerThatClosedFirstFindsItsPortInTimeWait) {
  const Finished done = played(
      "server>>> s = socket()\nserver>>> s.bind(('127.0.0.1', 0))\nserver>>> s.listen()\n"
      "server>>> a = s.getsockname()\nclient>>> c = socket()\nclient>>> c.connect(a)\n"
      "server>>> conn, peer = s.accept()\nserver>>> conn.close()\nclient>>> c.recv(1)\nclient>>> c.close()\n"
      "server>>> s.close()\nserver>>> s2 = socket()\nserver>>> s2.bind(a)\n%expect server raised "
      "EADDRINUSE\n");
  EXPECT_EQ(done.exit, 0) << done.err << done.out;
  EXPECT_THAT(done.out, HasSubstr("Address already in use\n  # 127.0.0.1:"));
  EXPECT_THAT(done.out, HasSubstr("still belongs to a"));
}

TEST_F(DeskTest, APlayStoppedInADeadlockNamesIt) {
  const Finished done = played(
      "%deadline 300ms\nserver>>> a, b = socketpair()\nserver>>> a.recv(1)\nclient>>> b.recv(1)\n"
      "client>>> b.close()\n");
  EXPECT_EQ(done.exit, 1) << done.out;
  EXPECT_THAT(done.out, HasSubstr("[deadlock] A deadlock: server waits for client"));
}

TEST_F(DeskTest, AThreadThatCanStillBeServedIsInNoDeadlock) {
  const Finished done = played(
      "server>>> s = socket()\nserver>>> s.bind(('127.0.0.1', 0))\nserver>>> s.listen()\nserver>>> "
      "s.accept()\n");
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, Not(HasSubstr("deadlock")));
}

TEST_F(DeskTest, WhatPythonRefusesIsSaidPlainlyToo) {
  const Finished done =
      played(">>> s = socket()\n>>> s.connect(('127.0.0.1', 70000))\n>>> '\\u597d'.encode()[:2].decode()\n");
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("  # A port is a number from 0 to 65535.\n"));
  EXPECT_THAT(done.out, HasSubstr("  # The bytes end in the middle of a character: it begins at byte 0.\n"));
}

}  // namespace
}  // namespace sockscope
