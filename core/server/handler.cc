#include "server/handler.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "calls/calls.h"

namespace sockscope {
namespace {

constexpr std::size_t kLongestLine = 64 << 10;  // a longer one is taken as it is

// An AF_UNIX client has seldom a name.
std::string who(const Address& peer) {
  if (is_internet(peer.family)) return host_of(peer);
  return peer.path.empty() ? "a client without a name" : to_text(peer);
}

// The tutorial's MyTCPHandler.handle(): one recv, one answer.
class Upper : public Handler {
 public:
  Upper(const Address& peer, Say print) : peer_(who(peer)), print_(std::move(print)) {}
  Answer take(std::string_view data) override {
    const std::string_view text = strip(data);
    print_(peer_ + " wrote:");
    print_(python_bytes(text));
    return {.bytes = upper(text), .says = true, .to_all = {}, .works = true, .done = true};
  }

 private:
  const std::string peer_;
  const Say print_;
};

// Lines as they come whole; what is left at the end is the last one.
class Lines {
 public:
  // Each that is whole now, with its newline; at the end of all data, or when it is too long, what there is.
  template <typename F>
  void each(std::string_view data, F f) {
    rest_ += data;
    for (;;) {
      const std::size_t newline = rest_.find('\n');
      std::size_t length = newline == std::string::npos ? 0 : newline + 1;
      if (length == 0 && (data.empty() || rest_.size() > kLongestLine)) length = rest_.size();
      if (length == 0) return;
      f(std::string_view(rest_).substr(0, length));
      rest_.erase(0, length);
    }
  }

 private:
  std::string rest_;
};

// The mended one: a message is a line, and the client may send many.
class UpperStream : public Handler {
 public:
  UpperStream(const Address& peer, Say print) : peer_(who(peer)), print_(std::move(print)) {}
  Answer take(std::string_view data) override {
    Answer answer;
    lines_.each(data, [&](std::string_view line) {
      print_(peer_ + " wrote:");
      print_(python_bytes(strip(line)));
      answer.bytes += upper(strip(line)) + "\n";
    });
    answer.says = answer.works = !answer.bytes.empty();
    return answer;
  }

 private:
  const std::string peer_;
  const Say print_;
  Lines lines_;
};

class Echo : public Handler {
 public:
  Answer take(std::string_view data) override {
    return {.bytes = std::string(data), .says = !data.empty(), .to_all = {}, .works = !data.empty()};
  }
};

class Discard : public Handler {
 public:
  Answer take(std::string_view data) override {
    return {.bytes = {}, .says = false, .to_all = {}, .works = !data.empty()};
  }
};

class Chat : public Handler {
 public:
  explicit Chat(const Address& peer) : peer_(is_internet(peer.family) ? to_text(peer) : who(peer)) {}
  Answer take(std::string_view data) override {
    Answer answer;
    lines_.each(data, [&](std::string_view line) {
      answer.to_all += fmt::format("{}: {}{}", peer_, line, line.ends_with('\n') ? "" : "\n");
    });
    answer.works = !answer.to_all.empty();
    return answer;
  }

 private:
  const std::string peer_;
  Lines lines_;
};

// RFC 9112 as far as a browser and curl need it: one request, one page, Connection: close.
class HttpHello : public Handler {
 public:
  Answer take(std::string_view data) override {
    constexpr std::size_t kLongestHead = 16 << 10;
    head_ += data;
    const bool whole = head_.find("\r\n\r\n") != std::string::npos || head_.find("\n\n") != std::string::npos;
    if (!whole && !data.empty() && head_.size() <= kLongestHead) return {};
    Answer answer{.bytes = {}, .says = true, .to_all = {}, .works = true, .done = true};
    const bool get = head_.starts_with("GET "), head = head_.starts_with("HEAD ");
    if (!whole || (!get && !head) || head_.substr(0, head_.find('\n')).find(" HTTP/1.") == std::string::npos)
      answer.bytes = page("400 Bad Request", "What came is no GET of HTTP/1.", true);
    else
      answer.bytes = page("200 OK", "Hello from a socket.", get);
    return answer;
  }

 private:
  static std::string page(std::string_view status, std::string_view words, bool body) {
    const std::string html = fmt::format(
        "<!doctype html>\n<html lang=\"en\"><meta "
        "charset=\"utf-8\"><title>Sockscope</title><h1>{}</h1></html>\n",
        words);
    return fmt::format(
        "HTTP/1.1 {}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: "
        "close\r\n\r\n{}",
        status, html.size(), body ? html : std::string());
  }
  std::string head_;
};

using Make = std::unique_ptr<Handler> (*)(const Address& peer, Say print);
struct Known {
  std::string_view name;
  Make make;
};

template <typename H>
std::unique_ptr<Handler> made([[maybe_unused]] const Address& peer, [[maybe_unused]] Say print) {
  if constexpr (std::is_constructible_v<H, const Address&, Say>)
    return std::make_unique<H>(peer, std::move(print));
  else if constexpr (std::is_constructible_v<H, const Address&>)
    return std::make_unique<H>(peer);
  else
    return std::make_unique<H>();
}

// slow: the tutorial's, with work (server.cc).
constexpr std::array<Known, 7> kKnown{{{"upper", made<Upper>},
                                       {"upper-stream", made<UpperStream>},
                                       {"echo", made<Echo>},
                                       {"slow", made<Upper>},
                                       {"chat", made<Chat>},
                                       {"discard", made<Discard>},
                                       {"http-hello", made<HttpHello>}}};

}  // namespace

std::string_view strip(std::string_view bytes) {
  constexpr std::string_view kSpace(" \t\n\r\x0b\x0c");
  const auto first = bytes.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return bytes.substr(first, bytes.find_last_not_of(kSpace) - first + 1);
}

std::string upper(std::string_view bytes) {
  std::string out(bytes);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::vector<std::string_view> handler_names() {
  std::vector<std::string_view> names;
  for (const Known& known : kKnown) names.push_back(known.name);
  return names;
}

std::unique_ptr<Handler> make_handler(std::string_view name, const Address& peer, Say print) {
  for (const Known& known : kKnown)
    if (known.name == name) return known.make(peer, std::move(print));
  return nullptr;
}

}  // namespace sockscope
