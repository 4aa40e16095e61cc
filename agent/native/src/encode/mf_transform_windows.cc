// Not tried under Wine, whose version 8 has no H.264 encoder: written to Microsoft's documentation of the H.264 Video
// Encoder and of asynchronous MFTs.
#include "mf_transform_windows.h"

#include <mferror.h>

#include <cmath>
#include <stdexcept>

#include "../capture/text_windows.h"
#include "nv12.h"

namespace gc {
namespace {

/** MinGW-w64 declares the interface without it. */
const GUID kCodecApi = {0x901db4c7, 0x31ce, 0x41a2, {0x85, 0xdc, 0x8f, 0xa0, 0xbf, 0x41, 0xb8, 0xda}};
const GUID kRateControlMode = {STATIC_CODECAPI_AVEncCommonRateControlMode};
const GUID kMeanBitRate = {STATIC_CODECAPI_AVEncCommonMeanBitRate};
const GUID kEncodeQp = {STATIC_CODECAPI_AVEncVideoEncodeQP};
const GUID kMinQp = {STATIC_CODECAPI_AVEncVideoMinQP};
const GUID kMaxQp = {STATIC_CODECAPI_AVEncVideoMaxQP};
const GUID kForceKeyFrame = {STATIC_CODECAPI_AVEncVideoForceKeyFrame};
const GUID kLowLatency = {STATIC_CODECAPI_AVLowLatencyMode};
const GUID kGopSize = {STATIC_CODECAPI_AVEncMPVGOPSize};
const GUID kBPictures = {STATIC_CODECAPI_AVEncMPVDefaultBPictureCount};

/** Key frames come on request only; the second for those that count in 16 bits. */
constexpr ULONGLONG kNoEnd = 0x7fffffff, kLongGroup = 0xffff;

std::string friendly_name(const MfLibrary& library, IMFActivate* activate) {
  WCHAR* text = nullptr;
  UINT32 length = 0;
  if (FAILED(activate->GetAllocatedString(MFT_FRIENDLY_NAME_Attribute, &text, &length))) return "Media Foundation";
  const std::string name = utf8(text);
  library.free_memory(text);
  return name;
}

/** The encoders that have one of these flags, best first. */
std::vector<Com<IMFActivate>> list_encoders(const MfLibrary& library, UINT32 flags) {
  const MFT_REGISTER_TYPE_INFO input{MFMediaType_Video, MFVideoFormat_NV12};
  const MFT_REGISTER_TYPE_INFO output{MFMediaType_Video, MFVideoFormat_H264};
  IMFActivate** found = nullptr;
  UINT32 count = 0;
  require_mf("MFTEnumEx", library.enumerate(MFT_CATEGORY_VIDEO_ENCODER, flags | MFT_ENUM_FLAG_SORTANDFILTER, &input,
                                            &output, &found, &count));
  std::vector<Com<IMFActivate>> encoders(count);
  for (UINT32 i = 0; i < count; ++i) *encoders[i].out() = found[i];
  if (found != nullptr) library.free_memory(found);
  return encoders;
}

}  // namespace

MfTransform::MfTransform(const MfLibrary& library, const Size& size, const Settings& settings) : library_(library) {
  std::string refusals;
  for (const UINT32 flags : {UINT32{MFT_ENUM_FLAG_HARDWARE}, UINT32{MFT_ENUM_FLAG_SYNCMFT | MFT_ENUM_FLAG_ASYNCMFT}}) {
    for (Com<IMFActivate>& encoder : list_encoders(library, flags)) {
      name_ = friendly_name(library, encoder.get());
      activate_ = std::move(encoder);
      try {
        if (open(activate_.get(), size, settings)) return;
      } catch (const std::exception& error) {
        refusals += " " + name_ + " refused, " + error.what() + ";";
      }
      let_go();
    }
  }
  throw std::runtime_error(refusals.empty() ? "Windows has no H.264 encoder" : "no encoder works:" + refusals);
}

MfTransform::~MfTransform() {
  if (transform_) {
    transform_->ProcessMessage(MFT_MESSAGE_NOTIFY_END_OF_STREAM, 0);
    transform_->ProcessMessage(MFT_MESSAGE_NOTIFY_END_STREAMING, 0);
  }
  let_go();
}

void MfTransform::let_go() {
  input_wanted_ = output_ready_ = 0;
  events_.reset();
  codec_.reset();
  transform_.reset();
  if (activate_) activate_->ShutdownObject();
  activate_.reset();
}

bool MfTransform::open(IMFActivate* activate, const Size& size, const Settings& settings) {
  require_mf("ActivateObject",
             activate->ActivateObject(__uuidof(IMFTransform), reinterpret_cast<void**>(transform_.out())));
  unlock();
  // Those with fixed numbers do not implement it, and they are 0 then.
  if (transform_->GetStreamIDs(1, &input_, 1, &output_) != S_OK) input_ = output_ = 0;
  require_mf("ICodecAPI", transform_->QueryInterface(kCodecApi, reinterpret_cast<void**>(codec_.out())));
  set_types(size, settings);
  set_modes(settings);
  require_mf("BEGIN_STREAMING", transform_->ProcessMessage(MFT_MESSAGE_NOTIFY_BEGIN_STREAMING, 0));
  require_mf("START_OF_STREAM", transform_->ProcessMessage(MFT_MESSAGE_NOTIFY_START_OF_STREAM, 0));
  return true;
}

// An asynchronous one does nothing before that.
void MfTransform::unlock() {
  Com<IMFAttributes> attributes;
  UINT32 asynchronous = FALSE;
  if (FAILED(transform_->GetAttributes(attributes.out())) || !attributes) return;
  if (FAILED(attributes->GetUINT32(MF_TRANSFORM_ASYNC, &asynchronous)) || asynchronous == FALSE) return;
  require_mf("ASYNC_UNLOCK", attributes->SetUINT32(MF_TRANSFORM_ASYNC_UNLOCK, TRUE));
  events_ = as<IMFMediaEventGenerator>(transform_);
  if (!events_) throw std::runtime_error("it tells no events");
}

Com<IMFMediaType> MfTransform::new_type(const GUID& subtype, const Size& size, const Settings& settings) const {
  Com<IMFMediaType> type;
  require_mf("MFCreateMediaType", library_.create_media_type(type.out()));
  const auto pair = [](int high, int low) {
    return static_cast<UINT64>(static_cast<UINT32>(high)) << 32 | static_cast<UINT32>(low);
  };
  const auto number = [&](const GUID& key, UINT32 value) { require_mf("SetUINT32", type->SetUINT32(key, value)); };
  require_mf("MAJOR_TYPE", type->SetGUID(MF_MT_MAJOR_TYPE, MFMediaType_Video));
  require_mf("SUBTYPE", type->SetGUID(MF_MT_SUBTYPE, subtype));
  require_mf("FRAME_SIZE", type->SetUINT64(MF_MT_FRAME_SIZE, pair(size.width, size.height)));
  const int fps = static_cast<int>(std::lround(settings.max_fps < 1 ? 1 : settings.max_fps));
  require_mf("FRAME_RATE", type->SetUINT64(MF_MT_FRAME_RATE, pair(fps, 1)));
  require_mf("ASPECT_RATIO", type->SetUINT64(MF_MT_PIXEL_ASPECT_RATIO, pair(1, 1)));
  number(MF_MT_INTERLACE_MODE, MFVideoInterlace_Progressive);
  // What bgra_to_i420 makes; some encoders write it into the stream.
  number(MF_MT_VIDEO_PRIMARIES, MFVideoPrimaries_BT709);
  number(MF_MT_TRANSFER_FUNCTION, MFVideoTransFunc_709);
  number(MF_MT_YUV_MATRIX, MFVideoTransferMatrix_BT709);
  number(MF_MT_VIDEO_NOMINAL_RANGE, MFNominalRange_16_235);
  return type;
}

// The output's must be set before the input's.
void MfTransform::set_types(const Size& size, const Settings& settings) {
  const Com<IMFMediaType> output = new_type(MFVideoFormat_H264, size, settings);
  require_mf("AVG_BITRATE", output->SetUINT32(MF_MT_AVG_BITRATE, static_cast<UINT32>(settings.bitrate)));
  HRESULT result = E_FAIL;
  // Windows 7 knows the second one alone, which encoders make without what the first one forbids.
  for (const UINT32 profile : {UINT32{eAVEncH264VProfile_ConstrainedBase}, UINT32{eAVEncH264VProfile_Base}}) {
    require_mf("PROFILE", output->SetUINT32(MF_MT_MPEG2_PROFILE, profile));
    result = transform_->SetOutputType(output_, output.get(), 0);
    if (SUCCEEDED(result)) break;
  }
  require_mf("SetOutputType", result);
  const Com<IMFMediaType> input = new_type(MFVideoFormat_NV12, size, settings);
  require_mf("SetInputType", transform_->SetInputType(input_, input.get(), 0));
}

// What an encoder refuses here either shows, in a delay or a stream that the guard finds, or costs bits only.
void MfTransform::set_modes(const Settings& settings) {
  set(kLowLatency, VT_BOOL, 1);
  if (!set(kGopSize, VT_UI4, kNoEnd)) set(kGopSize, VT_UI4, kLongGroup);
  set(kBPictures, VT_UI4, 0);
  takes_qp_ = codec_->IsSupported(&kEncodeQp) == S_OK &&
              set(kRateControlMode, VT_UI4, eAVEncCommonRateControlMode_Quality);
  if (takes_qp_) return;
  set(kRateControlMode, VT_UI4, eAVEncCommonRateControlMode_CBR);
  set(kMinQp, VT_UI4, static_cast<ULONGLONG>(settings.min_qp));
  set(kMaxQp, VT_UI4, static_cast<ULONGLONG>(settings.max_qp));
  set_bitrate(settings.bitrate);
}

bool MfTransform::set(const GUID& property, VARTYPE type, ULONGLONG value) {
  VARIANT variant{};
  variant.vt = type;
  if (type == VT_BOOL) variant.boolVal = value != 0 ? VARIANT_TRUE : VARIANT_FALSE;
  else if (type == VT_UI4) variant.ulVal = static_cast<ULONG>(value);
  else variant.ullVal = value;
  return SUCCEEDED(codec_->SetValue(&property, &variant));
}

void MfTransform::set_qp(int qp) {
  // Of any picture, of I, of P, of B; some encoders read the first alone.
  const ULONGLONG one = static_cast<ULONGLONG>(qp);
  if (!set(kEncodeQp, VT_UI8, one | one << 16 | one << 32 | one << 48)) {
    throw std::runtime_error("refused a quantiser");
  }
}

void MfTransform::set_bitrate(int bitrate) {
  if (!set(kMeanBitRate, VT_UI4, static_cast<ULONGLONG>(bitrate))) throw std::runtime_error("refused a bit rate");
}

void MfTransform::force_key_frame() {
  if (!set(kForceKeyFrame, VT_UI4, 1)) throw std::runtime_error("refused to make a key frame");
}

std::vector<std::uint8_t> MfTransform::encode(const I420Picture& picture, LONGLONG at_100ns, LONGLONG duration_100ns) {
  const DWORD bytes = static_cast<DWORD>(picture.size().width) * picture.size().height * 3 / 2;
  const Com<IMFSample> sample = new_sample(bytes);
  Com<IMFMediaBuffer> buffer;
  require_mf("GetBufferByIndex", sample->GetBufferByIndex(0, buffer.out()));
  BYTE* into = nullptr;
  require_mf("Lock", buffer->Lock(&into, nullptr, nullptr));
  i420_to_nv12(picture, into);
  require_mf("Unlock", buffer->Unlock());
  require_mf("SetCurrentLength", buffer->SetCurrentLength(bytes));
  require_mf("SetSampleTime", sample->SetSampleTime(at_100ns));
  require_mf("SetSampleDuration", sample->SetSampleDuration(duration_100ns));
  // One event, one picture.
  if (events_) await(input_wanted_);
  require_mf("ProcessInput", transform_->ProcessInput(input_, sample.get(), 0));
  std::vector<std::uint8_t> data;
  do {
    if (events_) await(output_ready_);
  } while (!take_output(data));
  return data;
}

/**
 * Waits for one more event of a kind. GetEvent has no time limit: whoever waits for the picture has one, and leaves
 * this thread to itself.
 */
void MfTransform::await(int& events) {
  while (events == 0) {
    Com<IMFMediaEvent> event;
    require_mf("GetEvent", events_->GetEvent(0, event.out()));
    HRESULT status = S_OK;
    MediaEventType type = MEUnknown;
    require_mf("GetType", event->GetType(&type));
    if (SUCCEEDED(event->GetStatus(&status))) require_mf("event", status);
    if (type == METransformNeedInput) ++input_wanted_;
    if (type == METransformHaveOutput) ++output_ready_;
  }
  --events;
}

/** False when the type of the output had to be renewed first. */
bool MfTransform::take_output(std::vector<std::uint8_t>& data) {
  MFT_OUTPUT_STREAM_INFO info{};
  require_mf("GetOutputStreamInfo", transform_->GetOutputStreamInfo(output_, &info));
  MFT_OUTPUT_DATA_BUFFER output{};
  output.dwStreamID = output_;
  const bool gives_samples =
      (info.dwFlags & (MFT_OUTPUT_STREAM_PROVIDES_SAMPLES | MFT_OUTPUT_STREAM_CAN_PROVIDE_SAMPLES)) != 0;
  Com<IMFSample> sample;
  if (!gives_samples) sample = new_sample(info.cbSize);
  output.pSample = sample.get();
  DWORD status = 0;
  const HRESULT result = transform_->ProcessOutput(0, 1, &output, &status);
  if (output.pEvents != nullptr) output.pEvents->Release();
  if (gives_samples && output.pSample != nullptr) *sample.out() = output.pSample;
  if (result == MF_E_TRANSFORM_STREAM_CHANGE) {
    renew_output_type();
    return false;
  }
  if (result == MF_E_TRANSFORM_NEED_MORE_INPUT) throw std::runtime_error("keeps pictures back");
  require_mf("ProcessOutput", result);
  if (!sample) throw std::runtime_error("gave no sample");
  Com<IMFMediaBuffer> buffer;
  require_mf("ConvertToContiguousBuffer", sample->ConvertToContiguousBuffer(buffer.out()));
  BYTE* from = nullptr;
  DWORD length = 0;
  require_mf("Lock", buffer->Lock(&from, nullptr, &length));
  data.assign(from, from + length);
  buffer->Unlock();
  return true;
}

void MfTransform::renew_output_type() {
  Com<IMFMediaType> type;
  require_mf("GetOutputAvailableType", transform_->GetOutputAvailableType(output_, 0, type.out()));
  require_mf("SetOutputType", transform_->SetOutputType(output_, type.get(), 0));
}

Com<IMFSample> MfTransform::new_sample(DWORD bytes) const {
  Com<IMFSample> sample;
  Com<IMFMediaBuffer> buffer;
  require_mf("MFCreateSample", library_.create_sample(sample.out()));
  require_mf("MFCreateMemoryBuffer", library_.create_buffer(bytes, buffer.out()));
  require_mf("AddBuffer", sample->AddBuffer(buffer.get()));
  return sample;
}

std::vector<std::uint8_t> MfTransform::sequence_header() const {
  Com<IMFMediaType> type;
  UINT32 size = 0;
  if (FAILED(transform_->GetOutputCurrentType(output_, type.out()))) return {};
  if (FAILED(type->GetBlobSize(MF_MT_MPEG_SEQUENCE_HEADER, &size)) || size == 0) return {};
  std::vector<std::uint8_t> header(size);
  if (FAILED(type->GetBlob(MF_MT_MPEG_SEQUENCE_HEADER, header.data(), size, nullptr))) return {};
  return header;
}

}  // namespace gc
