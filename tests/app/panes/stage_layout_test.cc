// The Stage's places for every shape of a session: nothing overlaps, nothing leaves the desk.
#include <gtest/gtest.h>

#include "panes/frame.h"
#include "panes/stage_layout.h"
#include "trace_builder.h"

namespace sockscope {
namespace stage_layout_test {

StageServer server(SocketId listener, std::uint32_t seats, std::uint32_t taken, std::size_t served,
                   ThreadId acceptor) {
  StageServer out;
  out.listener = listener;
  out.acceptor = acceptor;
  out.seats = seats;
  out.taken = taken;
  for (std::uint32_t i = 0; i < taken; ++i) out.waiting.push_back(5000 + i);
  for (std::size_t i = 0; i < served; ++i) {
    const auto id = static_cast<std::uint32_t>(6000 + 100 * listener + i);
    out.served.push_back({id, id, true});
  }
  return out;
}

StageModel model(std::size_t clients, std::size_t servers, std::uint32_t seats, std::size_t served) {
  StageModel out;
  for (std::size_t i = 0; i < clients; ++i) {
    const auto id = static_cast<std::uint32_t>(i + 1);
    // Some threads without a socket, some sockets without a thread.
    out.clients.push_back({i % 5 == 3 ? 0 : id, i % 7 == 5 ? 0 : id, i % 5 != 3});
  }
  for (std::size_t i = 0; i < servers; ++i) {
    const auto id = static_cast<std::uint32_t>(2000 + i);
    out.servers.push_back(server(id, seats, seats / 2, served, id));
  }
  return out;
}

void add(std::vector<Rect>& out, Rect box) {
  if (!is_empty(box)) out.push_back(box);
}

void add(std::vector<Rect>& out, const StageColumn& column) {
  add(out, column.fold);
  for (const StageCell& cell : column.cells) {
    add(out, cell.thread);
    add(out, cell.socket);
  }
}

// The things that may not lie on one another.
std::vector<Rect> things(const StageLayout& layout) {
  std::vector<Rect> out;
  add(out, layout.clients);
  for (const StageBlock& block : layout.blocks) {
    add(out, block.listener);
    add(out, block.lane);
    add(out, block.served);
  }
  add(out, layout.hidden);
  add(out, layout.title);
  return out;
}

void expect_sound(const StageLayout& layout) {
  const std::vector<Rect> boxes = things(layout);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    ASSERT_TRUE(contains(layout.desk, boxes[i])) << "thing " << i << " leaves the desk";
    for (std::size_t j = i + 1; j < boxes.size(); ++j) {
      ASSERT_FALSE(overlap(boxes[i], boxes[j])) << "things " << i << " and " << j;
    }
  }
  for (const StageBlock& block : layout.blocks) {
    std::vector<Rect> inside{block.title};
    add(inside, block.queue);
    add(inside, block.bar);
    add(inside, block.note);
    for (const Rect seat : block.seats) add(inside, seat);
    for (std::size_t i = 0; i < inside.size(); ++i) {
      ASSERT_TRUE(contains(block.listener, inside[i])) << "part " << i << " leaves its listening socket";
      for (std::size_t j = i + 1; j < inside.size(); ++j)
        ASSERT_FALSE(overlap(inside[i], inside[j])) << i << " " << j;
    }
  }
}

TEST(StageLayout, NothingOverlapsWhateverTheNumbersAndTheSize) {
  for (const float scale : {1.0f, 2.0f}) {
    for (const ImVec2 size :
         {ImVec2{470, 150}, ImVec2{600, 200}, ImVec2{780, 330}, ImVec2{1088, 346}, ImVec2{2500, 900}}) {
      for (const std::size_t clients : {0u, 1u, 4u, 8u, 9u, 30u, 51u, 1000u}) {
        for (const std::size_t servers : {0u, 1u, 2u, 3u, 12u}) {
          for (const std::uint32_t seats : {0u, 1u, 3u, 6u, 12u, 129u}) {
            for (const std::size_t served : {0u, 1u, 5u, 20u, 50u}) {
              SCOPED_TRACE(::testing::Message()
                           << size.x << "x" << size.y << " scale " << scale << ": " << clients << " clients, "
                           << servers << " servers of " << seats << " seats, " << served << " served");
              const Rect area = rect(16, 80, size.x * scale, size.y * scale);
              expect_sound(stage_layout(model(clients, servers, seats, served), area, scale));
              if (::testing::Test::HasFatalFailure()) return;
            }
          }
        }
      }
    }
  }
}

TEST(StageLayout, FourClientsOnTheLooksDeskAreFullCards) {
  const StageLayout layout = stage_layout(model(4, 1, 3, 0), rect(16, 78, 1088, 346), 1);
  EXPECT_EQ(layout.clients.form, RowForm::full);
  EXPECT_FLOAT_EQ(layout.clients.cells[0].thread.width(), 116);
  EXPECT_FLOAT_EQ(layout.clients.cells[0].socket.width(), 168);
  EXPECT_EQ(layout.blocks[0].seat_form, SeatForm::cards);
}

TEST(StageLayout, ADoorAtTheDesksEdgeHasRoomForWhatWasDroppedThere) {
  StageModel model;
  model.servers.push_back({});
  model.servers[0].listener = 1;
  model.servers[0].seats = 2;
  for (const float wide : {400.0f, 1080.0f}) {
    const StageLayout layout = stage_layout(model, {{16, 80}, {16 + wide, 400}}, 1);
    ASSERT_EQ(layout.blocks.size(), 1u);
    EXPECT_GE(layout.blocks[0].listener.min.x - layout.desk.min.x, 18) << wide;
  }
}

TEST(StageLayout, SeatOneIsNextToAcceptAndThePlusOneSeatIsTheLeftmost) {
  const StageLayout layout = stage_layout(model(1, 1, 3, 0), rect(0, 0, 1088, 346), 1);
  const std::vector<Rect>& seats = layout.blocks[0].seats;
  ASSERT_EQ(seats.size(), 3u);
  EXPECT_GT(seats[0].min.x, seats[1].max.x);
  EXPECT_GT(seats[1].min.x, seats[2].max.x);
}

TEST(StageLayout, MoreThanTwelveSeatsAreOneBar) {
  const StageLayout layout = stage_layout(model(1, 1, 129, 0), rect(0, 0, 1088, 346), 1);
  EXPECT_EQ(layout.blocks[0].seat_form, SeatForm::bar);
  EXPECT_TRUE(layout.blocks[0].seats.empty());
}

TEST(StageLayout, MoreThanEightRowsAreChipsAndMoreThanFiftyCounts) {
  const Rect desk = rect(0, 0, 1088, 346);
  EXPECT_EQ(stage_layout(model(9, 1, 3, 0), desk, 1).clients.form, RowForm::chips);
  EXPECT_EQ(stage_layout(model(51, 1, 3, 0), desk, 1).clients.form, RowForm::count);
  EXPECT_TRUE(stage_layout(model(51, 1, 3, 0), desk, 1).clients.cells.empty());
}

TEST(StageLayout, ServersThatFindNoRoomAreCounted) {
  const StageLayout layout = stage_layout(model(2, 40, 3, 0), rect(0, 0, 1088, 346), 1);
  EXPECT_EQ(layout.blocks.size() + layout.hidden_servers, 40u);
  EXPECT_GT(layout.hidden_servers, 0u);
}

TEST(StageLayout, ANarrowDeskPutsClientsAboveServers) {
  const StageLayout layout = stage_layout(model(2, 1, 3, 1), rect(0, 0, 470, 400), 1);
  EXPECT_TRUE(layout.stacked);
  EXPECT_LE(layout.clients_area.max.y, layout.servers_area.min.y);
}

// ---- who stands where

using T = TwoClients;

TEST(StageModel, WhileBobWaitsHeSitsInTheQueueAndAnnIsServedByTheAcceptingThread) {
  const Trace trace = two_clients_trace();
  const StageModel stage = stage_model(fold(trace, trace.upto(trace.start() + 1000 * kMillisecond)));
  ASSERT_EQ(stage.clients.size(), 2u);
  EXPECT_EQ(stage.clients[0], (StageRow{T::ann, T::a, true}));
  EXPECT_EQ(stage.clients[1], (StageRow{T::bob, T::b, true}));
  ASSERT_EQ(stage.servers.size(), 1u);
  const StageServer& server = stage.servers[0];
  EXPECT_EQ(server.listener, T::listener);
  EXPECT_EQ(server.acceptor, T::accept);
  EXPECT_EQ(server.seats, 6u);  // listen(5) gives 5 + 1
  EXPECT_EQ(server.taken, 1u);
  EXPECT_EQ(server.waiting, std::vector<SocketId>{T::b});
  ASSERT_EQ(server.served.size(), 1u);
  EXPECT_EQ(server.served[0], (StageRow{T::accept, T::with_ann, false}));
}

TEST(StageModel, OneThreadThatIsBothClientAndServerStandsOnceOnTheClientsSide) {
  TraceBuilder b;
  const ThreadId main = b.thread("main");
  const SocketId s = b.socket(main, "s");
  b.bind(main, s, loopback(0), loopback(4000)).listen(main, s, 2);
  const SocketId c = b.socket(main, "c");
  b.connect(main, c, loopback(4000), loopback(4001));
  const CallId accept = b.enter(main, Call::accept, s);
  const SocketId conn = b.accepted(accept, s, loopback(4000), loopback(4001));
  const StageModel stage = stage_model(fold(b.trace()));
  ASSERT_EQ(stage.clients.size(), 1u);
  EXPECT_EQ(stage.clients[0], (StageRow{main, c, true}));
  ASSERT_EQ(stage.servers.size(), 1u);
  EXPECT_EQ(stage.servers[0].acceptor, 0u);
  ASSERT_EQ(stage.servers[0].served.size(), 1u);
  EXPECT_EQ(stage.servers[0].served[0], (StageRow{0, conn, false}));
}

TEST(StageModel, AThreadThatAcceptsOnAnothersListenerStandsAtItsSideBeforeItHasASocket) {
  TraceBuilder b;
  const ThreadId main = b.thread("main"), server = b.thread("server");
  const SocketId s = b.socket(main, "s");
  b.bind(main, s, loopback(0), loopback(4000)).listen(main, s, 2);
  const auto expect_served = [&](SocketId socket) {
    const StageModel stage = stage_model(fold(b.trace()));
    ASSERT_EQ(stage.servers.size(), 1u);
    ASSERT_EQ(stage.servers[0].served.size(), 1u);
    EXPECT_EQ(stage.servers[0].served[0], (StageRow{server, socket, true}));
    EXPECT_TRUE(stage.clients.empty());
  };
  const CallId accept = b.enter(server, Call::accept, s);
  expect_served(0);
  const SocketId conn = b.accepted(accept, s, loopback(4000), loopback(4001));
  expect_served(conn);
}

TEST(StageModel, AThreadsSecondSocketHangsUnderItsFirst) {
  TraceBuilder b;
  const ThreadId one = b.thread("one"), two = b.thread("two");
  const SocketId a = b.socket(one, "a"), other = b.socket(two, "o"), again = b.socket(one, "b");
  const StageModel stage = stage_model(fold(b.trace()));
  ASSERT_EQ(stage.clients.size(), 3u);
  EXPECT_EQ(stage.clients[0], (StageRow{one, a, true}));
  EXPECT_EQ(stage.clients[1], (StageRow{one, again, false}));
  EXPECT_EQ(stage.clients[2], (StageRow{two, other, true}));
}

TEST(StageModel, AConnectionOutlivesItsListeningSocket) {
  TraceBuilder b;
  const ThreadId server = b.thread("server");
  const SocketId s = b.socket(server, "s");
  b.bind(server, s, loopback(0), loopback(4000)).listen(server, s, 2);
  const CallId accept = b.enter(server, Call::accept, s);
  const SocketId conn = b.accepted(accept, s, loopback(4000), loopback(4001));
  b.close(server, s);
  const StageModel stage = stage_model(fold(b.trace()));
  ASSERT_EQ(stage.servers.size(), 1u);
  EXPECT_EQ(stage.servers[0].listener, s);
  EXPECT_EQ(stage.servers[0].seats, 0u);
  ASSERT_EQ(stage.servers[0].served.size(), 1u);
  EXPECT_EQ(stage.servers[0].served[0].socket, conn);
}

TEST(StageModel, StrangersInTheQueueAreCountedThoughNobodyKnowsTheirNames) {
  TraceBuilder b;
  const ThreadId server = b.thread("server");
  const SocketId s = b.socket(server, "s");
  b.bind(server, s, loopback(0), loopback(4000)).listen(server, s, 2).listener(s, 3, 2);
  const StageModel stage = stage_model(fold(b.trace()));
  ASSERT_EQ(stage.servers.size(), 1u);
  EXPECT_EQ(stage.servers[0].taken, 3u);
  EXPECT_TRUE(stage.servers[0].waiting.empty());
}

TEST(StageModel, AConnectionHalfMadeSitsInNoSeat) {
  TraceBuilder b;
  const ThreadId server = b.thread("server");
  const SocketId s = b.socket(server, "s");
  b.bind(server, s, loopback(0), loopback(4000)).listen(server, s, 2);
  const SocketId queued = s + 1;
  b.put(event::SocketOpened{queued, s, -1, AF_INET, SOCK_STREAM, 0, SocketHow::queue, 77, "localhost"});
  b.put(event::SocketNamed{queued, loopback(4000), loopback(4001)});
  b.put(event::StateChanged{queued, TcpState::not_known, TcpState::SYN_RECV, How::sample});
  EXPECT_EQ(stage_model(fold(b.trace())).servers[0].taken, 0u);
  b.put(event::StateChanged{queued, TcpState::SYN_RECV, TcpState::ESTABLISHED, How::sample});
  const StageModel stage = stage_model(fold(b.trace()));
  EXPECT_EQ(stage.servers[0].taken, 1u);
  EXPECT_EQ(stage.servers[0].waiting, std::vector<SocketId>{queued});
}

// S.listen made the listening socket, S.accept accepts, and closes its descriptor once S.client1 has one.
TEST(StageModel, OfAForkServerTheProcessesStandWithWhatTheyHave) {
  TraceBuilder b;
  const ThreadId ann = b.thread("ann"), listen = b.thread("S.listen", ThreadRole::accept, "S");
  const SocketId listener = b.socket(listen);
  b.bind(listen, listener, loopback(0), loopback(9)).listen(listen, listener, 5);
  b.put(event::ServerStarted{1, listener, "S", "fork", "upper", loopback(9)});
  const ThreadId accept = b.thread("S.accept", ThreadRole::accept, "S", listen);
  const CallId call = b.enter(accept, Call::accept, listener);
  const SocketId client = b.socket(ann, "a");
  b.connect(ann, client, loopback(9), loopback(4000));
  const SocketId accepted = b.accepted(call, listener, loopback(9), loopback(4000));
  const ThreadId process = b.thread("S.client1", ThreadRole::client, "S", accept);
  const SocketId its = accepted + 1;
  b.opened(its, SocketHow::dup, accepted).put(event::SocketClosed{accepted});
  b.put(event::ClientStarted{1, process, its, loopback(4000)});
  b.enter(accept, Call::accept, listener);
  const State state = fold(b.trace());
  const StageModel stage = stage_model(state);
  ASSERT_EQ(stage.clients.size(), 1u);
  EXPECT_EQ(stage.clients[0], (StageRow{ann, client, true}));
  ASSERT_EQ(stage.servers.size(), 1u);
  EXPECT_EQ(stage.servers[0].acceptor, accept);
  EXPECT_EQ(stage.servers[0].served, (std::vector<StageRow>{{process, its, true}, {listen, 0, true}}));
  EXPECT_EQ(state.socket(client)->peer_id, accepted);
  EXPECT_EQ(state.socket(its)->from, listener);
  EXPECT_EQ(state.socket(its)->state, TcpState::ESTABLISHED);
}

TEST(StageModel, ClosedSocketsAndEndedThreadsHaveLeft) {
  EXPECT_TRUE(stage_model(fold(two_clients_trace())).servers.empty());
  EXPECT_TRUE(stage_model(fold(two_clients_trace())).clients.empty());
}

TEST(StageModel, EveryPrefixOfASessionCanStandOnTheStage) {
  const Trace trace = two_clients_trace();
  State state;
  for (std::size_t seq = 0; seq < trace.size(); ++seq) {
    state.apply(trace[seq], seq);
    expect_sound(stage_layout(stage_model(state), rect(0, 0, 1088, 346), 1));
  }
}

}  // namespace stage_layout_test
}  // namespace sockscope
