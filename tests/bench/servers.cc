// Every server model, with and without a recording, against python3's socketserver and a bare epoll loop in
// C: connections and messages a second of 1 to 1,000 clients, the CPU time of a message, and very many
// clients at once. Every figure and ratio is a median; those of one run compare, others do not. `--quick` is
// a run of seconds with few clients; `--tracing MODEL...` measures only what tracing costs those models. Ends
// with 1 when a client was lost.

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calls/descriptor_limit.h"
#include "server/server.h"
#include "servers/awake.h"
#include "servers/clients.h"
#include "servers/subject.h"

namespace sockscope::bench {
namespace {

std::vector<std::string> every_model() {
  const auto models = server_models();
  return {models.begin(), models.end()};
}

struct Plan {
  int rounds = 5;
  std::vector<std::size_t> clients{1, 8, 100, 1'000};
  std::size_t messages = 10'000, connections = 1'000;  // a figure, or until `most` has passed
  Time most = 300 * kMillisecond;
  int turns = 15;
  Time turn = 150 * kMillisecond;
  int pairs = 30;
  std::size_t pair_messages = 2'000;
  std::vector<std::size_t> cost_clients{8, 100};
  std::size_t many_talks = 10'000, many_threads = 1'000;
  std::vector<std::string> traced = every_model();
  bool only_tracing = false;
};

Plan quick_plan() {
  return {1, {1, 8}, 200, 50, 100 * kMillisecond, 2, 50 * kMillisecond, 1, 200, {8}, 100, 50};
}

// nullopt: no such arguments, or no such model.
std::optional<Plan> plan_of(std::span<const char* const> arguments) {
  if (arguments.empty()) return Plan{};
  if (arguments.size() == 1 && std::string_view(arguments[0]) == "--quick") return quick_plan();
  if (arguments.size() == 1 || std::string_view(arguments[0]) != "--tracing") return std::nullopt;
  Plan plan;
  plan.only_tracing = true;
  plan.traced.assign(arguments.begin() + 1, arguments.end());
  const auto known = every_model();
  const bool good = std::all_of(plan.traced.begin(), plan.traced.end(), [&](const std::string& model) {
    return std::find(known.begin(), known.end(), model) != known.end();
  });
  return good ? std::optional(plan) : std::nullopt;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double quantile(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1) + 0.5)];
}

enum class Measure { connections, messages };
constexpr std::array kMeasures{Measure::connections, Measure::messages};

// One value a round, by measure, server and clients.
class Table {
 public:
  using Cell = std::vector<double>;
  Cell& cell(Measure measure, const std::string& label, std::size_t clients) {
    return cells_[{measure, label, clients}];
  }
  // The median of what the rounds' ratios are; 0: there is none.
  double ratio(Measure measure, const std::string& a, const std::string& b, std::size_t clients) {
    const Cell &above = cell(measure, a, clients), &below = cell(measure, b, clients);
    std::vector<double> ratios;
    for (std::size_t i = 0; i < std::min(above.size(), below.size()); ++i)
      if (below[i] > 0) ratios.push_back(above[i] / below[i]);
    return median(std::move(ratios));
  }

 private:
  std::map<std::tuple<Measure, std::string, std::size_t>, Cell> cells_;
};

class Bench {
 public:
  explicit Bench(Plan plan) : plan_(std::move(plan)), subjects_(all_subjects()) {}

  int run() {
    const Time begun = now();
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    if (plan_.only_tracing) {
      tracing_cost();
    } else {
      everything();
    }
    std::printf("\n%zu clients lost; %.0f s\n", lost_, static_cast<double>(now() - begun) / 1e9);
    return lost_ == 0 ? 0 : 1;
  }

 private:
  void everything() {
    for (int round = 0; round < plan_.rounds; ++round)
      for (const std::size_t clients : plan_.clients)
        for (const Subject& subject : subjects_) measure(subject, clients);
    print_rates();
    print_ratios();
    against_peers();
    tracing_cost();
    const auto models = server_models();
    const bool has_epoll = std::find(models.begin(), models.end(), "epoll") != models.end();
    many(has_epoll ? "epoll" : "poll", plan_.many_talks);
    many("thread", plan_.many_threads);
  }
  void note(const std::string& what, std::size_t lost) {
    if (lost == 0) return;
    lost_ += lost;
    std::printf("%s: %zu clients lost\n", what.c_str(), lost);
  }

