#include "pipeline.h"

#include <algorithm>
#include <utility>

#include "thread_priority.h"

namespace gc {
namespace {

/** Refinements wait this long, and at least as long as the frame before takes on a link of the target bit rate. */
constexpr double kRefinementIntervalMs = 80;
constexpr double kMaxGrabCreditMs = 16;
constexpr int kMaxFailedGrabs = 100;

double transmission_ms(std::size_t bytes, int bitrate) { return static_cast<double>(bytes) * 8000.0 / bitrate; }

}  // namespace

Pipeline::Pipeline(std::unique_ptr<Capture> capture, const Settings& settings, EventSink& sink)
    : capture_(std::move(capture)), sink_(sink), settings_(settings),
      converter_(capture_->size(), settings.scale), encoder_(create_encoder(converter_.picture().size(), settings, encoder_history_)),
      changed_tiles_(capture_->size()) {}

Pipeline::~Pipeline() { stop(); }

void Pipeline::start() {
  thread_ = std::thread([this] {
    stand_back(settings_.niceness);
    capture_->pace(settings_.max_fps);
    // Its threads inherit the niceness of the one that makes it; the one at hand was made to fail early.
    if (settings_.threads > 1 && settings_.niceness > 0) encoder_.reset();
    run();
  });
}

void Pipeline::configure(const Settings& settings) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    commands_.settings = settings;
  }
  capture_->wake();
}

void Pipeline::request_key_frame() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    commands_.key_frame = true;
  }
  capture_->wake();
}

void Pipeline::set_paused(bool paused) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    // A pause that ends before the thread saw it is one all the same: the picture begins anew.
    if (!paused && commands_.paused.value_or(false)) commands_.begin_anew = true;
    commands_.paused = paused;
  }
  capture_->wake();
}

void Pipeline::request_tiles(TileRequest request) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    commands_.tiles.push_back(std::move(request));
  }
  capture_->wake();
}

void Pipeline::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    commands_.stop = true;
  }
  capture_->wake();
  thread_.join();
}

void Pipeline::run() {
  try {
    report_shape();
    while (obey_commands()) {
      work();
      follow_changes(capture_->wait(next_deadline()));
    }
  } catch (const std::exception& error) {
    sink_.post(ClosedEvent{error.what()});
  }
}

bool Pipeline::obey_commands() {
  Commands commands;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::swap(commands, commands_);
  }
  if (commands.stop) return false;
  if (commands.settings) obey_settings(*commands.settings);
  if (commands.key_frame) key_wanted_ = true;
  for (TileRequest& request : commands.tiles) obey_tile_request(std::move(request));
  if (commands.begin_anew) damaged_ = whole_wanted_ = key_wanted_ = true;
  if (commands.paused) {
    if (paused_ && !*commands.paused) damaged_ = whole_wanted_ = key_wanted_ = true;
    paused_ = *commands.paused;
    capture_->pace(paused_ ? 0 : settings_.max_fps);
  }
  return true;
}

void Pipeline::obey_settings(const Settings& settings) {
  const bool other_size = settings.scale != settings_.scale;
  settings_ = settings;
  if (!paused_) capture_->pace(settings_.max_fps);
  if (other_size) return start_afresh();
  if (encoder_) encoder_->configure(settings_);
}

void Pipeline::follow_changes(const Changes& changes) {
  damaged_ |= changes.damage;
  pointer_moved_ |= changes.pointer;
  if (changes.cursor_shape) report_shape();
  if (changes.displays) {
    if (capture_->follow_display()) start_afresh();
    sink_.post(DisplaysChangedEvent{});
  }
}

void Pipeline::start_afresh() {
  converter_ = Converter(capture_->size(), settings_.scale);
  changed_tiles_ = ChangedTiles(capture_->size());
  encoder_.reset();
  damaged_ = whole_wanted_ = key_wanted_ = true;
}

void Pipeline::work() {
  const double now = now_ms();
  if (pointer_moved_ && now >= next_pointer_at()) report_pointer();
  if (damaged_ || paused_) abandon_tiles();
  if (paused_ || sink_.is_full()) return;
  if (damaged_) {
    if (now >= next_grab_at()) grab_and_encode();
  } else if (key_wanted_) {
    encode_still(FrameKind::kKey);
  } else if (refinements_left_ > 0 && now >= next_refinement_ms_) {
    --refinements_left_;
    encode_still(FrameKind::kRefinement);
  } else if (refinements_left_ == 0 && tiles_.is_busy()) {
    read_tiles();
  }
}

