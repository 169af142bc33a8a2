#include "play/parse_load.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "play/words.h"
#include "server/load_options.h"

namespace sockscope::play {
namespace {

void load_target(LoadOptions& options, const Word& word) {
  const std::string to = plain_value(word);
  const auto address = parse_address(to);
  const bool name_of_unix = address && address->family == AF_UNIX && !address->path.empty();
  if (is_name(to))
    options.to_name = to;
  else if (address && (is_internet(address->family) || name_of_unix))
    options.to = *address;
  else
    throw SyntaxError{
        word.value_at,
        "to is a server's name, an address like 127.0.0.1:9999, or an AF_UNIX name like ./name"};
}

std::int64_t message_size(const Word& word) {
  if (const auto size = load_size_of(plain_value(word))) return *size;
  throw SyntaxError{word.value_at, "size is bytes from 1 to 1g, like 1000, 64k or 1m"};
}

// Of the client's messages and its end. False: it is none of these.
bool way_option(std::string_view line, LoadOptions& options, const Word& word) {
  if (word.key == "messages") {
    options.messages = static_cast<int>(whole_number(word, 1, kMostLoadMessages));
  } else if (word.key == "text") {
    options.text = text_value(line, word);
  } else if (word.key == "size") {
    options.size = message_size(word);
  } else if (word.key == "think") {
    options.think = time_value(word);
  } else if (word.key == "drip") {
    options.drip = time_value(word);
  } else if (word.key == "slow-read") {
    options.slow_read = time_value(word);
  } else if (word.key == "end") {
    options.end = *load_end_of(one_of(word, load_ends()));
  } else if (word.spelled == "stay") {
    options.stay = true;
  } else {
    return false;
  }
  return true;
}

void option(std::string_view line, LoadOptions& options, const Word& word) {
  if (word.key == "to") {
    load_target(options, word);
  } else if (word.key == "clients") {
    options.clients = static_cast<int>(whole_number(word, 1, kMostLoadClients));
  } else if (word.key == "host") {
    options.host = host_value(word);
  } else if (word.key == "arrival") {
    options.arrival = *load_arrival_of(one_of(word, load_arrivals()));
  } else if (word.key == "over") {
    options.over = time_value(word);
  } else if (word.key == "seed") {
    options.seed =
        static_cast<std::uint64_t>(whole_number(word, 0, std::numeric_limits<std::uint32_t>::max()));
  } else if (!way_option(line, options, word)) {
    throw SyntaxError{
        word.begin,
        fmt::format("no option of %load is called '{}'; allowed are to, clients, messages, text, "
                    "size, think, arrival, over, seed, drip, slow-read, end, stay, meanwhile, host",
                    word.key)};
  }
}

}  // namespace

Directive parse_load(const DirectiveInput& in) {
  Words words(in.line, in.from);
  directive::Load made;
  const std::size_t subject = words.at();
  made.options.name = words.name("the load's name");
  std::vector<Word> given;
  std::vector<std::string_view> keys;
  while (words.more()) {
    given.push_back(words.take());
    keys.push_back(given.back().key);
    if (given.back().spelled == "meanwhile") {
      made.meanwhile = true;
      continue;
    }
    option(in.line, made.options, given.back());
  }
  if (const auto conflict = load_conflict(made.options, keys)) {
    const auto at = std::find(keys.begin(), keys.end(), conflict->word) - keys.begin();
    throw SyntaxError{given[static_cast<std::size_t>(at)].begin, conflict->message};
  }
  if (std::find(keys.begin(), keys.end(), "to") == keys.end())
    throw SyntaxError{in.line.size(), "%load needs to=SERVER"};
  return {"load", std::move(made), subject};
}

}  // namespace sockscope::play
