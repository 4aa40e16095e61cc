#include <windows.h>

#include <algorithm>
#include <utility>

#include "../clock.h"
#include "cursor_windows.h"
#include "displays_windows.h"
#include "input_desktop_windows.h"
#include "look_pace_windows.h"
#include "screen_reader_windows.h"
#include "sleeper_windows.h"

namespace gc {
namespace {

/** How often the cheap questions are asked: where the pointer is, and whether somebody touched the machine. */
constexpr double kGlanceMs = 16;
constexpr double kCalmGlanceMs = 33;
/** How often the dearer ones are: which monitors there are, and which desktop shows. */
constexpr double kSurveyMs = 250;
constexpr double kRetryMs = 200;
/** How often the better reader is tried for again where it was to be had before. */
constexpr double kUpgradeMs = 10'000;

Rect even_sized(const Rect& area) { return {area.x, area.y, area.width & ~1, area.height & ~1}; }

bool same_displays(const std::vector<DisplayInfo>& a, const std::vector<DisplayInfo>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const DisplayInfo& one, const DisplayInfo& other) {
    return one.id == other.id && one.area == other.area && one.primary == other.primary;
  });
}

DWORD last_input_tick() {
  LASTINPUTINFO info{};
  info.cbSize = sizeof(info);
  return GetLastInputInfo(&info) ? info.dwTime : 0;
}

/** Windows tells of hardly anything without a window that listens, and a thread with windows cannot change desktops. */
class WindowsCapture final : public Capture {
 public:
  explicit WindowsCapture(const CaptureTarget& target) : display_id_(target.display_id), displays_(query_displays()) {
    const std::optional<DisplayInfo> info = find_display(display_id_);
    if (!info) throw std::runtime_error("Windows has no monitor '" + display_id_ + "'");
    area_ = even_sized(info->area);
    use(open_screen_reader(display_id_, area_));
  }

  void wake() override { sleeper_.wake(); }
  void pace(double max_fps) override { pace_.limit(max_fps); }
  Size size() const override { return {area_.width, area_.height}; }
  const std::uint8_t* pixels() const override { return reader_->pixels(); }
  int stride() const override { return reader_->stride(); }
  std::optional<CursorPicture> cursor_shape() override { return cursor_.shape(); }
  std::optional<Point> pointer() override { return cursor_.position(); }

  Changes wait(double deadline_ms) override {
    for (;;) {
      const Changes changes = look_around();
      if (changes.damage || changes.cursor_shape || changes.pointer || changes.displays) return changes;
      if (now_ms() >= deadline_ms) return changes;
      if (doze_until(std::min(deadline_ms, next_look_around()))) return {};
    }
  }

  std::optional<Grab> grab(bool whole) override {
    found_damage_ = false;
    try {
      Grab grab = reader_->take(whole || std::exchange(whole_wanted_, false));
      if (!grab.changed.empty()) pace_.stir(now_ms());
      return grab;
    } catch (const ReadingFailed&) {
      note_failure();
      // The picture stays as it is until the screen can be read again.
      return Grab{pixels(), stride(), {}, 0, 0};
    }
  }

  bool follow_display() override {
    const std::optional<DisplayInfo> info = find_display(display_id_);
    if (!info) throw CaptureLost("the monitor '" + display_id_ + "' is gone");
    const Rect area = even_sized(info->area);
    if (area == area_) return false;
    area_ = area;
    reader_->let_go();
    use(open_screen_reader(display_id_, area_));
    found_damage_ = failed_ = false;
    return true;
  }

 private:
  void use(std::unique_ptr<ScreenReader> reader) {
    reader_ = std::move(reader);
    was_told_ |= reader_->is_told();
  }

  /** A reader that is told is asked at any time, the others at their pace. */
  bool is_look_due(double now) const {
    if (found_damage_ || failed_) return false;
    return reader_->is_told() ? pace_.is_wanted() : now >= pace_.next(now);
  }

  /** True when woken. Where the driver tells of changes, they end it; then `wake` waits for the next glance. */
  bool doze_until(double deadline_ms) {
    if (!reader_->is_told() || !is_look_due(now_ms())) return sleeper_.sleep_until(deadline_ms);
    if (sleeper_.sleep_until(now_ms())) return true;
    look_at_screen(std::min(deadline_ms - now_ms(), kGlanceMs));
    return false;
  }

