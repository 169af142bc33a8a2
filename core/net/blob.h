#pragma once
// Immutable bytes owned by one pointer: eight bytes in an event when empty or not. A copy is deep, so a
// Blob is a plain value and may be handed to another thread by move.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace sockscope {

class Blob {
 public:
  Blob() = default;
  // Keeps `bytes`; `total` is how many there were in all (at least bytes.size()), for a bounded preview, and
  // `hash` is XXH3-64 of all of them (0: not known); it is kept only where bytes are left out.
  Blob(std::string_view bytes, std::uint64_t total, std::uint64_t hash = 0);  // NOLINT: counts of one thing
  Blob(std::string_view bytes) : Blob(bytes, bytes.size()) {}  // NOLINT(google-explicit-constructor)
  Blob(const char* text) : Blob(std::string_view(text)) {}     // NOLINT(google-explicit-constructor)
  Blob(const Blob& other);
  Blob(Blob&& other) noexcept = default;
  Blob& operator=(const Blob& other);
  Blob& operator=(Blob&& other) noexcept = default;
  ~Blob() = default;

  std::string_view view() const;
  operator std::string_view() const { return view(); }  // NOLINT(google-explicit-constructor)
  std::uint64_t total() const;
  bool empty() const { return !held_; }
  bool cut() const { return total() > view().size(); }
  std::uint64_t hash() const;  // 0: not known, or not cut
  // Bytes on the heap, for memory accounting.
  std::size_t heap_bytes() const;

  friend bool operator==(const Blob& a, const Blob& b) {
    return a.total() == b.total() && a.view() == b.view() && a.hash() == b.hash();
  }

 private:
  std::unique_ptr<char[]> held_;  // std::uint64_t total, hash, std::uint32_t kept, then the bytes
};

// What an event keeps of the bytes a call moved: the first kPreview of them, the count and the hash of all.
inline constexpr std::size_t kPreview = 256;
Blob preview_of(std::string_view bytes);
// XXH3-64, never 0. https://github.com/Cyan4973/xxHash
std::uint64_t hash_of(std::string_view bytes);

}  // namespace sockscope
