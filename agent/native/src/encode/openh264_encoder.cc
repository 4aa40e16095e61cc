#include <wels/codec_api.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "encoder.h"
#include "openh264_hooks.h"
#include "slice_qp.h"
#include "stale_blocks.h"

namespace gc {
namespace {

constexpr double kRefinementFps = 12.5;
/** OpenH264 lets an intra frame take two seconds' worth of bits; half a second is what a viewer should wait. */
constexpr int kBurstDivisor = 4;
/** The quantiser falls slowly and single refinements may find nothing to code; several in a row mean the end. */
constexpr std::size_t kSmallRefinementBytes = 256;
constexpr int kSmallRefinementsToEnd = 4;

// A better match found far off saves bytes; on a slow link they take longer than the search, on a fast one they do not.
double far_search_ms(const Settings& settings) { return std::clamp(2e7 / settings.bitrate, 1.0, 16.0); }

struct DestroyEncoder {
  void operator()(ISVCEncoder* encoder) const {
    encoder->Uninitialize();
    WelsDestroySVCEncoder(encoder);
  }
};
using EncoderHandle = std::unique_ptr<ISVCEncoder, DestroyEncoder>;

EncoderHandle create_handle() {
  ISVCEncoder* raw = nullptr;
  if (WelsCreateSVCEncoder(&raw) != 0 || raw == nullptr) throw std::runtime_error("cannot create an OpenH264 encoder");
  EncoderHandle handle(raw);
  int quiet = WELS_LOG_QUIET;
  handle->SetOption(ENCODER_OPTION_TRACE_LEVEL, &quiet);
  return handle;
}

// The colour description that bgra_to_i420 produces; without it decoders guess from the picture's height.
void describe_colour(SSpatialLayerConfig& layer) {
  layer.bVideoSignalTypePresent = true;
  layer.uiVideoFormat = VF_UNDEF;
  layer.bFullRange = false;
  layer.bColorDescriptionPresent = true;
  layer.uiColorPrimaries = CP_BT709;
  layer.uiTransferCharacteristics = TRC_BT709;
  layer.uiColorMatrix = CM_BT709;
}

SEncParamExt parameters(ISVCEncoder& encoder, const Size& size, const Settings& settings) {
  const bool screen = settings.content == Content::kScreen;
  SEncParamExt p{};
  encoder.GetDefaultParams(&p);
  p.iUsageType = screen ? SCREEN_CONTENT_REAL_TIME : CAMERA_VIDEO_REAL_TIME;
  p.iPicWidth = size.width;
  p.iPicHeight = size.height;
  p.fMaxFrameRate = static_cast<float>(settings.max_fps);
  p.iTargetBitrate = settings.bitrate;
  p.iMaxBitrate = UNSPECIFIED_BIT_RATE;
  p.iRCMode = RC_BITRATE_MODE;
  p.bEnableFrameSkip = false;
  // Without an explicit range OpenH264 keeps to 26..35, and the bit rate has little effect.
  p.iMinQp = settings.min_qp;
  p.iMaxQp = settings.max_qp;
  p.iTemporalLayerNum = 1;
  p.iSpatialLayerNum = 1;
  p.uiIntraPeriod = 0;
  p.eSpsPpsIdStrategy = CONSTANT_ID;
  p.iEntropyCodingModeFlag = 0;
  p.iComplexityMode = LOW_COMPLEXITY;
  p.iMultipleThreadIdc = 1;
  p.bEnableDenoise = false;
  p.bEnableAdaptiveQuant = false;
  p.bEnableBackgroundDetection = false;
  p.bEnableLongTermReference = false;
  // Screen mode keeps it on whatever we ask; there a key frame is cheaper than predicting from another window.
  p.bEnableSceneChangeDetect = screen;
  // Deblocking blurs text (1 to 2 dB) and takes time in both codecs; film needs it.
  p.iLoopFilterDisableIdc = screen ? 1 : 0;

  SSpatialLayerConfig& layer = p.sSpatialLayers[0];
  layer.iVideoWidth = size.width;
  layer.iVideoHeight = size.height;
  layer.fFrameRate = p.fMaxFrameRate;
  layer.iSpatialBitrate = settings.bitrate;
  layer.iMaxSpatialBitrate = UNSPECIFIED_BIT_RATE;
  layer.uiProfileIdc = PRO_BASELINE;
  layer.sSliceArgument.uiSliceMode = SM_SINGLE_SLICE;
  describe_colour(layer);
  return p;
}

std::vector<std::uint8_t> join_layers(const SFrameBSInfo& info) {
  std::vector<std::uint8_t> data;
  data.reserve(static_cast<std::size_t>(info.iFrameSizeInBytes));
  for (int i = 0; i < info.iLayerNum; ++i) {
    const SLayerBSInfo& layer = info.sLayerInfo[i];
    std::size_t bytes = 0;
    for (int n = 0; n < layer.iNalCount; ++n) bytes += static_cast<std::size_t>(layer.pNalLengthInByte[n]);
    data.insert(data.end(), layer.pBsBuf, layer.pBsBuf + bytes);
  }
  return data;
}

class OpenH264Encoder final : public Encoder {
 public:
  OpenH264Encoder(const Size& size, const Settings& settings)
      : settings_(settings), bitrate_(settings.bitrate), frame_rate_(settings.max_fps), handle_(create_handle()), stale_(size) {
    const SEncParamExt p = parameters(*handle_, size, settings);
    const int error = handle_->InitializeExt(&p);
    if (error != 0) throw std::runtime_error("OpenH264 refused its settings, error " + std::to_string(error));
    int format = videoFormatI420;
    handle_->SetOption(ENCODER_OPTION_DATAFORMAT, &format);
  }

