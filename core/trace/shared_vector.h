#pragma once
// A vector whose copies are cheap: what neither copy has changed since is held once.

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <iterator>
#include <memory>
#include <vector>

namespace sockscope {

// Read through a const SharedVector, as any vector. Access through one that is not const makes the element's
// neighbourhood this copy's own first, so take references from either and not from both; they last until the
// vector is copied or assigned. A vector and its copies are one thread's at a time.
template <class T, std::size_t kTogether = 32>
class SharedVector {
 public:
  using value_type = T;

  class const_iterator {
   public:
    using iterator_category = std::random_access_iterator_tag;
    using iterator_concept = std::random_access_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T*;
    using reference = const T&;

    const_iterator() = default;
    const_iterator(const SharedVector* all, std::ptrdiff_t at) : all_(all), at_(at) {}
    reference operator*() const { return (*all_)[static_cast<std::size_t>(at_)]; }
    pointer operator->() const { return &**this; }
    reference operator[](difference_type by) const { return *(*this + by); }
    const_iterator& operator++() { return *this += 1; }
    const_iterator& operator--() { return *this -= 1; }
    const_iterator operator++(int) {
      const const_iterator before = *this;
      ++*this;
      return before;
    }
    const_iterator operator--(int) {
      const const_iterator before = *this;
      --*this;
      return before;
    }
    const_iterator& operator+=(difference_type by) {
      at_ += by;
      return *this;
    }
    const_iterator& operator-=(difference_type by) { return *this += -by; }
    friend const_iterator operator+(const_iterator it, difference_type by) { return it += by; }
    friend const_iterator operator+(difference_type by, const_iterator it) { return it += by; }
    friend const_iterator operator-(const_iterator it, difference_type by) { return it -= by; }
    friend difference_type operator-(const_iterator a, const_iterator b) { return a.at_ - b.at_; }
    friend bool operator==(const_iterator a, const_iterator b) { return a.at_ == b.at_; }
    friend auto operator<=>(const_iterator a, const_iterator b) { return a.at_ <=> b.at_; }

   private:
    const SharedVector* all_ = nullptr;
    std::ptrdiff_t at_ = 0;
  };

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const T& operator[](std::size_t at) const { return (*chunks_[at / kTogether])[at % kTogether]; }
  T& operator[](std::size_t at) { return own(at / kTogether)[at % kTogether]; }
  const T& front() const { return (*this)[0]; }
  const T& back() const { return (*this)[size_ - 1]; }
  const_iterator begin() const { return {this, 0}; }
  const_iterator end() const { return {this, static_cast<std::ptrdiff_t>(size_)}; }
  auto rbegin() const { return std::reverse_iterator(end()); }
  auto rend() const { return std::reverse_iterator(begin()); }

  // Grows; never shrinks.
  void resize(std::size_t size) {
    while (chunks_.size() * kTogether < size) chunks_.push_back(std::make_shared<Chunk>());
    size_ = std::max(size_, size);
  }

  // Bytes held here and not by `other`, beside what the elements hold themselves.
  std::size_t bytes_beside(const SharedVector& other) const {
    std::size_t bytes = chunks_.size() * sizeof(chunks_[0]);
    for (std::size_t i = 0; i < chunks_.size(); ++i)
      if (i >= other.chunks_.size() || chunks_[i] != other.chunks_[i]) bytes += sizeof(Chunk);
    return bytes;
  }

  friend bool operator==(const SharedVector& a, const SharedVector& b) {
    if (a.size_ != b.size_) return false;
    for (std::size_t i = 0; i < a.chunks_.size(); ++i)
      if (a.chunks_[i] != b.chunks_[i] && *a.chunks_[i] != *b.chunks_[i]) return false;
    return true;
  }

 private:
  using Chunk = std::array<T, kTogether>;
  Chunk& own(std::size_t chunk) {
    std::shared_ptr<Chunk>& held = chunks_[chunk];
    if (held.use_count() != 1) held = std::make_shared<Chunk>(*held);
    return *held;
  }

  std::vector<std::shared_ptr<Chunk>> chunks_;
  std::size_t size_ = 0;
};

}  // namespace sockscope
