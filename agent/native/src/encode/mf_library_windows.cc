#include "mf_library_windows.h"

#include <objbase.h>

#include <cstdio>
#include <stdexcept>

#include "../capture/text_windows.h"

namespace gc {
namespace {

template <typename Function>
void find(Function& function, const wchar_t* library, const char* name) {
  const HMODULE loaded = LoadLibraryExW(library, nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  const FARPROC found = loaded == nullptr ? nullptr : GetProcAddress(loaded, name);
  if (found == nullptr) throw std::runtime_error("Windows has no " + std::string(name) + ", " + last_error());
  function = reinterpret_cast<Function>(reinterpret_cast<void*>(found));
}

}  // namespace

void require_mf(const char* call, HRESULT result) {
  if (SUCCEEDED(result)) return;
  char text[96];
  std::snprintf(text, sizeof text, "%s: 0x%08lx", call, static_cast<unsigned long>(result));
  throw std::runtime_error(text);
}

MfLibrary::MfLibrary() {
  decltype(&::MFStartup) start_up;
  decltype(&::CoInitializeEx) enter_com;
  find(start_up, L"mfplat.dll", "MFStartup");
  find(shut_down_, L"mfplat.dll", "MFShutdown");
  // Missing from Vista, where there is no H.264 encoder either.
  find(enumerate, L"mfplat.dll", "MFTEnumEx");
  find(create_media_type, L"mfplat.dll", "MFCreateMediaType");
  find(create_sample, L"mfplat.dll", "MFCreateSample");
  find(create_buffer, L"mfplat.dll", "MFCreateMemoryBuffer");
  find(enter_com, L"ole32.dll", "CoInitializeEx");
  find(leave_com_, L"ole32.dll", "CoUninitialize");
  find(free_memory, L"ole32.dll", "CoTaskMemFree");
  require_mf("CoInitializeEx", enter_com(nullptr, COINIT_MULTITHREADED));
  const HRESULT started = start_up(MF_VERSION, MFSTARTUP_LITE);
  if (SUCCEEDED(started)) return;
  leave_com_();
  require_mf("MFStartup", started);
}

MfLibrary::~MfLibrary() {
  shut_down_();
  leave_com_();
}

}  // namespace gc
