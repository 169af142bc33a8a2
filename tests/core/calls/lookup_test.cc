// Names without a network, compared with what Python says of the same.

#include "calls/lookup.h"

#include <gtest/gtest.h>
#include <netdb.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>

#include "calls/hosts_file.h"
#include "house.h"
#include "requests.h"

namespace sockscope::testing {
namespace {

std::string python_says(const std::string& expression) {
  const std::string command = "/usr/bin/python3 -c \"import socket\ntry: print(socket." + expression +
                              ")\nexcept OSError as e: print(e.errno)\"";
  const std::unique_ptr<FILE, int (*)(FILE*)> out(::popen(command.c_str(), "r"), ::pclose);
  std::string said(1 << 16, '\0');
  said.resize(out ? std::fread(said.data(), 1, said.size(), out.get()) : 0);
  if (!said.empty() && said.back() == '\n') said.pop_back();
  return said;
}

class LookupTest : public ::testing::Test {
 protected:
  void TearDown() override { expect_house_property(house); }
  std::string says(const std::string& text, PortKind port, int family = 0, int type = 0, int protocol = 0,
                   int flags = 0) {
    Request made = request(Call::getaddrinfo, 0, family, type, protocol);
    made.numbers[3] = flags;
    made.numbers[4] = static_cast<std::int64_t>(port);
    made.text = text;
    reply = perform(caller, made);
    return reply.ok() ? reply.data : std::to_string(reply.error);
  }
  std::string host_says(const std::string& name) {
    Request made = request(Call::gethostbyname);
    made.text = name;
    reply = perform(caller, made);
    return reply.ok() ? reply.data : std::to_string(reply.error);
  }

