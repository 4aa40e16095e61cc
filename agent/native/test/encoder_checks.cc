// For tests only: runs the case that is named, with encoders that fail in the ways that drivers do. Ends with 0 when
// every check held; what did not is printed.
#include <wels/codec_api.h>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <random>
#include <stdexcept>
#include <thread>

#include "../src/encode/guarded_encoder.h"
#include "../src/encode/nv12.h"
#include "../src/encode/stream_check.h"

namespace {

using namespace gc;

int failures = 0;

void check(bool holds, const std::string& what) {
  if (holds) return;
  ++failures;
  std::printf("failed: %s\n", what.c_str());
}

void check_has(const std::string& text, const std::string& part) {
  check(text.find(part) != std::string::npos, "'" + text + "' has '" + part + "'");
}

constexpr Size kSize{320, 180};

Settings settings() {
  Settings made;
  made.bitrate = 2000000;
  made.max_fps = 30;
  made.min_qp = 12;
  made.max_qp = 40;
  return made;
}

/** A door that a driver's call waits at. */
class Gate {
 public:
  void pass() {
    std::unique_lock<std::mutex> lock(mutex_);
    opened_.wait(lock, [this] { return open_; });
  }
  void open() {
    const std::lock_guard<std::mutex> lock(mutex_);
    open_ = true;
    opened_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
};

/** Time passes for each thread only as it codes: how busy the machine is, and what others do meanwhile, is not in it. */
thread_local double clock_ms = 0;

/** What the candidate does wrong, and what became of it. Shared with threads that may be left behind. */
struct Driver {
  std::function<void()> creating = [] {};
  /** Alters what picture number n (from 1) became, or does not come back. */
  std::function<void(EncodedFrame&, FrameKind, int)> coding = [](EncodedFrame&, FrameKind, int) {};
  Size makes = kSize;
  std::atomic<double> candidate_takes{5};
  std::atomic<int> created{0};
  std::atomic<int> ended{0};
};

class Candidate final : public Encoder {
 public:
  explicit Candidate(std::shared_ptr<Driver> driver)
      : driver_(std::move(driver)), real_(create_openh264_encoder(driver_->makes, settings())), other_(driver_->makes) {
    ++driver_->created;
  }
  ~Candidate() override { ++driver_->ended; }

  EncodedFrame encode(I420Picture& picture, const std::vector<Rect>& changed, FrameKind kind, double at) override {
    clock_ms += driver_->candidate_takes;
    const bool same = driver_->makes == kSize;
    EncodedFrame frame = real_->encode(same ? picture : other_, changed, kind, at);
    driver_->coding(frame, kind, ++pictures_);
    return frame;
  }
  void configure(const Settings&) override {}
  const EncoderInUse& in_use() const override { return in_use_; }

 private:
  const EncoderInUse in_use_{"Candidate of a test", ""};
  std::shared_ptr<Driver> driver_;
  std::unique_ptr<Encoder> real_;
  I420Picture other_;
  int pictures_ = 0;
};

class Fallback final : public Encoder {
 public:
  EncodedFrame encode(I420Picture& picture, const std::vector<Rect>& changed, FrameKind kind, double at) override {
    clock_ms += 10;
    return real_->encode(picture, changed, kind, at);
  }
  void configure(const Settings&) override {}
  const EncoderInUse& in_use() const override { return real_->in_use(); }

 private:
  std::unique_ptr<Encoder> real_ = create_openh264_encoder(kSize, settings());
};

/** A viewer that must be able to show everything it is sent. */
class Viewer {
 public:
  Viewer() {
    WelsCreateDecoder(&decoder_);
    int quiet = WELS_LOG_QUIET;
    decoder_->SetOption(DECODER_OPTION_TRACE_LEVEL, &quiet);
    SDecodingParam parameters{};
    parameters.eEcActiveIdc = ERROR_CON_DISABLE;
    parameters.sVideoProperty.eVideoBsType = VIDEO_BITSTREAM_AVC;
    decoder_->Initialize(&parameters);
  }
  ~Viewer() {
    decoder_->Uninitialize();
    WelsDestroyDecoder(decoder_);
  }

  void show(const std::vector<std::uint8_t>& data, const I420Picture& truth) {
    std::uint8_t* planes[3] = {};
    SBufferInfo buffer{};
    const int state = decoder_->DecodeFrameNoDelay(data.data(), static_cast<int>(data.size()), planes, &buffer);
    check(state == dsErrorFree && buffer.iBufferStatus == 1, "the viewer decodes, state " + std::to_string(state));
    if (buffer.iBufferStatus != 1) return;
    const SSysMEMBuffer& shown = buffer.UsrData.sSystemBuffer;
    check(shown.iWidth == kSize.width && shown.iHeight == kSize.height, "the picture has its size");
    std::int64_t off = 0;
    for (int y = 0; y < kSize.height; ++y) {
      for (int x = 0; x < kSize.width; ++x) {
        off += std::abs(planes[0][y * shown.iStride[0] + x] - truth.y()[y * truth.luma_stride() + x]);
      }
    }
    check(off < std::int64_t{8} * kSize.width * kSize.height, "the viewer sees what is on the screen");
  }

