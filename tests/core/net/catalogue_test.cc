#include "net/catalogue.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cerrno>
#include <set>

#include "net/names.h"

namespace sockscope {
namespace {

TEST(Catalogue, EveryEntryIsFoundByItsPythonNameAndByItsNumber) {
  std::set<std::string_view> names;
  for (const CallInfo& entry : catalogue()) {
    EXPECT_EQ(find_call(entry.python), &entry);
    EXPECT_EQ(&info(entry.call), &entry);
    EXPECT_TRUE(names.insert(entry.python).second) << entry.python;
    EXPECT_FALSE(entry.does.empty());
    EXPECT_NE(entry.man.find('('), entry.man.npos);
  }
  EXPECT_EQ(find_call("frobnicate"), nullptr);
  EXPECT_EQ(info(Call::none).python, "");
}

TEST(Catalogue, NoTwoParametersOfACallShareASlot) {
  for (const CallInfo& entry : catalogue()) {
    std::set<int> slots;
    for (const Param& param : entry.params) {
      using enum ParamKind;
      if (param.kind == address || param.kind == bytes || param.kind == buffers || param.kind == text ||
          param.kind == host || param.kind == file || param.kind == watched || param.kind == sockets)
        continue;
      EXPECT_LT(param.slot, Numbers{}.size());
      EXPECT_TRUE(slots.insert(param.slot).second) << entry.python << " " << param.name;
    }
  }
}

TEST(PythonArguments, ReadAsALearnerWouldTypeThem) {
  EXPECT_EQ(python_arguments(Call::socket, {{AF_INET, SOCK_STREAM, 0}, {}, {}}), "AF_INET, SOCK_STREAM");
  EXPECT_EQ(python_arguments(Call::socket, {{AF_INET, SOCK_RAW, 1}, {}, {}}),
            "AF_INET, SOCK_RAW, IPPROTO_ICMP");
  EXPECT_EQ(python_arguments(Call::bind, {{}, loopback(9999), {}}), "('127.0.0.1', 9999)");
  EXPECT_EQ(python_arguments(Call::listen, {{128}, {}, {}}), "128");
  EXPECT_EQ(python_arguments(Call::setsockopt, {{SOL_SOCKET, SO_REUSEADDR, 1}, {}, {}}),
            "SOL_SOCKET, SO_REUSEADDR, 1");
  EXPECT_EQ(python_arguments(Call::setsockopt, {{6, 1, 1}, {}, {}}), "IPPROTO_TCP, TCP_NODELAY, 1");
  EXPECT_EQ(python_arguments(Call::recv, {{1024, MSG_PEEK | MSG_DONTWAIT, 0}, {}, {}}),
            "1024, MSG_PEEK | MSG_DONTWAIT");
  EXPECT_EQ(python_arguments(Call::send, {{}, {}, Blob("hi\n")}), "b'hi\\n'");
  EXPECT_EQ(python_arguments(Call::send, {{}, {}, Blob("abc", 5000)}), "b'abc'… (5000 bytes)");
  EXPECT_EQ(python_arguments(Call::shutdown, {{SHUT_WR}, {}, {}}), "SHUT_WR");
  EXPECT_EQ(python_arguments(Call::settimeout, {{-1}, {}, {}}), "None");
  EXPECT_EQ(python_arguments(Call::settimeout, {{5'000'000'000}, {}, {}}), "5.0");
  EXPECT_EQ(python_arguments(Call::setblocking, {{0}, {}, {}}), "False");
  EXPECT_EQ(python_arguments(Call::accept, {}), "");
}

TEST(PythonText, QuotesAsReprDoes) {
  EXPECT_EQ(python_bytes("it's"), "b\"it's\"");
  EXPECT_EQ(python_bytes("it's \"so\""), "b'it\\'s \"so\"'");
  EXPECT_EQ(python_bytes(std::string_view("\0\x7f\xff\\", 4)), "b'\\x00\\x7f\\xff\\\\'");
  EXPECT_EQ(python_string("好\t'"), "\"好\\t'\"");
}

TEST(Names, AnErrnoIsFoundByEachOfItsNames) {
  EXPECT_EQ(errno_name(ECONNREFUSED), "ECONNREFUSED");
  EXPECT_EQ(errno_number("EWOULDBLOCK"), EAGAIN);
  EXPECT_EQ(errno_number("ENOTSUP"), errno_number("EOPNOTSUPP"));
  EXPECT_EQ(errno_number("ENOSUCH"), std::nullopt);
  EXPECT_EQ(errno_name(99999), "99999");
  for (int error = 1; error < 134; ++error)
    EXPECT_TRUE(errno_name(error).front() != 'E' || errno_number(errno_name(error)) == error) << error;
}

TEST(Names, PythonsExceptionTree) {
  EXPECT_EQ(python_exception(ECONNREFUSED), "ConnectionRefusedError");
  EXPECT_EQ(python_exception(EINVAL), "OSError");
  EXPECT_TRUE(exception_is("ConnectionRefusedError", "OSError"));
  EXPECT_TRUE(exception_is("BrokenPipeError", "ConnectionError"));
  EXPECT_TRUE(exception_is("UnicodeDecodeError", "ValueError"));
  EXPECT_FALSE(exception_is("TypeError", "OSError"));
  EXPECT_FALSE(exception_is("OSError", "ConnectionError"));
  EXPECT_FALSE(is_exception_class("ENOENT"));
}

TEST(Names, AStatesNumberIsTheKernels) {
  EXPECT_EQ(static_cast<int>(*tcp_state("LISTEN")), 10);
  EXPECT_EQ(static_cast<int>(*tcp_state("TIME_WAIT")), 6);
  EXPECT_FALSE(tcp_state("not known"));
  for (int i = 1; i < 12; ++i)
    EXPECT_EQ(tcp_state(name_of(static_cast<TcpState>(i))), static_cast<TcpState>(i));
}

TEST(Names, AConstantAndItsValue) {
  EXPECT_EQ(constant("AF_INET"), AF_INET);
  EXPECT_EQ(constant_name("AF", AF_UNIX), "AF_UNIX");
  EXPECT_EQ(constant_name("AF", 999), "999");
  EXPECT_FALSE(constant("AF_NOSUCH"));
}

}  // namespace
}  // namespace sockscope
