#pragma once

#include <cstdint>
#include <vector>

#include "../geometry.h"

namespace gc {

/** One tile with at most 255 colours; the fields are those of `NativeTile` in addon.d.ts. */
struct Tile {
  int index = 0;
  /** Of its pixels; 53 bits, so that JavaScript can hold it. */
  std::uint64_t hash = 0;
  /** RGB of each colour, in the order in which they appear. Empty: too many, and `pixels` is RGB. */
  std::vector<std::uint8_t> colours;
  std::vector<std::uint8_t> pixels;
};

struct TileRequest {
  std::uint32_t id = 0;
  std::vector<std::uint32_t> tiles;
  /** Enough once so many tiles were found worth sending. */
  int limit = 0;
  /** The video is coarse or scaled: everything that has contrast is worth sending. */
  bool coarse = false;
};

/** The answer to one request, never more than one. */
struct TilesEvent {
  std::uint32_t id = 0;
  /** The newest frame: the tiles show what it shows. */
  std::uint32_t frame_id = 0;
  Size surface;
  /** The picture changed or is about to: nothing was found out. */
  bool abandoned = false;
  std::vector<Tile> tiles;
  /** Looked at, and the video does them justice. */
  std::vector<std::uint32_t> plain;
};

/** The tile's pixels in the shorter of the two forms. */
Tile take_tile(const std::uint8_t* bgra, int stride, const Rect& area, int index);

}  // namespace gc