  EncodedFrame encode(I420Picture& picture, const std::vector<Rect>& changed, FrameKind kind,
                      double timestamp_ms) override {
    if (kind == FrameKind::kKey) handle_->ForceIntraFrame(true);
    if (kind == FrameKind::kRefinement && settings_.content == Content::kScreen) stale_.nudge(picture);
    set_bitrate(is_burst(picture, changed, kind) ? settings_.bitrate / kBurstDivisor : settings_.bitrate);
    set_frame_rate(kind == FrameKind::kRefinement ? std::min(kRefinementFps, settings_.max_fps) : settings_.max_fps);
    set_encoding_rules({far_search_ms(settings_)});
    SFrameBSInfo info{};
    SSourcePicture source = describe(picture, timestamp_ms);
    const int error = handle_->EncodeFrame(&source, &info);
    if (error != 0) throw std::runtime_error("OpenH264 failed to encode, error " + std::to_string(error));

    EncodedFrame frame;
    frame.data = join_layers(info);
    frame.key_frame = info.eFrameType == videoFrameTypeIDR;
    frame.qp = qp_reader_.read(frame.data);
    note_quality(frame, changed, kind);
    frame.sharp = !stale_.any();
    return frame;
  }

  bool configure(const Settings& settings) override {
    if (settings.content != settings_.content || settings.min_qp != settings_.min_qp ||
        settings.max_qp != settings_.max_qp) {
      return false;  // OpenH264 answers a new quantiser range with a reset anyway.
    }
    settings_ = settings;
    return true;
  }

 private:
  void set_bitrate(int bits_per_second) {
    if (bits_per_second == bitrate_) return;
    SBitrateInfo bitrate{SPATIAL_LAYER_ALL, bits_per_second};
    handle_->SetOption(ENCODER_OPTION_BITRATE, &bitrate);
    bitrate_ = bits_per_second;
  }

  // A frame that will be intra coded, on request or because screen mode finds a new scene. When large changes go on
  // it is motion, and the rate control itself has to keep to the rate.
  bool is_burst(const I420Picture& picture, const std::vector<Rect>& changed, FrameKind kind) {
    std::int64_t area = 0;
    for (const Rect& r : changed) area += r.area();
    const std::int64_t pixels = std::int64_t{picture.size().width} * picture.size().height;
    const bool large = area > pixels / 2;
    const bool after_large = std::exchange(large_before_, large);
    return kind == FrameKind::kKey || (large && !after_large);
  }

  // The rate control spends bit rate / frame rate on a frame; refinements are rarer, so each may be larger.
  void set_frame_rate(double fps) {
    if (fps == frame_rate_) return;
    float rate = static_cast<float>(fps);
    handle_->SetOption(ENCODER_OPTION_FRAME_RATE, &rate);
    frame_rate_ = fps;
  }

  static SSourcePicture describe(I420Picture& picture, double timestamp_ms) {
    SSourcePicture source{};
    source.iColorFormat = videoFormatI420;
    source.iPicWidth = picture.size().width;
    source.iPicHeight = picture.size().height;
    source.iStride[0] = picture.luma_stride();
    source.iStride[1] = source.iStride[2] = picture.chroma_stride();
    source.pData[0] = picture.y();
    source.pData[1] = picture.u();
    source.pData[2] = picture.v();
    source.uiTimeStamp = static_cast<long long>(timestamp_ms);
    return source;
  }

  void note_quality(const EncodedFrame& frame, const std::vector<Rect>& changed, FrameKind kind) {
    if (frame.key_frame) stale_.add_all();
    for (const Rect& area : changed) stale_.add(area);
    const bool refined = kind == FrameKind::kRefinement && !frame.key_frame;
    small_refinements_ = refined && frame.data.size() < kSmallRefinementBytes ? small_refinements_ + 1 : 0;
    if (small_refinements_ == kSmallRefinementsToEnd || (refined && frame.qp >= 0 && frame.qp <= settings_.min_qp)) {
      stale_.clear();
    }
  }

  Settings settings_;
  int bitrate_;
  double frame_rate_;
  bool large_before_ = false;
  int small_refinements_ = 0;
  EncoderHandle handle_;
  StaleBlocks stale_;
  SliceQpReader qp_reader_;
};

}  // namespace

std::unique_ptr<Encoder> create_encoder(const Size& size, const Settings& settings) {
  return std::make_unique<OpenH264Encoder>(size, settings);
}

}  // namespace gc
