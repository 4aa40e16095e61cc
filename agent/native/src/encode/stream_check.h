#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../geometry.h"

namespace gc {

struct SequenceFacts {
  int profile = 0;
  /** What is shown, without the rest of the last macroblocks. */
  Size size;
};

/** Reads a sequence parameter set with its NAL header; nothing when it makes no sense. Of High only the profile. */
std::optional<SequenceFacts> read_sequence(const std::uint8_t* nal, std::size_t size);

/** Whether an access unit (Annex B) has a NAL unit of this type. */
bool has_nal(const std::vector<std::uint8_t>& access_unit, int type);

/** Whether it shows a picture that needs none before it. */
bool is_key_frame(const std::vector<std::uint8_t>& access_unit);

/**
 * What is wrong with what an encoder made, as the end of a sentence; empty when nothing is. Looks at what a viewer
 * could not get over: no start code, no slice, no key frame though one was asked for, one without its parameter sets,
 * another size or profile than was told to the viewer.
 */
std::string problem_of(const std::vector<std::uint8_t>& access_unit, bool key_wanted, const Size& size);

}  // namespace gc