 private:
  ISVCDecoder* decoder_ = nullptr;
};

class Session {
 public:
  explicit Session(std::shared_ptr<Driver> driver, GuardLimits limits = {}) : driver_(std::move(driver)) {
    limits_ = limits;
    // A busy machine must not make a case of its own.
    if (limits_.answer_ms == GuardLimits{}.answer_ms) limits_.answer_ms = 10000;
    begin();
  }

  void begin() {
    GuardParts parts;
    parts.candidate_name = "Candidate";
    parts.candidate = [driver = driver_](const Size&, const Settings&) {
      driver->creating();
      return std::make_unique<Candidate>(driver);
    };
    parts.fallback = [](const Size&, const Settings&) { return std::make_unique<Fallback>(); };
    parts.limits = limits_;
    parts.now = [] { return clock_ms; };
    guard_.reset();
    guard_ = std::make_unique<GuardedEncoder>(kSize, settings(), std::move(parts), history_);
  }

  EncodedFrame step(FrameKind kind = FrameKind::kDelta) {
    std::vector<Rect> changed;
    if (kind == FrameKind::kDelta) {
      ++pictures_;
      for (int y = 0; y < kSize.height; ++y) {
        std::uint8_t* row = picture_.y() + y * picture_.luma_stride();
        for (int x = 0; x < kSize.width; ++x) row[x] = static_cast<std::uint8_t>(16 + (x + y + pictures_ * 3) % 200);
      }
      changed = {{0, 0, kSize.width, kSize.height}};
    }
    const bool first = frames_++ == 0;
    EncodedFrame frame = guard_->encode(picture_, changed, kind, 33.0 * frames_);
    if (frame.key_frame) ++keys_;
    const std::string problem = problem_of(frame.data, first || kind == FrameKind::kKey, kSize);
    check(problem.empty(), "what is sent is right: " + problem);
    viewer_.show(frame.data, picture_);
    return frame;
  }

