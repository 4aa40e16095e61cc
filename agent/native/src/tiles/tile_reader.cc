#include "tile_reader.h"

#include <utility>

#include "../clock.h"
#include "tile_loss.h"

namespace gc {
namespace {

constexpr double kSliceMs = 1.5;

}  // namespace

void TileReader::begin(TileRequest request) {
  request_ = std::move(request);
  next_ = 0;
  found_ = TilesEvent{};
}

std::optional<TilesEvent> TileReader::work(const std::uint8_t* bgra, int stride, const Size& surface,
                                           std::uint32_t frame_id) {
  const TileGrid grid(surface);
  const double end = now_ms() + kSliceMs;
  const auto is_enough = [this] { return static_cast<int>(found_.tiles.size()) >= request_->limit; };
  while (next_ < request_->tiles.size() && !is_enough()) {
    const std::uint32_t index = request_->tiles[next_++];
    // Asked for with another size of the screen in mind.
    if (index >= static_cast<std::uint32_t>(grid.count())) continue;
    const Rect area = grid.rect(static_cast<int>(index));
    const bool is_worth_it =
        request_->coarse ? has_contrast(bgra, stride, area) : loses_colour(bgra, stride, area);
    if (is_worth_it) found_.tiles.push_back(take_tile(bgra, stride, area, static_cast<int>(index)));
    else found_.plain.push_back(index);
    if (now_ms() >= end) return std::nullopt;
  }
  return answer(surface, frame_id);
}

TilesEvent TileReader::abandon(const Size& surface, std::uint32_t frame_id) {
  found_ = TilesEvent{};
  found_.abandoned = true;
  return answer(surface, frame_id);
}

TilesEvent TileReader::answer(const Size& surface, std::uint32_t frame_id) {
  found_.id = request_->id;
  found_.surface = surface;
  found_.frame_id = frame_id;
  request_.reset();
  return std::exchange(found_, TilesEvent{});
}

}  // namespace gc
