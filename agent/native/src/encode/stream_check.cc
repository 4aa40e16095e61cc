#include "stream_check.h"

#include "bit_reader.h"

namespace gc {
namespace {

constexpr int kSliceNal = 1, kIdrNal = 5, kSpsNal = 7, kPpsNal = 8;
/** What sessions negotiate, 42e01f: every encoder's Baseline is decoded by those who were told that. */
constexpr int kBaseline = 66, kMain = 77, kExtended = 88;
constexpr std::uint32_t kMostMacroblocks = 1024;

bool starts_with_code(const std::vector<std::uint8_t>& data) {
  std::size_t zeros = 0;
  while (zeros < data.size() && data[zeros] == 0) ++zeros;
  return zeros >= 2 && zeros < data.size() && data[zeros] == 1;
}

/** Calls `see(type, nal, bytes left)` until it returns true. */
template <typename See>
void for_each_nal(const std::vector<std::uint8_t>& data, const See& see) {
  for (std::size_t i = 0; i + 3 < data.size(); ++i) {
    if (data[i] != 0 || data[i + 1] != 0 || data[i + 2] != 1) continue;
    const std::uint8_t* nal = data.data() + i + 3;
    if (see(nal[0] & 0x1f, nal, data.size() - i - 3)) return;
    i += 2;
  }
}

// 7.3.2.1.1
void skip_order_count(BitReader& in) {
  const std::uint32_t type = in.unsigned_golomb();
  if (type == 0) in.unsigned_golomb();
  if (type != 1) return;
  in.bits(1);
  in.signed_golomb();
  in.signed_golomb();
  const std::uint32_t cycle = in.unsigned_golomb();
  for (std::uint32_t i = 0; i < cycle && i < 256; ++i) in.signed_golomb();
}

std::string text_of(const Size& size) { return std::to_string(size.width) + "x" + std::to_string(size.height); }

std::string problem_of_sequence(const std::optional<SequenceFacts>& sequence, const Size& size) {
  if (!sequence) return "made parameters that cannot be read";
  if (sequence->profile != kBaseline) {
    return "made profile " + std::to_string(sequence->profile) + " instead of " + std::to_string(kBaseline);
  }
  if (!(sequence->size == size)) return "made " + text_of(sequence->size) + " of " + text_of(size);
  return "";
}

}  // namespace

std::optional<SequenceFacts> read_sequence(const std::uint8_t* nal, std::size_t size) {
  if (size < 5) return std::nullopt;
  BitReader in(nal, size);
  SequenceFacts facts;
  facts.profile = static_cast<int>(in.bits(8));
  // Of others only the profile is wanted: theirs is another syntax.
  if (facts.profile != kBaseline && facts.profile != kMain && facts.profile != kExtended) return facts;
  in.bits(16);           // constraints, level
  in.unsigned_golomb();  // its number
  in.unsigned_golomb();  // bits of frame_num
  skip_order_count(in);
  in.unsigned_golomb();  // reference frames
  in.bits(1);
  const std::uint32_t columns = in.unsigned_golomb() + 1, rows = in.unsigned_golomb() + 1;
  const std::uint32_t fields = in.bits(1) != 0 ? 1 : 2;
  if (fields == 2) in.bits(1);
  in.bits(1);
  std::uint32_t cut[4] = {};
  if (in.bits(1) != 0) {
    for (std::uint32_t& side : cut) side = in.unsigned_golomb();
  }
  if (columns > kMostMacroblocks || rows > kMostMacroblocks) return std::nullopt;
  const std::uint32_t width = columns * 16, height = rows * 16 * fields;
  for (std::uint32_t side : cut) {
    if (side > 8 * kMostMacroblocks) return std::nullopt;
  }
  const std::uint32_t cut_x = 2 * (cut[0] + cut[1]), cut_y = 2 * fields * (cut[2] + cut[3]);
  if (cut_x >= width || cut_y >= height) return std::nullopt;
  facts.size = {static_cast<int>(width - cut_x), static_cast<int>(height - cut_y)};
  return facts;
}

bool has_nal(const std::vector<std::uint8_t>& access_unit, int type) {
  bool found = false;
  for_each_nal(access_unit, [&](int one, const std::uint8_t*, std::size_t) { return found = found || one == type; });
  return found;
}

bool is_key_frame(const std::vector<std::uint8_t>& access_unit) { return has_nal(access_unit, kIdrNal); }

std::string problem_of(const std::vector<std::uint8_t>& access_unit, bool key_wanted, const Size& size) {
  if (access_unit.empty()) return "made nothing of a picture";
  if (!starts_with_code(access_unit)) return "made something without a start code";
  std::optional<SequenceFacts> sequence;
  bool has_sequence = false, has_picture_set = false, is_key = false, has_slice = false;
  for_each_nal(access_unit, [&](int type, const std::uint8_t* nal, std::size_t left) {
    if (type == kSpsNal) {
      has_sequence = true;
      sequence = read_sequence(nal, left);
    }
    if (type == kPpsNal) has_picture_set = true;
    is_key = type == kIdrNal;
    has_slice = is_key || type == kSliceNal;
    // Parameters count before the slices alone.
    return has_slice;
  });
  if (!has_slice) return "made something without a picture";
  if (has_sequence) {
    const std::string problem = problem_of_sequence(sequence, size);
    if (!problem.empty()) return problem;
  }
  if (key_wanted && !is_key) return "made no key frame though one was asked for";
  if (is_key && (!has_sequence || !has_picture_set)) return "made a key frame without its parameters";
  return "";
}

}  // namespace gc
