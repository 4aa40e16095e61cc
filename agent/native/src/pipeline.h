#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "capture/capture.h"
#include "clock.h"
#include "convert/converter.h"
#include "encode/encoder.h"
#include "event_sink.h"
#include "settings.h"
#include "tiles/tile_grid.h"
#include "tiles/tile_reader.h"

namespace gc {

/**
 * The one thread of a capture: waits for changes, grabs, converts, encodes and posts. Only the newest picture exists:
 * what changes while a frame is made, or while the receiver lags, is merged into the next grab.
 */
class Pipeline {
 public:
  /** `sink` must outlive the pipeline. The thread starts with `start`. */
  Pipeline(std::unique_ptr<Capture> capture, const Settings& settings, EventSink& sink);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  void start();
  void wake() { capture_->wake(); }

  void configure(const Settings& settings);
  void request_key_frame();
  void set_paused(bool paused);
  /** Answered by one TilesEvent, once nothing is left to encode; damage breaks it off. */
  void request_tiles(TileRequest request);
  /** Ends the thread and waits for it. */
  void stop();

 private:
  struct Commands {
    std::optional<Settings> settings;
    std::optional<bool> paused;
    bool begin_anew = false;
    std::vector<TileRequest> tiles;
    bool key_frame = false;
    bool stop = false;
  };

  void run();
  /** False once asked to stop. */
  bool obey_commands();
  void follow_changes(const Changes& changes);
  void work();
  double next_deadline();

  void grab_and_encode();
  void recover_from_failed_grab();
  void encode_still(FrameKind kind);
  void encode_and_post(FrameKind kind, const std::vector<Rect>& changed, FrameEvent event);
  void obey_settings(const Settings& settings);
  void start_afresh();
  void obey_tile_request(TileRequest request);
  void abandon_tiles();
  void read_tiles();
  void report_encoder();
  void report_shape();
  void report_pointer();

  double next_grab_at() const { return last_grab_ms_ + 1000.0 / settings_.max_fps - grab_credit_ms_; }
  double next_pointer_at() const { return last_pointer_ms_ + 1000.0 / 60; }

  std::unique_ptr<Capture> capture_;
  EventSink& sink_;
  std::thread thread_;

  std::mutex mutex_;
  Commands commands_;

  // Only the capture thread touches what follows.
  Settings settings_;
  Converter converter_;
  EncoderHistory encoder_history_;
  std::unique_ptr<Encoder> encoder_;
  EncoderInUse told_encoder_;
  bool paused_ = false;
  bool damaged_ = true;
  bool whole_wanted_ = true;
  bool key_wanted_ = true;
  bool pointer_moved_ = true;
  int failed_grabs_ = 0;
  int refinements_left_ = 0;
  double next_refinement_ms_ = 0;
  double last_grab_ms_ = -1e9;
  /** What the grab before was later than it might have been: the answer to a key need not wait its turn. */
  double grab_credit_ms_ = 0;
  double last_pointer_ms_ = -1e9;
  double captured_at_ms_ = 0;
  std::optional<Point> pointer_;
  std::uint32_t frames_ = 0;
  /** Since the last frame that was posted: the encoder may leave one out. */
  ChangedTiles changed_tiles_;
  TileReader tiles_;
};

}  // namespace gc
