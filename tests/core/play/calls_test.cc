// Calls that block, values that threads share, and what a learner gets wrong, in whole plays.

#include <gtest/gtest.h>

#include "play_harness.h"

namespace sockscope {
namespace {

using testing::PlayStage;

std::string unmet(const PlayStage& stage) {
  std::string all = stage.runner->error();
  for (const auto& e : stage.runner->expectations())
    if (!e.ok) all += "\nline " + std::to_string(e.line) + ": " + e.text + " saw " + e.saw;
  return all;
}

void expect_holds(const std::string& play) {
  PlayStage stage;
  EXPECT_EQ(stage.run(play), 0) << unmet(stage);
}

TEST(Shared, BytearrayChangesForBothThreadsAndForTheTrace) {
  PlayStage stage;
  EXPECT_EQ(stage.run(">>> a, b = socketpair()\n"
                      ">>> buf = bytearray(4)\n"
                      "one>>> mine = buf\n"
                      "one>>> b.recv_into(mine)\n"
                      "two>>> buf + b'!'\n"
                      "%expect one blocked in recv_into and two returned b'\\0\\0\\0\\0!'\n"
                      "two>>> a.send(b'hey')\n"
                      "%expect one returned 3 and buf == b'hey\\0' and mine == buf\n"
                      ">>> copy = bytearray(buf)\n"
                      ">>> a.send(b'you')\n"
                      ">>> b.recv_into(buf)\n"
                      "%expect copy == b'hey\\0' and mine == b'you\\0'\n"),
            0)
      << unmet(stage);
  ASSERT_NE(stage.house.state.name("mine"), nullptr);
  EXPECT_EQ(stage.house.state.name("mine")->value, "bytearray(b'you\\x00')");
}

TEST(Shared, FileClosedByAnotherThreadDuringSendfileIsSentToItsEnd) {
  expect_holds(
      "%file big 4M\n"
      ">>> a, b = socketpair()\n"
      ">>> f = open('big', 'rb')\n"
      "sender>>> a.sendfile(f)\n"
      "%expect sender blocked in sendfile\n"
      "closer>>> f.close()\n"
      "%expect closer returned None and sender blocked in sendfile\n"
      "reader>>> b.recv(4194304, MSG_WAITALL)\n"
      "%expect sender returned 4194304 within 20s\n");
}

TEST(Shared, PollObjectIsForOneThreadAtATime) {
  expect_holds(
      ">>> a, b = socketpair()\n"
      ">>> p = select.poll()\n"
      ">>> p.register(a, select.POLLIN)\n"
      "one>>> p.poll()\n"
      "two>>> p.poll(0)\n"
      "%expect one blocked in poll and two raised RuntimeError\n"
      "two>>> b.send(b'x')\n"
      "%expect one returned [(_, POLLIN)]\n"
      "two>>> p.poll(0)\n"
      "%expect two returned [(_, POLLIN)]\n");
}

TEST(Blocked, InEveryNewWayAndInterrupted) {
  const std::pair<const char*, const char*> calls[] = {{"select.select([b], [], [])", "select"},
                                                       {"p.poll()", "poll"},
                                                       {"b.recvfrom(1)", "recvfrom"},
                                                       {"b.recvmsg(1)", "recvmsg"},
                                                       {"b.recv_into(bytearray(1))", "recv_into"},
                                                       {"a.sendall(bytes(10000000))", "sendall"},
                                                       {"a.sendmsg([bytes(10000000)])", "sendmsg"}};
  for (const auto& [line, name] : calls) {
    SCOPED_TRACE(line);
    expect_holds(std::string(">>> a, b = socketpair()\n>>> p = select.poll()\n"
                             ">>> p.register(b, select.POLLIN)\nworker>>> ") +
                 line + "\n%expect worker blocked in " + name + "\n%interrupt worker\n%expect worker idle\n");
  }
}

TEST(Watched, IsTheNumberWhoeverHasIt) {
  expect_holds(
      ">>> a, b = socketpair()\n"
      ">>> p = select.poll()\n"
      ">>> p.register(a, select.POLLOUT)\n"
      ">>> n = a.fileno()\n"
      ">>> c = socket(fileno=a.detach())\n"
      ">>> events = p.poll(0)\n"
      "%expect events == [(n, POLLOUT)]\n"
      "%expect call where name == 'poll' and result == [(c.fd, POLLOUT)]\n"
      ">>> c.close()\n"
      ">>> events = p.poll(0)\n"
      "%expect events == [(n, POLLNVAL)]\n");
}

TEST(Mistake, IsPythonsException) {
  expect_holds(
      ">>> s = socket()\n"
      ">>> s.bind(('127.0.0.1', 70000))\n"
      "%expect main raised OverflowError\n"
      ">>> s.send('text')\n"
      "%expect main raised TypeError\n"
      ">>> nowhere.send(b'x')\n"
      "%expect main raised NameError\n"
      ">>> d = socket(AF_INET, SOCK_DGRAM)\n"
      ">>> d.sendto(bytes(70000), ('127.0.0.1', 9))\n"
      "%expect main raised EMSGSIZE\n"
      ">>> u = socket(AF_UNIX)\n"
      ">>> u.connect('p' * 200)\n"
      "%expect main raised OSError and not main raised FileNotFoundError\n"
      ">>> u.bind(b'\\0with\\0nul')\n"
      "%expect main returned None and u.local == b'\\0with\\0nul'\n"
      ">>> s.close()\n"
      ">>> s.recv(1)\n"
      "%expect main raised EBADF\n"
      ">>> s.sendto(b'x', ('127.0.0.1', 9))\n"
      "%expect main raised EBADF\n"
      ">>> s.fileno()\n"
      "%expect main returned -1\n"
      ">>> bytes(1000000)[999999]\n"
      "%expect main returned 0\n"
      ">>> bytearray(100000000)\n"
      "%expect main raised MemoryError\n"
      ">>> a, b = socketpair()\n"
      ">>> a.sendmsg([b'x'], [(1, 1, b'')])\n"
      "%expect main raised NotImplementedError\n"
      ">>> fromfd(0, AF_INET, SOCK_STREAM)\n"
      "%expect main raised EPERM\n"
      ">>> create_connection(('127.0.0.1', 1), all_errors=True)\n"
      "%expect main raised ExceptionGroup\n");
}

TEST(Mistake, OneLineDoesNotFillTheMemory) {
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "x, ";
  // A bytearray weighs as much as bytes and is not copied: the test itself needs little memory.
  expect_holds(
      ">>> x = bytearray(1000000)\n"
      ">>> (x,) * 100000\n"
      "%expect main raised MemoryError\n"
      ">>> [x] * 200 + [x] * 200\n"
      "%expect main raised MemoryError\n"
      ">>> len([" +
      many +
      "])\n"
      "%expect main raised MemoryError\n"
      ">>> len(x)\n"
      "%expect main returned 1000000\n");
}

TEST(Mistake, IsAParseErrorWithACaretWhenPythonHasNone) {
  const std::string megabyte(1 << 20, 'x');
  for (const std::string& line :
       {std::string(">>> b'not closed"), ">>> '" + megabyte, ">>> " + megabyte, std::string(">>> s.recv((1)"),
        std::string(">>> select([], [], [])"), std::string("%file a/b 'x'"), std::string("%file x 1G"),
        std::string("%file x -1"), std::string("%file x 'a' b"), std::string("%file x 'a"),
        std::string(">>> select.POLLX")}) {
    const auto play = parse_play(line, "test.play");
    ASSERT_FALSE(play) << line.substr(0, 40);
    EXPECT_FALSE(play.error().later) << line.substr(0, 40);
    EXPECT_GT(play.error().column, 0) << line.substr(0, 40);
    EXPECT_LT(play.error().to_string().size(), 2000U) << line.substr(0, 40);
  }
}

TEST(Files, AreBoundedAndStayInTheirDirectory) {
  expect_holds(
      ">>> f = open('far', 'wb')\n"
      ">>> f.seek(67108864)\n"
      ">>> f.write(bytes(10000))\n"
      "%expect main raised EFBIG\n"
      ">>> f.seek(0)\n"
      ">>> f.write(b'start')\n"
      ">>> f.close()\n"
      ">>> open('far').read()\n"
      "%expect main returned 'start'\n"
      ">>> open('../far')\n"
      "%expect main raised EACCES\n"
      ">>> open('..')\n"
      "%expect main raised EACCES\n"
      ">>> open(0)\n"
      "%expect main raised PermissionError\n"
      ">>> u = socket(AF_UNIX)\n"
      ">>> u.bind('socket')\n"
      ">>> open('socket')\n"
      "%expect main raised ENXIO\n"
      "%file 'two words' 'text'\n"
      ">>> open('two words').read()\n"
      "%expect main returned 'text'\n"
      "%file far ''\n"
      ">>> open('far').read()\n"
      "%expect main returned ''\n");
}

TEST(Files, TogetherAreBounded) {
  PlayStage stage;
  EXPECT_EQ(stage.run("%file a 64M\n%file b 64M\n%file c 64M\n%file d 64M\n"
                      ">>> open('e', 'wb').write(bytes(10000))\n"
                      "%expect main raised ENOSPC\n"
                      "%file e 1k\n"),
            1);
  EXPECT_NE(stage.runner->error().find("ENOSPC"), std::string::npos) << stage.runner->error();
}

TEST(Condition, SeesTheResultsOfTheNewCalls) {
  expect_holds(
      ">>> a, b = socketpair(AF_UNIX, SOCK_DGRAM)\n"
      ">>> a.send(b'one')\n"
      ">>> b.recvmsg(2)\n"
      ">>> a.getsockopt(SOL_SOCKET, SO_TYPE)\n"
      ">>> a.getsockopt(SOL_SOCKET, SO_TYPE, 4)\n"
      ">>> a.setblocking(False)\n"
      ">>> a.getblocking(), b.gettimeout()\n"
      ">>> select.select([a], [b], [], 0)\n"
      ">>> p = select.poll()\n"
      ">>> p.register(b, select.POLLOUT)\n"
      ">>> p.poll(0)\n"
      ">>> gethostbyname('localhost')\n"
      ">>> create_connection(('no.such.host', 1))\n"
      "%expect call where name == 'socketpair' and result[1] == b\n"
      "%expect call where name == 'recvmsg' and result == (b'on', [], MSG_TRUNC, None)\n"
      "%expect call where name == 'getsockopt' and result == SOCK_DGRAM\n"
      "%expect call where name == 'getsockopt' and result == b'\\x02\\0\\0\\0'\n"
      "%expect call where name == 'getblocking' and result == False\n"
      "%expect call where name == 'gettimeout' and result == None and error == 0\n"
      "%expect call where name == 'select' and result == ([], [b], [])\n"
      "%expect call where name == 'poll' and result[0] == (b.fd, POLLOUT)\n"
      "%expect call where name == 'gethostbyname' and result == '127.0.0.1'\n"
      "%expect call where name == 'getaddrinfo' and error == EAI_NONAME\n"
      "%expect a.family == AF_UNIX and a.type == SOCK_DGRAM and a.protocol == 0\n");
}

}  // namespace
}  // namespace sockscope
