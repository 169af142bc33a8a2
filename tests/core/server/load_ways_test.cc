// What clients do, in both ways they run: a thread each, and all in a process.

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "desk.h"
#include "server/load_options.h"

namespace sockscope {
namespace {

class LoadWays : public testing::TestWithParam<bool> {
 protected:
  LoadOptions to(const Address& address, int clients) const {
    LoadOptions options;
    options.to = address;
    options.clients = clients;
    if (GetParam()) options.most_threads = 0;
    options.program = std::string(SOCKSCOPE_BINARY_DIR) + "/load_child";
    return options;
  }
  std::unique_ptr<Server> serve(const std::string& model, const std::string& handler) {
    return desk_.serve(model, [&](ServerOptions& options) {
      options.handler = handler;
      options.backlog = 128;
    });
  }
  // It ends by itself, and nothing of what it told is lost.
  Load::Figures run(const LoadOptions& options) {
    const auto load = Load::start(desk_.engine, 2, options);
    EXPECT_TRUE(told_its_end());
    for (const auto& notice : desk_.all<event::Notice>()) ADD_FAILURE() << notice.text.view();
    return load->figures();
  }
  bool told_its_end() {
    return desk_.until([&] { return !desk_.all<event::LoadEnded>().empty(); });
  }

  // A call of a client: its socket, when it was entered, when it was back.
  struct Made {
    SocketId socket = 0;
    Time entered = 0, back = 0;
    std::int64_t asked = 0, result = 0;
    int error = -1;
  };
  std::vector<Made> calls(Call name) {
    desk_.drain();
    std::set<ThreadId> threads;
    std::map<CallId, Made> made;
    for (std::size_t i = 0; i < desk_.trace.size(); ++i) {
      const Event& event = desk_.trace[i];
      if (const auto* begun = std::get_if<event::ThreadStarted>(&event.body);
          begun != nullptr && begun->role == ThreadRole::load)
        threads.insert(begun->thread);
      if (const auto* in = std::get_if<event::CallEntered>(&event.body);
          in != nullptr && in->name == name && threads.contains(in->thread))
        made[in->call] = {in->socket, event.at, 0, in->args.numbers[0], 0, -1};
      if (const auto* back = std::get_if<event::CallReturned>(&event.body);
          back != nullptr && made.contains(back->call)) {
        made[back->call].back = event.at;
        made[back->call].result = back->result;
        made[back->call].error = back->error;
      }
    }
    std::vector<Made> all;
    for (const auto& [id, call] : made) all.push_back(call);
    return all;
  }
  std::int64_t moved(Call name) {
    std::int64_t bytes = 0;
    for (const Made& call : calls(name)) bytes += std::max<std::int64_t>(call.result, 0);
    return bytes;
  }
  // How many clients have had one.
  std::size_t answered() {
    std::set<SocketId> sockets;
    for (const Made& call : calls(Call::recv))
      if (call.result > 0) sockets.insert(call.socket);
    return sockets.size();
  }
  // Stopped in whatever state it is once `there` holds, it ends.
  void expect_it_stops(const LoadOptions& options, const std::function<bool()>& there) {
    const auto load = Load::start(desk_.engine, 2, options);
    ASSERT_TRUE(desk_.until(there));
    EXPECT_FALSE(load->ended());
    load->stop();
    ASSERT_TRUE(told_its_end());
    EXPECT_TRUE(desk_.until([&] { return load->ended(); }));
    EXPECT_EQ(desk_.all<event::LoadEnded>().at(0).errors, 0U);
  }

