#pragma once
// The two ways a load's clients run. Of this room only.

#include <atomic>
#include <memory>
#include <string>

#include "server/server.h"

namespace sockscope {

// What has become of the clients so far. Any thread.
struct LoadCounts {
  std::atomic<unsigned> answered{0}, waiting{0}, refused{0}, errors{0}, settled{0};
  Load::Figures figures() const { return {answered, waiting, refused, errors, settled}; }
  void set(const Load::Figures& to) {
    answered = to.answered;
    waiting = to.waiting;
    refused = to.refused;
    errors = to.errors;
    settled = to.settled;
  }
};

inline event::LoadEnded load_ended(ServerId id, const Load::Figures& figures) {
  return {id, figures.answered, figures.waiting, figures.refused, figures.errors};
}

// setsockopt(SO_LINGER) of no time: the close that follows sends an RST. `socket` is the caller's to say.
Request linger_none();

class Load::Clients {
 public:
  virtual ~Clients() = default;
  virtual bool finished() const = 0;
  virtual bool ended() const = 0;
  virtual void stop() = 0;
  virtual Figures figures() const = 0;
};

// Each puts LoadEnded when the last client has ended. `options.clients` is within the limit.
std::unique_ptr<Load::Clients> run_in_threads(Engine& engine, ServerId id, const LoadOptions& options);
std::unique_ptr<Load::Clients> run_in_process(Engine& engine, ServerId id, const LoadOptions& options);

}  // namespace sockscope
