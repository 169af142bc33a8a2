#include "session/loading.h"

#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "trace/load_watch.h"

namespace sockscope {
namespace {

// Reading a file takes about this part of the work, folding the rest.
constexpr float kReading = 0.75f;

std::size_t size_of(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && info.st_size > 0 ? static_cast<std::size_t>(info.st_size) : 1;
}

}  // namespace

struct Loading::Impl {
  explicit Impl(std::string file) : path(std::move(file)), size(size_of(path)), thread([this] { run(); }) {}
  ~Impl() {
    watch.stop = true;
    if (thread.joinable()) thread.join();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void run() {
    auto trace = load_recording(path, watch);
    if (trace) {
      session = Session::replay(std::move(*trace), path, [this](float part) {
        folded = part;
        return !watch.stop;
      });
    } else {
      error = trace.error().message;
    }
    ended = true;
  }

  const std::string path;
  const std::size_t size;
  LoadWatch watch;
  std::atomic<float> folded{0};
  std::atomic<bool> ended{false};  // what follows is the owner's from then on
  std::unique_ptr<Session> session;
  std::string error;
  std::thread thread;  // the last: it uses the others
};

Loading::Loading(std::string path) : impl_(std::make_unique<Impl>(std::move(path))) {}
Loading::~Loading() = default;

const std::string& Loading::path() const {
  return impl_->path;
}

float Loading::done() const {
  const float read = static_cast<float>(impl_->watch.bytes) / static_cast<float>(impl_->size);
  return kReading * std::min(read, 1.0f) + (1 - kReading) * impl_->folded;
}

bool Loading::finished() const {
  return impl_->ended;
}

tl::expected<std::unique_ptr<Session>, std::string> Loading::take() {
  if (impl_->thread.joinable()) impl_->thread.join();
  if (impl_->session == nullptr) return tl::unexpected(impl_->error);
  return std::move(impl_->session);
}

}  // namespace sockscope