double Pipeline::next_deadline() {
  double deadline = pointer_moved_ ? next_pointer_at() : kNever;
  if (paused_ || sink_.is_full()) return deadline;
  if (damaged_) return std::min(deadline, next_grab_at());
  if (key_wanted_) return now_ms();
  if (refinements_left_ > 0) return std::min(deadline, next_refinement_ms_);
  return tiles_.is_busy() ? now_ms() : deadline;
}

void Pipeline::grab_and_encode() {
  const double now = now_ms();
  grab_credit_ms_ = std::clamp(now - next_grab_at(), 0.0, kMaxGrabCreditMs);
  last_grab_ms_ = now;
  damaged_ = false;
  const std::optional<Grab> grab = capture_->grab(whole_wanted_);
  if (!grab) return recover_from_failed_grab();
  failed_grabs_ = 0;
  whole_wanted_ = false;
  const double grabbed_ms = now_ms();
  captured_at_ms_ = grab->read_ended_ms > 0 ? grab->read_ended_ms : grabbed_ms;
  report_pointer();
  if (grab->changed.empty()) return;

  FrameEvent event;
  event.grab_ms = grabbed_ms - last_grab_ms_ + grab->read_ended_ms - grab->read_began_ms;
  const double convert_started = now_ms();
  std::vector<Rect> changed;
  for (const Rect& area : grab->changed) {
    changed_tiles_.add(area);
    changed.push_back(converter_.take(grab->bgra, grab->stride, area));
    event.damaged_pixels += changed.back().area();
  }
  event.convert_ms = now_ms() - convert_started;
  refinements_left_ = settings_.refinements;
  encode_and_post(FrameKind::kDelta, changed, std::move(event));
}

// The desktop shrank under us and its event is on the way; other causes must not become an endless loop.
void Pipeline::recover_from_failed_grab() {
  if (++failed_grabs_ > kMaxFailedGrabs) throw CaptureLost("the screen cannot be read");
  if (capture_->follow_display()) start_afresh();
  damaged_ = whole_wanted_ = true;
}

void Pipeline::encode_still(FrameKind kind) {
  FrameEvent event;
  event.refinement = kind == FrameKind::kRefinement;
  encode_and_post(kind, {}, std::move(event));
}

void Pipeline::encode_and_post(FrameKind kind, const std::vector<Rect>& changed, FrameEvent event) {
  I420Picture& picture = converter_.picture();
  if (!encoder_) encoder_ = create_encoder(picture.size(), settings_, encoder_history_);
  if (std::exchange(key_wanted_, false)) kind = FrameKind::kKey;
  const double started = now_ms();
  EncodedFrame frame = encoder_->encode(picture, changed, kind, started);
  const double ended = now_ms();
  report_encoder();
  if (kind == FrameKind::kKey || frame.began_anew) refinements_left_ = settings_.refinements;
  if (frame.sharp) refinements_left_ = 0;
  next_refinement_ms_ = ended + std::max(kRefinementIntervalMs, transmission_ms(frame.data.size(), settings_.bitrate));
  if (frame.data.empty()) return;

  event.data = std::move(frame.data);
  event.key_frame = frame.key_frame;
  event.frame_id = ++frames_;
  event.size = picture.size();
  event.captured_at_ms = captured_at_ms_;
  event.encode_ms = ended - started;
  event.qp = frame.qp;
  event.changed_tiles = changed_tiles_;
  changed_tiles_.clear();
  sink_.post(std::move(event));
}

void Pipeline::obey_tile_request(TileRequest request) {
  abandon_tiles();
  tiles_.begin(std::move(request));
}

void Pipeline::abandon_tiles() {
  if (tiles_.is_busy()) sink_.post(tiles_.abandon(capture_->size(), frames_));
}

void Pipeline::read_tiles() {
  // The encoder left out the last change: no frame shows yet what the surface does.
  if (changed_tiles_.any()) return abandon_tiles();
  std::optional<TilesEvent> found = tiles_.work(capture_->pixels(), capture_->stride(), capture_->size(), frames_);
  if (found) sink_.post(std::move(*found));
}

void Pipeline::report_encoder() {
  if (encoder_->in_use() == told_encoder_) return;
  told_encoder_ = encoder_->in_use();
  sink_.post(EncoderEvent{told_encoder_.name, told_encoder_.reason});
}

void Pipeline::report_shape() {
  if (std::optional<CursorPicture> shape = capture_->cursor_shape()) sink_.post(std::move(*shape));
}

void Pipeline::report_pointer() {
  pointer_moved_ = false;
  last_pointer_ms_ = now_ms();
  const std::optional<Point> at = capture_->pointer();
  if (!at || at == pointer_) return;
  pointer_ = at;
  sink_.post(CursorPositionEvent{*at});
}

}  // namespace gc
