#include "server/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <condition_variable>

#include "server/service.h"

namespace sockscope {
namespace {

struct Model {
  std::string_view name;
  void (*serve)(Service& service, Caller& caller);
};
constexpr std::array<Model, 9> kModels{{{"iterative", serve_iterative},
                                        {"thread", serve_thread},
                                        {"fork", serve_fork},
                                        {"pool", serve_pool},
                                        {"prethread", serve_prethread},
                                        {"select", serve_select},
                                        {"poll", serve_poll},
                                        {"epoll", serve_epoll},
                                        {"epoll-edge", serve_epoll_edge}}};
constexpr Time kSlowWork = kSecond;

template <typename A>
bool has(const A& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<ServerError> check_name(std::string_view what, std::string_view name,
                                      const std::vector<std::string_view>& known) {
  if (has(known, name)) return std::nullopt;
  return ServerError{fmt::format("no {} is called '{}'; there is {}", what, name, fmt::join(known, ", ")), 0};
}

std::optional<ServerError> check(const ServerOptions& options) {
  if (auto error = check_name("server model", options.model, server_models())) return error;
  if (auto error = check_name("handler", options.handler, handlers())) return error;
  if (options.work < 0) return ServerError{"work must not be negative", 0};
  if (options.workers < 1 || options.workers > kMostWorkers)
    return ServerError{fmt::format("workers are 1 to {}", kMostWorkers), 0};
  if (options.type != SOCK_STREAM && options.type != SOCK_DGRAM)
    return ServerError{"a server's type is SOCK_STREAM or SOCK_DGRAM", 0};
  if (options.type == SOCK_DGRAM && options.model != "iterative" && options.model != "thread")
    return ServerError{
        fmt::format("the model {} serves connections, and datagrams have none; there is iterative, thread",
                    options.model),
        0};
  return std::nullopt;
}

// How the thread that starts a server learns that it listens, or why not.
struct Readiness {
  std::mutex mutex;
  std::condition_variable changed;
  bool ready = false;
  std::optional<ServerError> error;
  void set(std::optional<ServerError> why) {
    std::lock_guard lock(mutex);
    error = std::move(why);
    ready = true;
    changed.notify_all();
  }
  std::optional<ServerError> wait() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return ready; });
    return error;
  }
};

void run_accept_thread(Service& service, Readiness& readiness, Caller& caller) {
  auto error = service.listen(caller);
  const bool listens = !error;
  if (listens) service.thread_began();
  readiness.set(std::move(error));
  if (!listens) return service.close_listener(caller);
  if (service.options().type == SOCK_DGRAM) {
    serve_datagrams(service, caller);
  } else {
    for (const Model& model : kModels)
      if (model.name == service.options().model) model.serve(service, caller);
  }
  service.after_serving(caller);
  service.thread_ended(caller);
}

// Whoever accepts is called ".accept".
std::string_view first_thread_of(std::string_view model) {
  return model == "fork" ? ".listen" : ".accept";
}

}  // namespace

std::vector<std::string_view> server_models() {
  std::vector<std::string_view> names;
  for (const Model& model : kModels) names.push_back(model.name);
  return names;
}
std::vector<std::string_view> handlers() {
  return handler_names();
}

struct Server::Shared {
  std::shared_ptr<Service> service;
};

Server::Server(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
Server::~Server() {
  stop();
}

tl::expected<std::unique_ptr<Server>, ServerError> Server::start(Engine& engine, ServerId id,
                                                                 ServerOptions options) {
  if (auto error = check(options)) return tl::unexpected(*error);
  if (options.handler == "slow" && options.work == 0) options.work = kSlowWork;
  auto service = std::make_shared<Service>(engine, id, std::move(options));
  auto readiness = std::make_shared<Readiness>();
  const std::string& name = service->options().name;
  const ThreadId thread =
      engine.spawn({name + std::string(first_thread_of(service->options().model)), ThreadRole::accept, 0,
                    service->options().host, name},
                   [service, readiness](Caller& caller) { run_accept_thread(*service, *readiness, caller); });
  if (thread == 0) return tl::unexpected(ServerError{"there can be no more threads", 0});
  if (auto error = readiness->wait()) return tl::unexpected(*error);
  service->set_accept_thread(thread);
  return std::unique_ptr<Server>(new Server(std::make_shared<Shared>(Shared{std::move(service)})));
}

const ServerOptions& Server::options() const {
  return shared_->service->options();
}
Address Server::address() const {
  return shared_->service->address();
}
SocketId Server::listener() const {
  return shared_->service->listener()->id;
}
bool Server::running() const {
  return !shared_->service->ended();
}
void Server::leave(bool closes) {
  const bool keeps_threads = options().model == "thread";
  keeps_threads ? shared_->service->leave(closes) : stop();
}
bool Server::left() const {
  return shared_->service->left() || !running();
}
void Server::stop() {
  shared_->service->stop();
}

}  // namespace sockscope