  Desk desk_;
};

INSTANTIATE_TEST_SUITE_P(Each, LoadWays, testing::Bool(),
                         [](const auto& way) { return way.param ? "InAProcess" : "InThreads"; });

TEST_P(LoadWays, AMessageOfManySegmentsIsAnsweredWhole) {
  for (const char* model : {"thread", "select"}) {
    const auto server = serve(model, "echo");
    LoadOptions options = to(server->address(), 2);
    options.size = 700'000;
    options.messages = 2;
    const std::int64_t before = moved(Call::recv);
    const auto load = Load::start(desk_.engine, 2, options);
    ASSERT_TRUE(desk_.until([&] { return load->ended(); }));
    EXPECT_EQ(load->figures(), (Load::Figures{2, 0, 0, 0, 2})) << model;
    ASSERT_TRUE(desk_.until([&] { return moved(Call::recv) - before == 4 * options.size; })) << model;
  }
  EXPECT_EQ(moved(Call::send), 2 * 4 * 700'000);
}

TEST_P(LoadWays, ASizeIsAnsweredByEveryHandlerOfLines) {
  for (const char* handler : {"upper", "upper-stream", "echo"}) {
    const auto server = serve("thread", handler);
    LoadOptions options = to(server->address(), 3);
    options.size = 1'000;
    const auto load = Load::start(desk_.engine, 2, options);
    ASSERT_TRUE(desk_.until([&] { return load->ended(); }));
    EXPECT_EQ(load->figures(), (Load::Figures{3, 0, 0, 0, 3})) << handler;
  }
}

TEST_P(LoadWays, AClientThinksBetweenItsMessages) {
  const auto server = serve("thread", "upper-stream");
  LoadOptions options = to(server->address(), 2);
  options.messages = 3;
  options.think = 30 * kMillisecond;
  EXPECT_EQ(run(options), (Load::Figures{2, 0, 0, 0, 2}));
  std::map<SocketId, std::vector<Time>> sent;
  for (const Made& send : calls(Call::send)) sent[send.socket].push_back(send.entered);
  EXPECT_EQ(sent.size(), 2U);
  for (const auto& [socket, times] : sent) {
    ASSERT_EQ(times.size(), 3U);
    for (std::size_t i = 1; i < times.size(); ++i) EXPECT_GE(times[i] - times[i - 1], options.think);
  }
}

TEST_P(LoadWays, AMessageDripsByteByByte) {
  const auto server = serve("thread", "upper-stream");
  LoadOptions options = to(server->address(), 2);
  options.text = "abc\n";
  options.drip = 5 * kMillisecond;
  EXPECT_EQ(run(options), (Load::Figures{2, 0, 0, 0, 2}));
  const auto sends = calls(Call::send);
  EXPECT_EQ(sends.size(), 8U);
  std::map<SocketId, Time> last;
  for (const Made& send : sends) {
    EXPECT_EQ(send.result, 1);
    if (last.contains(send.socket)) {
      EXPECT_GE(send.entered - last[send.socket], options.drip);
    }
    last[send.socket] = send.entered;
  }
}

TEST_P(LoadWays, ASlowReaderTakesLittleAndWaits) {
  const auto server = serve("thread", "echo");
  LoadOptions options = to(server->address(), 1);
  options.size = 5'000;
  options.slow_read = 5 * kMillisecond;
  EXPECT_EQ(run(options), (Load::Figures{1, 0, 0, 0, 1}));
  Time last = 0;
  const auto receives = calls(Call::recv);
  EXPECT_GE(receives.size(), 5U);
  for (const Made& receive : receives) {
    EXPECT_EQ(receive.asked, 1'024);
    EXPECT_GE(receive.entered - last, options.slow_read);
    last = receive.back;
  }
}

TEST_P(LoadWays, AHalfCloseIsAnsweredUpToTheEnd) {
  const auto server = serve("thread", "upper-stream");
  LoadOptions options = to(server->address(), 2);
  options.text = "one\ntwo";
  options.end = LoadEnd::half_close;
  EXPECT_EQ(run(options), (Load::Figures{2, 0, 0, 0, 2}));
  EXPECT_EQ(calls(Call::shutdown).size(), 2U);
  EXPECT_EQ(moved(Call::recv), 2 * 8);  // ONE\nTWO\n
}

TEST_P(LoadWays, AHalfCloseEndsAlsoWhereNobodyAnswers) {
  const auto server = serve("select", "discard");
  LoadOptions options = to(server->address(), 3);
  options.end = LoadEnd::half_close;
  EXPECT_EQ(run(options), (Load::Figures{0, 0, 0, 0, 3}));
}

TEST_P(LoadWays, AResetIsAnRstBehindTheMessage) {
  Peer listener;
  const Address address = listener.take_port();
  ASSERT_EQ(listen(listener.fd(), 5), 0);
  LoadOptions options = to(address, 1);
  options.end = LoadEnd::reset;
  EXPECT_EQ(run(options), (Load::Figures{0, 0, 0, 0, 1}));
  const int client = accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC);
  char buffer[64];
  EXPECT_EQ(recv(client, buffer, sizeof buffer, 0), 6);
  EXPECT_EQ(recv(client, buffer, sizeof buffer, 0), -1);
  EXPECT_EQ(errno, ECONNRESET);
  close(client);
  EXPECT_TRUE(calls(Call::recv).empty());
}

TEST_P(LoadWays, ThoseThatNeverCloseAreFinishedOnceAnswered) {
  const auto server = serve("thread", "upper-stream");
  LoadOptions options = to(server->address(), 4);
  options.end = LoadEnd::never;
  const auto load = Load::start(desk_.engine, 2, options);
  ASSERT_TRUE(desk_.until([&] { return load->finished(); }));
  EXPECT_EQ(load->figures(), (Load::Figures{4, 0, 0, 0, 4}));
  EXPECT_FALSE(load->ended());
  EXPECT_TRUE(calls(Call::close).empty());
  load->stop();
  ASSERT_TRUE(told_its_end());
  EXPECT_EQ(desk_.all<event::LoadEnded>().at(0).answered, 4U);
  EXPECT_EQ(calls(Call::close).size(), 4U);
}

TEST_P(LoadWays, TheyArriveOverATime) {
  const auto server = serve("thread", "upper");
  for (const LoadArrival arrival : {LoadArrival::steady, LoadArrival::poisson}) {
    LoadOptions options = to(server->address(), 5);
    options.arrival = arrival;
    options.over = 100 * kMillisecond;
    const auto begins = load_begins(options);
    const Time started = now();
    const auto load = Load::start(desk_.engine, 2, options);
    ASSERT_TRUE(desk_.until([&] { return load->ended(); }));
    EXPECT_EQ(load->figures(), (Load::Figures{5, 0, 0, 0, 5}));
    std::vector<Time> entered;
    std::set<SocketId> seen;
    for (const Made& connect : calls(Call::connect))
      if (seen.insert(connect.socket).second && connect.entered > started) entered.push_back(connect.entered);
    std::sort(entered.begin(), entered.end());
    ASSERT_EQ(entered.size(), begins.size());
    for (std::size_t i = 0; i < begins.size(); ++i) EXPECT_GE(entered[i] - started, begins[i]);
  }
}

TEST_P(LoadWays, ByAUnixNameTheyAreAnsweredToo) {
  Address name;
  name.family = AF_UNIX;
  name.path = Blob("S");
  const auto server = desk_.serve("thread", [&](ServerOptions& options) { options.address = name; });
  LoadOptions options = to(server->address(), 4);
  EXPECT_EQ(run(options), (Load::Figures{4, 0, 0, 0, 4}));
}

TEST_P(LoadWays, StoppedWhileItThinks) {
  const auto server = serve("thread", "upper-stream");
  LoadOptions options = to(server->address(), 2);
  options.messages = 2;
  options.think = 3600 * kSecond;
  expect_it_stops(options, [&] { return answered() == 2; });
}

TEST_P(LoadWays, StoppedWhileItDrips) {
  const auto server = serve("thread", "upper-stream");
  LoadOptions options = to(server->address(), 2);
  options.drip = 3600 * kSecond;
  expect_it_stops(options, [&] { return moved(Call::send) == 2; });
}

TEST_P(LoadWays, StoppedBeforeItReads) {
  const auto server = serve("thread", "upper-stream");
  LoadOptions options = to(server->address(), 2);
  options.slow_read = 3600 * kSecond;
  expect_it_stops(options, [&] { return moved(Call::send) == 12; });
}

TEST_P(LoadWays, StoppedBeforeAllHaveBegun) {
  const auto server = serve("thread", "upper-stream");
  LoadOptions options = to(server->address(), 3);
  options.arrival = LoadArrival::steady;
  options.over = 3600 * kSecond;
  expect_it_stops(options, [&] { return answered() > 0; });
  EXPECT_EQ(calls(Call::close).size(), 1U);
}

TEST_P(LoadWays, StoppedWhereNobodyAnswers) {
  const auto server = serve("thread", "discard");
  LoadOptions options = to(server->address(), 2);
  options.size = 10'000;
  expect_it_stops(options, [&] { return moved(Call::send) == 20'000; });
  EXPECT_EQ(desk_.all<event::LoadEnded>().at(0).waiting, 2U);
}

// Nobody reads: its send queue is full.
TEST_P(LoadWays, StoppedWhileItSends) {
  Peer listener;
  const Address address = listener.take_port();
  ASSERT_EQ(listen(listener.fd(), 5), 0);
  LoadOptions options = to(address, 1);
  options.size = kMostLoadSize;
  const bool process = GetParam();  // its epoll is not told
  expect_it_stops(options,
                  [&] { return process ? moved(Call::send) > 0 : desk_.blocked_in("L.1", Call::poll); });
}

TEST_P(LoadWays, AServerThatGoesIsAnError) {
  Peer listener;
  const Address address = listener.take_port();
  ASSERT_EQ(listen(listener.fd(), 5), 0);
  LoadOptions options = to(address, 1);
  options.size = kMostLoadSize;
  const auto load = Load::start(desk_.engine, 2, options);
  const int client = accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC);
  char buffer[64];
  EXPECT_GT(recv(client, buffer, sizeof buffer, 0), 0);
  close(client);
  ASSERT_TRUE(told_its_end());
  EXPECT_EQ(load->figures(), (Load::Figures{0, 0, 0, 1, 1}));
}

}  // namespace
}  // namespace sockscope
