#pragma once
// The lesson that `sockscope lesson new` writes: short, whole, and right as it stands.

#include <string>
#include <string_view>
#include <vector>

namespace sockscope {

struct SkeletonFile {
  std::string name, text;
};
// `id`: its folder's name.
std::vector<SkeletonFile> lesson_skeleton(std::string_view id);

}  // namespace sockscope