  void measure(const Subject& subject, std::size_t clients) {
    const std::string what = subject.label() + ", " + std::to_string(clients) + " clients";
    const Running server(subject, clients);
    if (server.port() == 0) return note(what + " (it did not start)", clients);
    {
      Clients own(server.port());
      note(what + ", first", own.connections(clients, clients, plan_.most).lost);  // not timed: a cold start
      const Clients::Rate rate =
          own.connections(clients, std::max(plan_.connections, 3 * clients), plan_.most);
      note(what + ", connections", rate.lost);
      table_.cell(Measure::connections, subject.label(), clients).push_back(rate.a_second);
    }
    if (clients > subject.most_clients()) return;
    Clients own(server.port());
    const Clients::Rate held = own.hold(clients, 10 * kSecond);
    note(what + ", held", clients - held.done);
    const Clients::Rate rate = own.messages(std::max(plan_.messages, clients), plan_.most);
    note(what + ", messages", rate.lost);
    table_.cell(Measure::messages, subject.label(), clients).push_back(rate.a_second);
  }

  void print_rates() {
    for (const Measure which : kMeasures) {
      std::printf("\n%-32s",
                  which == Measure::connections ? "connections/s, clients:" : "messages/s, clients:");
      for (const std::size_t clients : plan_.clients) std::printf("%10zu", clients);
      std::printf("\n");
      for (const Subject& subject : subjects_) {
        std::printf("%-32s", subject.label().c_str());
        for (const std::size_t clients : plan_.clients) {
          const Table::Cell& cell = table_.cell(which, subject.label(), clients);
          if (cell.empty())
            std::printf("%10s", "-");
          else
            std::printf("%10.0f", median(cell));
        }
        std::printf("\n");
      }
    }
    std::printf("-: it serves fewer at the same time\n");
  }

  void print_heading(const char* what) {
    std::printf("\n%-62s", what);
    for (const std::size_t clients : plan_.clients) std::printf("%8zu", clients);
    std::printf("\n");
  }
  static void print_name(Measure which, const std::string& a, const std::string& b) {
    const std::string what = a + " / " + b + (which == Measure::connections ? ", connections" : ", messages");
    std::printf("%-62s", what.c_str());
  }
  void print_ratio(Measure which, const std::string& a, const std::string& b) {
    print_name(which, a, b);
    for (const std::size_t clients : plan_.clients) {
      const double ratio = table_.ratio(which, a, b, clients);
      if (ratio == 0)
        std::printf("%8s", "-");
      else
        std::printf("%8.2f", ratio);
    }
    std::printf("\n");
  }

  void print_ratios() {
    print_heading("ratios, clients:");
    for (const Subject& subject : subjects_) {
      if (subject.kind != Kind::ours || !subject.traced) continue;
      for (const Measure which : kMeasures) print_ratio(which, subject.label(), subject.name);
    }
  }

  // Ours against a peer, both running, by turns: what the machine does otherwise meets both.
  void against_peers() {
    print_heading("by turns, clients:");
    const Subject threads{Kind::python, "ThreadingTCPServer", false}, bare{Kind::bare, "", false};
    against({Kind::ours, "thread", false}, threads, "goal: connections 2, messages 1");
    for (const std::string_view model : server_models())
      if (model.starts_with("epoll")) against({Kind::ours, std::string(model), false}, bare, "goal 0.95");
  }
  void against(const Subject& ours, const Subject& peer, const char* goal) {
    for (const Measure which : kMeasures) {
      print_name(which, ours.label(), peer.label());
      for (const std::size_t clients : plan_.clients)
        std::printf("%8.2f", median(turns(ours, peer, which, clients)));
      std::printf("  %s\n", goal);
    }
  }
  std::vector<double> turns(const Subject& ours, const Subject& peer, Measure which, std::size_t clients) {
    const std::array<Subject, 2> subjects{ours, peer};
    const std::array<Running, 2> servers{Running{ours, clients}, Running{peer, clients}};
    std::array<Clients, 2> own{Clients{servers[0].port()}, Clients{servers[1].port()}};
    for (Clients& some : own) some.hold(clients, 10 * kSecond);
    std::vector<double> ratios;
    for (int turn = 0; turn < plan_.turns; ++turn) {
      std::array<double, 2> rates{};
      for (int k = 0; k < 2; ++k) {
        const auto at = static_cast<std::size_t>((turn + k) % 2);
        const Clients::Rate rate = which == Measure::messages
                                       ? own[at].messages(std::max(plan_.messages, clients), plan_.turn)
                                       : own[at].connections(clients, plan_.messages, plan_.turn);
        note(subjects[at].label() + ", by turns", rate.lost);
        rates[at] = rate.a_second;
      }
      if (rates[1] > 0) ratios.push_back(rates[0] / rates[1]);
    }
    return ratios;
  }

