#include "play/names.h"

#include "play/operators.h"

namespace sockscope::play {

std::optional<Value> Names::find(const std::string& name) const {
  std::lock_guard lock(mutex_);
  if (const auto found = variables_.find(name); found != variables_.end()) return found->second;
  if (servers_.contains(name)) return Value(ServerValue{name});
  if (const auto found = others_.find(name); found != others_.end()) return found->second;
  return std::nullopt;
}

std::string_view Names::kind(const std::string& name) const {
  std::lock_guard lock(mutex_);
  if (variables_.contains(name)) return "variable";
  if (servers_.contains(name)) return "server";
  if (hosts_.contains(name)) return "host";
  const auto found = others_.find(name);
  if (found == others_.end()) return {};
  return found->second.as<LoadValue>() != nullptr ? "load" : "thread";
}

std::vector<std::string> Names::of(const Value& array) const {
  std::vector<std::string> names;
  std::lock_guard lock(mutex_);
  for (const auto& [name, value] : variables_)
    if (value.as<ByteArray>() != nullptr && array.as<ByteArray>() != nullptr &&
        value.as<ByteArray>()->held == array.as<ByteArray>()->held)
      names.push_back(name);
  return names;
}

bool Names::bind(const std::string& name, Value value) {
  const std::size_t more = weight(value) + name.size();
  std::lock_guard lock(mutex_);
  const auto found = variables_.find(name);
  const std::size_t less = found == variables_.end() ? 0 : weight(found->second) + name.size();
  if (held_ - less + more > kMostHeld) return false;
  held_ += more - less;
  variables_.insert_or_assign(name, std::move(value));
  return true;
}

bool Names::unbind(const std::string& name) {
  std::lock_guard lock(mutex_);
  const auto found = variables_.find(name);
  if (found == variables_.end()) return false;
  held_ -= weight(found->second) + name.size();
  variables_.erase(found);
  return true;
}

bool Names::take(std::size_t bytes) {
  std::lock_guard lock(mutex_);
  if (bytes > kMostAtWork - at_work_) return false;
  at_work_ += bytes;
  return true;
}

void Names::give_back(std::size_t bytes) {
  std::lock_guard lock(mutex_);
  at_work_ -= bytes;
}

void Names::add_server(const std::string& name, Server server) {
  std::lock_guard lock(mutex_);
  servers_.insert_or_assign(name, server);
}

std::optional<Names::Server> Names::server(const std::string& name) const {
  std::lock_guard lock(mutex_);
  const auto found = servers_.find(name);
  return found == servers_.end() ? std::nullopt : std::optional(found->second);
}

void Names::add_load(const std::string& name) {
  std::lock_guard lock(mutex_);
  others_.insert_or_assign(name, LoadValue{name});
}

void Names::add_thread(const std::string& name) {
  std::lock_guard lock(mutex_);
  others_.insert_or_assign(name, ThreadValue{name});
}

void Names::add_host(const std::string& name, std::vector<Address> addresses) {
  std::lock_guard lock(mutex_);
  hosts_.insert_or_assign(name, std::move(addresses));
}

std::vector<Address> Names::host(const std::string& name) const {
  std::lock_guard lock(mutex_);
  const auto found = hosts_.find(name);
  return found == hosts_.end() ? std::vector<Address>() : found->second;
}

}  // namespace sockscope::play
