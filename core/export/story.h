#pragma once
// A recording read as what its threads were told to do: lines in their order, who was inside a call when each
// began, and which ports the kernel chose. Both languages are written from it. Pure; the recording is not
// trusted.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "play/play.h"
#include "server/server.h"
#include "trace/trace.h"

namespace sockscope::exporting {

inline constexpr std::size_t kNobody = static_cast<std::size_t>(-1);

// A port the kernel chose: a program asks for it where the recording has the number.
struct Birth {
  std::uint16_t port = 0;
  SocketId socket = 0;
  std::uint64_t seq = 0;  // of the SocketNamed that told it
  std::size_t line = 0;   // in which line it was chosen
  std::string owner;      // the name that held the socket when the line had ended; empty: none
  bool server = false;    // owner is a server of %serve
};

struct StoryLine {
  std::uint64_t seq = 0;   // of its LineStarted
  std::uint64_t end = 0;   // of its LineEnded; 0: it did not end
  std::size_t number = 0;  // from 1, in the order they began
  std::size_t thread = 0;  // of Story::threads
  std::string text;
  PlayLine parsed;                   // a statement, a directive, or neither
  std::string refused;               // why it is no line of a play; empty: it is one
  std::vector<std::size_t> inside;   // other threads inside a line of theirs when it began
  std::vector<std::uint64_t> calls;  // CallEntered of the calls its thread made in it, inner ones too
  std::vector<std::string> loses;    // names of open sockets it gives another meaning, or deletes
  std::vector<std::string> notes;    // what was expected after it
  std::string exception;             // of LineEnded
  bool interrupted = false;          // %interrupt ended it
  bool left = false;                 // it was still inside when the run ended
  bool outside = false;              // the address rule refused it: it would leave this machine
  std::size_t target = kNobody;      // %interrupt: which thread's line it ended
};

struct StoryThread {
  std::string name;  // of the play thread; the part after an interrupt has the same
  ThreadId id = 0;
  bool interrupted = false;  // the program interrupts it as %interrupt did
};

struct StoryServer {
  event::ServerStarted started;
  std::uint64_t seq = 0;
  bool reuse_addr = false;
  int backlog = 5;
};

struct Story {
  std::vector<StoryLine> lines;
  std::vector<StoryThread> threads;
  std::vector<StoryServer> servers;  // every one, also those of %serve
  std::vector<Birth> births;
  std::vector<std::size_t> inside;  // threads inside a line at the end
  std::size_t not_shown = 0;        // lines before the first one here
  // The kernel's port that `port` was at `seq`; nullptr: it is the learner's own.
  const Birth* birth_of(std::uint16_t port, std::uint64_t seq) const;
};

// Events before `end`; at most the last `most` lines. `interrupts`: a thread can be interrupted (C), or the
// line that was is left and its thread goes on as another (Python, but for the first thread it happens to).
Story read_story(const Trace& trace, std::uint64_t end, std::size_t most, bool interrupts);

// Whether a load goes to a server of %serve or to an IPv4 address.
bool is_by_inet(const LoadOptions& options);

// Text from a recording for a comment: one line, nothing in it but printable characters; in quotes, with
// escapes, when there are others.
std::string comment_text(std::string_view text);

}  // namespace sockscope::exporting