  /** Goes on until the candidate is used or refused, with all the time that a busy machine needs for it. */
  void decide() {
    const double began = clock_ms;
    for (int i = 0; i < 20000 && guard_->in_use().reason.find("being tried") != std::string::npos; ++i) {
      step();
      clock_ms = began;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  void use_candidate() {
    decide();
    check(uses_candidate(), "the candidate is used, not: " + reason());
    keys_ = 0;
  }
  /** One more picture, which the candidate spoils: it must be the fallback's key frame. */
  void expect_fall(const std::string& why, FrameKind kind = FrameKind::kDelta) {
    const EncodedFrame frame = step(kind);
    check(frame.key_frame && frame.began_anew, "the fallback's first picture is a key frame");
    check(!uses_candidate() && guard_->in_use().name == "OpenH264", "the fallback is used");
    check_has(reason(), why);
    for (int i = 0; i < 5; ++i) check(!step().key_frame, "no further key frame");
    check(!uses_candidate(), "the candidate stays refused");
  }
  void expect_refusal(const std::string& why) {
    decide();
    check(guard_->in_use().name == "OpenH264", "the fallback is used");
    check_has(reason(), why);
    check(keys_ == 1, "the session has seen its first key frame only");
  }

  bool uses_candidate() const { return guard_->in_use().name == "Candidate of a test"; }
  std::string reason() const { return guard_->in_use().reason; }
  int keys() const { return keys_; }
  void end() { guard_.reset(); }

 private:
  std::shared_ptr<Driver> driver_;
  GuardLimits limits_;
  EncoderHistory history_;
  I420Picture picture_{kSize};
  std::unique_ptr<GuardedEncoder> guard_;
  Viewer viewer_;
  int pictures_ = 0;
  int frames_ = 0;
  int keys_ = 0;
};

/** In use from the fourth picture on; this is the one to spoil. */
constexpr int kLater = 10;

void fall_later(const std::string& why, const std::function<void(EncodedFrame&)>& spoil,
                FrameKind kind = FrameKind::kDelta) {
  const auto driver = std::make_shared<Driver>();
  driver->coding = [=](EncodedFrame& frame, FrameKind asked, int n) {
    if (n >= kLater && asked == kind) spoil(frame);
  };
  Session session(driver);
  session.use_candidate();
  for (int i = 5; i < kLater; ++i) session.step();
  check(session.uses_candidate(), "the candidate is used until it fails");
  session.expect_fall(why, kind);
  session.end();
  check(driver->ended == driver->created, "the candidate has ended");
}

std::vector<std::uint8_t> key_frame_of(const Size& size) {
  I420Picture picture(size);
  return create_openh264_encoder(size, settings())->encode(picture, {}, FrameKind::kKey, 0).data;
}

void until(const std::atomic<int>& count, int wanted) {
  for (int i = 0; i < 20000 && count < wanted; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  check(count >= wanted, "what another thread does was done in time");
}

void works() {
  const auto driver = std::make_shared<Driver>();
  Session session(driver);
  const EncodedFrame first = session.step();
  check(first.key_frame && !session.uses_candidate(), "the fallback makes the first picture");
  session.decide();
  check(session.uses_candidate() && session.reason().empty(), "the candidate is used");
  check(session.keys() == 2, "the switch took one key frame");
  for (int i = 0; i < 100; ++i) check(!session.step().key_frame, "no further key frame");
  check(session.step(FrameKind::kKey).key_frame, "a key frame when asked for one");
  session.step(FrameKind::kRefinement);
  check(session.uses_candidate(), "the candidate stays");
}

void creation_fails() {
  const auto driver = std::make_shared<Driver>();
  driver->creating = [] { throw std::runtime_error("SetOutputType: 0xc00d36b4"); };
  Session session(driver);
  session.expect_refusal("Candidate: SetOutputType: 0xc00d36b4");
  const int before = driver->created;
  session.begin();
  for (int i = 0; i < 5; ++i) session.step();
  check_has(session.reason(), "SetOutputType");
  check(driver->created == before, "it is not tried again with another size");
}

void creation_hangs() {
  const auto gate = std::make_shared<Gate>();
  const auto driver = std::make_shared<Driver>();
  driver->creating = [gate] { gate->pass(); };
  Session session(driver);
  // Each picture takes 10 ms on the clock of the test.
  for (int i = 0; i < 490; ++i) session.step();
  check_has(session.reason(), "being tried");
  for (int i = 0; i < 30; ++i) session.step();
  check_has(session.reason(), "no picture in time");
  check(session.keys() == 1, "the session saw nothing of it");
  session.end();
  gate->open();
  until(driver->ended, 1);
}

void coding_hangs() {
  const auto gate = std::make_shared<Gate>();
  const auto driver = std::make_shared<Driver>();
  driver->coding = [gate](EncodedFrame&, FrameKind, int n) {
    if (n >= kLater) gate->pass();
  };
  GuardLimits limits;
  limits.answer_ms = 1500;
  Session session(driver, limits);
  session.use_candidate();
  for (int i = 5; i < kLater; ++i) session.step();
  const double began = now_ms();
  session.expect_fall("no picture in time");
  check(now_ms() - began < 8000, "the session waited for its deadline only");
  session.end();
  check(driver->ended == 0, "it hangs still");
  gate->open();
  until(driver->ended, 1);
}

void ends_while_created() {
  const auto gate = std::make_shared<Gate>();
  const auto driver = std::make_shared<Driver>();
  const auto begun = std::make_shared<std::atomic<int>>(0);
  driver->creating = [gate, begun] {
    ++*begun;
    gate->pass();
  };
  {
    Session session(driver);
    session.step();
    until(*begun, 1);
  }
  gate->open();
  until(driver->ended, 1);
}

void slow_from_the_start() {
  const auto driver = std::make_shared<Driver>();
  driver->candidate_takes = 25;
  Session session(driver);
  session.expect_refusal("took 25.0 ms a picture, which takes");
}

void slow_later() {
  const auto driver = std::make_shared<Driver>();
  Session session(driver);
  session.use_candidate();
  for (int i = 0; i < 40; ++i) session.step();
  driver->candidate_takes = 200;
  session.step();
  driver->candidate_takes = 5;
  for (int i = 0; i < 40; ++i) session.step();
  check(session.uses_candidate() && session.keys() == 0, "one slow picture is forgiven");
  driver->candidate_takes = 200;
  for (int i = 0; i < 60 && session.uses_candidate(); ++i) session.step();
  check_has(session.reason(), "took 200.0 ms");
  check(session.keys() == 0, "its last picture is sent all the same");
  check(session.step().key_frame, "the fallback begins with a key frame");
}

void still_screen() {
  const auto driver = std::make_shared<Driver>();
  Session session(driver);
  session.step();
  for (int i = 0; i < 200 && driver->created == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  for (int i = 0; i < 50; ++i) {
    session.step(FrameKind::kRefinement);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  check(!session.uses_candidate() && session.keys() == 1, "no key frame makes a still screen rough again");
  session.use_candidate();
}

void other_size() {
  const auto driver = std::make_shared<Driver>();
  driver->makes = {336, 192};
  Session session(driver);
  session.expect_refusal("made 336x192 of 320x180");
}

void reads_sizes() {
  for (const Size& size : {Size{1920, 1080}, Size{1366, 768}, Size{642, 402}, Size{320, 180}, Size{3840, 2160}}) {
    const std::vector<std::uint8_t> data = key_frame_of(size);
    check(problem_of(data, true, size).empty(), "a key frame of its size is right: " + problem_of(data, true, size));
    check_has(problem_of(data, true, {size.width + 2, size.height}), "made " + std::to_string(size.width));
  }
  std::vector<std::uint8_t> main = key_frame_of(kSize);
  // Start code of four bytes, header, then the profile.
  main[5] = 77;
  check_has(problem_of(main, true, kSize), "profile 77");
  main[5] = 100;
  check_has(problem_of(main, true, kSize), "profile 100");
}

void stands_garbage() {
  const std::vector<std::uint8_t> good = key_frame_of(kSize);
  std::mt19937 random(7);
  for (int i = 0; i < 20000; ++i) {
    std::vector<std::uint8_t> bad(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(random() % 64));
    for (int n = 0; n < 3 && !bad.empty(); ++n) bad[random() % bad.size()] = static_cast<std::uint8_t>(random());
    // Its own memory, so that a read past its end is seen.
    bad.shrink_to_fit();
    problem_of(bad, i % 2 == 0, kSize);
  }
  check(!problem_of({0, 0, 1}, false, kSize).empty(), "what is cut is wrong");
  check(!problem_of({0, 0}, false, kSize).empty(), "what is cut is wrong");
}

void converts() {
  I420Picture picture({6, 4});
  for (int i = 0; i < 24; ++i) picture.y()[i] = static_cast<std::uint8_t>(i);
  for (int i = 0; i < 6; ++i) {
    picture.u()[i] = static_cast<std::uint8_t>(100 + i);
    picture.v()[i] = static_cast<std::uint8_t>(200 + i);
  }
  std::vector<std::uint8_t> nv12(36);
  i420_to_nv12(picture, nv12.data());
  for (int i = 0; i < 24; ++i) check(nv12[i] == i, "luma stays");
  for (int i = 0; i < 6; ++i) check(nv12[24 + 2 * i] == 100 + i && nv12[25 + 2 * i] == 200 + i, "chroma alternates");
}

void fail(const char* call) { throw std::runtime_error(std::string(call) + ": 0x8000ffff"); }

const std::map<std::string, std::function<void()>> kCases = {
    {"works", works},
    {"creation-fails", creation_fails},
    {"creation-hangs", creation_hangs},
    {"coding-hangs", coding_hangs},
    {"coding-fails", [] { fall_later("ProcessInput: 0x8000ffff", [](EncodedFrame&) { fail("ProcessInput"); }); }},
    {"throws-anything", [] { fall_later("failed", [](EncodedFrame&) { throw 7; }); }},
    {"nothing", [] { fall_later("made nothing", [](EncodedFrame& frame) { frame.data.clear(); }); }},
    {"no-start-code",
     [] {
       fall_later("without a start code",
                  [](EncodedFrame& frame) { frame.data.erase(frame.data.begin(), frame.data.begin() + 4); });
     }},
    {"no-picture",
     [] {
       fall_later("without a picture", [](EncodedFrame& frame) { frame.data = {0, 0, 0, 1, 9, 16}; });
     }},
    {"no-key-frame",
     [] {
       const auto spoil = [](EncodedFrame& frame) { frame.data = {0, 0, 0, 1, 0x41, 0x9a, 0x00}; };
       fall_later("no key frame", spoil, FrameKind::kKey);
     }},
    {"no-parameters",
     [] {
       const auto spoil = [](EncodedFrame& frame) { frame.data = {0, 0, 0, 1, 0x65, 0x88, 0x80}; };
       fall_later("without its parameters", spoil, FrameKind::kKey);
     }},
    {"other-size-later",
     [] {
       const auto spoil = [](EncodedFrame& frame) { frame.data = key_frame_of({640, 360}); };
       fall_later("made 640x360 of 320x180", spoil, FrameKind::kKey);
     }},
    {"fails-when-sharpened",
     [] { fall_later("SetValue", [](EncodedFrame&) { fail("SetValue"); }, FrameKind::kRefinement); }},
    {"other-size", other_size},
    {"slow-from-the-start", slow_from_the_start},
    {"slow-later", slow_later},
    {"still-screen", still_screen},
    {"ends-while-created", ends_while_created},
    {"reads-sizes", reads_sizes},
    {"stands-garbage", stands_garbage},
    {"converts", converts},
};

}  // namespace

int main(int count, char** arguments) {
  const auto found = kCases.find(count > 1 ? arguments[1] : "");
  if (found == kCases.end()) {
    std::printf("no such case\n");
    return 2;
  }
  found->second();
  return failures == 0 ? 0 : 1;
}
