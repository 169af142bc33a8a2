#include "gui/fonts.h"

#include <algorithm>

namespace sockscope {
namespace {

// Until 1.92 ImGui copies a file that is not the atlas's own, once for each face: 45 MB of Chinese.
constexpr bool kGivenAway = IMGUI_VERSION_NUM < 19200;

}  // namespace

FontAtlas::FontAtlas() : watch_([this](std::string_view text) { need(text); }) {}

void FontAtlas::need(std::string_view text) {
  if (used_.add(text)) stale_ = true;
}

void FontAtlas::need_language(ui::Language language) {
  for (const auto& [english, translated] : ui::Translator(language).catalog().entries()) need(translated);
}

// One face of Latin, and merged into it what it lacks: Chinese, then symbols.
ImFont* FontAtlas::add_face(const FontFile& main, float em, bool whole_pixels) {
  ImFontAtlas* atlas = ImGui::GetIO().Fonts;
  ImFont* font = nullptr;
  const FontFile* const sources[] = {&main, &files_.chinese, &files_.symbols};
  for (const FontFile* source : sources) {
    if (!*source) continue;
    ImFontConfig config;
    config.FontDataOwnedByAtlas = kGivenAway;
    config.FontNo = source->index;
    config.MergeMode = font != nullptr;
    const bool snapped = whole_pixels || font != nullptr;
    config.PixelSnapH = snapped;
    config.OversampleH = snapped ? 1 : 2;
    config.OversampleV = 1;
    const float size = std::max(em, least_) * scale_ * source->height_per_em;
    // Never written to, and taken back from the atlas at once.
    auto* const data = const_cast<unsigned char*>(source->data.get());
    ImFont* added =
        atlas->AddFontFromMemoryTTF(data, static_cast<int>(source->size), size, &config, ranges_.Data);
#if IMGUI_VERSION_NUM < 19200
    atlas->ConfigData.back().FontDataOwnedByAtlas = false;
#endif
    if (font == nullptr) font = added;
  }
  if (font != nullptr) return font;
  ImFontConfig config;
  config.SizePixels = std::max(em, least_) * scale_;
  return atlas->AddFontDefault(&config);
}

bool FontAtlas::build(float scale, float least) {
  if (!stale(scale, least)) return false;
  if (searched_ != used_.size()) {
    files_ = find_fonts(used_);
    searched_ = used_.size();
  }
  scale_ = scale;
  least_ = least;
  stale_ = false;
  ranges_ = used_.ranges();
  ImFontAtlas* atlas = ImGui::GetIO().Fonts;
  atlas->Clear();
  const FontFile& bold = files_.semibold ? files_.semibold : files_.sans;
  fonts_.body = add_face(files_.sans, 14, false);  // first: ImGui's own default
  fonts_.small = add_face(files_.sans, 12, false);
  fonts_.label = add_face(files_.sans, 13, false);
  fonts_.name = add_face(bold, 15, false);
  fonts_.title = add_face(bold, 20, false);
  fonts_.big = add_face(bold, 28, false);
  fonts_.mono_small = add_face(files_.mono, 12, true);
  fonts_.mono = add_face(files_.mono, 13, true);
  fonts_.mono_big = add_face(files_.mono, 28, true);
  atlas->Build();
  return true;
}

}  // namespace sockscope
