// Programs from recordings: friendly ones, hostile ones, and what cannot be a program.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "export/program.h"
#include "net/names.h"
#include "run.h"
#include "trace_builder.h"

namespace sockscope {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string python_of(const Trace& trace) {
  return program_text(export_program(trace, ProgramLanguage::python, trace.size()));
}
std::string c_of(const Trace& trace) {
  return program_text(export_program(trace, ProgramLanguage::c, trace.size()));
}

// Lines as a recording could hold them, whoever wrote it.
Trace lines(const std::vector<std::pair<std::string, std::string>>& all) {
  TraceBuilder b;
  std::map<std::string, ThreadId> threads;
  for (const auto& [thread, text] : all) {
    if (!threads.contains(thread)) threads[thread] = b.thread(thread);
    b.line_returned(b.line(threads[thread], 1, text), threads[thread]);
  }
  return b.trace();
}
Trace line(const std::string& text) {
  return lines({{"main", text}});
}

class Export : public ::testing::Test {
 protected:
  Export() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sockscope-export-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~Export() override { std::filesystem::remove_all(folder_); }

  // What only_calls.py says of the program.
  std::string judged(const Trace& trace) {
    const std::string file = folder_ / "x.py";
    std::ofstream(file, std::ios::binary) << python_of(trace);
    const Finished ran =
        run({"/usr/bin/python3", "-B", SOCKSCOPE_SOURCE_DIR "/tests/core/export/only_calls.py", file});
    return ran.out + ran.err;
  }
  std::string compiled(const std::string& text, const std::string& name = "x") {
    const std::string file = folder_ / (name + ".c");
    std::ofstream(file, std::ios::binary) << text;
    const Finished ran = run(
        {"/usr/bin/gcc", "-std=c17", "-Wall", "-Wextra", "-Werror", file, "-lpthread", "-o", folder_ / name});
    return ran.err;
  }

