#include "cli/grade_results.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/json.h"
#include "net/text.h"

namespace sockscope::cli {
namespace {

// What XML 1.0 cannot hold becomes a space.
std::string xml(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = next_character(text, at);
    if (!c) break;
    if (*c == '<')
      out += "&lt;";
    else if (*c == '>')
      out += "&gt;";
    else if (*c == '&')
      out += "&amp;";
    else if (*c == '"')
      out += "&quot;";
    else if (*c < 0x20 || *c == 0xfffe || *c == 0xffff)
      out += ' ';
    else
      append_utf8(out, *c);
  }
  return out;
}

// RFC 4180; what a spreadsheet would take for a formula begins with a quote mark.
std::string cell(std::string_view text) {
  std::string out = "\"";
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out + '"';
}

std::size_t count(const Graded& graded, GradedStep::Result result) {
  return static_cast<std::size_t>(std::count_if(graded.steps.begin(), graded.steps.end(),
                                                [&](const auto& step) { return step.result == result; }));
}

std::string title_of(const GradedStep& step) {
  return fmt::format("{}. {}", step.number, step.title);
}

void write_gradescope(Json& json, const Submission& one) {
  json.key("score").number(static_cast<std::int64_t>(count(one.graded, GradedStep::Result::pass)));
  json.key("max_score").number(static_cast<std::int64_t>(one.graded.steps.size()));
  if (one.graded.refused)
    json.key("output").string("This machine permitted no hosts; the learner cannot be judged.");
  json.key("tests").begin_array();
  for (const GradedStep& step : one.graded.steps) {
    const bool passed = step.result == GradedStep::Result::pass;
    json.begin_object().key("name").string(title_of(step));
    json.key("number").string(fmt::format("{}", step.number));
    json.key("score").number(passed ? 1 : 0).key("max_score").number(1);
    json.key("status").string(passed ? "passed" : "failed");
    json.key("output").string(passed ? std::string("pass")
                                     : fmt::format("{}: {}", result_name(step.result), failure_of(step)));
    json.end_object();
  }
  json.end_array();
}

}  // namespace

std::string result_name(GradedStep::Result result) {
  switch (result) {
    case GradedStep::Result::pass:
      return "pass";
    case GradedStep::Result::fail:
      return "fail";
    case GradedStep::Result::not_tried:
      break;
  }
  return "not tried";
}

std::string failure_of(const GradedStep& step) {
  std::string all;
  for (const GradedMark& mark : step.marks)
    if (!mark.met)
      all += fmt::format("{}expected {}; saw {}", all.empty() ? "" : "; ", mark.condition,
                         mark.saw.empty() ? "nothing" : mark.saw);
  return all;
}

std::string junit_of(const std::string& lesson, const std::vector<Submission>& all) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const Submission& one : all) {
    const std::size_t failed = one.graded.refused ? 0 : count(one.graded, GradedStep::Result::fail);
    const std::size_t skipped =
        one.graded.refused ? one.graded.steps.size() : count(one.graded, GradedStep::Result::not_tried);
    out += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" skipped=\"{}\" errors=\"0\">\n",
                       xml(one.name), one.graded.steps.size(), failed, skipped);
    for (const GradedStep& step : one.graded.steps) {
      out += fmt::format("    <testcase classname=\"{}\" name=\"{}\"", xml(lesson), xml(title_of(step)));
      if (one.graded.refused)
        out += "><skipped message=\"not possible on that machine\"/></testcase>\n";
      else if (step.result == GradedStep::Result::pass)
        out += "/>\n";
      else if (step.result == GradedStep::Result::fail)
        out += fmt::format("><failure message=\"{}\"/></testcase>\n", xml(failure_of(step)));
      else
        out += "><skipped message=\"not tried\"/></testcase>\n";
    }
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

std::string gradescope_of(const std::vector<Submission>& all) {
  Json json;
  json.begin_object();
  if (all.size() == 1) {
    write_gradescope(json, all.front());
  } else {
    json.key("submissions").begin_array();
    for (const Submission& one : all) {
      json.begin_object().key("name").string(one.name);
      write_gradescope(json, one);
      json.end_object();
    }
    json.end_array();
  }
  json.end_object();
  return json.text() + "\n";
}

std::string csv_of(const std::string& lesson, const std::vector<Submission>& all) {
  std::string out = "recording,lesson,step,title,result,expected and seen\r\n";
  for (const Submission& one : all)
    for (const GradedStep& step : one.graded.steps)
      out += fmt::format("{},{},{},{},{},{}\r\n", cell(one.name), cell(lesson), step.number, cell(step.title),
                         cell(one.graded.refused ? "not possible here" : result_name(step.result)),
                         cell(failure_of(step)));
  return out;
}

std::string misconceptions_of(const std::vector<Submission>& all) {
  std::map<std::string, std::pair<int, std::string>> found;
  for (const Submission& one : all)
    for (const GradedGuess& guess : one.graded.guesses) {
      if (guess.misconception.empty()) continue;
      auto& [times, example] = found[guess.misconception];
      if (times++ == 0) example = one.name;
    }
  std::string out = "misconception,times,example\r\n";
  for (const auto& [id, seen] : found)
    out += fmt::format("{},{},{}\r\n", cell(id), seen.first, cell(seen.second));
  return out;
}

}  // namespace sockscope::cli
