#include "net/blob.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstring>

namespace sockscope {
namespace {
constexpr std::size_t kHash = sizeof(std::uint64_t);
constexpr std::size_t kKept = 2 * sizeof(std::uint64_t);
constexpr std::size_t kHead = kKept + sizeof(std::uint32_t);
}  // namespace

Blob::Blob(std::string_view bytes, std::uint64_t total, std::uint64_t hash) {
  if (bytes.empty() && total == 0) return;
  if (total == bytes.size()) hash = 0;
  const auto kept = static_cast<std::uint32_t>(bytes.size());
  held_.reset(new char[kHead + kept]);
  std::memcpy(held_.get(), &total, sizeof total);
  std::memcpy(held_.get() + kHash, &hash, sizeof hash);
  std::memcpy(held_.get() + kKept, &kept, sizeof kept);
  if (kept > 0) std::memcpy(held_.get() + kHead, bytes.data(), kept);
}

Blob::Blob(const Blob& other) : Blob(other.view(), other.total(), other.hash()) {}

Blob& Blob::operator=(const Blob& other) {
  if (this != &other) *this = Blob(other);
  return *this;
}

std::string_view Blob::view() const {
  if (!held_) return {};
  std::uint32_t kept = 0;
  std::memcpy(&kept, held_.get() + kKept, sizeof kept);
  return {held_.get() + kHead, kept};
}

std::uint64_t Blob::total() const {
  if (!held_) return 0;
  std::uint64_t total = 0;
  std::memcpy(&total, held_.get(), sizeof total);
  return total;
}

std::uint64_t Blob::hash() const {
  if (!held_) return 0;
  std::uint64_t hash = 0;
  std::memcpy(&hash, held_.get() + kHash, sizeof hash);
  return hash;
}

std::size_t Blob::heap_bytes() const {
  return held_ ? kHead + view().size() : 0;
}

std::uint64_t hash_of(std::string_view bytes) {
  return std::max<std::uint64_t>(XXH3_64bits(bytes.data(), bytes.size()), 1);
}

Blob preview_of(std::string_view bytes) {
  if (bytes.size() <= kPreview) return Blob(bytes);
  return Blob(bytes.substr(0, kPreview), bytes.size(), hash_of(bytes));
}

}  // namespace sockscope
