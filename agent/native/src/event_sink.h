#pragma once

#include "events.h"

namespace gc {

/** Where a capture thread leaves its events. Called by that thread only. */
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void post(CaptureEvent event) = 0;
  /** The receiver lags; it wakes the pipeline once it has caught up. */
  virtual bool is_full() = 0;
};

}  // namespace gc