  static constexpr const char* kFine = "nothing but the expected calls\n";
  std::filesystem::path folder_;
};

const std::vector<std::string> kHostile{
    "x = 1\n__import__('os').system('id')",
    "x = 1 # \n__import__('os').system('id')",
    "__import__('os').system('id')",
    "eval('1')",
    "().__class__.__bases__[0].__subclasses__()",
    "'\\'\n__import__(\"os\")'",
    "s = '''\"\"\"\\\\\\''\nimport os",
    "%expect x == 1\nimport os",
    "not a line \r import os",
    "# comment\nimport os",
    "s = '\\u2028import os\\u2029'",
    "s = '\\ud800'",
    "s = b'\\x00\\xff\\n'",
    "x = 1\f\nimport os",
    "socket(class=1)",
    "socket(a=1, a=2)",
    "socket(__class__=1)",
    "__builtins__ = 1",
    "__debug__ = 1",
    "print = 1",
    "kept = 1",
    "line = 2",
    "ｅｖａｌ = 1",
    "eval",
    "del socket",
    "match = 1",
    "x = -1 .family",
    "x = 1e999",
    "x = 99999999999999999999999",
    "%serve S\nimport os",
    "%serve __import__ model=thread handler=upper",
    "%load L to=127.0.0.1:80 text='\\'); import os; (\\''",
    "%load L to=./');import\vos;('",
    "%load L to=@'\\ end=reset",
    "%file x '\\\n'",
    "open('/etc/passwd').read()",
    "x = '{0.__class__}'.format(1)",
    "\xff\xfe broken",
    std::string("nul \0 here", 10),
};

TEST_F(Export, AHostileLineIsNothingButTheExpectedCalls) {
  std::vector<std::pair<std::string, std::string>> all;
  for (const std::string& text : kHostile) {
    EXPECT_EQ(judged(line(text)), kFine) << text << "\n" << python_of(line(text));
    all.emplace_back("main", text);
  }
  EXPECT_EQ(judged(lines(all)), kFine);
}

TEST_F(Export, WhatALoadsClientsDoBesidesIsLeftOutAndSaid) {
  const auto exported = [](const std::string& text, ProgramLanguage language) {
    const Trace trace = line(text);
    return export_program(trace, language, trace.size());
  };
  for (const auto language : {ProgramLanguage::python, ProgramLanguage::c}) {
    const Program plain = exported("%load L to=127.0.0.1:80 messages=2", language);
    EXPECT_TRUE(plain.left_out.empty());
    const Program program = exported(
        "%load L to=127.0.0.1:80 size=1k think=1s drip=1ms slow-read=1s arrival=steady end=reset", language);
    ASSERT_EQ(program.left_out.size(), 1U);
    EXPECT_THAT(program.left_out[0], HasSubstr("size, think, drip, slow-read, arrival, end of L"));
    EXPECT_THAT(program_text(program), HasSubstr("eft out: size, think"));
    const Program named = exported("%load L to=./name", language);
    ASSERT_EQ(named.left_out.size(), 1U);
    EXPECT_THAT(named.left_out[0], HasSubstr("AF_INET alone"));
  }
}

TEST_F(Export, AHostileThreadNameIsAnIdentifier) {
  for (const std::string name : {"a b", "1", "x():\n    import os\ndef y", "__init__", "class", "", "os",
                                 "import os", "socket", "线程", "\xff", "'); import os; ('"}) {
    const Trace trace = lines({{name, "x = 1"}, {"other", "y = 2"}});
    EXPECT_EQ(judged(trace), kFine) << python_of(trace);
    EXPECT_EQ(compiled(c_of(trace)), "") << name;
  }
}

TEST_F(Export, AHostileExpectationIsAComment) {
  TraceBuilder b;
  const ThreadId main = b.thread("main");
  b.line_returned(b.line(main, 1, "x = 1"), main);
  b.put(event::Expectation{2, true, "f", "x\nimport os", "1"});
  const Trace trace = b.trace();
  EXPECT_EQ(judged(trace), kFine);
  EXPECT_THAT(python_of(trace), HasSubstr("    # expected: 'x\\nimport os'\n"));
}

TEST_F(Export, AHostileServerIsAComment) {
  TraceBuilder b;
  const ThreadId main = b.thread("main");
  b.line_returned(b.line(main, 1, "x = 1"), main);
  const SocketId s = b.socket(1);
  b.put(event::ServerStarted{1, s, "S\n__import__('os').system('id')", "pool\nimport os",
                             "slow\nimport sys ?"
                             "?/",
                             loopback(41000)});
  EXPECT_EQ(judged(b.trace()), kFine);
  EXPECT_THAT(python_of(b.trace()), HasSubstr("# Left out: the model 'pool\\nimport os' of "));
  EXPECT_EQ(compiled(c_of(b.trace())), "");
}

TEST_F(Export, OnlyCallsSeesWhatIsNotExpected) {
  for (const std::string bad :
       {"    with line(1): eval('1')", "    import os", "    with line(1): show(x.__class__)",
        "    with line(1): x = lambda: 1", "    os.system('id')", "    with line(1): os.remove(x)"}) {
    const std::string file = folder_ / "bad.py";
    std::ofstream(file) << "# ---- the threads ----\n\n\ndef main():\n" << bad << "\n";
    EXPECT_EQ(
        run({"/usr/bin/python3", "-B", SOCKSCOPE_SOURCE_DIR "/tests/core/export/only_calls.py", file}).exit,
        1)
        << bad;
  }
}

TEST_F(Export, AHostileLineIsAComentInC) {
  std::vector<std::pair<std::string, std::string>> all;
  for (std::string text : kHostile)
    all.emplace_back("main", text +
                                 " ?"
                                 "?/");
  all.emplace_back("main", "ends with a backslash \\");
  all.emplace_back("main", "*/ int main(void) { } /*");
  EXPECT_EQ(compiled(c_of(lines(all))), "");
}

TEST_F(Export, HostileBytesAreOneCLiteral) {
  TraceBuilder b;
  const ThreadId main = b.thread("main");
  const LineId line_id = b.line(main, 1, "s.send(b'x')");
  const SocketId s = b.socket(main, "s");
  b.ret(b.enter(main, Call::send, s,
                TraceBuilder::bytes("\"; system(\"id\"); //\\\n?"
                                    "?/\x01"
                                    "7\xff")),
        5);
  b.line_returned(line_id, main);
  const std::string text = c_of(b.trace());
  EXPECT_EQ(compiled(text), "");
  EXPECT_THAT(text, HasSubstr(R"("\"; system(\"id\"); //\\\n\077\077/\0017\377")"));
}

TEST_F(Export, AnUnfinishedRecordingIsAProgram) {
  const Trace whole = two_clients_trace();
  for (std::uint64_t end = 0; end <= whole.size(); ++end) {
    export_program(whole, ProgramLanguage::python, end);
    export_program(whole, ProgramLanguage::c, end);
    c_statements(whole, end, 3);
  }
}

TEST(ExportText, ThreadsAreFunctionsAndSayWhoMayBeInside) {
  TraceBuilder b;
  const ThreadId server = b.thread("server");
  const ThreadId client = b.thread("client");
  const LineId accepting = b.line(server, 1, "conn, addr = s.accept()");
  b.line_returned(b.line(client, 2, "c.recv( 10 )"), client, "b''");
  b.line_returned(accepting, server);
  const std::string text = python_of(b.trace());
  EXPECT_THAT(text,
              HasSubstr("def server():\n    global addr, conn\n    with line(1): conn, addr = s.accept()\n"));
  EXPECT_THAT(text, HasSubstr("def client():\n    with line(2, 'server'): show(c.recv(10))\n"));
}

TEST(ExportText, APortOfTheKernelIsAskedFor) {
  TraceBuilder b;
  const ThreadId main = b.thread("main");
  b.line_returned(b.line(main, 1, "s = socket()"), main);
  const SocketId s = b.socket(main, "s");
  const LineId binding = b.line(main, 2, "s.bind(('127.0.0.1', 0))");
  b.bind(main, s, loopback(0), loopback(41234));
  b.line_returned(binding, main);
  b.line_returned(b.line(main, 3, "c.connect(('127.0.0.1', 41234))"), main);
  b.line_returned(b.line(main, 4, "c.connect(('127.0.0.1', 80))"), main);
  const std::string text = python_of(b.trace());
  EXPECT_THAT(text, HasSubstr("port_1 = s.getsockname()[1]"));
  EXPECT_THAT(text, HasSubstr("c.connect(('127.0.0.1', port_1))"));
  EXPECT_THAT(text, HasSubstr("c.connect(('127.0.0.1', 80))"));
  EXPECT_THAT(text, Not(HasSubstr("41234")));
}

TEST(ExportText, ANameOfPythonsIsAnother) {
  const std::string text =
      python_of(lines({{"main", "list = 1"}, {"main", "list + 1"}, {"main", "list_ = 2"}}));
  EXPECT_THAT(text, HasSubstr("with line(1): list_ = 1\n"));
  EXPECT_THAT(text, HasSubstr("with line(2): show(list_ + 1)\n"));
  EXPECT_THAT(text, HasSubstr("with line(3): list__2 = 2\n"));
}

TEST(ExportText, WhatIsNoLineIsSaidAndLeftOut) {
  const Trace trace = line("for x in y: pass");
  const Program program = export_program(trace, ProgramLanguage::python, trace.size());
  ASSERT_EQ(program.left_out.size(), 1U);
  EXPECT_THAT(program.left_out[0], HasSubstr("for x in y: pass"));
  EXPECT_THAT(program_text(program), HasSubstr("# left out, it is no line of a play: for x in y: pass\n"));
}

TEST(ExportText, EveryConstantIsPythons) {
  std::vector<std::pair<std::string, std::string>> all;
  for (const Constant& constant : constants())
    all.emplace_back("main", (constant.group == "POLL" ? "select." : "") + std::string(constant.name));
  const std::string text = python_of(lines(all));
  EXPECT_THAT(text, Not(HasSubstr("left out")));
  const std::string imports = text.substr(0, text.find("\npatience"));
  const Finished ran = run({"/usr/bin/python3", "-c", imports});
  EXPECT_EQ(ran.exit, 0) << ran.err;
}

TEST(ExportText, BracketsStandWhereTheyAreNeededOnly) {
  for (const std::string text :
       {"(1 + 2) * 3", "1 + 2 * 3", "1 - (2 - 3)", "-(1 + 2)", "(-1) * 2", "(1 | 2) + 3", "(1, (2,), [])",
        "x[1:2], x[::2], x[:]", "(1).family", "('a' + b'b').decode()"}) {
    const std::string program = python_of(line("x = " + text));
    const Finished ran = run(
        {"/usr/bin/python3", "-c",
         "import ast, sys\nbody = [n for n in ast.parse(sys.argv[1]).body if isinstance(n, "
         "ast.FunctionDef) and n.name == 'main'][0]\n"
         "print(ast.dump(body.body[-1].body[-1].value) == ast.dump(ast.parse(sys.argv[2]).body[0].value))",
         program, text});
    EXPECT_EQ(ran.out, "True\n") << text << ran.err << program;
  }
}

TEST(ExportText, ARecordingOfAServerIsAServer) {
  TraceBuilder b;
  b.thread("S.accept", ThreadRole::accept, "S");
  const SocketId s = b.socket(1);
  b.bind(1, s, loopback(0), loopback(41000));
  b.listen(1, s, 7);
  b.put(event::ServerStarted{1, s, "S", "thread", "upper", loopback(41000)});
  const std::string text = python_of(b.trace());
  EXPECT_THAT(text, HasSubstr("class Server(ThreadingTCPServer):\n    request_queue_size = 7"));
  EXPECT_THAT(text, HasSubstr("with Server(('127.0.0.1', 0), Handler) as server:"));
  EXPECT_THAT(text, HasSubstr("# Left out: its clients"));
  EXPECT_THAT(c_of(b.trace()), HasSubstr("serve(&server, in4(\"127.0.0.1\", 0), 7, false)"));
}

TEST(ExportText, TheStatementsForReadingAreTheCallsAlone) {
  TraceBuilder b;
  const ThreadId main = b.thread("main");
  const LineId opening = b.line(main, 1, "s = socket()");
  const SocketId s = b.socket(main, "s");
  b.line_returned(opening, main);
  const LineId binding = b.line(main, 2, "s.bind(('127.0.0.1', 80))");
  b.bind(main, s, loopback(80), loopback(80));
  b.line_returned(binding, main);
  b.put(event::Expectation{3, true, "f", "s.open", "True"});
  const Trace trace = b.trace();
  std::vector<std::string> texts;
  for (const ProgramLine& line : c_statements(trace, trace.size(), 100)) texts.push_back(line.text);
  EXPECT_THAT(texts, ::testing::ElementsAre(
                         "// thread main", "s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);", "{",
                         "  struct address to = in4(\"127.0.0.1\", 80);", "  bind(s, OF(to));", "}"));
  EXPECT_EQ(c_statements(trace, trace.size(), 1).front().text, "// … 1 lines before");
}

TEST(ExportText, NothingIsAProgramToo) {
  EXPECT_THAT(python_of(Trace()), HasSubstr("no line and no server"));
  EXPECT_THAT(c_of(Trace()), HasSubstr("int main(void)"));
}

TEST(ExportText, ALongPayloadIsItsPatternOrSaysThatItIsNot) {
  const std::string pattern = [] {
    std::string all;
    for (int i = 0; i < 2000; ++i) all += "好a";
    return all;
  }();
  std::string other = pattern;
  other.back() = 'b';
  for (const auto& [data, wanted] :
       {std::pair{pattern, "repeated(\"\\345\\245\\275a\", 4, 8000)"}, std::pair{other, "padded("}}) {
    TraceBuilder b;
    const ThreadId main = b.thread("main");
    const LineId sending = b.line(main, 1, "s.send(data)");
    const SocketId s = b.socket(main, "s");
    b.ret(b.enter(main, Call::send, s, TraceBuilder::bytes(data)), 5);
    b.line_returned(sending, main);
    EXPECT_THAT(c_of(b.trace()), HasSubstr(wanted));
  }
}

}  // namespace
}  // namespace sockscope
