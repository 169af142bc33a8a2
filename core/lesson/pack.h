#pragma once
// One student's copy of a lesson: payloads, ports and listen()'s number of its own, the same ones every time.
// Pure.

#include <string>
#include <string_view>
#include <vector>

namespace sockscope {

struct PackFile {
  std::string name, text;
};

// The files of a lesson (en.md, zh.md, plays), each with the same changes, chosen by the student's id and the
// lesson's:
// - in b'…', in '…'.encode() and in a %file each letter stands for another one, vowels for vowels: lengths,
// beginnings
//   and what two of them make together stay true;
// - a port of 2000 or more that stands in an address or behind port= is another one, wherever it is said,
// unless the
//   lesson also has it with its bytes changed round;
// - listen(5) has another number from 5 to 9.
// Recordings are another student's run: the blocks that name them are left out.
std::vector<PackFile> packed(const std::vector<PackFile>& files, std::string_view lesson,
                             std::string_view student);

}  // namespace sockscope
