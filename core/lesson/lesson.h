#pragma once
// What a lesson says, as data: docs/lessons.md. Nothing here makes a call, and nothing is judged: plays and
// conditions are text, read by core/play when somebody wants to run them.

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sockscope {

namespace lesson {

// Lines of a play: written in the block, or in a file beside the lesson.
struct Script {
  std::string file;   // "two-clients.play"; empty: in the block
  int first = 0;      // the number of its first line in its file
  std::string lines;  // as written, {{blanks}} too
};

struct Choice {
  std::string text;
  bool right = false;
  std::string misconception, refutation;  // of a wrong one: "m3a" and the sentence that refutes it
  std::string condition;                  // holds if this is what happened; empty: not said
  int line = 0;
};
struct Question {
  std::string ask;
  std::vector<Choice> choices;  // without "I don't know", which every question has
  int line = 0;
};

// A condition of a check, and what it means in words (empty: the condition is all there is).
struct Mark {
  std::string words, condition;
  int line = 0;
};

struct Prose {
  std::string markdown;
};
struct Setup {  // begins anew: nothing of what ran before is there any more; may have no lines
  Script script;
};
struct Play {  // what Show me runs
  Script script;
};
struct Order {  // in the right order; the learner sees it shuffled
  Script script;
};
struct Solution {  // of a step whose play the learner writes
  Script script;
};
struct Predict {  // asked before the play that follows it runs, judged after
  std::string id;
  Question what;
  std::optional<Question> because;
};
struct Check {
  std::vector<Mark> marks;
};
struct Hint {
  std::string markdown;
};
struct Recording {  // a golden run, for machines where the lab is forbidden
  std::string file;
};

struct Block {
  std::variant<Prose, Setup, Play, Order, Solution, Predict, Check, Hint, Recording> what;
  int line = 0;
};

struct Step {
  std::string title;  // empty: what stands before the first ##
  std::vector<Block> blocks;
  int line = 0;
};

enum class Place { loopback, lab };
enum class Detail { simple, full };

struct Head {
  std::string title, id;
  int minutes = 0;                 // 0: not said
  std::vector<std::string> needs;  // ids of earlier lessons
  Place place = Place::loopback;
  Detail detail = Detail::simple;
  std::vector<std::string> fresh;  // `new`: listen(), SYN_RECV, accept queue
};

}  // namespace lesson

struct Lesson {
  std::string file;  // for messages
  lesson::Head head;
  std::vector<lesson::Step> steps;  // the first one's title is empty where there is text before the first ##
};

// The number of its right choice; how many choices there are, if none is.
std::size_t right_choice(const lesson::Question& question);

// The word of its fence: "play"; "text" of prose.
std::string_view kind_of(const lesson::Block& block);
// The lines of a setup, play, order or solution; nullptr of other blocks.
const lesson::Script* script_of(const lesson::Block& block);
lesson::Script* script_of(lesson::Block& block);

// Of lines with {{blanks}}: with the answers filled in, and as the learner sees them (____).
std::string filled_in(std::string_view lines);
std::string with_gaps(std::string_view lines);
bool has_blanks(std::string_view lines);

}  // namespace sockscope
