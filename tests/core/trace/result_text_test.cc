#include "trace/result_text.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>

#include "trace_builder.h"

namespace sockscope {
namespace {

struct Results {
  State state;
  event::CallReturned e;
  Results() {
    TraceBuilder b;
    const ThreadId t = b.thread("t");
    b.socket(t, "conn");
    b.socket(t);
    b.enter(t, Call::getsockopt, 1, TraceBuilder::numbers(1, 25, 16));
    state = fold(b.trace());
    e.thread = t;
    e.call = 3;
    e.makes = 1;
    e.also_makes = 2;
    e.address = loopback(9);
    e.data = Blob("hi");
    e.result = 2;
  }
  std::string text(Call call) const { return result_text(call, e, state); }
};

TEST(ResultText, AsPythonPrintsEachKind) {
  Results r;
  EXPECT_EQ(r.text(Call::bind), "None");
  EXPECT_EQ(r.text(Call::send), "2");
  EXPECT_EQ(r.text(Call::getblocking), "True");
  EXPECT_EQ(r.text(Call::gettimeout), "2e-09");
  EXPECT_EQ(r.text(Call::recv), "b'hi'");
  EXPECT_EQ(r.text(Call::gethostbyname), "'hi'");
  EXPECT_EQ(r.text(Call::getpeername), "('127.0.0.1', 9)");
  EXPECT_EQ(r.text(Call::socket), "conn");
  EXPECT_EQ(r.text(Call::accept), "(conn, ('127.0.0.1', 9))");
  EXPECT_EQ(r.text(Call::socketpair), "(conn, socket #2)");
  EXPECT_EQ(r.text(Call::recvfrom), "(b'hi', ('127.0.0.1', 9))");
  r.e.flags = 32;
  EXPECT_EQ(r.text(Call::recvmsg), "(b'hi', [], 32, ('127.0.0.1', 9))");
}

TEST(ResultText, AnOptionIsBytesWhereALengthWasAskedFor) {
  Results r;
  EXPECT_EQ(r.text(Call::getsockopt), "b'hi'");
  r.e.data = Blob();
  EXPECT_EQ(r.text(Call::getsockopt), "b''");
  r.e.call = 99;
  EXPECT_EQ(r.text(Call::getsockopt), "2");
}

TEST(ResultText, ReadySocketsAreNamed) {
  Results r;
  r.e.data = Blob("1 2||1");
  EXPECT_EQ(r.text(Call::select), "([conn, socket #2], [], [conn])");
  r.e.data = Blob();
  EXPECT_EQ(r.text(Call::select), "([], [], [])");
  EXPECT_EQ(r.text(Call::poll), "[]");
  r.e.data = Blob("1:17");
  EXPECT_EQ(r.text(Call::poll), "[(conn, POLLIN | POLLHUP)]");
}

TEST(ResultText, ACutTextSaysSo) {
  Results r;
  r.e.data = Blob("[(2, 1", 900);
  EXPECT_EQ(r.text(Call::getaddrinfo), "[(2, 1…");
  EXPECT_EQ(r.text(Call::recv), "b'[(2, 1'… (900 bytes)");
}

TEST(ResultText, OfAFailureItIsTheErrorsName) {
  Results r;
  r.e.error = ECONNREFUSED;
  EXPECT_EQ(r.text(Call::connect), "ECONNREFUSED");
  r.e.error = -2;
  EXPECT_EQ(r.text(Call::getaddrinfo), "EAI_NONAME");
}

TEST(ResultText, NoCallGivesNothing) {
  const Results r;
  for (const CallInfo& call : catalogue()) EXPECT_FALSE(r.text(call.call).empty()) << call.python;
}

}  // namespace
}  // namespace sockscope
