#pragma once
// A value that is usually not there: eight bytes when absent, on the heap when it differs from T{}. A plain
// value: deep copy, ==.

#include <memory>
#include <utility>

namespace sockscope {

template <typename T>
class Boxed {
 public:
  Boxed() = default;
  Boxed(T value) { *this = std::move(value); }  // NOLINT(google-explicit-constructor)
  Boxed(const Boxed& other) : held_(other.held_ ? std::make_unique<T>(*other.held_) : nullptr) {}
  Boxed(Boxed&&) noexcept = default;
  Boxed& operator=(const Boxed& other) {
    if (this != &other) held_ = other.held_ ? std::make_unique<T>(*other.held_) : nullptr;
    return *this;
  }
  Boxed& operator=(Boxed&&) noexcept = default;
  Boxed& operator=(T value) {
    held_ = value == T{} ? nullptr : std::make_unique<T>(std::move(value));
    return *this;
  }
  ~Boxed() = default;

  T get() const { return held_ ? *held_ : T{}; }
  const T* there() const { return held_.get(); }  // nullptr: it is T{}
  operator T() const { return get(); }            // NOLINT(google-explicit-constructor)
  friend bool operator==(const Boxed& a, const Boxed& b) {
    return a.held_ && b.held_ ? *a.held_ == *b.held_ : a.held_ == b.held_;
  }

 private:
  std::unique_ptr<T> held_;
};

}  // namespace sockscope
