#pragma once
// Recursive descent over one line's tokens. Depth is capped; every refusal says what is allowed.

#include <string>
#include <string_view>
#include <vector>

#include "play/lexer.h"
#include "play/syntax.h"
#include "play/vocabulary.h"

namespace sockscope::play {

inline constexpr int kDeepest = 64;

class Parser {
 public:
  // `line` outlives the parser.
  Parser(std::string_view line, std::size_t from) : line_(line), tokens_(lex(line, from)) {}

  Statement statement();            // to the end of the line
  ConditionPtr condition();         // up to within, for, or the end
  ConditionPtr packet_condition();  // on the fields of a packet, up to the end
  ExprPtr literal_pattern();
  Time time();  // 300ms
  bool accept_word(std::string_view word);
  void expect_end(std::string_view allowed);
  const Token& peek(std::size_t ahead = 0) const;
  [[noreturn]] void fail(const std::string& message) const;  // at the next token

 private:
  // One level of nesting, as long as it lives.
  class Deeper {
   public:
    explicit Deeper(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kDeepest) parser_.fail("nested too deep: at most 64 levels");
    }
    ~Deeper() { --parser_.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    Parser& parser_;
  };
  enum class Mode { statement, condition, pattern };

  // parse_expression.cc
  ExprPtr expression();   // with Python's bare tuple
  ExprPtr alternation();  // |
  ExprPtr sum();
  ExprPtr product();
  ExprPtr negation();
  ExprPtr postfix();
  ExprPtr atom();
  ExprPtr name_atom();
  ExprPtr module_member(const Token& module);
  ExprPtr dotted(ExprPtr of);
  ExprPtr subscript(ExprPtr of);
  ExprPtr strings();
  ExprPtr bracketed();
  ExprPtr chain(std::string_view ops, ExprPtr (Parser::*operand)());
  ExprPtr function_call(const Token& name, std::string full_name);
  std::vector<expr::Argument> arguments();
  void check_known(const Token& name, Known known, const std::string& allowed) const;
  ExprPtr make(Expr::Node node, std::size_t at, int deepest_child = 0) const;

  // parse_statement.cc
  bool assigns() const;
  Target target();
  void check_target(const Token& name) const;

  // parse_condition.cc
  ConditionPtr any_of();
  ConditionPtr all_of();
  ConditionPtr negated();
  ConditionPtr condition_atom();
  ConditionPtr parenthesised();
  bool parenthesis_is_condition() const;
  ConditionPtr thread_atom();
  ConditionPtr comparison();
  std::optional<std::size_t> thread_name_end() const;
  std::optional<Compare> compare_op();
  condition::Where where();
  ConditionPtr counted();
  std::optional<Kind> kind_here() const;

  const Token& take() { return tokens_[next_ + 1 < tokens_.size() ? next_++ : next_]; }
  bool at_op(std::string_view op, std::size_t ahead = 0) const;
  bool at_word(std::string_view word, std::size_t ahead = 0) const;
  bool accept_op(std::string_view op);
  void expect_op(std::string_view op, std::string_view why);

  std::string_view line_;
  std::vector<Token> tokens_;
  std::size_t next_ = 0;
  int depth_ = 0;
  Mode mode_ = Mode::statement;
  std::optional<Kind> looked_at_;  // inside a `where`: whose fields stand bare
};

}  // namespace sockscope::play
