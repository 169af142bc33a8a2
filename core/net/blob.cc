#include "net/blob.h"

#include <cstring>

namespace sockscope {
namespace {
constexpr std::size_t kHead = sizeof(std::uint64_t) + sizeof(std::uint32_t);
}

Blob::Blob(std::string_view bytes, std::uint64_t total) {
  if (bytes.empty() && total == 0) return;
  const auto kept = static_cast<std::uint32_t>(bytes.size());
  held_.reset(new char[kHead + kept]);
  std::memcpy(held_.get(), &total, sizeof total);
  std::memcpy(held_.get() + sizeof total, &kept, sizeof kept);
  if (kept > 0) std::memcpy(held_.get() + kHead, bytes.data(), kept);
}

Blob::Blob(const Blob& other) : Blob(other.view(), other.total()) {}

Blob& Blob::operator=(const Blob& other) {
  if (this != &other) *this = Blob(other);
  return *this;
}

std::string_view Blob::view() const {
  if (!held_) return {};
  std::uint32_t kept = 0;
  std::memcpy(&kept, held_.get() + sizeof(std::uint64_t), sizeof kept);
  return {held_.get() + kHead, kept};
}

std::uint64_t Blob::total() const {
  if (!held_) return 0;
  std::uint64_t total = 0;
  std::memcpy(&total, held_.get(), sizeof total);
  return total;
}

std::size_t Blob::heap_bytes() const {
  return held_ ? kHead + view().size() : 0;
}

}  // namespace sockscope
