#pragma once

#include <windows.h>

#include <mfapi.h>
#include <mftransform.h>

#include <string>

namespace gc {

/** Throws std::runtime_error that names the call. */
void require_mf(const char* call, HRESULT result);

/**
 * Media Foundation, started for as long as this lives. Its libraries are looked up when needed: editions without it
 * (N, Server without the feature) load the addon all the same. COM is made ready for the thread, which must be one
 * without windows. Throws std::runtime_error where Windows has none of it.
 */
class MfLibrary {
 public:
  MfLibrary();
  ~MfLibrary();
  MfLibrary(const MfLibrary&) = delete;
  MfLibrary& operator=(const MfLibrary&) = delete;

  decltype(&::MFTEnumEx) enumerate;
  decltype(&::MFCreateMediaType) create_media_type;
  decltype(&::MFCreateSample) create_sample;
  decltype(&::MFCreateMemoryBuffer) create_buffer;
  /** For what `enumerate` and attributes give. */
  decltype(&::CoTaskMemFree) free_memory;

 private:
  decltype(&::MFShutdown) shut_down_;
  decltype(&::CoUninitialize) leave_com_;
};

}  // namespace gc
