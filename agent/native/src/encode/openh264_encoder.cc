#include <wels/codec_api.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "encoder.h"
#include "openh264_hooks.h"
#include "outlook.h"
#include "rate_control.h"
#include "slice_qp.h"
#include "stale_blocks.h"

namespace gc {
namespace {

/** The quantiser falls slowly and single refinements may find nothing to code; several in a row mean the end. */
constexpr std::size_t kSmallRefinementBytes = 256;
constexpr int kSmallRefinementsToEnd = 4;

/** A smaller part of the picture is coded faster than it is searched for scrolling. */
constexpr double kLeastScrolled = 0.02;

// A better match found far off saves bytes; on a slow link they take longer than the search, on a fast one they do not.
// Film has none.
double far_search_ms(const Settings& settings) {
  return settings.content == Content::kMotion ? 0 : std::clamp(2e7 / settings.bitrate, 1.0, 16.0);
}

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
  SEncParamExt p{};
  encoder.GetDefaultParams(&p);
  // For film as well: once the far searches are bounded and scene changes no key frames, camera mode saves nothing
  // (equal PSNR at equal rates), and going from one to the other would need a key frame.
  p.iUsageType = SCREEN_CONTENT_REAL_TIME;
  p.iPicWidth = size.width;
  p.iPicHeight = size.height;
  p.fMaxFrameRate = static_cast<float>(settings.max_fps);
  p.iTargetBitrate = settings.bitrate;
  p.iMaxBitrate = UNSPECIFIED_BIT_RATE;
  // The quantiser of each frame is ours; see rate_control.h.
  p.iRCMode = RC_OFF_MODE;
  p.bEnableFrameSkip = false;
  p.iTemporalLayerNum = 1;
  p.iSpatialLayerNum = 1;
  p.uiIntraPeriod = 0;
  p.eSpsPpsIdStrategy = CONSTANT_ID;
  p.iEntropyCodingModeFlag = 0;
  p.iComplexityMode = LOW_COMPLEXITY;
  p.iMultipleThreadIdc = static_cast<unsigned short>(settings.threads);
  p.bEnableDenoise = false;
  p.bEnableAdaptiveQuant = false;
  p.bEnableBackgroundDetection = false;
  p.bEnableLongTermReference = false;
  // Screen mode keeps it on whatever we ask: it finds what scrolled and what stood still.
  p.bEnableSceneChangeDetect = true;
  // Deblocking blurs text (1 to 2 dB), takes time in both codecs and gains film less than 0.1 dB.
  p.iLoopFilterDisableIdc = 1;

  SSpatialLayerConfig& layer = p.sSpatialLayers[0];
  layer.iVideoWidth = size.width;
  layer.iVideoHeight = size.height;
  layer.fFrameRate = p.fMaxFrameRate;
  layer.iSpatialBitrate = settings.bitrate;
  layer.iMaxSpatialBitrate = UNSPECIFIED_BIT_RATE;
  layer.uiProfileIdc = PRO_BASELINE;
  // A slice a thread: they are coded side by side, at a loss of what would be predicted across their edges.
  const bool sliced = settings.threads > 1;
  layer.sSliceArgument.uiSliceMode = sliced ? SM_FIXEDSLCNUM_SLICE : SM_SINGLE_SLICE;
  layer.sSliceArgument.uiSliceNum = static_cast<unsigned int>(settings.threads);
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
      : settings_(settings), handle_(create_handle()), parameters_(parameters(*handle_, size, settings)), stale_(size) {
    const int error = handle_->InitializeExt(&parameters_);
    if (error != 0) throw std::runtime_error("OpenH264 refused its settings, error " + std::to_string(error));
    int format = videoFormatI420;
    handle_->SetOption(ENCODER_OPTION_DATAFORMAT, &format);
  }

  EncodedFrame encode(I420Picture& picture, const std::vector<Rect>& changed, FrameKind kind,
                      double timestamp_ms) override {
    if (kind == FrameKind::kKey) handle_->ForceIntraFrame(true);
    if (kind == FrameKind::kRefinement) stale_.nudge(picture);
    const FrameOutlook frame_outlook = outlook_of(picture, changed, kind, timestamp_ms);
    const int qp = rate_.choose(settings_, frame_outlook);
    set_qp(qp);
    set_encoding_rules({far_search_ms(settings_), frame_outlook.changed >= kLeastScrolled});
    SFrameBSInfo info{};
    SSourcePicture source = describe(picture, timestamp_ms);
    const int error = handle_->EncodeFrame(&source, &info);
    if (error != 0) throw std::runtime_error("OpenH264 failed to encode, error " + std::to_string(error));

    EncodedFrame frame;
    frame.data = join_layers(info);
    frame.key_frame = info.eFrameType == videoFrameTypeIDR;
    frame.qp = qp_reader_.read(frame.data);
    rate_.coded(settings_, qp, frame.data.size());
    note_quality(frame, changed, kind);
    frame.sharp = !stale_.any();
    return frame;
  }

  void configure(const Settings& settings) override { settings_ = settings; }

  const EncoderInUse& in_use() const override { return in_use_; }

 private:
  // What may change without a reset; everything else stays as it was.
  void set_qp(int qp) {
    int& present = parameters_.sSpatialLayers[0].iDLayerQp;
    if (std::exchange(present, qp) == qp) return;
    if (handle_->SetOption(ENCODER_OPTION_SVC_ENCODE_PARAM_EXT, &parameters_) != 0) {
      throw std::runtime_error("OpenH264 refused a quantiser of " + std::to_string(qp));
    }
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

  const EncoderInUse in_use_{"OpenH264", ""};
  Settings settings_;
  int small_refinements_ = 0;
  EncoderHandle handle_;
  SEncParamExt parameters_;
  RateControl rate_;
  StaleBlocks stale_;
  SliceQpReader qp_reader_;
};

}  // namespace

std::unique_ptr<Encoder> create_openh264_encoder(const Size& size, const Settings& settings) {
  return std::make_unique<OpenH264Encoder>(size, settings);
}

}  // namespace gc
