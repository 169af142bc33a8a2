#pragma once
// A file of the play's private directory, as Python's open() gives it: binary, or UTF-8 text. Any thread; it
// throws PyError. What is written waits in a buffer, as in Python, until close, seek, read or 8 KiB.

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "play/operators.h"

namespace sockscope::play {

inline constexpr std::int64_t kMostFile = std::int64_t{64} << 20;        // bytes of one file
inline constexpr std::int64_t kMostDirectory = std::int64_t{256} << 20;  // of all files of a play

// The one owner of a descriptor; whoever is inside a call with it keeps it open.
class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor();
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int number() const { return fd_; }

 private:
  int fd_;
};

struct FileMode {
  bool read = false, write = false, append = false, create = false, empty = false, fresh = false;
  bool binary = false;
  std::string spelled;
};

class OpenFile {
 public:
  // `directory`: the play's; the name must be a plain one, else PermissionError.
  static FileValue open(const std::string& directory, const Value& name, const Value* mode);
  ~OpenFile();
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  const std::string& name() const { return name_; }
  bool binary() const { return mode_.binary; }
  std::string repr() const;

  Value read(const Value* size);
  Value write(const Value& data);
  Value seek(const Value& offset, const Value* whence);
  void close();
  std::shared_ptr<const FileDescriptor> descriptor() const;  // ValueError: it is closed

 private:
  OpenFile(std::string directory, std::string name, FileMode mode, int fd);
  const FileDescriptor& open_now() const;
  std::string read_bytes(std::int64_t most);
  std::string read_text(std::int64_t characters_wanted);
  void flush();
  std::int64_t position() const;

  const std::string directory_, name_;
  const FileMode mode_;
  mutable std::mutex mutex_;
  std::shared_ptr<const FileDescriptor> fd_;  // nullptr: closed
  std::string pending_;                       // written, not yet in the file
};

// read write seek close, by position only. Throws PyError.
Value call_file(OpenFile& file, std::string_view method, const Values& arguments);

// A name that is a file of the directory itself: no '/', not . or ..
bool is_plain_name(std::string_view name);

// %file: what a file of this size holds, and making one. An errno; 0: it was made.
std::string file_content(std::int64_t size);
int make_file(const std::string& directory, const std::string& name, std::string_view content);

}  // namespace sockscope::play
