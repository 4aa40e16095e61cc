#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gc {

/** Reads the quantiser a stream's slices start with, which OpenH264 does not report itself. */
class SliceQpReader {
 public:
  /** Takes one access unit (Annex B); -1 before the first parameter sets. Streams without CABAC and fields only. */
  int read(const std::vector<std::uint8_t>& access_unit);

 private:
  void read_sps(const std::uint8_t* nal, std::size_t size);
  void read_pps(const std::uint8_t* nal, std::size_t size);
  int read_slice(const std::uint8_t* nal, std::size_t size) const;

  bool have_sps_ = false;
  bool have_pps_ = false;
  int frame_num_bits_ = 0;
  int order_count_type_ = 0;
  int order_count_bits_ = 0;
  int initial_qp_ = 26;
};

}  // namespace gc
