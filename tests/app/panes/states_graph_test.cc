// The figure of RFC 9293 §3.3.2, way by way, and the ways through it.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "panes/states_graph.h"

namespace sockscope {
namespace states_graph_test {

// Written down from the RFC's figure 5, not from our table.
const std::set<std::string> kFigure = {
    "CLOSED → LISTEN: passive OPEN / create TCB",
    "LISTEN → CLOSED: CLOSE / delete TCB",
    "CLOSED → SYN_SENT: active OPEN / create TCB, snd SYN",
    "SYN_SENT → CLOSED: CLOSE / delete TCB",
    "LISTEN → SYN_RECV: rcv SYN / snd SYN,ACK",
    "LISTEN → SYN_SENT: SEND / snd SYN",
    "SYN_SENT → SYN_RECV: rcv SYN / snd SYN,ACK",
    "SYN_SENT → ESTABLISHED: rcv SYN,ACK / snd ACK",
    "SYN_RECV → LISTEN: rcv RST / x",
    "SYN_RECV → ESTABLISHED: rcv ACK of SYN / x",
    "SYN_RECV → FIN_WAIT1: CLOSE / snd FIN",
    "ESTABLISHED → FIN_WAIT1: CLOSE / snd FIN",
    "ESTABLISHED → CLOSE_WAIT: rcv FIN / snd ACK",
    "FIN_WAIT1 → FIN_WAIT2: rcv ACK of FIN / x",
    "FIN_WAIT1 → CLOSING: rcv FIN / snd ACK",
    "FIN_WAIT2 → TIME_WAIT: rcv FIN / snd ACK",
    "CLOSING → TIME_WAIT: rcv ACK of FIN / x",
    "CLOSE_WAIT → LAST_ACK: CLOSE / snd FIN",
    "LAST_ACK → CLOSED: rcv ACK of FIN / x",
    "TIME_WAIT → CLOSED: timeout = 2 MSL / delete TCB",
};

std::string said(const StateEdge& edge) {
  std::string text(name_of(edge.from));
  text += " → " + std::string(name_of(edge.to)) + ": " + std::string(edge.event) + " / ";
  return text + (edge.action.empty() ? "x" : std::string(edge.action));
}

std::vector<TcpState> passed(TcpState from, TcpState to) {
  std::vector<TcpState> states{from};
  for (const std::size_t edge : way_between(from, to)) {
    EXPECT_EQ(state_edges()[edge].from, states.back());
    states.push_back(state_edges()[edge].to);
  }
  return states;
}

TEST(StatesGraph, HasEachWayOfTheRfcsFigureAndNoOther) {
  std::set<std::string> ours;
  for (const StateEdge& edge : state_edges()) ours.insert(said(edge));
  EXPECT_EQ(ours, kFigure);
}

TEST(StatesGraph, EveryStateIsReachedFromClosedAndLeadsBackToIt) {
  std::set<TcpState> reached{TcpState::CLOSED}, back{TcpState::CLOSED};
  for (std::size_t round = 0; round < kDiagramStates.size(); ++round) {
    for (const StateEdge& edge : state_edges()) {
      if (reached.contains(edge.from)) reached.insert(edge.to);
      if (back.contains(edge.to)) back.insert(edge.from);
    }
  }
  EXPECT_EQ(reached.size(), kDiagramStates.size());
  EXPECT_EQ(back.size(), kDiagramStates.size());
}

TEST(StatesGraph, AWayThatWasNotSeenIsTheUsualOne) {
  using enum TcpState;
  EXPECT_EQ(passed(CLOSED, ESTABLISHED), (std::vector{CLOSED, SYN_SENT, ESTABLISHED}));
  EXPECT_EQ(passed(LISTEN, ESTABLISHED), (std::vector{LISTEN, SYN_RECV, ESTABLISHED}));
  EXPECT_EQ(passed(ESTABLISHED, TIME_WAIT), (std::vector{ESTABLISHED, FIN_WAIT1, FIN_WAIT2, TIME_WAIT}));
  EXPECT_EQ(passed(CLOSE_WAIT, CLOSED), (std::vector{CLOSE_WAIT, LAST_ACK, CLOSED}));
}

TEST(StatesGraph, NoConnectionPassesClosedOrListen) {
  using enum TcpState;
  EXPECT_TRUE(way_between(ESTABLISHED, SYN_SENT).empty());
  EXPECT_TRUE(way_between(CLOSED, SYN_RECV).size() == 2);  // both ends connect: SYN_SENT, then a SYN comes
  EXPECT_TRUE(way_between(LISTEN, LISTEN).empty());
}

TEST(StatesGraph, EveryStateAndEveryWayIsExplained) {
  std::set<std::string_view> meanings;
  for (const TcpState state : kDiagramStates) meanings.insert(meaning_of(state));
  EXPECT_EQ(meanings.size(), kDiagramStates.size());
  for (const StateEdge& edge : state_edges()) {
    const bool call = by_call(edge.by) && edge.by != Trigger::send;
    EXPECT_EQ(edge.words.ends_with("()"), call) << said(edge);
  }
}

}  // namespace states_graph_test
}  // namespace sockscope
