#include "gui/font_files.h"

#include <fcntl.h>
#include <fontconfig/fontconfig.h>
#include <stb_truetype.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cstdlib>

#include "net/descriptor.h"

namespace sockscope {
namespace {

template <auto destroy>
struct Destroy {
  template <typename T>
  void operator()(T* thing) const {
    destroy(thing);
  }
};
using Config = std::unique_ptr<FcConfig, Destroy<FcConfigDestroy>>;
using Pattern = std::unique_ptr<FcPattern, Destroy<FcPatternDestroy>>;
using Chars = std::unique_ptr<FcCharSet, Destroy<FcCharSetDestroy>>;

constexpr off_t kLargestFont = 64 << 20;
constexpr FcChar32 kChinese = 0x4E2D;

struct Match {
  FontFile file;
  Chars chars;
  int weight = 0;
};

const FcChar8* fc(const char* text) {
  return reinterpret_cast<const FcChar8*>(text);
}

// The whole file; null: it cannot be read, is empty or too large.
std::shared_ptr<const unsigned char> map_file(const std::string& path, std::size_t& size) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat now {};
  if (!file || fstat(file.get(), &now) != 0 || !S_ISREG(now.st_mode)) return nullptr;
  if (now.st_size <= 0 || now.st_size > kLargestFont) return nullptr;
  size = static_cast<std::size_t>(now.st_size);
  void* const data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (data == MAP_FAILED) return nullptr;
  return {static_cast<const unsigned char*>(data),
          [data, size](const unsigned char*) { munmap(data, size); }};
}

FontFile read_font(const std::string& path, int index) {
  FontFile font{path, index, nullptr};
  const auto data = map_file(path, font.size);
  if (data == nullptr || font.size < 12) return {};
  // Whether it begins like a TrueType or OpenType file that has a face of this number.
  const int offset = stbtt_GetFontOffsetForIndex(data.get(), index);
  if (offset < 0 || static_cast<std::size_t>(offset) + 12 > font.size) return {};
  stbtt_fontinfo info;
  if (stbtt_InitFont(&info, data.get(), offset) == 0) return {};
  font.height_per_em = stbtt_ScaleForMappingEmToPixels(&info, 1) / stbtt_ScaleForPixelHeight(&info, 1);
  font.data = data;
  return font;
}

// What a matched or scanned pattern says, with the file read.
Match read_match(const FcPattern* found) {
  FcChar8* path = nullptr;
  int index = 0, weight = 0;
  FcCharSet* chars = nullptr;
  if (FcPatternGetString(found, FC_FILE, 0, &path) != FcResultMatch) return {};
  FcPatternGetInteger(found, FC_INDEX, 0, &index);
  FcPatternGetInteger(found, FC_WEIGHT, 0, &weight);
  if (FcPatternGetCharSet(found, FC_CHARSET, 0, &chars) != FcResultMatch) return {};
  // The upper half of an index names an instance of a variable font, which stb_truetype does not know.
  Match match{read_font(reinterpret_cast<const char*>(path), index & 0xFFFF), Chars(FcCharSetCopy(chars)),
              weight};
  return match;
}

Match match(const Config& config, const char* name, const FcCharSet* wanted = nullptr) {
  const Pattern pattern(FcNameParse(fc(name)));
  if (pattern == nullptr) return {};
  FcPatternAddBool(pattern.get(), FC_SCALABLE, FcTrue);
  FcPatternAddBool(pattern.get(), FC_COLOR, FcFalse);
  if (wanted != nullptr) FcPatternAddCharSet(pattern.get(), FC_CHARSET, wanted);
  FcConfigSubstitute(config.get(), pattern.get(), FcMatchPattern);
  FcDefaultSubstitute(pattern.get());
  FcResult result = FcResultNoMatch;
  const Pattern found(FcFontMatch(config.get(), pattern.get(), &result));
  return found == nullptr ? Match{} : read_match(found.get());
}

bool covers(const Match& match, FcChar32 character) {
  return match.chars != nullptr && FcCharSetHasChar(match.chars.get(), character) == FcTrue;
}

FontFiles one_font_for_all(const std::string& path) {
  FontFiles files;
  const Config config(FcConfigCreate());
  FcConfigAppFontAddFile(config.get(), fc(path.c_str()));
  const FcFontSet* faces = FcConfigGetFonts(config.get(), FcSetApplication);
  const Match one = faces == nullptr || faces->nfont == 0 ? Match{} : read_match(faces->fonts[0]);
  if (!one.file) {
    files.notice =
        "SOCKSCOPE_FONT=" + path + " is not a font that can be used; take a .ttf, .otf or .ttc file";
    return files;
  }
  files.sans = files.mono = one.file;
  if (covers(one, kChinese)) files.chinese = one.file;
  return files;
}

}  // namespace

FontFiles find_fonts(const GlyphSet& used) {
  const char* said = std::getenv("SOCKSCOPE_FONT");
  if (said != nullptr && *said != '\0') return one_font_for_all(said);
  FontFiles files;
  const Config config(FcInitLoadConfigAndFonts());
  if (config == nullptr) {
    files.notice = "fontconfig does not work here; install fontconfig and fonts-inter";
    return files;
  }
  // The faces of the pictures when they are there, else what this machine calls sans-serif and monospace.
  const Match sans = match(config, "Inter,sans-serif:weight=80:slant=0");
  const Match semibold = match(config, "Inter,sans-serif:weight=180:slant=0");
  const Match mono = match(config, "JetBrains Mono,monospace:weight=80:slant=0");
  const Match chinese = match(config, "sans-serif:lang=zh-cn:weight=80");
  files.sans = sans.file;
  files.mono = mono.file ? mono.file : sans.file;
  constexpr int kNearlySemibold = 160;
  if (semibold.weight >= kNearlySemibold) files.semibold = semibold.file;
  if (covers(chinese, kChinese)) files.chinese = chinese.file;

  const Chars missing(FcCharSetCreate());
  for (FcChar32 c = 0x20; c < 0xFFFE; ++c) {
    const bool lacking = !covers(sans, c) || !covers(mono, c);
    if (used.has(c) && lacking && !covers(chinese, c)) FcCharSetAddChar(missing.get(), c);
  }
  if (FcCharSetCount(missing.get()) > 0) files.symbols = match(config, "sans-serif", missing.get()).file;
  if (!files.sans) {
    files.notice = "no font was found; install fonts-inter and fonts-jetbrains-mono";
  } else if (!files.chinese) {
    files.notice = "no font for Chinese was found; install fonts-wqy-microhei";
  }
  return files;
}

}  // namespace sockscope
