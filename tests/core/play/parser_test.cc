#include <gtest/gtest.h>

#include "net/catalogue.h"
#include "play/play.h"
#include "play/syntax.h"

namespace sockscope {
namespace {

// The whole play's error, or an empty one.
PlayError error_of(const std::string& text) {
  const auto play = parse_play(text, "f.play");
  return play ? PlayError{} : play.error();
}

struct Refused {
  const char* line;
  int column;
  const char* says;  // part of the message
};

void expect_refused(const std::vector<Refused>& lines) {
  for (const Refused& refused : lines) {
    const PlayError error = error_of(refused.line);
    EXPECT_EQ(error.line, 1) << refused.line;
    EXPECT_EQ(error.column, refused.column) << refused.line << "\n" << error.to_string();
    EXPECT_NE(error.message.find(refused.says), std::string::npos) << error.to_string();
    EXPECT_FALSE(error.later);
  }
}

TEST(RefusedLine, OfStatementsSaysWhereAndWhatIsAllowed) {
  expect_refused({Refused{"x = 1", 1, "prompt"},
                  Refused{">>> foo(1)", 5, "no function is called 'foo'"},
                  Refused{">>> s.recvall(1)", 7, "no method is called 'recvall'"},
                  Refused{">>> s.fd", 7, "no attribute is called 'fd'"},
                  Refused{">>> s.close", 12, "brackets"},
                  Refused{">>> 'abc", 5, "not closed"},
                  Refused{">>> b'\\x4'", 7, "hexadecimal"},
                  Refused{">>> '\\N{DASH}'", 6, "\\N"},
                  Refused{">>> '\\U00110000'", 6, "no such character"},
                  Refused{">>> b'好'", 7, "encode"},
                  Refused{">>> '好' + x ?", 13, "'?'"},
                  Refused{">>> s.send（1)", 11, "full-width"},
                  Refused{">>> (1, 2", 10, "column 5"},
                  Refused{">>> [1, 2)", 10, "']'"},
                  Refused{">>> x[]", 7, "index"},
                  Refused{">>> f'{x}'", 5, "format"},
                  Refused{">>> 'a' b'b'", 9, "do not join"},
                  Refused{">>> {1}", 5, "dictionaries"},
                  Refused{">>> x / 2", 7, "cannot stand"},
                  Refused{">>> x == 2", 7, "cannot stand"},
                  Refused{">>> 1 = x", 5, "only names"},
                  Refused{">>> s.x = 1", 6, "only names"},
                  Refused{">>> x = y = 1", 11, "one assignment"},
                  Refused{">>> len = 1", 5, "meaning of its own"},
                  Refused{">>> AF_INET = 1", 5, "meaning"},
                  Refused{">>> del 1", 9, "only names"},
                  Refused{">>> del a, b", 10, "one name"},
                  Refused{">>> while x: pass", 5, "transcript"},
                  Refused{">>> 300ms", 5, "time"},
                  Refused{">>> 12abc", 7, "neither a number"},
                  Refused{">>> 0777", 5, "begin with 0"},
                  Refused{">>> 0o17", 5, "hexadecimal"},
                  Refused{">>> 0x", 5, "digits"},
                  Refused{">>> f(1)(2)", 5, "no function"},
                  Refused{">>> (s)(2)", 8, "by their names"},
                  Refused{">>> s.bind(*x)", 12, "arguments"},
                  Refused{">>> s.recv(a=1, 2)", 17, "positional"},
                  Refused{">>> socket.error", 12, "not part of a play"},
                  Refused{">>> socket.AF_X", 12, "AF_INET"},
                  Refused{">>> AF_X", 5, "AF_INET"},
                  Refused{">>> struct.calcsize('I')", 12, "struct.pack"},
                  Refused{">>> print", 5, "cannot stand alone"},
                  Refused{"for>>> x = 1", 1, "meaning of its own"},
                  Refused{"a@>>> x = 1", 3, "host's name"},
                  Refused{">>> a; b", 6, "one statement"},
                  Refused{">>> x = ", 9, "missing"},
                  Refused{">>> = 1", 5, "name is missing"}});
}

TEST(RefusedLine, OfDirectivesSaysWhereAndWhatIsAllowed) {
  expect_refused({Refused{"%nothing", 1, "%expect"},
                  Refused{"%", 1, "%serve"},
                  Refused{"%serve", 7, "name is missing"},
                  Refused{"%serve S model=quick", 16, "iterative"},
                  Refused{"%serve S handler=x", 18, "upper"},
                  Refused{"%serve S port=70000", 15, "65535"},
                  Refused{"%serve S colour=red", 10, "backlog"},
                  Refused{"%serve S type=raw", 15, "stream, dgram"},
                  Refused{"%stop S now", 9, "close"},
                  Refused{"%load L clients=2", 18, "to=SERVER"},
                  Refused{"%load L to=S", 9, "no server is called 'S'"},
                  Refused{"%load L to=x:y", 12, "address"},
                  Refused{"%load L to=1.2.3.4:5 clients=0", 30, "10000"},
                  Refused{"%stop S", 7, "no server or load"},
                  Refused{"%stop", 6, "missing"},
                  Refused{"%interrupt x", 12, "no thread"},
                  Refused{"%deadline 5", 11, "time"},
                  Refused{"%wait soon", 7, "%wait needs"},
                  Refused{"%wait 1s 2s", 10, "one time"},
                  Refused{"%host 1", 7, "name"},
                  Refused{"%host A nowhere", 9, "numeric"},
                  Refused{"%wire A", 8, "missing"},
                  Refused{"%wire A B delay=x", 17, "300ms"},
                  Refused{"%file f", 8, "size"},
                  Refused{"%watch w", 9, "command"},
                  Refused{"%release some", 10, "where"}});
}

TEST(RefusedLine, OfALoadSaysWhereAndWhatIsAllowed) {
  expect_refused({Refused{"%load L to=S speed=1", 14, "slow-read"},
                  Refused{"%load L to=S slow", 14, "slow-read"},
                  Refused{"%load L to=S size=0", 19, "1g"},
                  Refused{"%load L to=S size=2g", 19, "64k"},
                  Refused{"%load L to=S size=1kb", 19, "64k"},
                  Refused{"%load L to=S size", 14, "size="},
                  Refused{"%load L to=S size=1k text=a", 14, "text"},
                  Refused{"%load L to=S text=a size=1k", 21, "text"},
                  Refused{"%load L to=S messages=0", 23, "100000"},
                  Refused{"%load L to=S think=1", 20, "300ms"},
                  Refused{"%load L to=S think=-1s", 20, "300ms"},
                  Refused{"%load L to=S drip", 14, "300ms"},
                  Refused{"%load L to=S slow-read=x", 24, "300ms"},
                  Refused{"%load L to=S arrival=now", 22, "all-at-once, steady, poisson"},
                  Refused{"%load L to=S arrival", 14, "arrival="},
                  Refused{"%load L to=S over=2s", 14, "steady or poisson"},
                  Refused{"%load L to=S arrival=all-at-once over=2s", 34, "steady or poisson"},
                  Refused{"%load L to=S arrival=steady over=2", 34, "300ms"},
                  Refused{"%load L to=S arrival=steady seed=2", 29, "poisson"},
                  Refused{"%load L to=S arrival=poisson seed=-1", 35, "4294967295"},
                  Refused{"%load L to=S end=open", 18, "close, half-close, reset, never"},
                  Refused{"%load L to=S stay end=never", 19, "stay"},
                  Refused{"%load L to=unix:", 12, "./name"},
                  Refused{"%load L to=vsock:1:80", 12, "address"}});
}

TEST(RefusedLine, OfConditionsSaysWhereAndWhatIsAllowed) {
  expect_refused(
      {Refused{"%expect", 8, "missing"}, Refused{"%expect x = 1", 11, "=="},
       Refused{"%expect main blocked in flying", 25, "no call"},
       Refused{"%expect main raised Oops", 21, "errno name"},
       Refused{"%expect main returned x", 23, "pattern"},
       Refused{"%expect other idle", 9, "no thread is called 'other'"},
       Refused{"%expect socket where sate == LISTEN", 22, "'sate'"},
       Refused{"%expect horse where open", 9, "socket, thread, call"},
       Refused{"%expect count(socket where open)", 33, "compared"},
       Refused{"%expect count(socket where open) == x", 37, "whole number"},
       Refused{"%expect (main idle", 19, "column 9"}, Refused{"%expect main idle within", 25, "time"},
       Refused{"%expect main idle or", 21, "missing"}, Refused{"%expect 1 < 2 < 3", 17, "one comparison"},
       Refused{"%expect main.recv(1) == 2", 14, "getsockname"},
       Refused{"%expect str(1) == '1'", 9, "getsockname"}});
}

TEST(LaterLine, IsToldByName) {
  const std::pair<const char*, const char*> lines[] = {std::pair{"%watch w@B -- ls -l", "%watch"}};
  for (const auto& [line, name] : lines) {
    const PlayError error = error_of(line);
    EXPECT_TRUE(error.later) << line << "\n" << error.to_string();
    EXPECT_NE(error.message.find(name), std::string::npos) << error.to_string();
  }
}

TEST(RefusedLine, OfHostsAndWiresSaysWhatIsWrong) {
  const std::pair<const char*, const char*> lines[] = {
      std::pair{"a@B>>> x = 1", "no host is called 'B'"},
      std::pair{"%wire A B", "no host is called 'A'"},
      std::pair{"%host A\n%wire A A", "with itself"},
      std::pair{"%host A\n%wire A->A delay=1ms", "with itself"},
      std::pair{"%host A\n%host localhost\n%wire A localhost", "this machine, which has no wire"},
      std::pair{"%host A\n%wire localhost->A delay=1ms", "this machine, which has no wire"},
      std::pair{"%host A\n%host A", "there since line 1"},
      std::pair{"%host A\n%host B 10.0.0.1", "10.0.0.1 is the address of host A"},
      std::pair{"%host A 10.0.0.2\n%host B", "10.0.0.2 is the address of host A"},
      std::pair{"%host AF_INET", "meaning of its own"},
      std::pair{"%host A b.example", "numeric"},
      std::pair{"%host A 127.0.0.1", "a single computer"},
      std::pair{"%host A 0.0.0.0", "a single computer"},
      std::pair{"%host A 0.1.2.3", "a single computer"},
      std::pair{"%host A 224.0.0.1", "a single computer"},
      std::pair{"%host A 255.255.255.255", "a single computer"},
      std::pair{"%host A 10.0.0.255", "a single computer"},
      std::pair{"%host A 10.0.0.0", "a single computer"},
      std::pair{"%host A ::", "a single computer"},
      std::pair{"%host A ::1", "a single computer"},
      std::pair{"%host A ff02::1", "a single computer"},
      std::pair{"%host A fe80::1", "a single computer"},
      std::pair{"%host A ::ffff:10.0.0.1", "a single computer"},
      std::pair{">>> A = 1\n%host A", "cannot be a host too"},
      std::pair{"%host A\n%host B\n%wire A B delay=-1ms", "time"},
      std::pair{"%host A\n%host B\n%wire A B delay=2000s", "60s"},
      std::pair{"%host A\n%host B\n%wire A B loss=101%", "0% to 100%"},
      std::pair{"%host A\n%host B\n%wire A B loss=10", "0% to 100%"},
      std::pair{"%host A\n%host B\n%wire A B rate=0mbit", "more than 0"},
      std::pair{"%host A\n%host B\n%wire A B speed=1", "delay=300ms"},
      std::pair{"%serve S host=B", "no host is called 'B'"},
      std::pair{"%release where flag == SYN", "'flag'"},
      std::pair{"%release some", "all, and where"}};
  for (const auto& [text, says] : lines) {
    const PlayError error = error_of(text);
    EXPECT_NE(error.message.find(says), std::string::npos) << text << "\n" << error.to_string();
    EXPECT_FALSE(error.later) << text;
  }
  std::string many;
  for (int i = 1; i <= 17; ++i) many += "%host h" + std::to_string(i) + "\n";
  EXPECT_EQ(error_of(many).line, 17);
}

TEST(AcceptedLine, Parses) {
  const char* const lines[] = {
      "",
      "# only a comment",
      "   ",
      ">>>",
      "server>>> # nothing",
      "\xef\xbb\xbf>>> x = 1\r\n>>> x\r",
      "服务器>>> 连接 = socket()",
      "a@localhost>>> x = 1",
      ">>> import socket",
      ">>> from socket import *",
      ">>> x = 1,",
      ">>> a, (b, c) = x",
      ">>> [a, b] = x",
      ">>> x[1:2], x[::-1], x[:], x[-1]",
      ">>> -x * 2 + 3 | 4",
      ">>> r'\\n' u'x' '' \"it's\"",
      ">>> br'\\x' rb'' B''",
      ">>> 0xFF, 1_000, .5, 1e3, 1.",
      ">>> 99999999999999999999",
      ">>> socket.socket(family=AF_INET, type=SOCK_STREAM,)",
      ">>> s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)",
      ">>> p = s.timeout",
      ">>> ''.join(['a', 'b']).encode('ascii').split(b',', maxsplit=1)[0]",
      "x>>> %expect main idle",
      "%host localhost",
      "%host A fd00::7\n%host B 10.0.0.254\n%host C 2001:db8::ff",
      "%host A\n%host B 192.168.1.2\n%wire A->B delay=300ms jitter=5ms loss=10% dup=0.5% reorder=1% "
      "rate=1.5mbit hold",
      "%host A\na@A>>> x = 1\n%release all where flags == SYN and from == 'A'\n%drop\n%double all",
      "%expect packet where flags == 'SYN,ACK' and not dropped",
      "%expect count(packet where again and length > 0) == 1",
      "%serve S model=thread port=0 backlog=5 work=10ms reuse-addr",
      "%serve S model=epoll daemon-threads\n%interrupt S",
      "%serve S type=dgram path='\\x00name'\n%load L to=S meanwhile\n%stop S close",
      "%serve S\n%load L to=S clients=3 stay text='a b\\n'\n%stop L",
      "%load L to=127.0.0.1:80 # comment",
      "%load L to=[::1]:80 size=1M think=50ms drip=0s slow-read=100ms end=half-close",
      "%load L to=./name arrival=steady over=2s end=reset",
      "%load L to=@name arrival=poisson over=0.5s seed=7 end=never",
      "%wait 1.5s",
      "%wait until main idle within 5s",
      "%expect not (main idle or main blocked) for 1ms",
      "%expect ('127.0.0.1', 80) == (1, 2) and (1 == 1)",
      "%expect (1 + 2) * 3 == 9",
      "%serve S\n%expect S.accept blocked in accept and S.client1 idle",
      "%serve S\n%load L to=S\n%expect L.1 idle and L.12 returned",
      "%expect socket where (state == LISTEN or state == TIME_WAIT) and not open and len(names) == 0",
      "%expect (socket where open) and count(call where error == ECONNREFUSED) >= 0",
      ">>> s = socket()\n%expect s.getsockname()[1] > 0 and s.peer_id == None and s.open",
      "%expect main returned (socket, ('127.0.0.1', _)) or main returned -1 or main returned",
      "%expect main raised ENOTSUP or main raised gaierror or main raised OSError"};
  for (const char* line : lines) EXPECT_EQ(error_of(line).message, "") << error_of(line).to_string();
}

TEST(Play, OneNameForTwoKindsNamesTheFirst) {
  const PlayError error = error_of("server>>> x = 1\nclient>>> server = 2\n");
  EXPECT_EQ(error.line, 2);
  EXPECT_EQ(error.column, 11);
  EXPECT_NE(error.message.find("'server' is a thread since line 1"), std::string::npos) << error.message;
  EXPECT_EQ(error_of("%serve x\n>>> x = 1\n").line, 2);
  EXPECT_EQ(error_of(">>> main = 1\n").line, 1);
}

TEST(Play, ThreadDoesNotMoveToAnotherHost) {
  const PlayError error = error_of("a>>> x = 1\na@B>>> x = 2\n");
  EXPECT_EQ(error.line, 2);
  EXPECT_FALSE(error.later);
}

TEST(Play, ErrorShowsTheLineAndACaretUnderTheCharacter) {
  EXPECT_EQ(
      error_of("# one\n>>> '好' + nope(1)\n").to_string(),
      "f.play:2:11: " + error_of(">>> '好' + nope(1)").message + "\n  >>> '好' + nope(1)\n             ^");
}

TEST(Play, EveryCallOfTheCatalogueParses) {
  for (const CallInfo& call : catalogue()) {
    if (call.owner == Owner::inner) continue;
    const std::string prefix = call.owner == Owner::socket_module   ? ""
                               : call.owner == Owner::select_module ? "select."
                                                                    : "s.";
    const std::string line = ">>> " + prefix + std::string(call.python) + "()";
    EXPECT_EQ(error_of(line).message, "") << line;
  }
}

TEST(Hostile, DeepNestingIsRefused) {
  for (const char* one : {"(", "[", "-", "x[", "len(", "not ", "f("}) {
    std::string line = ">>> ", condition = "%expect ";
    for (int i = 0; i < 5000; ++i) {
      line += one;
      condition += one;
    }
    EXPECT_NE(error_of(line).message, "") << one;
    EXPECT_NE(error_of(condition).message, "") << one;
  }
  std::string chain = ">>> x", dots = ">>> x", targets = ">>> ";
  for (int i = 0; i < 5000; ++i) {
    chain += " + x";
    dots += "[0]";
    targets += "(";
  }
  EXPECT_EQ(error_of(chain).message, "");
  EXPECT_NE(error_of(dots).message, "");
  EXPECT_NE(error_of(targets + "a = 1").message, "");
}

TEST(Hostile, OversizeBinaryAndBrokenTextAreRefusedWithTheirPlace) {
  EXPECT_NE(error_of(">>> '" + std::string(1 << 20, 'x') + "'").message.find("65536"), std::string::npos);
  EXPECT_EQ(error_of(std::string(">>> 'a\0b'", 10)).column, 7);
  EXPECT_EQ(error_of(">>> 'a\xff'").column, 7);
  EXPECT_EQ(error_of(">>> \xc3").column, 5);
  EXPECT_NE(error_of(std::string("\x7f"
                                 "ELF\x02\x01",
                                 6))
                .message,
            "");
  std::string many;
  for (std::size_t i = 0; i <= kMostPlayLines; ++i) many += ">>> 1\n";
  EXPECT_EQ(error_of(many).line, static_cast<int>(kMostPlayLines) + 1);
}

TEST(Hostile, EveryPrefixAndEveryByteChangedIsSafe) {
  const std::string seed = "a>>> x, (y, z) = s.recv(1024)[1:-1] + b'\\x00\\'' | -0xff # c";
  const std::string condition =
      "%expect not (S.1 returned (socket, _) or count(call where error == EINTR) >= 1) for 5ms";
  for (const std::string& line : {seed, condition})
    for (std::size_t i = 0; i < line.size(); ++i) {
      error_of(line.substr(0, i)).to_string();
      for (const char c : {'(', '\'', '\\', '\0', '\xe5', '.', '=', '9', '%'}) {
        std::string changed = line;
        changed[i] = c;
        const PlayError error = error_of(changed);
        EXPECT_LE(error.column, static_cast<int>(changed.size()) + 1);
        error.to_string();
      }
    }
}

TEST(LoadPlay, MissingEmptyAndDirectoryAreOneLine) {
  const auto missing = load_play("/nowhere/x.play");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().to_string(), "/nowhere/x.play: cannot be opened: No such file or directory");
  EXPECT_NE(load_play("/").error().to_string().find("directory"), std::string::npos);
  EXPECT_NE(load_play("/dev/null").error().to_string().find("empty"), std::string::npos);
  EXPECT_NE(load_play("/dev/zero").error().to_string().find("too large"), std::string::npos);
}

TEST(ParseLine, TypedTextNeedsNoPrompt) {
  const auto line = parse_line("x = 1\n", "server");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->thread, "server");
  EXPECT_NE(line->statement, nullptr);
  const auto other = parse_line("client>>> %wait 1s", "server");
  ASSERT_TRUE(other);
  EXPECT_NE(other->directive, nullptr);
  const auto nothing = parse_line("  # hm", "server");
  ASSERT_TRUE(nothing);
  EXPECT_EQ(nothing->statement, nullptr);
  EXPECT_EQ(nothing->directive, nullptr);
  const auto wrong = parse_line("s.recv(", "server");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().to_string().substr(0, wrong.error().to_string().find('\n')), wrong.error().message);
}

}  // namespace
}  // namespace sockscope
