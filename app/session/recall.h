#pragma once
// The questions of earlier lessons as a lesson opens, one after the other. Values; one owner thread.

#include <utility>
#include <vector>

#include "coach/recall.h"

namespace sockscope {

class Recall {
 public:
  explicit Recall(std::vector<RecallQuestion> questions) : questions_(std::move(questions)) {}
  const std::vector<RecallQuestion>& questions() const { return questions_; }
  // Of the first questions; as many as there are choices: not known.
  const std::vector<std::size_t>& answers() const { return answers_; }
  bool over() const { return answers_.size() >= questions_.size(); }
  // Of the question that is open: what is to be kept of it. Not when it is over.
  GuessMade choose(std::size_t choice) {
    const lesson::Question& asked = questions_[answers_.size()].what;
    answers_.push_back(choice);
    return guess_made(asked, choice, true);
  }

 private:
  std::vector<RecallQuestion> questions_;
  std::vector<std::size_t> answers_;
};

}  // namespace sockscope
