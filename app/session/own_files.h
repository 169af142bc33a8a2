#pragma once
// The small files the program keeps for itself: where they are, read whole, replaced whole.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace sockscope {

// $variable/sockscope, or HOME + otherwise + "/sockscope"; nothing is made. Error: one line.
tl::expected<std::string, std::string> xdg_place(const char* variable, const char* otherwise);
// The same, made_folder().
tl::expected<std::string, std::string> xdg_folder(const char* variable, const char* otherwise);
// XDG_STATE_HOME/sockscope (~/.local/state/sockscope); nothing is made. Error: one line.
tl::expected<std::string, std::string> state_place();
// The same, made if need be, for this user only. Error: one line.
tl::expected<std::string, std::string> state_folder();

// Made if need be, with those above it; for this user only. The path; error: one line.
tl::expected<std::string, std::string> made_folder(const std::string& path);
// The whole file; nullopt: there is none. Error: one line; also when it is longer than `most`.
tl::expected<std::optional<std::string>, std::string> read_small_file(const std::string& path,
                                                                      std::size_t most);
// The old file, or the whole new one; never half of it. Error: one line.
tl::expected<void, std::string> replace_file(const std::string& path, std::string_view text);
// All of it, to an open descriptor. Error: one line, which names the path.
tl::expected<void, std::string> write_all(int fd, const std::string& path, std::string_view text);

// "PATH: No space left on device".
std::string file_failed(const std::string& path, int error);

}  // namespace sockscope
