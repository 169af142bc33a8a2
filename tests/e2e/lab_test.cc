// Hosts and wires through the real program; and where the machine forbids them.

#include "lab/keeper.h"
#include "program.h"

namespace sockscope {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kKeeper = std::string(SOCKSCOPE_BINARY_DIR) + "/lab_keeper";

class LabProgramTest : public ProgramTest {
 protected:
  void SetUp() override {
    if (const auto possible = probe_lab(kKeeper); !possible) GTEST_SKIP() << describe(possible.error());
  }
  static std::string play(const std::string& name) { return SOCKSCOPE_SOURCE_DIR "/tests/plays/lab/" + name; }
  // The time that stands behind these words, "300 ms" or "1.01 s"; −1: they are not there.
  static double milliseconds_after(const std::string& text, std::string_view words) {
    const auto at = text.find(words);
    if (at == text.npos) return -1;
    std::istringstream rest(text.substr(at + words.size()));
    double number = -1;
    std::string unit;
    rest >> number >> unit;
    return unit.starts_with("ms") ? number : number * 1000;
  }
  // Runs tshark on what was exported; its fields, a line a packet.
  Finished tshark(const std::string& recording, std::vector<std::string> arguments) const {
    const std::string packets = path("r.pcapng");
    const Finished exported = sockscope({"export", recording, "--to", "pcapng", "-o", packets});
    EXPECT_EQ(exported.exit, 0) << exported.err;
    std::vector<std::string> all = {"/usr/bin/tshark", "-r", packets};
    for (const char* option :
         {"tcp.check_checksum:TRUE", "ip.check_checksum:TRUE", "udp.check_checksum:TRUE"}) {
      all.emplace_back("-o");
      all.emplace_back(option);
    }
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run(all, {});
  }
};

TEST_F(LabProgramTest, AHandshakeIsToldPacketByPacket) {
  const Finished told = sockscope({"play", play("handshake-300ms.play"), "--narrate"});
  EXPECT_EQ(told.exit, 0) << told.err;
  EXPECT_THAT(told.out, HasSubstr("A sends SYN to B."));
  EXPECT_GE(milliseconds_after(told.out, "SYN from A arrives at B after "), 300);
  EXPECT_THAT(told.out, HasSubstr("B sends SYN,ACK to A."));
}

TEST_F(LabProgramTest, WiresharkReadsEveryPacketAndFindsNothingWrong) {
  const std::string recording = path("r.jsonl");
  for (const char* name : {"whole-life-300ms.play", "ping-by-hand.play", "ipv6.play",
                           "loopback-of-a-host.play", "arp.play", "udp-loss.play"}) {
    SCOPED_TRACE(name);
    ASSERT_EQ(sockscope({"play", play(name), "--record", recording}).exit, 0);
    const Finished all = tshark(recording, {"-T", "fields", "-e", "frame.number"});
    ASSERT_EQ(all.exit, 0) << all.err;
    EXPECT_EQ(count(all.out, "\n"), count(read(recording), "\"packet_sent\""));
    const Finished wrong = tshark(
        recording,
        {"-Y",
         "_ws.malformed or tcp.checksum.status == 0 or udp.checksum.status == 0 or ip.checksum.status == 0"});
    EXPECT_EQ(wrong.out, "");
  }
}

TEST_F(LabProgramTest, WiresharkSeesTheRetransmissionsWeSee) {
  const std::string recording = path("r.jsonl");
  for (const char* name :
       {"cut-wire.play", "syn-again.play", "lost-segment.play", "whole-life-300ms.play", "hold.play"}) {
    SCOPED_TRACE(name);
    ASSERT_EQ(sockscope({"play", play(name), "--record", recording}).exit, 0);
    const Finished theirs =
        tshark(recording, {"-Y",
                           "tcp.analysis.retransmission or tcp.analysis.fast_retransmission or "
                           "tcp.analysis.spurious_retransmission or tcp.analysis.out_of_order"});
    const Finished ours = sockscope({"narrate", recording});
    EXPECT_EQ(count(theirs.out, "\n"), count(ours.out, " again.") + count(ours.out, " again, though"))
        << theirs.out << ours.out;
  }
}

TEST_F(LabProgramTest, APictureOfASynInMidWire) {
  const Finished shot = sockscope(
      {"shot", path("lab.png"), play("handshake-300ms.play"), "--at", "0.15", "--size", "1600x1000"});
  EXPECT_EQ(shot.exit, 0) << shot.err;
  EXPECT_GT(std::filesystem::file_size(path("lab.png")), 10'000u);
}

TEST_F(LabProgramTest, TheLadderAsAPictureOfItsOwn) {
  const std::string recording = path("r.jsonl");
  ASSERT_EQ(sockscope({"play", play("handshake-300ms.play"), "--record", recording}).exit, 0);
  const Finished svg = sockscope({"export", recording, "--to", "svg"});
  EXPECT_EQ(svg.exit, 0) << svg.err;
  EXPECT_EQ(count(svg.out, "<polygon"), 3u) << svg.out;
  EXPECT_THAT(svg.out, HasSubstr("SYN,ACK   seq 0  ack 1"));
  EXPECT_THAT(svg.out, HasSubstr("A: c  10.0.0.1:"));
  const std::string check = "import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])";
  EXPECT_EQ(run({python(), "-c", check, write("l.svg", svg.out)}, {}).exit, 0);
}

TEST_F(LabProgramTest, AsAProgramItSaysThatItsHostsAreLeftOut) {
  const std::string recording = path("r.jsonl");
  ASSERT_EQ(sockscope({"play", play("arp.play"), "--record", recording}).exit, 0);
  for (const char* language : {"python", "c"}) {
    const Finished program = sockscope({"export", recording, "--to", language});
    EXPECT_EQ(program.exit, 0);
    EXPECT_THAT(program.err, HasSubstr("left out: its hosts and wires"));
  }
}

TEST_F(LabProgramTest, SsInsideAHostAgrees) {
  // The command that a host's Details offer, while the play waits.
  const std::string file = write("wait.play",
                                 "%host A\n%host B\n%wire A B\nb@B>>> s = create_server(('B', 80))\n"
                                 "a@A>>> c = create_connection(('B', 80))\n%wait 60s\n");
  const std::string script =
      "import json, os, signal, subprocess, sys, time\n"
      "p = subprocess.Popen(sys.argv[1:3] + [sys.argv[3], '--record', sys.argv[4]], "
      "stdout=subprocess.DEVNULL)\n"
      "hosts, end = {}, time.monotonic() + 20\n"
      "while time.monotonic() < end:\n"
      "    try: lines = [json.loads(l) for l in open(sys.argv[4]) if l.endswith('\\n')]\n"
      "    except OSError: lines = []\n"
      "    hosts = {l['name']: l for l in lines if l.get('kind') == 'host_started'}\n"
      "    if 'B' in hosts and any(l.get('kind') == 'state_changed' and l['to'] == 'ESTABLISHED' for l in "
      "lines): break\n"
      "    os.sched_yield()\n"
      "b = hosts['B']\n"
      "out = subprocess.run(['nsenter', '-U', '--preserve-credentials', '-t', str(b['keeper']),\n"
      "    f\"--net=/proc/{b['keeper']}/fd/{b['net']}\", 'ss', '-Htan'], capture_output=True, text=True)\n"
      "p.send_signal(signal.SIGINT); p.wait()\n"
      "print(out.stdout, out.stderr)\n";
  const Finished seen = run({python(), "-c", script, kProgram, "play", file, path("w.jsonl")}, environment());
  EXPECT_THAT(seen.out, HasSubstr("LISTEN")) << seen.err;
  EXPECT_THAT(seen.out, HasSubstr("ESTAB"));
  EXPECT_THAT(seen.out, HasSubstr("10.0.0.2:80"));
}

class WithoutNamespaces : public ProgramTest {
 protected:
  static Finished refused(std::vector<std::string> arguments) {
    std::vector<std::string> all = {python(), SOCKSCOPE_SOURCE_DIR "/tests/e2e/refusing.py", "namespaces",
                                    kProgram};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run(all, environment());
  }
};

TEST_F(WithoutNamespaces, APlayWithHostsIsExitThreeAndSaysWhatWouldPermitThem) {
  const Finished played = refused({"play", SOCKSCOPE_SOURCE_DIR "/tests/plays/lab/handshake-300ms.play"});
  EXPECT_EQ(played.exit, 3) << played.err;
  EXPECT_THAT(played.err, HasSubstr("line 2: hosts are not possible here: unshare(CLONE_NEWUSER)"));
  EXPECT_THAT(played.err, HasSubstr("EPERM"));
  EXPECT_THAT(played.err, HasSubstr("sysctl"));
}

TEST_F(WithoutNamespaces, TheDoctorNamesTheStepAndTheRestWorks) {
  const Finished told = refused({"doctor", "--json"});
  EXPECT_THAT(told.out, HasSubstr("\"lab\":\"not possible\""));
  EXPECT_THAT(told.out, HasSubstr("unshare(CLONE_NEWUSER)"));
  const Finished text = refused({"doctor"});
  EXPECT_THAT(text.out, HasSubstr("not possible: unshare(CLONE_NEWUSER) gives EPERM"));
  EXPECT_EQ(refused({"play", SOCKSCOPE_SOURCE_DIR "/tests/plays/queue.play"}).exit, 0);
}

// As an administrator forbids them; in a namespace of our own, so that the machine's setting stays.
TEST_F(WithoutNamespaces, NoUserNamespacesAtAllIsNamedToo) {
  if (probe_lab(kKeeper).has_value() == false) GTEST_SKIP() << "there are no user namespaces to nest";
  const Finished played = run({"/usr/bin/unshare", "-Ur", "/bin/sh", "-c",
                               "echo 0 > /proc/sys/user/max_user_namespaces && exec \"$0\" \"$@\"", kProgram,
                               "play", SOCKSCOPE_SOURCE_DIR "/tests/plays/lab/handshake-300ms.play"},
                              environment());
  EXPECT_EQ(played.exit, 3) << played.err << played.out;
  EXPECT_THAT(played.err, HasSubstr("ENOSPC"));
  EXPECT_THAT(played.err, HasSubstr("user.max_user_namespaces"));
}

TEST_F(WithoutNamespaces, InAChrootTheyAreForbidden) {
  if (probe_lab(kKeeper).has_value() == false)
    GTEST_SKIP() << "there are no user namespaces to make a chroot in";
  const std::string root = path("root");
  const Finished played = run({"/usr/bin/unshare", "-Urm", "/bin/sh", "-c",
                               "mkdir \"$0\" && mount --rbind / \"$0\" && exec chroot \"$0\" \"$@\"", root,
                               kProgram, "play", SOCKSCOPE_SOURCE_DIR "/tests/plays/lab/arp.play"},
                              environment());
  EXPECT_EQ(played.exit, 3) << played.err << played.out;
  EXPECT_THAT(played.err, HasSubstr("unshare(CLONE_NEWUSER)"));
  EXPECT_THAT(played.err, HasSubstr("a chroot"));
}

TEST_F(LabProgramTest, NothingOfTheKeeperIsLeftWhenTheProgramIsKilled) {
  const std::string file = write("wait.play", "%host A\n%wait 60s\n");
  const std::string script =
      "import json, os, signal, subprocess, sys, time\n"
      "p = subprocess.Popen([sys.argv[1], 'play', sys.argv[2], '--record', sys.argv[3]], "
      "stdout=subprocess.DEVNULL)\n"
      "keeper, end = 0, time.monotonic() + 20\n"
      "while not keeper and time.monotonic() < end:\n"
      "    try: keeper = next((json.loads(l)['keeper'] for l in open(sys.argv[3]) if 'host_started' in l and "
      "l.endswith('\\n')), 0)\n"
      "    except OSError: pass\n"
      "p.kill(); p.wait()\n"
      "def there():\n"
      "    try: return open(f'/proc/{keeper}/stat').read().split()[2] != 'Z'\n"
      "    except OSError: return False\n"
      "end = time.monotonic() + 10\n"
      "while there() and time.monotonic() < end: os.sched_yield()\n"
      "print('keeper', keeper > 0, there())\n";
  EXPECT_EQ(run({python(), "-c", script, kProgram, file, path("k.jsonl")}, environment()).out,
            "keeper True False\n");
}

}  // namespace
}  // namespace sockscope
