#pragma once

#include <utility>

namespace gc {

/** Holds one reference to an object of COM. */
template <typename T>
class Com {
 public:
  Com() = default;
  Com(Com&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Com& operator=(Com&& other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  Com(const Com&) = delete;
  Com& operator=(const Com&) = delete;
  ~Com() { reset(); }

  void reset() {
    if (object_ != nullptr) std::exchange(object_, nullptr)->Release();
  }
  T* get() const { return object_; }
  T* operator->() const { return object_; }
  explicit operator bool() const { return object_ != nullptr; }

  /** For calls that give an object; what was held before is released. */
  T** out() {
    reset();
    return &object_;
  }

 private:
  T* object_ = nullptr;
};

/** The same object by another of its interfaces; empty when it does not have that one. */
template <typename Other, typename T>
Com<Other> as(const Com<T>& object) {
  Com<Other> other;
  if (FAILED(object->QueryInterface(__uuidof(Other), reinterpret_cast<void**>(other.out())))) other.reset();
  return other;
}

}  // namespace gc
