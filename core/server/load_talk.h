#pragma once
// What one client of a load sends, when, and when it has its answer: the same for both ways clients run.
// Pure: told what was sent and what came, it says what to do next. Of this room only.
//
// An answer is whole
//  - of a `text` that goes at once: with what one recv gives, as for the tutorial's client;
//  - of a `size`, or of a text that drips: when all was sent and as many bytes, or as many lines, came as
//  were
//    sent, or at the end of the stream after at least one byte;
//  - of the last message of a half-close: at the end of the stream after at least one byte. The end alone is
//    an end without an answer, and no error.
// A stream that ends in any other moment is an error.

#include <string>
#include <string_view>

#include "server/load_options.h"

namespace sockscope {

// A message's bytes, piece by piece, whatever its size: the text, or lines of which the last is cut so that
// the message ends with a newline.
class LoadMessage {
 public:
  static constexpr std::size_t kPiece = 64 << 10;  // about, at most

  explicit LoadMessage(const LoadOptions& options);
  std::int64_t size() const { return size_; }
  std::int64_t lines() const { return lines_; }
  // What stands at `at`, which is below size(): up to the end of its piece.
  std::string_view from(std::int64_t at) const;
  bool is_one_piece() const { return size_ == static_cast<std::int64_t>(last_.size()); }

 private:
  std::string piece_, last_;  // the repeated one, and the end
  std::int64_t size_ = 0, lines_ = 0;
};

class LoadTalk {
 public:
  // What both are of outlives it.
  LoadTalk(const LoadOptions& options, const LoadMessage& message)
      : options_(&options), message_(&message), left_(options.messages) {}

  void begin(Time at);  // it is connected

  // To send next(), to read up to room(), or that time passes. `until`: when it wants more than that; −1:
  // never. Not of a conversation that is over.
  struct Wants {
    bool sends = false, reads = false;
    Time until = -1;
  };
  Wants wants(Time at) const;
  std::string_view next() const;
  std::size_t room() const;

  // more: of this message, either way. whole: it is answered, the next one begins when the client has
  // thought. over: the last one is answered. half_close, reset: the last one is sent, and this is to be done
  // now, once. unanswered: a clean end without an answer.
  enum class Then : std::uint8_t { more, whole, over, half_close, reset, unanswered, error };
  Then sent(std::size_t bytes, Time at);
  Then heard(std::string_view bytes, Time at);
  Then heard_end(Time at);
  bool all_sent() const { return sent_ == message_->size(); }

 private:
  bool counts() const { return options_->size > 0 || options_->drip > 0; }
  bool ends_by(LoadEnd end) const { return options_->end == end && !options_->stay && left_ == 1; }
  Then judge(Time at);
  Then answered(Time at);

  const LoadOptions* options_;
  const LoadMessage* message_;
  int left_;                                           // messages not answered yet
  std::int64_t sent_ = 0, came_ = 0, came_lines_ = 0;  // of the message under way
  Time begins_ = 0, sends_at_ = 0, reads_at_ = 0;      // not before
};

}  // namespace sockscope
