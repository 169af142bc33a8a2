#include "cli/lesson_words.h"

namespace sockscope::cli {
namespace {

constexpr LessonWords kEnglish{
    "Type lines as at a Python prompt; ann>>> before a line chooses the thread. Other words: show, hint, "
    "next, "
    "again, quit.",
    "show runs these lines; or type them, or others. next goes on.",
    "These lines are shuffled. Type them in an order you believe in, or their numbers, as in 4 2. next goes "
    "on.",
    "Your turn: type lines. hint helps, next goes on.",
    "next goes on, again begins this step once more.",
    "Your guess (its number, or ?): ",
    "There is no such choice.",
    "?  I don't know",
    "Yes: ",
    "No: ",
    "It is: ",
    "That was not seen (yet): ",
    "✓ done",
    "◐ begun",
    "before and after the lessons: sockscope lesson quiz",
    "before {} of {}",
    "after {} of {}",
    ", ",
    "First, from earlier lessons; next goes past them.",
    "From what you did: ",
    "not yet",
    "There is no other hint.",
    "Try first; then show does all but the last line.",
    "The last line is yours: ",
    "The lines still run; the lesson goes on.",
    "That was the lesson."};

constexpr LessonWords kChinese{
    "像在 Python 提示符下那样输入；行前写 ann>>> 选择线程。其他词：show 演示，hint 提示，next 继续，again "
    "重来，quit 退出。",
    "show 运行这些行；也可以自己输入，或输入别的。next 继续。",
    "这些行打乱了。按你认为对的顺序输入，或者输入编号，例如 4 2。next 继续。",
    "轮到你：请输入。hint 给提示，next 继续。",
    "next 继续，again 重做这一步。",
    "你猜（编号，或 ?）：",
    "没有这个选项。",
    "?  我不知道",
    "对：",
    "不对：",
    "是这样：",
    "（还）没有看到：",
    "✓ 已学完",
    "◐ 学了一部分",
    "学课之前和之后各答一遍：sockscope lesson quiz",
    "学之前 {}/{}",
    "学之后 {}/{}",
    "，",
    "先回顾以前的课；next 跳过。",
    "从你做过的来看：",
    "还没有",
    "没有别的提示了。",
    "先试一试；然后 show 会做到只剩最后一行。",
    "最后一行留给你：",
    "这些行还在运行，课程继续。",
    "这一课学完了。"};

}  // namespace

const LessonWords& lesson_words(std::string_view language) {
  return language == "zh" ? kChinese : kEnglish;
}

}  // namespace sockscope::cli
