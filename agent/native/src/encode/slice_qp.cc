#include "slice_qp.h"

#include "bit_reader.h"

namespace gc {
namespace {

constexpr int kSliceNal = 1, kIdrNal = 5, kSpsNal = 7, kPpsNal = 8;

// 7.3.3.1: a list of operations that ends with 3.
void skip_reference_list_modification(BitReader& in) {
  if (in.bits(1) == 0) return;
  for (int limit = 0; limit < 32 && in.unsigned_golomb() != 3; ++limit) in.unsigned_golomb();
}

// 7.3.3.3
void skip_reference_marking(BitReader& in, bool idr) {
  if (idr) {
    in.bits(2);
    return;
  }
  if (in.bits(1) == 0) return;
  for (int limit = 0; limit < 32; ++limit) {
    const std::uint32_t operation = in.unsigned_golomb();
    if (operation == 0) return;
    if (operation != 5) in.unsigned_golomb();
    if (operation == 3) in.unsigned_golomb();
  }
}

}  // namespace

int SliceQpReader::read(const std::vector<std::uint8_t>& access_unit) {
  const std::uint8_t* data = access_unit.data();
  const std::size_t size = access_unit.size();
  for (std::size_t i = 0; i + 3 < size; ++i) {
    if (data[i] != 0 || data[i + 1] != 0 || data[i + 2] != 1) continue;
    const std::uint8_t* nal = data + i + 3;
    const std::size_t left = size - i - 3;
    const int type = nal[0] & 0x1f;
    if (type == kSpsNal) read_sps(nal, left);
    if (type == kPpsNal) read_pps(nal, left);
    if (type == kSliceNal || type == kIdrNal) return read_slice(nal, left);
  }
  return -1;
}

void SliceQpReader::read_sps(const std::uint8_t* nal, std::size_t size) {
  BitReader in(nal, size);
  in.bits(24);  // profile, constraints, level
  in.unsigned_golomb();
  frame_num_bits_ = static_cast<int>(in.unsigned_golomb()) + 4;
  order_count_type_ = static_cast<int>(in.unsigned_golomb());
  order_count_bits_ = order_count_type_ == 0 ? static_cast<int>(in.unsigned_golomb()) + 4 : 0;
  have_sps_ = frame_num_bits_ <= 16 && order_count_bits_ <= 16 && order_count_type_ != 1;
}

void SliceQpReader::read_pps(const std::uint8_t* nal, std::size_t size) {
  BitReader in(nal, size);
  in.unsigned_golomb();
  in.unsigned_golomb();
  in.bits(2);             // entropy coding, bottom field order
  in.unsigned_golomb();   // slice groups: one
  in.unsigned_golomb();   // default reference counts
  in.unsigned_golomb();
  in.bits(3);             // weighted prediction
  initial_qp_ = 26 + in.signed_golomb();
  have_pps_ = true;
}

int SliceQpReader::read_slice(const std::uint8_t* nal, std::size_t size) const {
  if (!have_sps_ || !have_pps_) return -1;
  BitReader in(nal, size);
  const bool idr = (nal[0] & 0x1f) == kIdrNal;
  const bool is_reference = (nal[0] & 0x60) != 0;
  in.unsigned_golomb();  // first macroblock
  const bool predicted = in.unsigned_golomb() % 5 == 0;
  in.unsigned_golomb();  // picture parameter set
  in.bits(frame_num_bits_);
  if (idr) in.unsigned_golomb();
  in.bits(order_count_bits_);
  if (predicted) {
    if (in.bits(1) != 0) in.unsigned_golomb();
    skip_reference_list_modification(in);
  }
  if (is_reference) skip_reference_marking(in, idr);
  return initial_qp_ + in.signed_golomb();
}

}  // namespace gc
