#pragma once
// Who acts in a play: its worker threads, servers and loads, and their names. Owner thread of the engine.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "play/lines.h"
#include "play/names.h"
#include "play/play.h"
#include "play/syntax.h"
#include "trace/state.h"

namespace sockscope::play {

// What workers and the owner share; tasks keep it alive.
struct Shared {
  Names names;
  Lines lines;
};

class Crew {
 public:
  // `lab`: where hosts are made; nullptr: there can be none.
  Crew(Engine& engine, const State& state, Lab* lab);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  const Names& names() const { return shared_->names; }
  const Lines& lines() const { return shared_->lines; }

  bool has_host(const std::string& name) const;
  // Why a line cannot start now: "thread server, in accept since line 5"; nothing: it can.
  std::optional<std::string> held_by(const PlayLine& line) const;

  struct Failure {
    int code = 0;  // 1 it failed, 2 bad input, 3 not in this version
    std::string message;
  };
  using Done = tl::expected<void, Failure>;
  Done start(const PlayLine& line, const std::string& file);  // a statement, on its worker
  Done serve(const directive::Serve& what);
  Done load(const directive::Load& what);
  Done stop(const directive::Stop& what);
  Done file(const directive::File& what);
  Done host(const directive::Host& what);
  Done wire(const directive::Wire& what);
  // Lets a held packet go. False: it is not held any more.
  bool let(PacketId packet, Wires::Go go);
  // The hosts of the lab have ended: no call that is blocked there comes back by itself.
  void hosts_ended(const std::vector<std::string>& hosts);
  Done interrupt(const directive::Interrupt& what);
  // A server that was asked to leave has done so; asks again.
  bool left(const std::string& name, bool closes);
  bool is_server(const std::string& name) const { return servers_.contains(name); }
  bool stopped(const std::string& name) const;  // a server or load
  bool load_finished(const std::string& name) const;
  std::optional<Load::Figures> figures(const std::string& name) const;

  // A directive in the trace: a line of thread main, if that is idle.
  struct Told {
    LineId id = 0;
    ThreadId thread = 0;
  };
  tl::expected<Told, Failure> begin_directive(const PlayLine& line, const std::string& file);
  void end_directive(const Told& told, std::string_view failure);  // empty: it was done

  void put(Body body) { lane_.put(std::move(body)); }
  // Asks everything to end; ended() comes true.
  void end();
  bool ended() const;
  std::vector<std::string> not_ended() const;

 private:
  // `host` empty: where it is, or this machine.
  tl::expected<ThreadId, Failure> worker(const std::string& name, const std::string& host);
  Done on_host(const std::string& host) const;  // whether there is such a host
  std::string where_is(const std::string& thread) const;

  Engine& engine_;
  const State& state_;
  Inbox::Lane& lane_;
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
  struct WorkerThread {
    ThreadId id = 0;
    std::string host;
  };
  Lab* lab_;
  std::map<std::string, WorkerThread> workers_;
  std::map<std::string, std::unique_ptr<Server>> servers_;
  std::map<std::string, std::unique_ptr<Load>> loads_;
  LineId last_line_ = 0;
  ServerId last_server_ = 0;
};

std::string base_name(const std::string& path);

}  // namespace sockscope::play
