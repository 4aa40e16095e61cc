#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "encoder.h"

namespace gc {

using EncoderFactory = std::function<std::unique_ptr<Encoder>(const Size&, const Settings&)>;

/** What became of one picture. */
struct CandidateAnswer {
  EncodedFrame frame;
  /** Why there is none; empty when there is one. */
  std::string failure;
  std::string name;
  double took_ms = 0;
};

/**
 * An encoder that is not to be trusted, on a thread of its own with pictures of its own: a call of it that never
 * returns costs that thread and nothing else. It is made there, with the first picture, and ends there.
 */
class CandidateThread {
 public:
  CandidateThread(EncoderFactory factory, const Size& size, std::function<double()> now);
  /** Gives the thread a moment to end, then leaves it to itself. */
  ~CandidateThread();
  CandidateThread(const CandidateThread&) = delete;
  CandidateThread& operator=(const CandidateThread&) = delete;

  /** Hands in a copy of the picture. Not before the one before was answered. */
  void begin(const I420Picture& picture, const std::vector<Rect>& changed, FrameKind kind, double timestamp_ms,
             const Settings& settings);

  /** Nothing when there is no answer after this time. */
  std::optional<CandidateAnswer> wait(double ms);

  /** Nothing more will be asked; returns at once. */
  void end();

 private:
  struct Shared;
  static void run(const std::shared_ptr<Shared>& shared, const EncoderFactory& factory);

  std::shared_ptr<Shared> shared_;
  std::thread thread_;
};

}  // namespace gc
