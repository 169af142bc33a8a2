// Values, operators, methods and exceptions against the real python3: one batch of expressions, both answers
// compared.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "net/catalogue.h"
#include "play/evaluate.h"
#include "play/parser.h"
#include "play_harness.h"

namespace sockscope {
namespace {

const char* const kExpressions[] = {
    "None",
    "True",
    "False",
    "0",
    "-1",
    "9223372036854775807",
    "0xff",
    "1_000",
    "1.0",
    "-0.0",
    "0.1",
    "1e16",
    "1e15",
    "1.5e-7",
    "123456789.125",
    "1e300*1e10",
    "0.0001",
    "0.00001",
    "1e22",
    "5e-324",
    "2.",
    ".5",
    "''",
    "'abc'",
    "\"it's\"",
    "'say \"hi\"'",
    "'both \\' and \"'",
    "'a\\tb\\nc\\r\\\\'",
    "'\\x00\\x1f\\x7f\\x80\\xa0\\xad'",
    "'é好😀'",
    "'\\u200b\\u2028\\ufeff\\ue000'",
    "'\\ud800'",
    "'\\U0001f600'",
    "'\\101\\7\\400'",
    "'\\q\\8'",
    "r'\\n\\''",
    "b''",
    "b'abc'",
    "b\"it's\"",
    "b'\"'",
    "b'\\x00\\xff\\n\\t\\r\\\\\\''",
    "rb'\\x'",
    "b'\\u1234'",
    "b'\\777'",
    "()",
    "(1,)",
    "(1, 'a', b'b')",
    "1, 2",
    "[]",
    "[1, [2, (3,)]]",
    "((), [])",
    "1 + 2 * 3 - 4",
    "1 | 6",
    "-2 * -3",
    "True + True",
    "True | False",
    "True | 2",
    "1 + 2.5",
    "2.5 * 2",
    "1 - 0.5",
    "'a' + 'b'",
    "'ab' * 3",
    "3 * b'xy'",
    "'a' * -1",
    "(1,) + (2,)",
    "[1] * 3",
    "bytearray(b'a') + b'b'",
    "b'a' + bytearray(b'b')",
    "'a' 'b' \"c\"",
    "'a' + 1",
    "1 + 'a'",
    "b'a' + 'a'",
    "'a' * 'b'",
    "-'a'",
    "1.0 | 1",
    "None + 1",
    "(1,) + [1]",
    "'hello'[0]",
    "'hello'[-1]",
    "'好é'[1]",
    "b'abc'[1]",
    "(1, 2)[1]",
    "'abc'[5]",
    "b''[0]",
    "(1,)['a']",
    "1[0]",
    "'hello'[1:3]",
    "'hello'[::-1]",
    "'hello'[-3:]",
    "'hello'[:-1]",
    "'hello'[10:]",
    "'hello'[3:1]",
    "b'hello'[::2]",
    "(1, 2, 3)[1:]",
    "[1, 2, 3][::-2]",
    "'abc'[::0]",
    "'好é😀x'[1:3]",
    "'abc'['a':]",
    "'abc'[None:2]",
    "'hello'[9223372036854775807:]",
    "'hello'[-9223372036854775807::-1]",
    "'hello'[::9223372036854775807]",
    "len('好é')",
    "len(b'abc')",
    "len(())",
    "len(1)",
    "len()",
    "len('a', 'b')",
    "bytes()",
    "bytes(3)",
    "bytes([1, 255])",
    "bytes((65,))",
    "bytes('é', 'utf-8')",
    "bytes(b'a')",
    "bytes(-1)",
    "bytes([256])",
    "bytes('a')",
    "bytes(1.5)",
    "bytes(['a'])",
    "bytearray()",
    "bytearray(2)",
    "bytearray(b'ab')[1:]",
    "str()",
    "str(1)",
    "str('a')",
    "str(b'ab', 'ascii')",
    "str((1, 'a'))",
    "str(1.5)",
    "str(None)",
    "str(1, 'ascii')",
    "'é好'.encode()",
    "'é'.encode('latin-1')",
    "'é'.encode('ascii')",
    "'é'.encode('ascii', 'replace')",
    "'aé'.encode('ascii', 'ignore')",
    "'\\ud800'.encode()",
    "'a'.encode('nonsense')",
    "'é'.encode('ascii', 'what')",
    "b'\\xe5\\xa5\\xbd'.decode()",
    "b'\\xe5\\xa5'.decode()",
    "b'a\\xe5\\xa5b'.decode('utf-8', 'replace')",
    "b'\\xff\\xfe\\xf0\\x90\\x80'.decode('utf-8', 'replace')",
    "b'\\xed\\xa0\\x80'.decode('utf-8', 'ignore')",
    "b'\\xe9'.decode('latin1')",
    "b'\\xe9'.decode('ascii')",
    "b'\\x80a'.decode(errors='replace')",
    "'a'.decode()",
    "b'a'.encode()",
    "'aBé好'.upper()",
    "'ABÉ'.lower()",
    "b'aB\\xe9'.upper()",
    "b'AB'.lower()",
    "bytearray(b'a').upper()",
    "'  a b \\t\\n'.strip()",
    "'\\u3000x\\xa0'.strip()",
    "b' \\x0ba\\x0c '.strip()",
    "'xxaxx'.strip('x')",
    "'abcba'.strip('ba')",
    "b'abc'.strip(b'a')",
    "'a'.strip(b'a')",
    "'a'.strip(None)",
    "''.strip()",
    "' a  b c '.split()",
    "'a,b,,c'.split(',')",
    "'a,b,c'.split(',', 1)",
    "'a b  c '.split(None, 1)",
    "'a'.split('')",
    "b'a b'.split()",
    "b'a-b'.split(b'-')",
    "'a b'.split(sep=' ', maxsplit=0)",
    "''.split()",
    "''.split(',')",
    "'  a '.split(None, 0)",
    "'a'.split(b',')",
    "','.join(['a', 'b'])",
    "''.join(())",
    "b'-'.join([b'a', b'b'])",
    "','.join([1])",
    "','.join(5)",
    "b','.join(['a'])",
    "'{} {}'.format(1, 'a')",
    "'{1}{0}'.format(1, 2)",
    "'{x}'.format(x=3)",
    "'{{}}'.format()",
    "'{!r}'.format('a')",
    "'{:>5}|{:<5}|{:^5}'.format('a', 'b', 'c')",
    "'{:05d}'.format(42)",
    "'{:x} {:#x} {:b}'.format(255, 255, 5)",
    "'{:.2f}'.format(1.005)",
    "'{:8.3f}'.format(3.14159)",
    "'{:好>4}'.format('x')",
    "'{}'.format(b'a')",
    "'{:.2}'.format('好é😀')",
    "'{}'.format()",
    "'{x}'.format()",
    "'{'.format()",
    "'}'.format()",
    "'{:d}'.format('a')",
    "'{0}{}'.format(1, 2)",
    "'{!z}'.format(1)",
    "'{:.1f}'.format(2)",
    "'{}'.format(1.0)",
    "'{:e}'.format(12345.678)",
    "b'{}'.format(1)",
    "struct.pack('!HH', 80, 8080)",
    "struct.pack('<I', 1)",
    "struct.pack('@bI', 1, 2)",
    "struct.pack('>q', -1)",
    "struct.pack('3s', b'ab')",
    "struct.pack('2x?', True)",
    "struct.pack('f', 1.5)",
    "struct.pack('!d', 0.1)",
    "struct.pack('H', 70000)",
    "struct.pack('b', -129)",
    "struct.pack('H')",
    "struct.pack('z', 1)",
    "struct.pack('c', b'ab')",
    "struct.unpack('!HH', b'\\x00P\\x1f\\x90')",
    "struct.unpack('<hbB', b'\\xff\\xff\\xff\\xff')",
    "struct.unpack('I', b'a')",
    "struct.unpack('2sxc', b'abcd')",
    "struct.unpack('>l', b'\\xff\\xff\\xff\\xfe')",
    "struct.unpack('<f', b'\\x00\\x00\\xc0?')",
    "AF_INET",
    "SOCK_STREAM",
    "MSG_PEEK",
    "SOL_SOCKET",
    "AF_INET + 1",
    "str(AF_INET)",
    "(AF_INET,)",
    "IPPROTO_TCP",
    "nothing",
    "socket('a')",
    "socket(nothing=1)",
    "socket(AF_INET, SOCK_STREAM).recv(-1)",
    "socket(AF_INET, SOCK_STREAM).recv('a')",
    "socket().recv()",
    "socket().bind('a')",
    "socket().bind(('127.0.0.1',))",
    "socket().bind((1, 2))",
    "socket().bind(('127.0.0.1', '80'))",
    "socket().bind(('127.0.0.1', 70000))",
    "socket().connect(('127.0.0.1', -1))",
    "socket().bind(('127.0.0.1', 1.5))",
    "socket().bind(['127.0.0.1', 0])",
    "socket().send('a')",
    "socket().sendall(1)",
    "socket().send(b'a', 'b')",
    "socket().settimeout(-1)",
    "socket().settimeout('a')",
    "socket().settimeout(1e30)",
    "socket().settimeout(None)",
    "socket().timeout",
    "socket().family",
    "socket().type",
    "socket().proto",
    "socket().getpeername()",
    "socket().accept()",
    "socket().accept(1)",
    "socket().listen('a')",
    "socket().shutdown(SHUT_RDWR)",
    "socket().close()",
    "socket().getsockname()",
    "socket().setblocking(0)",
    "socket().setsockopt(1, 2, 'a')",
    "socket().setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)",
    "socket().setsockopt(SOL_SOCKET)",
    "socket().encode()",
    "'a'.send(b'b')",
    "(1).close()",
    "socket(AF_INET, 77)",
    "socket(999)",
    "socket().connect(('127.0.0.1', 1))",
    "socket().recv(1)",
    "socket().send(b'a')",
    "socket().shutdown(9)",
    "socket().connect(('localhost', 1))",
    "socket().listen(2147483648)",
    "socket().recv(1, 2147483648)",
};

std::string python_literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

// One line an expression: "= repr" or "! class errno".
std::vector<std::string> ask_python(const std::vector<std::string>& expressions) {
  const std::string path = testing::scratch_path(".py");
  std::ofstream file(path);
  file << "import struct, sys\nfrom socket import *\nsys.stdout.reconfigure(encoding='utf-8')\nfor e in [";
  for (const auto& e : expressions) file << python_literal(e) << ",\n";
  file << "]:\n try:\n  print('=', repr(eval(e)))\n except BaseException as x:\n"
          "  n = getattr(x, 'errno', None)\n"
          "  print('!', type(x).__name__, n if isinstance(n, int) and n > 0 else 0)\n";
  file.close();
  std::vector<std::string> answers;
  FILE* python = popen(("python3 -W ignore " + path).c_str(), "r");
  if (python == nullptr) return answers;
  std::string all;
  char buffer[4096];
  for (std::size_t got; (got = fread(buffer, 1, sizeof buffer, python)) > 0;) all.append(buffer, got);
  pclose(python);
  unlink(path.c_str());
  std::istringstream lines(all);
  for (std::string line; std::getline(lines, line);) answers.push_back(line);
  return answers;
}

std::string our_answer(const std::string& expression, play::Names& names, Caller& caller) {
  try {
    const Statement statement = play::Parser(expression, 0).statement();
    const play::Outcome outcome = play::run_statement(statement, names, caller);
    if (!outcome.raised) return "= " + play::repr(outcome.value);
    return "! " + outcome.error.type + " " + std::to_string(std::max(outcome.error.number, 0));
  } catch (const play::SyntaxError& error) {
    return "? " + error.message;
  }
}

TEST(Python, EveryExpressionHasPythonsReprOrPythonsException) {
  std::vector<std::string> expressions;
  for (const char* e : kExpressions) expressions.emplace_back(e);
  std::vector<std::string> here;
  testing::House house;
  {
    Engine engine(house.inbox);
    const ThreadId worker = engine.start({"main"});
    engine.submit(worker, [&](Caller& caller) {
      play::Names names;
      for (const auto& e : expressions) here.push_back(our_answer(e, names, caller));
    });
    const Time give_up = now() + 30 * kSecond;
    while (!engine.idle(worker) && now() < give_up) {
      engine.poll();
      house.inbox.arm();
      house.fold();
      pollfd wake{house.inbox.wake_fd(), POLLIN, 0};
      ::poll(&wake, 1, 5);
    }
    ASSERT_TRUE(engine.idle(worker));
    EXPECT_TRUE(engine.stop().empty());
  }
  const auto there = ask_python(expressions);
  ASSERT_EQ(there.size(), expressions.size());
  for (std::size_t i = 0; i < expressions.size(); ++i) EXPECT_EQ(here[i], there[i]) << expressions[i];
  testing::expect_house_property(house);
}

}  // namespace
}  // namespace sockscope
