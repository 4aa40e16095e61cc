#pragma once

#include <chrono>
#include <limits>

namespace gc {

constexpr double kNever = std::numeric_limits<double>::infinity();

/** CLOCK_MONOTONIC in milliseconds: the clock of `process.hrtime`, so that JS can compare. */
inline double now_ms() {
  using namespace std::chrono;
  return duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace gc
