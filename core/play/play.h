#pragma once
// The play line (docs/play.md): what a learner types is what they would type at a Python prompt, one prompt a
// thread.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace sockscope {

// A parse error with its place: "FILE:LINE:COLUMN: message" and a caret line.
struct PlayError {
  std::string file;
  int line = 0;
  int column = 0;                 // from 1, in characters
  std::string text;               // the line
  std::string message;            // what is wrong and what is allowed
  bool later = false;             // a known name of a later version: exit 3, not 2
  std::string to_string() const;  // with the caret
};

struct Statement;  // play/syntax.h
struct Directive;  // play/syntax.h

struct PlayLine {
  int number = 0;  // in the file; 0 when typed
  std::string text;
  std::string thread;                          // "main" unless a prompt names one
  std::string host;                            // empty: not said here
  std::shared_ptr<const Statement> statement;  // one of these two
  std::shared_ptr<const Directive> directive;
  std::string said;  // the statement or directive itself: the text without its prompt
};

struct Play {
  std::string file;
  std::vector<PlayLine> lines;  // without blank lines and comments
};

inline constexpr std::size_t kLongestPlayLine = 64 * 1024;
inline constexpr std::size_t kMostPlayLines = 10'000;

tl::expected<Play, PlayError> parse_play(std::string_view text, const std::string& file);
tl::expected<Play, PlayError> load_play(const std::string& path);  // caps size; says missing, empty, binary
// Lines from one place of several: a lesson has them in its text and in files beside it.
struct PlayPiece {
  std::string file;
  int first = 1;  // the number of its first line in that file
  std::string text;
};
// Pieces that run one after another on the same threads and names: checked together as one play, one Play for
// each.
tl::expected<std::vector<Play>, PlayError> parse_pieces(const std::vector<PlayPiece>& pieces);
// One typed line; `thread` is the prompt it was typed at. An empty or comment line has neither statement nor
// directive.
tl::expected<PlayLine, PlayError> parse_line(std::string_view text, const std::string& thread);

}  // namespace sockscope
