#include "openh264_hooks.h"

#include <wels/codec_app_def.h>

#include <atomic>

#include "../clock.h"

// The functions at the end stand in for OpenH264's own ones of the same names (version 2.3.1). What they are given is
// handed through unseen, so nothing here depends on how the library lays out its structures.
namespace WelsEnc {
struct TagWelsEncCtx;
struct TagWelsFuncPointerList;
struct TagWelsME;
struct TagSlice;
struct TagPicture;
struct TagScreenBlockFeatureStorage;

void WelsDiamondSearch(TagWelsFuncPointerList*, TagWelsME*, TagSlice*, int, int);
}  // namespace WelsEnc

using namespace WelsEnc;

struct SPixMap;
struct SScrollDetectionParam;

namespace gc {
namespace {

/** What the index of all 8x8 blocks may be expected to take; with less to spend it is not worth making. */
constexpr double kIndexMs = 6;

// The library searches in threads of its own where a picture has several slices, so the budget is the process's. Two
// captures at once share it: it bounds time, and what it changes of a picture is only how many bits it takes.
std::atomic<double> far_search_ms_left{0};
thread_local bool detects_scrolling = false;

using Search = void(TagWelsFuncPointerList*, TagWelsME*, TagSlice*, int, int);

template <typename Work>
void spend(const Work& work) {
  const double started = now_ms();
  work();
  const double spent = now_ms() - started;
  double left = far_search_ms_left.load(std::memory_order_relaxed);
  while (!far_search_ms_left.compare_exchange_weak(left, left - spent, std::memory_order_relaxed)) {
  }
}

}  // namespace

void set_encoding_rules(const EncodingRules& rules) {
  far_search_ms_left.store(rules.far_search_ms, std::memory_order_relaxed);
  detects_scrolling = rules.detects_scrolling;
}

}  // namespace gc

extern "C" {

gc::Search __real__ZN7WelsEnc22WelsDiamondCrossSearchEPNS_22TagWelsFuncPointerListEPNS_9TagWelsMEEPNS_8TagSliceEii;
gc::Search __real__ZN7WelsEnc29WelsDiamondCrossFeatureSearchEPNS_22TagWelsFuncPointerListEPNS_9TagWelsMEEPNS_8TagSliceEii;
void __real__ZN7WelsEnc20PerformFMEPreprocessEPNS_22TagWelsFuncPointerListEPNS_10TagPictureEPtPNS_28TagScreenBlockFeatureStorageE(
    TagWelsFuncPointerList*, TagPicture*, unsigned short*, TagScreenBlockFeatureStorage*);
int __real__ZN7WelsEnc15DecideFrameTypeEPNS_13TagWelsEncCtxEaib(TagWelsEncCtx*, signed char, int, bool);

// A 16x16 block: near by first, then all over its column and row.
void __wrap__ZN7WelsEnc22WelsDiamondCrossSearchEPNS_22TagWelsFuncPointerListEPNS_9TagWelsMEEPNS_8TagSliceEii(
    TagWelsFuncPointerList* functions, TagWelsME* block, TagSlice* slice, int stride, int reference_stride) {
  if (gc::far_search_ms_left.load(std::memory_order_relaxed) <= 0) return WelsDiamondSearch(functions, block, slice, stride, reference_stride);
  gc::spend([&] {
    __real__ZN7WelsEnc22WelsDiamondCrossSearchEPNS_22TagWelsFuncPointerListEPNS_9TagWelsMEEPNS_8TagSliceEii(
        functions, block, slice, stride, reference_stride);
  });
}

// An 8x8 block: the same, then wherever the index of all blocks has one with the same sum.
void __wrap__ZN7WelsEnc29WelsDiamondCrossFeatureSearchEPNS_22TagWelsFuncPointerListEPNS_9TagWelsMEEPNS_8TagSliceEii(
    TagWelsFuncPointerList* functions, TagWelsME* block, TagSlice* slice, int stride, int reference_stride) {
  if (gc::far_search_ms_left.load(std::memory_order_relaxed) <= 0) return WelsDiamondSearch(functions, block, slice, stride, reference_stride);
  gc::spend([&] {
    __real__ZN7WelsEnc29WelsDiamondCrossFeatureSearchEPNS_22TagWelsFuncPointerListEPNS_9TagWelsMEEPNS_8TagSliceEii(
        functions, block, slice, stride, reference_stride);
  });
}

// Left out, the library searches 8x8 blocks near by.
void __wrap__ZN7WelsEnc20PerformFMEPreprocessEPNS_22TagWelsFuncPointerListEPNS_10TagPictureEPtPNS_28TagScreenBlockFeatureStorageE(
    TagWelsFuncPointerList* functions, TagPicture* reference, unsigned short* features,
    TagScreenBlockFeatureStorage* storage) {
  if (gc::far_search_ms_left.load(std::memory_order_relaxed) < gc::kIndexMs) return;
  gc::spend([&] {
    __real__ZN7WelsEnc20PerformFMEPreprocessEPNS_22TagWelsFuncPointerListEPNS_10TagPictureEPtPNS_28TagScreenBlockFeatureStorageE(
        functions, reference, features, storage);
  });
}

void __real__ZN6WelsVP19ScrollDetectionCoreEP7SPixMapS1_iiiiR21SScrollDetectionParam(SPixMap*, SPixMap*, int, int, int,
                                                                                      int, SScrollDetectionParam*);

// Left out, nothing has scrolled.
void __wrap__ZN6WelsVP19ScrollDetectionCoreEP7SPixMapS1_iiiiR21SScrollDetectionParam(SPixMap* picture,
                                                                                      SPixMap* reference, int width,
                                                                                      int height, int x, int y,
                                                                                      SScrollDetectionParam* found) {
  if (!gc::detects_scrolling) return;
  __real__ZN6WelsVP19ScrollDetectionCoreEP7SPixMapS1_iiiiR21SScrollDetectionParam(picture, reference, width, height, x,
                                                                                  y, found);
}

// A scene change is no reason for a key frame: blocks without a likeness are intra coded in any frame, and what only
// moved is far smaller in a predicted one. Asked whether the frame may be left out, the library makes a key frame of
// it only where one was ordered.
int __wrap__ZN7WelsEnc15DecideFrameTypeEPNS_13TagWelsEncCtxEaib(TagWelsEncCtx* context, signed char layers, int layer,
                                                                bool skip) {
  const int type = __real__ZN7WelsEnc15DecideFrameTypeEPNS_13TagWelsEncCtxEaib(context, layers, layer, true);
  return type == videoFrameTypeSkip && !skip ? videoFrameTypeP : type;
}

}  // extern "C"