  // The CPU time of a message, traced against not, in pairs, each first every other time. Of the threads that
  // serve; the main thread reads the trace and writes the recording, and is told apart.
  void tracing_cost() {
    for (const std::size_t clients : plan_.cost_clients) {
      std::printf("\n%-28s%14s%10s%10s%18s%12s\n", "CPU time of a message, us:", "not traced", "traced",
                  "ratio", "80 % in", "all threads");
      std::printf("%zu clients, or as many as it serves at once\n", clients);
      for (const std::string& model : plan_.traced) tracing_cost(model, clients);
      for (const Subject& subject : subjects_)
        if (subject.kind != Kind::ours && !plan_.only_tracing) peer_cost(subject, clients);
    }
    std::printf("ratio: goal 1.1; all threads: with reading the trace and writing the recording\n");
  }
  // Microseconds a message: of the threads that serve, and of all.
  struct Cost {
    double serving = 0, all = 0;
  };
  Cost cost(const std::string& label, const Running& server, Clients& clients) {
    const Time serving = server.serving_time(), all = server.cpu_time();
    const Clients::Rate rate = clients.messages(plan_.pair_messages, kSecond);
    note(label + ", CPU time", rate.lost);
    const double count = 1'000.0 * static_cast<double>(std::max<std::size_t>(rate.done, 1));
    const double serves = static_cast<double>(server.serving_time() - serving) / count;
    server.settle();
    return {serves, static_cast<double>(server.cpu_time() - all) / count};
  }
  void tracing_cost(const std::string& model, std::size_t clients_at_once) {
    const std::array<Subject, 2> subjects{{{Kind::ours, model, false}, {Kind::ours, model, true}}};
    const std::size_t count = std::min(subjects[0].most_clients(), clients_at_once);
    std::array<Running, 2> servers{Running{subjects[0], count}, Running{subjects[1], count}};
    std::array<Clients, 2> clients{Clients{servers[0].port()}, Clients{servers[1].port()}};
    for (Clients& some : clients) note(model + ", CPU time", count - some.hold(count, 10 * kSecond).done);
    for (const Running& server : servers) server.settle();
    std::array<std::vector<double>, 2> took, all;
    std::vector<double> ratios;
    for (int pair = 0; pair < plan_.pairs; ++pair) {
      for (int k = 0; k < 2; ++k) {
        const auto which = static_cast<std::size_t>((pair + k) % 2);
        const Cost one = cost(subjects[which].label(), servers[which], clients[which]);
        took[which].push_back(one.serving);
        all[which].push_back(one.all);
      }
      ratios.push_back(took[1].back() / took[0].back());
    }
    std::printf("%-28s%14.2f%10.2f%10.3f%9.3f to %5.3f%12.2f\n", model.c_str(), median(took[0]),
                median(took[1]), median(ratios), quantile(ratios, 0.1), quantile(ratios, 0.9),
                median(all[1]));
  }
  void peer_cost(const Subject& subject, std::size_t clients_at_once) {
    const std::size_t count = std::min(subject.most_clients(), clients_at_once);
    const Running server(subject, count);
    Clients clients(server.port());
    note(subject.label() + ", CPU time", count - clients.hold(count, 10 * kSecond).done);
    std::vector<double> took;
    for (int i = 0; i < plan_.pairs; ++i) took.push_back(cost(subject.label(), server, clients).all);
    std::printf("%-28s%14.2f\n", subject.label().c_str(), median(took));
  }

  // All held open at once, then each answered twice more; the recording has them all.
  void many(const std::string& model, std::size_t clients) {
    const Subject subject{Kind::ours, model, true};
    Running server(subject, clients);
    Clients own(server.port());
    const Time begun = now();
    const Clients::Rate held = own.hold(clients, 60 * kSecond);
    const double seconds = static_cast<double>(now() - begun) / 1e9;
    const std::size_t threads = server.status("Threads"), resident = server.status("VmRSS");
    const Clients::Rate rate = own.messages(2 * clients, 60 * kSecond);
    const auto recorded = server.end_and_count("\"kind\":\"client_started\"");
    std::printf(
        "\n%s, traced: %zu clients held after %.1f s, %zu threads, %zu MB; %zu messages answered; %s\n",
        model.c_str(), held.done, seconds, threads, resident / 1024, rate.done,
        recorded ? (std::to_string(*recorded) + " clients recorded").c_str() : "it did not end well");
    note(model + ", many", clients - held.done + 2 * clients - rate.done + clients - recorded.value_or(0));
  }

  const Plan plan_;
  const std::vector<Subject> subjects_;
  const Awake awake_;
  Table table_;
  std::size_t lost_ = 0;
};

}  // namespace
}  // namespace sockscope::bench

int main(int argc, char** argv) {
  using namespace sockscope;
  const auto plan = bench::plan_of({argv + 1, argv + argc});
  if (!plan) {
    std::fprintf(stderr, "usage: bench_servers [--quick | --tracing MODEL...]\n");
    return 2;
  }
  raise_descriptor_limit();
  return bench::Bench(*plan).run();
}
