#pragma once

#include <windows.h>

#include <codecapi.h>
#include <mfidl.h>

#include <cstdint>
#include <string>
#include <vector>

#include "../capture/com_windows.h"
#include "../convert/i420_picture.h"
#include "../settings.h"
#include "mf_library_windows.h"

namespace gc {

/**
 * One H.264 encoder of Windows, set up for Baseline without delay and ready for pictures, synchronous or not. A call
 * may block for as long as its driver does. Throws std::runtime_error.
 */
class MfTransform {
 public:
  /** Takes the first that accepts the size: those of graphics cards, then those of the processor. */
  MfTransform(const MfLibrary& library, const Size& size, const Settings& settings);
  ~MfTransform();
  MfTransform(const MfTransform&) = delete;
  MfTransform& operator=(const MfTransform&) = delete;

  const std::string& name() const { return name_; }
  /** Each picture may be given its quantiser; else it keeps to a bit rate by itself. */
  bool takes_qp() const { return takes_qp_; }

  void set_qp(int qp);
  void set_bitrate(int bitrate);
  void force_key_frame();

  /** Gives one picture and waits for what is made of it: Annex B. */
  std::vector<std::uint8_t> encode(const I420Picture& picture, LONGLONG at_100ns, LONGLONG duration_100ns);

  /** Parameter sets that the stream itself may lack; empty when Windows does not tell. */
  std::vector<std::uint8_t> sequence_header() const;

 private:
  bool open(IMFActivate* activate, const Size& size, const Settings& settings);
  void unlock();
  void set_types(const Size& size, const Settings& settings);
  void set_modes(const Settings& settings);
  bool set(const GUID& property, VARTYPE type, ULONGLONG value);
  Com<IMFMediaType> new_type(const GUID& subtype, const Size& size, const Settings& settings) const;
  Com<IMFSample> new_sample(DWORD bytes) const;
  void await(int& events);
  bool take_output(std::vector<std::uint8_t>& data);
  void renew_output_type();
  void let_go();

  const MfLibrary& library_;
  std::string name_;
  Com<IMFActivate> activate_;
  Com<IMFTransform> transform_;
  Com<ICodecAPI> codec_;
  /** Only of asynchronous ones. */
  Com<IMFMediaEventGenerator> events_;
  DWORD input_ = 0;
  DWORD output_ = 0;
  bool takes_qp_ = false;
  /** Events that have come and were not answered yet. */
  int input_wanted_ = 0;
  int output_ready_ = 0;
};

}  // namespace gc