  Changes look_around() {
    Changes changes;
    double now = now_ms();
    if (now >= next_glance()) glance(now, changes);
    if (now >= surveyed_ms_ + kSurveyMs) survey(now, changes);
    if (failed_ && now >= failed_ms_ + kRetryMs) try_again(now);
    if (!damage_ && is_look_due(now)) look_at_screen(0);
    changes.damage = std::exchange(damage_, false);
    return changes;
  }

  double next_look_around() const {
    double next = std::min(next_glance(), surveyed_ms_ + kSurveyMs);
    if (failed_) next = std::min(next, failed_ms_ + kRetryMs);
    else if (!found_damage_ && !reader_->is_told()) next = std::min(next, pace_.next(now_ms()));
    return next;
  }

  double next_glance() const { return glanced_ms_ + (pace_.is_calm(glanced_ms_) ? kCalmGlanceMs : kGlanceMs); }

  void glance(double now, Changes& changes) {
    glanced_ms_ = now;
    const CursorChanges cursor = cursor_.look();
    changes.cursor_shape = cursor.shape;
    changes.pointer = cursor.position;
    const DWORD input = last_input_tick();
    if (std::exchange(input_tick_, input) != input || cursor.shape || cursor.position) pace_.stir(now);
  }

  void survey(double now, Changes& changes) {
    surveyed_ms_ = now;
    if (desktop_.follow()) try_again(now);
    else if (was_told_ && !failed_ && !reader_->is_told() && now >= upgraded_ms_ + kUpgradeMs) upgrade(now);
    std::vector<DisplayInfo> displays = query_displays();
    if (displays.empty() || same_displays(displays, displays_)) return;
    displays_ = std::move(displays);
    changes.displays = true;
  }

  void look_at_screen(double patience_ms) {
    const double began = now_ms();
    try {
      found_damage_ = damage_ = reader_->look(patience_ms);
    } catch (const ReadingFailed&) {
      note_failure();
    }
    if (!reader_->is_told()) pace_.looked(began, now_ms());
    if (damage_) pace_.stir(began);
  }

  void note_failure() {
    failed_ = whole_wanted_ = true;
    found_damage_ = damage_ = false;
    failed_ms_ = now_ms();
  }

  // Nothing tells why reading failed: the desktop that shows may have changed, or the rights to it.
  void try_again(double now) {
    failed_ms_ = now;
    desktop_.follow();
    try {
      reader_->let_go();
      std::unique_ptr<ScreenReader> fresh = open_screen_reader(display_id_, area_);
      fresh->look(0);
      use(std::move(fresh));
      begin_anew();
    } catch (const ReadingFailed&) {
      // Once more, later.
      note_failure();
    }
  }

  // While another desktop came up, the driver may have refused for a moment.
  void upgrade(double now) {
    upgraded_ms_ = now;
    try {
      use(open_dxgi_reader(display_id_, area_));
      begin_anew();
    } catch (const ReadingFailed&) {
      // GDI goes on.
    }
  }

  void begin_anew() {
    failed_ = false;
    damage_ = found_damage_ = whole_wanted_ = true;
    pace_.stir(now_ms());
  }

  std::string display_id_;
  std::vector<DisplayInfo> displays_;
  Rect area_;
  Sleeper sleeper_;
  InputDesktop desktop_;
  Cursor cursor_;
  LookPace pace_;
  std::unique_ptr<ScreenReader> reader_;
  DWORD input_tick_ = 0;
  double glanced_ms_ = -1e9;
  double surveyed_ms_ = -1e9;
  /** To be told by the wait under way. */
  bool damage_ = false;
  /** Told, and not grabbed yet: there is no use in looking again. */
  bool found_damage_ = false;
  bool whole_wanted_ = false;
  bool failed_ = false;
  double failed_ms_ = 0;
  /** The driver told of changes once. */
  bool was_told_ = false;
  double upgraded_ms_ = -1e9;
};

}  // namespace

std::unique_ptr<Capture> open_capture(const CaptureTarget& target) { return std::make_unique<WindowsCapture>(target); }

}  // namespace gc