  House house;
  CallRoom room{house.inbox};
  Caller caller{room, 1};
  Reply reply;
};

std::string host_and(const std::string& host, const std::string& port) {
  return host + '\0' + port;
}

TEST_F(LookupTest, NumbersAreWhatPythonSays) {
  using enum PortKind;
  EXPECT_EQ(says(host_and("127.0.0.1", "80"), integer), python_says("getaddrinfo('127.0.0.1', 80)"));
  EXPECT_EQ(reply.rows.size(), 3u);
  EXPECT_EQ(says(host_and("127.1", "80"), integer, 0, SOCK_STREAM),
            python_says("getaddrinfo('127.1', 80, 0, 1)"));
  EXPECT_EQ(says(host_and("::1", ""), none, AF_INET6), python_says("getaddrinfo('::1', None, 10)"));
  EXPECT_EQ(says(host_and("127.0.0.1", "http"), text), python_says("getaddrinfo('127.0.0.1', 'http')"));
  EXPECT_EQ(says(host_and("127.0.0.1", "70000"), integer, 0, SOCK_DGRAM),
            python_says("getaddrinfo('127.0.0.1', 70000, 0, 2)"));
  EXPECT_EQ(says("80", integer), python_says("getaddrinfo(None, 80)"));
  EXPECT_EQ(says("80", integer, 0, SOCK_STREAM, 0, AI_PASSIVE),
            python_says("getaddrinfo(None, 80, 0, 1, 0, socket.AI_PASSIVE)"));
  EXPECT_EQ(says(host_and("127.0.0.1", "80"), integer, 0, SOCK_STREAM, 0, AI_CANONNAME),
            python_says("getaddrinfo('127.0.0.1', 80, 0, 1, 0, socket.AI_CANONNAME)"));
}

TEST_F(LookupTest, WrongQuestionsFailAsPythons) {
  using enum PortKind;
  EXPECT_EQ(says("", none), python_says("getaddrinfo(None, None)"));
  EXPECT_EQ(says(host_and("", "80"), integer), python_says("getaddrinfo('', 80)"));
  EXPECT_EQ(says(host_and("127.0.0.1", "nosuch"), text), python_says("getaddrinfo('127.0.0.1', 'nosuch')"));
  EXPECT_EQ(says(host_and("127.0.0.1", "80"), integer, AF_INET6),
            python_says("getaddrinfo('127.0.0.1', 80, 10)"));
  EXPECT_EQ(says(host_and("127.0.0.1", "80"), integer, 77), std::to_string(EAI_FAMILY));
  EXPECT_EQ(says(host_and("127.0.0.1", "80"), integer, 0, 77), std::to_string(EAI_SOCKTYPE));
  EXPECT_EQ(says(host_and("127.0.0.1", "http"), text, 0, 0, 0, AI_NUMERICSERV),
            python_says("getaddrinfo('127.0.0.1', 'http', 0, 0, 0, socket.AI_NUMERICSERV)"));
  EXPECT_EQ(says(host_and("localhost", "80"), integer, 0, 0, 0, AI_NUMERICHOST), std::to_string(EAI_NONAME));
  EXPECT_EQ(says(host_and("localhost", "80"), integer, 0, 0, 0, 1 << 20), std::to_string(EAI_BADFLAGS));
}

TEST_F(LookupTest, ANameInNoFileIsLookedUpNowhere) {
  EXPECT_EQ(says(host_and("no-such-host.example", "80"), PortKind::integer), std::to_string(EAI_NONAME));
  EXPECT_EQ(host_says("no-such-host.example"), std::to_string(EAI_NONAME));
  house.fold_all();
  EXPECT_EQ(house.all<event::CallReturned>().front().error, EAI_NONAME);
}

TEST_F(LookupTest, LocalhostIsAlwaysKnown) {
  says(host_and("LocalHost", "80"), PortKind::integer, AF_INET, SOCK_STREAM);
  EXPECT_EQ(reply.data.rfind(
                "[(<AddressFamily.AF_INET: 2>, <SocketKind.SOCK_STREAM: 1>, 6, '', ('127.0.0.1', 80))", 0),
            0u);
  EXPECT_EQ(host_says("localhost"), "127.0.0.1");
}

TEST_F(LookupTest, GethostbynameHasItsOwnNames) {
  EXPECT_EQ(host_says(""), "0.0.0.0");
  EXPECT_EQ(host_says("<broadcast>"), "255.255.255.255");
  EXPECT_EQ(host_says("127.1"), "127.0.0.1");
  EXPECT_EQ(host_says("::1"), python_says("gethostbyname('::1')"));
}

TEST_F(LookupTest, TheListIsWholeInTheTrace) {
  says(host_and("127.0.0.1", "65535"), PortKind::integer);
  ASSERT_GT(reply.data.size(), kPreview);
  house.fold_all();
  EXPECT_EQ(house.all<event::CallReturned>().front().data.view(), reply.data);
  EXPECT_EQ(house.all<event::CallEntered>().front().args.text.view(), host_and("127.0.0.1", "65535"));
}

TEST(HostsFileTest, EveryLineWithTheNameCountsTwiceToo) {
  const auto found = find_host(
      "# comment\n127.0.0.1\tlocalhost  vm # vm2\nnonsense vm\n::1 six vm\n10.0.0.1 VM\n127.0.0.1 "
      "vm\n127.0.0.9",
      "Vm");
  std::string text;
  for (const HostLine& line : found) text += line.canonical + ' ' + to_text(line.address) + '\n';
  EXPECT_EQ(text, "localhost 127.0.0.1:0\nsix [::1]:0\nVM 10.0.0.1:0\nvm 127.0.0.1:0\n");
  EXPECT_TRUE(find_host("127.0.0.1 a", "b").empty());
  EXPECT_TRUE(find_host("127.0.0.1 a #b", "b").empty());
  EXPECT_TRUE(find_host("", "").empty());
}

// Every name of this machine's own file, as Python finds it there.
TEST_F(LookupTest, TheFilesNamesAreWhatPythonSays) {
  std::ifstream file("/etc/hosts");
  int asked = 0;
  for (std::string line; asked < 4 && std::getline(file, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string number, name;
    if (!(words >> number >> name)) continue;
    if (!number.starts_with("127.") && number != "::1") continue;
    ++asked;
    EXPECT_EQ(says(host_and(name, "80"), PortKind::integer, 0, SOCK_STREAM, 0, AI_CANONNAME),
              python_says("getaddrinfo('" + name + "', 80, 0, 1, 0, socket.AI_CANONNAME)"));
    EXPECT_EQ(says(host_and(name, "80"), PortKind::integer, AF_INET6, 0, 0, AI_V4MAPPED | AI_ALL),
              python_says("getaddrinfo('" + name + "', 80, 10, 0, 0, socket.AI_V4MAPPED | socket.AI_ALL)"));
    EXPECT_EQ(host_says(name), python_says("gethostbyname('" + name + "')"));
  }
}

}  // namespace
}  // namespace sockscope::testing
