#include "panes/lesson_text.h"

#include <md4c.h>

#include <algorithm>

namespace sockscope {

namespace markdown {

constexpr std::size_t kMostBlocks = 2000;

struct List {
  bool ordered;
  unsigned next;
};

struct Reader {
  std::vector<TextBlock> blocks;
  std::vector<List> lists;
  int strong = 0, code = 0;
  bool open = false;  // text goes to blocks.back()

  void start(TextBlock block) {
    open = blocks.size() < kMostBlocks;
    if (open) blocks.push_back(std::move(block));
  }
  void add(std::string_view text) {
    if (!open || text.empty()) return;
    std::vector<TextRun>& runs = blocks.back().runs;
    if (runs.empty() || runs.back().strong != (strong > 0) || runs.back().code != (code > 0)) {
      runs.push_back({{}, strong > 0, code > 0});
    }
    runs.back().text += text;
  }
};

TextBlock item(Reader& reader) {
  TextBlock block;
  block.kind = TextBlock::Kind::item;
  block.level = static_cast<int>(std::max<std::size_t>(reader.lists.size(), 1));
  List* list = reader.lists.empty() ? nullptr : &reader.lists.back();
  block.mark = list != nullptr && list->ordered ? std::to_string(list->next++) + "." : "•";
  return block;
}

int enter_block(MD_BLOCKTYPE type, void* detail, void* user) {
  Reader& reader = *static_cast<Reader*>(user);
  using Kind = TextBlock::Kind;
  switch (type) {
    case MD_BLOCK_H:
      reader.start({Kind::heading, static_cast<int>(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level), {}, {}});
      break;
    case MD_BLOCK_UL:
      reader.lists.push_back({false, 0});
      break;
    case MD_BLOCK_OL:
      reader.lists.push_back({true, static_cast<MD_BLOCK_OL_DETAIL*>(detail)->start});
      break;
    case MD_BLOCK_LI:
      reader.start(item(reader));
      break;
    case MD_BLOCK_HR:
      reader.start({Kind::rule, 0, {}, {}});
      reader.open = false;
      break;
    case MD_BLOCK_CODE: {
      const auto* code = static_cast<MD_BLOCK_CODE_DETAIL*>(detail);
      reader.start({Kind::code,
                    0,
                    std::string(code->lang.text == nullptr ? "" : code->lang.text, code->lang.size),
                    {}});
      ++reader.code;
      break;
    }
    case MD_BLOCK_P:
      // The first paragraph of an item stands beside its mark.
      if (!reader.open || reader.blocks.back().kind != Kind::item || !reader.blocks.back().runs.empty()) {
        reader.start({});
      }
      break;
    default:
      break;
  }
  return 0;
}

int leave_block(MD_BLOCKTYPE type, void*, void* user) {
  Reader& reader = *static_cast<Reader*>(user);
  if (type == MD_BLOCK_UL || type == MD_BLOCK_OL) reader.lists.pop_back();
  if (type == MD_BLOCK_CODE) --reader.code;
  if (type == MD_BLOCK_P || type == MD_BLOCK_H || type == MD_BLOCK_LI || type == MD_BLOCK_CODE)
    reader.open = false;
  return 0;
}

int enter_span(MD_SPANTYPE type, void*, void* user) {
  Reader& reader = *static_cast<Reader*>(user);
  if (type == MD_SPAN_STRONG) ++reader.strong;
  if (type == MD_SPAN_CODE) ++reader.code;
  return 0;
}
int leave_span(MD_SPANTYPE type, void*, void* user) {
  Reader& reader = *static_cast<Reader*>(user);
  if (type == MD_SPAN_STRONG) --reader.strong;
  if (type == MD_SPAN_CODE) --reader.code;
  return 0;
}
int text(MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* user) {
  Reader& reader = *static_cast<Reader*>(user);
  if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR) {
    reader.add(type == MD_TEXT_BR ? "\n" : " ");
  } else if (type != MD_TEXT_NULLCHAR) {
    reader.add({text, size});
  }
  return 0;
}

}  // namespace markdown

std::string without_marks(std::string_view line) {
  std::string out;
  bool code = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '`' && (code || line.find('`', at + 1) != line.npos)) {
      code = !code;
    } else if (!code && line.substr(at).starts_with("**")) {
      ++at;
    } else {
      out += line[at];
    }
  }
  return out;
}

std::vector<TextBlock> lesson_blocks(std::string_view source) {
  markdown::Reader reader;
  MD_PARSER parser{};
  parser.flags = MD_FLAG_NOHTML;
  parser.enter_block = markdown::enter_block;
  parser.leave_block = markdown::leave_block;
  parser.enter_span = markdown::enter_span;
  parser.leave_span = markdown::leave_span;
  parser.text = markdown::text;
  md_parse(source.data(), static_cast<MD_SIZE>(source.size()), &parser, &reader);
  return std::move(reader.blocks);
}

}  // namespace sockscope
