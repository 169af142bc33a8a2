#include "server/load_talk.h"

#include <algorithm>

namespace sockscope {
namespace load_talk {

constexpr std::string_view kLine = "0123456789abcdefghijklmnopqrstuvwxyz\n";
constexpr std::size_t kLittle = 1024;  // the tutorial's recv(1024)

std::string lines_of(std::size_t size) {
  std::string text;
  text.reserve(size + kLine.size());
  while (text.size() < size) text += kLine;
  text.resize(size);
  return text;
}

std::int64_t newlines(std::string_view text) {
  return std::count(text.begin(), text.end(), '\n');
}

}  // namespace load_talk

LoadMessage::LoadMessage(const LoadOptions& options) {
  constexpr auto kWhole =
      static_cast<std::int64_t>(kPiece - kPiece % load_talk::kLine.size());  // only whole lines
  size_ = options.size > 0 ? options.size : static_cast<std::int64_t>(options.text.size());
  if (options.size <= 0) {
    last_ = options.text;
    lines_ = load_talk::newlines(last_);
    return;
  }
  const std::int64_t pieces = (size_ - 1) / kWhole;  // before the last
  if (pieces > 0) piece_ = load_talk::lines_of(static_cast<std::size_t>(kWhole));
  last_ = load_talk::lines_of(static_cast<std::size_t>(size_ - pieces * kWhole));
  last_.back() = '\n';
  lines_ = pieces * load_talk::newlines(piece_) + load_talk::newlines(last_);
}

std::string_view LoadMessage::from(std::int64_t at) const {
  const std::int64_t behind = size_ - static_cast<std::int64_t>(last_.size());
  if (at >= behind) return std::string_view(last_).substr(static_cast<std::size_t>(at - behind));
  return std::string_view(piece_).substr(static_cast<std::size_t>(at) % piece_.size());
}

void LoadTalk::begin(Time at) {
  begins_ = sends_at_ = at;
  reads_at_ = at + options_->slow_read;
}

LoadTalk::Wants LoadTalk::wants(Time at) const {
  if (at < begins_) return {false, false, begins_};
  const bool more = !all_sent();
  const bool sends = more && at >= sends_at_;
  // While it sends it reads only what is counted, and between two drops it rests.
  const bool may_read = more ? sends && counts() : true;
  const bool reads = may_read && at >= reads_at_;
  if (reads) return {sends, true, -1};
  if (sends) return {true, false, may_read ? reads_at_ : -1};
  return {false, false, more ? sends_at_ : reads_at_};
}

std::string_view LoadTalk::next() const {
  return message_->from(sent_).substr(0, options_->drip > 0 ? 1 : std::string_view::npos);
}

std::size_t LoadTalk::room() const {
  return options_->size > 0 && options_->slow_read == 0 ? LoadMessage::kPiece : load_talk::kLittle;
}

LoadTalk::Then LoadTalk::sent(std::size_t bytes, Time at) {
  sent_ += static_cast<std::int64_t>(bytes);
  sends_at_ = at + options_->drip;
  if (!all_sent()) return Then::more;
  if (ends_by(LoadEnd::reset)) return Then::reset;
  return ends_by(LoadEnd::half_close) ? Then::half_close : judge(at);
}

LoadTalk::Then LoadTalk::heard(std::string_view bytes, Time at) {
  came_ += static_cast<std::int64_t>(bytes.size());
  if (counts()) came_lines_ += load_talk::newlines(bytes);
  reads_at_ = at + options_->slow_read;
  return judge(at);
}

LoadTalk::Then LoadTalk::heard_end(Time at) {
  if (!all_sent()) return Then::error;
  if (came_ > 0) return answered(at);
  return ends_by(LoadEnd::half_close) ? Then::unanswered : Then::error;
}

LoadTalk::Then LoadTalk::judge(Time at) {
  if (!all_sent() || came_ == 0 || ends_by(LoadEnd::half_close)) return Then::more;
  const bool lines = message_->lines() > 0 && came_lines_ >= message_->lines();
  return !counts() || lines || came_ >= message_->size() ? answered(at) : Then::more;
}

LoadTalk::Then LoadTalk::answered(Time at) {
  sent_ = came_ = came_lines_ = 0;
  begin(at + options_->think);
  return --left_ > 0 ? Then::whole : Then::over;
}

}  // namespace sockscope
