#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "tile.h"
#include "tile_grid.h"

namespace gc {

/** Works on one request at a time, a slice of a millisecond or two after the other, so that it can be broken off. */
class TileReader {
 public:
  bool is_busy() const { return request_.has_value(); }

  /** A request still under way is forgotten: answer it by `abandon` before. */
  void begin(TileRequest request);

  /** Looks at some tiles; the answer once there is nothing left to look at, or enough was found. */
  std::optional<TilesEvent> work(const std::uint8_t* bgra, int stride, const Size& surface, std::uint32_t frame_id);

  /** The answer to a request that cannot be met. */
  TilesEvent abandon(const Size& surface, std::uint32_t frame_id);

 private:
  TilesEvent answer(const Size& surface, std::uint32_t frame_id);

  std::optional<TileRequest> request_;
  std::size_t next_ = 0;
  TilesEvent found_;
};

}  // namespace gc
