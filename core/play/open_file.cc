#include "play/open_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "net/catalogue.h"
#include "net/names.h"

namespace sockscope::play {
namespace {

constexpr std::size_t kBuffer = 8192;        // io.DEFAULT_BUFFER_SIZE
constexpr std::uintmax_t kMostFiles = 1000;  // in the directory
constexpr std::size_t kChunk = std::size_t{1} << 16;

[[noreturn]] void raise_errno(int error, std::string_view name, std::string_view more = {}) {
  throw PyError{std::string(python_exception(error)), error,
                fmt::format("[Errno {}] {}: {}{}", error, errno_text(error), python_string(name), more)};
}

[[noreturn]] void unsupported(std::string_view what) {
  throw PyError{"UnsupportedOperation", 0, std::string(what)};
}

[[noreturn]] void bad_mode(std::string_view mode) {
  throw PyError{"ValueError", 0, fmt::format("invalid mode: {}", python_string(mode))};
}

FileMode mode_of(const Value* given) {
  FileMode mode;
  mode.spelled = given == nullptr ? "r" : std::string(text_of(*given, "open() argument 'mode'"));
  const std::string_view spelled = mode.spelled;
  const auto has = [&](char c) { return spelled.find(c) != spelled.npos; };
  for (const char c : spelled)
    if (std::string_view("rwaxbt+").find(c) == std::string_view::npos ||
        std::count(spelled.begin(), spelled.end(), c) > 1)
      bad_mode(spelled);
  if (has('b') && has('t')) throw PyError{"ValueError", 0, "can't have text and binary mode at once"};
  if (has('r') + has('w') + has('a') + has('x') != 1)
    throw PyError{"ValueError", 0, "must have exactly one of create/read/write/append mode"};
  mode.read = has('r') || has('+');
  mode.write = !has('r') || has('+');
  mode.append = has('a');
  mode.create = !has('r');
  mode.empty = has('w');
  mode.fresh = has('x');
  mode.binary = has('b');
  return mode;
}

int flags_of(const FileMode& mode) {
  int flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;  // O_NONBLOCK: a fifo would wait for its other end
  flags |= mode.read && mode.write ? O_RDWR : mode.write ? O_WRONLY : O_RDONLY;
  if (mode.append) flags |= O_APPEND;
  if (mode.create) flags |= O_CREAT;
  if (mode.empty) flags |= O_TRUNC;
  if (mode.fresh) flags |= O_EXCL;
  return flags;
}

std::string name_of(const Value& value) {
  std::string name;
  if (const auto* t = value.as<Text>())
    name = t->utf8;
  else if (const auto* b = value.as<Bytes>(); b != nullptr && !b->array)
    name = b->data;
  else if (value.integer())
    throw PyError{"PermissionError", EACCES, "a play opens files by their names, not by descriptors"};
  else
    throw PyError{"TypeError", 0,
                  fmt::format("expected str, bytes or os.PathLike object, not {}", type_name(value))};
  if (name.find('\0') != name.npos) throw PyError{"ValueError", 0, "embedded null byte"};
  if (name.empty()) raise_errno(ENOENT, name);
  if (name == ".") raise_errno(EISDIR, name);
  if (name.size() > 255) raise_errno(ENAMETOOLONG, name);
  if (!is_plain_name(name))
    raise_errno(EACCES, name, "; a play opens plain names, which are files of its own directory");
  return name;
}

// Whether the directory takes so many bytes more.
bool has_room(const std::string& directory, std::int64_t more) {
  std::error_code error;
  std::uintmax_t bytes = 0, files = 0;
  for (std::filesystem::directory_iterator at(directory, error), end; !error && at != end;
       at.increment(error)) {
    ++files;
    std::error_code unknown;
    if (at->is_regular_file(unknown)) bytes += at->file_size(unknown);
  }
  return files <= kMostFiles && bytes + static_cast<std::uintmax_t>(more) <= kMostDirectory;
}

// 0, or the errno that ended it.
int write_all(int fd, std::string_view data) {
  while (!data.empty()) {
    const ssize_t wrote = ::write(fd, data.data(), data.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return errno;
    data.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return 0;
}

std::int64_t size_argument(const Value* size) {
  if (size == nullptr || size->none()) return -1;
  if (!size->integer())
    throw PyError{"TypeError", 0,
                  fmt::format("argument should be integer or None, not '{}'", type_name(*size))};
  return *size->integer();
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

OpenFile::OpenFile(std::string directory, std::string name, FileMode mode, int fd)
    : directory_(std::move(directory)),
      name_(std::move(name)),
      mode_(std::move(mode)),
      fd_(std::make_shared<const FileDescriptor>(fd)) {}

// As Python does with a file nobody closed.
OpenFile::~OpenFile() {
  if (fd_ == nullptr || pending_.empty()) return;
  try {
    flush();
  } catch (const PyError&) {
    pending_.clear();  // there is nobody left to tell
  }
}

FileValue OpenFile::open(const std::string& directory, const Value& name, const Value* mode) {
  FileMode wanted = mode_of(mode);
  std::string plain = name_of(name);
  if (directory.empty()) raise_errno(ENOENT, plain, "; this play has no directory");
  if (wanted.create && !has_room(directory, 0)) raise_errno(ENOSPC, plain);
  const int fd = ::open((directory + "/" + plain).c_str(), flags_of(wanted), 0600);
  if (fd < 0) raise_errno(errno, plain);
  return {std::shared_ptr<OpenFile>(new OpenFile(directory, std::move(plain), std::move(wanted), fd))};
}

std::string OpenFile::repr() const {
  const std::string name = python_string(name_);
  if (!mode_.binary)
    return fmt::format("<_io.TextIOWrapper name={} mode={} encoding='UTF-8'>", name,
                       python_string(mode_.spelled));
  return fmt::format("<_io.Buffered{} name={}>",
                     mode_.read && mode_.write ? "Random"
                     : mode_.read              ? "Reader"
                                               : "Writer",
                     name);
}

const FileDescriptor& OpenFile::open_now() const {
  if (fd_ == nullptr) throw PyError{"ValueError", 0, "I/O operation on closed file."};
  return *fd_;
}

std::shared_ptr<const FileDescriptor> OpenFile::descriptor() const {
  std::lock_guard lock(mutex_);
  open_now();
  return fd_;
}

std::int64_t OpenFile::position() const {
  return ::lseek(open_now().number(), 0, SEEK_CUR);
}

void OpenFile::flush() {
  if (pending_.empty()) return;
  const std::string data = std::exchange(pending_, {});
  const int fd = open_now().number();
  const std::int64_t from = mode_.append ? ::lseek(fd, 0, SEEK_END) : ::lseek(fd, 0, SEEK_CUR);
  const auto more = static_cast<std::int64_t>(data.size());
  if (from > kMostFile - more) raise_errno(EFBIG, name_, "; a file of a play has at most 64 MB");
  if (!has_room(directory_, more)) raise_errno(ENOSPC, name_, "; the files of a play have at most 256 MB");
  if (const int error = write_all(fd, data); error != 0) raise_errno(error, name_);
}

std::string OpenFile::read_bytes(std::int64_t most) {
  const int fd = open_now().number();
  const std::size_t wanted =
      most < 0 ? kMostBytes + 1 : std::min<std::size_t>(static_cast<std::size_t>(most), kMostBytes + 1);
  std::string out;
  while (out.size() < wanted) {
    const std::size_t had = out.size();
    out.resize(had + std::min(kChunk, wanted - had));
    const ssize_t got = ::read(fd, out.data() + had, out.size() - had);
    out.resize(had + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) raise_errno(errno, name_);
    if (got == 0) break;
  }
  if (out.size() > kMostBytes) throw PyError{"MemoryError", 0, "a value of a play has at most 16 MB"};
  return out;
}

// Characters, with Python's universal newlines; the position is then behind the last one.
std::string OpenFile::read_text(std::int64_t characters_wanted) {
  const std::int64_t from = position();
  const std::int64_t most_bytes = characters_wanted < 0 || characters_wanted > std::int64_t{kMostBytes} / 8
                                      ? -1
                                      : characters_wanted * 8 + 8;
  const std::string raw = read_bytes(most_bytes);
  std::string out;
  std::size_t at = 0;
  for (std::int64_t taken = 0; at < raw.size() && taken != characters_wanted; ++taken) {
    const std::size_t begin = at;
    if (!next_character(raw, at, false))
      throw PyError{"UnicodeDecodeError", 0,
                    fmt::format("'utf-8' codec can't decode byte 0x{:02x} in position {}",
                                static_cast<unsigned char>(raw[at]), at)};
    if (raw[begin] != '\r') {
      out.append(raw, begin, at - begin);
      continue;
    }
    out += '\n';
    if (at < raw.size() && raw[at] == '\n') ++at;
  }
  ::lseek(open_now().number(), from + static_cast<std::int64_t>(at), SEEK_SET);
  return out;
}

Value OpenFile::read(const Value* size) {
  std::lock_guard lock(mutex_);
  open_now();
  if (!mode_.read) unsupported("not readable");
  const std::int64_t wanted = size_argument(size);
  flush();
  if (!mode_.binary) return Text{read_text(std::max<std::int64_t>(wanted, -1))};
  if (wanted < -1) throw PyError{"ValueError", 0, "read length must be non-negative or -1"};
  return Bytes{read_bytes(wanted), false};
}

Value OpenFile::write(const Value& data) {
  std::lock_guard lock(mutex_);
  open_now();
  if (!mode_.write) unsupported("not writable");
  std::int64_t count = 0;
  if (mode_.binary) {
    pending_ += bytes_of(data);
    count = static_cast<std::int64_t>(bytes_of(data).size());
  } else {
    text_of(data, "write() argument");
    pending_ += encoded(data, nullptr, nullptr);
    count = static_cast<std::int64_t>(length(data));
  }
  if (pending_.size() > kBuffer) flush();
  return Value(count);
}

Value OpenFile::seek(const Value& offset, const Value* whence) {
  std::lock_guard lock(mutex_);
  open_now();
  const std::int64_t by = integer_of(offset), from = whence == nullptr ? 0 : integer_of(*whence);
  if (from < 0 || from > 2) throw PyError{"ValueError", 0, fmt::format("whence value {} unsupported", from)};
  if (!mode_.binary && from != 0 && by != 0)
    unsupported(from == 1 ? "can't do nonzero cur-relative seeks" : "can't do nonzero end-relative seeks");
  if (!mode_.binary && by < 0) throw PyError{"ValueError", 0, fmt::format("negative seek position {}", by)};
  flush();
  const std::int64_t now_at = ::lseek(open_now().number(), by,
                                      from == 0   ? SEEK_SET
                                      : from == 1 ? SEEK_CUR
                                                  : SEEK_END);
  if (now_at < 0) raise_errno(errno, name_);
  return Value(now_at);
}

void OpenFile::close() {
  std::lock_guard lock(mutex_);
  if (fd_ == nullptr) return;
  try {
    flush();
  } catch (const PyError&) {
    fd_.reset();
    throw;
  }
  fd_.reset();
}

Value call_file(OpenFile& file, std::string_view method, const Values& arguments) {
  const std::size_t least = method == "write" || method == "seek" ? 1 : 0;
  const std::size_t most = method == "seek" ? 2 : method == "close" ? 0 : 1;
  if (arguments.size() < least || arguments.size() > most)
    throw PyError{"TypeError", 0,
                  fmt::format("{} expected {} argument{}, got {}", method, least == 0 ? most : least,
                              (least == 0 ? most : least) == 1 ? "" : "s", arguments.size())};
  const auto at = [&](std::size_t i) { return i < arguments.size() ? &arguments[i] : nullptr; };
  if (method == "read") return file.read(at(0));
  if (method == "write") return file.write(arguments[0]);
  if (method == "seek") return file.seek(arguments[0], at(1));
  file.close();
  return {};
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= 255 && name != "." && name != ".." &&
         name.find_first_of(std::string_view("/\0", 2)) == name.npos;
}

std::string file_content(std::int64_t size) {
  static constexpr std::string_view kLine = "0123456789abcdefghijklmnopqrstuvwxyz\n";
  std::string content;
  content.reserve(static_cast<std::size_t>(size) + kLine.size());
  while (static_cast<std::int64_t>(content.size()) < size) content += kLine;
  content.resize(static_cast<std::size_t>(size));
  return content;
}

int make_file(const std::string& directory, const std::string& name, std::string_view content) {
  if (directory.empty()) return ENOENT;
  if (!has_room(directory, static_cast<std::int64_t>(content.size()))) return ENOSPC;
  FileMode mode;
  mode.write = mode.create = mode.empty = true;
  const FileDescriptor file(::open((directory + "/" + name).c_str(), flags_of(mode), 0600));
  return file.number() < 0 ? errno : write_all(file.number(), content);
}

}  // namespace sockscope::play
