#include "play/check.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "play/names_used.h"
#include "play/vocabulary.h"

namespace sockscope::play {
namespace {

class Checker {
 public:
  explicit Checker(const Play& play) : play_(play) {
    introduce("main", "thread", 0);
    for (const PlayLine& line : play_.lines) collect(line);
  }

  void run() {
    for (const PlayLine& line : play_.lines) {
      line_ = &line;
      if (line.statement) check(*line.statement);
      if (line.directive) check(*line.directive);
    }
  }

 private:
  struct Introduced {
    std::string_view kind;
    int line = 0;
  };

  [[noreturn]] void refuse(std::size_t at, const std::string& message) const {
    throw play_error(play_.file, line_->number, line_->text, {at, message});
  }

  void introduce(const std::string& name, std::string_view kind, std::size_t at) {
    const int number = line_ == nullptr ? 0 : line_->number;
    const auto [known, fresh] = names_.try_emplace(name, Introduced{kind, number});
    if (fresh || known->second.kind == kind) return;
    const std::string where =
        known->second.line == 0 ? "" : fmt::format(" since line {}", known->second.line);
    refuse(at, fmt::format("'{}' is a {}{} and cannot be a {} too; choose another name", name,
                           known->second.kind, where, kind));
  }

  std::size_t place_of(const std::string& name) const {
    const auto at = line_->text.find(name);
    return at == line_->text.npos ? 0 : at;
  }

  void collect(const PlayLine& line) {
    line_ = &line;
    if (line.statement) {
      host(line);
      introduce(line.thread, "thread", place_of(line.thread));
      for (const auto& name : names_bound(*line.statement)) introduce(name, "variable", place_of(name));
    } else if (line.directive) {
      const Directive& directive = *line.directive;
      if (const auto* serve = std::get_if<directive::Serve>(&directive.what))
        introduce(serve->options.name, "server", directive.subject_at);
      if (const auto* load = std::get_if<directive::Load>(&directive.what))
        introduce(load->options.name, "load", directive.subject_at);
      if (const auto* host = std::get_if<directive::Host>(&directive.what))
        add_host(*host, directive.subject_at);
      if (const auto* wire = std::get_if<directive::Wire>(&directive.what))
        for (const std::string& name : {wire->from, wire->to}) host_exists(name, directive.subject_at);
      if (const auto* serve = std::get_if<directive::Serve>(&directive.what))
        host_exists(serve->options.host, place_of("host="));
      if (const auto* load = std::get_if<directive::Load>(&directive.what))
        host_exists(load->options.host, place_of("host="));
    }
  }

  void add_host(const directive::Host& host, std::size_t at) {
    if (is(host.name, "host"))
      refuse(at, fmt::format("host {} is there since line {}", host.name, names_.at(host.name).line));
    introduce(host.name, "host", at);
    if (++hosts_made_ > kMostHosts) refuse(at, fmt::format("a play has at most {} hosts", kMostHosts));
    std::vector<Address> its{usual_address(hosts_made_), usual_address6(hosts_made_)};
    if (host.address) its[host.address->family == AF_INET6 ? 1 : 0] = *host.address;
    for (const Address& address : its) {
      const auto [known, fresh] = addresses_.try_emplace(host_of(address), host.name);
      if (!fresh)
        refuse(host.address ? place_of(host_of(address)) : at,
               fmt::format("{} is the address of host {}; give another one", known->first, known->second));
    }
  }

  void host_exists(const std::string& name, std::size_t at) {
    if (name != kThisMachine && !is(name, "host"))
      refuse(at, fmt::format("no host is called '{}'; write %host {} above this line", name, name));
  }

  void host(const PlayLine& line) {
    const std::string said = line.host.empty() ? "localhost" : line.host;
    const auto [known, fresh] = hosts_.try_emplace(line.thread, Introduced{}, said);
    if (fresh) known->second.first.line = line.number;
    if (!line.host.empty() && known->second.second != line.host)
      refuse(line.text.find('@') + 1,
             fmt::format("thread {} is on host {} since line {}; a thread does not move", line.thread,
                         known->second.second, known->second.first.line));
    if (said != kThisMachine && !is(said, "host"))
      refuse(line.text.find('@') + 1,
             fmt::format("no host is called '{}'; write %host {} above this line", said, said));
  }

  bool is(const std::string& name, std::string_view kind) const {
    const auto known = names_.find(name);
    return known != names_.end() && known->second.kind == kind;
  }

  void check(const Statement& statement) const {
    names_read(statement, [this](const std::string& name, std::size_t at) { constant_exists(name, at); });
  }

  void constant_exists(const std::string& name, std::size_t at) const {
    if (!names_.contains(name) && unknown_constant(name))
      refuse(at, fmt::format("no constant is called '{}'; there are {}", name, allowed_constants(name)));
  }

  void thread_exists(const std::string& name, std::size_t at) const {
    const std::string owner = name.substr(0, name.find('.'));
    if (is(name, "thread") || (owner != name && (is(owner, "server") || is(owner, "load")))) return;
    refuse(at, fmt::format("no thread is called '{}' in this play", name));
  }

  void check(const Directive& directive) const {
    const auto& what = directive.what;
    if (const auto* load = std::get_if<directive::Load>(&what);
        load != nullptr && !load->options.to_name.empty())
      if (!is(load->options.to_name, "server"))
        refuse(place_of("to="), fmt::format("no server is called '{}' in this play", load->options.to_name));
    if (const auto* stop = std::get_if<directive::Stop>(&what))
      if (!is(stop->name, "server") && !is(stop->name, "load"))
        refuse(directive.subject_at,
               fmt::format("no server or load is called '{}' in this play", stop->name));
    if (const auto* interrupt = std::get_if<directive::Interrupt>(&what))
      if (!is(interrupt->thread, "server")) thread_exists(interrupt->thread, directive.subject_at);
    if (const Condition* condition = condition_of(directive)) {
      threads_read(*condition, [this](const std::string& name, std::size_t at) { thread_exists(name, at); });
      names_read(*condition, [this](const std::string& name, std::size_t at) {
        constant_exists(name, at);
        if (!names_.contains(name))
          refuse(at, fmt::format(
                         "'{}' is no field, no state, flag, family or errno name, and no line of this play "
                         "binds it",
                         name));
      });
    }
  }

  const Play& play_;
  const PlayLine* line_ = nullptr;
  std::map<std::string, Introduced> names_;
  std::map<std::string, std::pair<Introduced, std::string>> hosts_;  // by thread
  std::map<std::string, std::string> addresses_;                     // whose
  unsigned hosts_made_ = 0;
};

}  // namespace

void check_play(const Play& play) {
  Checker(play).run();
}

}  // namespace sockscope::play
