#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gc {

/** Bits of a NAL unit without its emulation prevention bytes (ITU-T H.264, 7.4.1); zeros past the end. */
class BitReader {
 public:
  BitReader(const std::uint8_t* nal, std::size_t size) {
    int zeros = 0;
    for (std::size_t i = 1; i < size && bytes_.size() < kHeaderBytes; ++i) {
      if (zeros >= 2 && nal[i] == 3) {
        zeros = 0;
        continue;
      }
      zeros = nal[i] == 0 ? zeros + 1 : 0;
      bytes_.push_back(nal[i]);
    }
  }

  std::uint32_t bits(int count) {
    std::uint32_t value = 0;
    for (; count > 0; --count, ++position_) {
      const std::size_t byte = position_ / 8;
      const std::uint32_t bit = byte < bytes_.size() ? (bytes_[byte] >> (7 - position_ % 8)) & 1u : 0u;
      value = (value << 1) | bit;
    }
    return value;
  }

  std::uint32_t unsigned_golomb() {
    int zeros = 0;
    while (zeros < 31 && bits(1) == 0) ++zeros;
    return (1u << zeros) - 1 + bits(zeros);
  }

  int signed_golomb() {
    const std::uint32_t code = unsigned_golomb();
    const int magnitude = static_cast<int>((code + 1) / 2);
    return (code & 1) != 0 ? magnitude : -magnitude;
  }

 private:
  // Headers are short; reading further would only cost time on a frame's payload.
  static constexpr std::size_t kHeaderBytes = 64;

  std::vector<std::uint8_t> bytes_;
  std::size_t position_ = 0;
};

}  // namespace gc
