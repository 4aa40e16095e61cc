// Not tried under Wine, whose version 8 duplicates no output: written to Microsoft's documentation of DXGI 1.2.
#include "dxgi_output_windows.h"

#include <cstdio>

#include "screen_reader_windows.h"
#include "text_windows.h"

namespace gc {
namespace {

void require(const char* call, HRESULT result) {
  if (FAILED(result)) throw ReadingFailed(failure_of(call, result));
}

/** Looked up when needed, so that the addon loads where Windows came without it; never unloaded. */
template <typename Function>
Function function_of(const wchar_t* library, const char* name) {
  const HMODULE loaded = LoadLibraryExW(library, nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  const FARPROC found = loaded == nullptr ? nullptr : GetProcAddress(loaded, name);
  if (found == nullptr) throw ReadingFailed("Windows has no " + std::string(name) + ", " + last_error());
  return reinterpret_cast<Function>(reinterpret_cast<void*>(found));
}

struct Found {
  Com<IDXGIAdapter1> adapter;
  Com<IDXGIOutput> output;
};

bool shows(const Com<IDXGIOutput>& output, const std::string& display_id, const Rect& area) {
  DXGI_OUTPUT_DESC desc{};
  if (FAILED(output->GetDesc(&desc)) || !desc.AttachedToDesktop || utf8(desc.DeviceName) != display_id) return false;
  return desc.DesktopCoordinates.left == area.x && desc.DesktopCoordinates.top == area.y;
}

Found find_output(const std::string& display_id, const Rect& area) {
  using CreateFactory = HRESULT(WINAPI*)(REFIID, void**);
  Com<IDXGIFactory1> factory;
  require("CreateDXGIFactory1",
          function_of<CreateFactory>(L"dxgi.dll", "CreateDXGIFactory1")(
              __uuidof(IDXGIFactory1), reinterpret_cast<void**>(factory.out())));
  Found found;
  for (UINT i = 0; SUCCEEDED(factory->EnumAdapters1(i, found.adapter.out())); ++i) {
    for (UINT at = 0; SUCCEEDED(found.adapter->EnumOutputs(at, found.output.out())); ++at) {
      if (shows(found.output, display_id, area)) return found;
    }
  }
  throw ReadingFailed("no graphics adapter has the monitor " + display_id);
}

/** On the adapter that the monitor is plugged into, as DuplicateOutput wants it. */
void create_device(const Com<IDXGIAdapter1>& adapter, DxgiOutput& into) {
  const auto create = function_of<PFN_D3D11_CREATE_DEVICE>(L"d3d11.dll", "D3D11CreateDevice");
  require("D3D11CreateDevice", create(adapter.get(), D3D_DRIVER_TYPE_UNKNOWN, nullptr, 0, nullptr, 0,
                                      D3D11_SDK_VERSION, into.device.out(), nullptr, into.context.out()));
}

/** A turned monitor's picture comes unturned: that is left to GDI, which turns it. */
void require_upright(const Com<IDXGIOutputDuplication>& duplication, const Rect& area) {
  DXGI_OUTDUPL_DESC desc{};
  duplication->GetDesc(&desc);
  const bool upright = desc.Rotation == DXGI_MODE_ROTATION_IDENTITY || desc.Rotation == DXGI_MODE_ROTATION_UNSPECIFIED;
  if (!upright) throw ReadingFailed("the monitor is turned");
  const bool fits = (desc.ModeDesc.Width & ~1u) == static_cast<UINT>(area.width) &&
                    (desc.ModeDesc.Height & ~1u) == static_cast<UINT>(area.height);
  if (!fits) throw ReadingFailed("the monitor has another size");
}

}  // namespace

DxgiOutput open_dxgi_output(const std::string& display_id, const Rect& area) {
  const Found found = find_output(display_id, area);
  const Com<IDXGIOutput1> output = as<IDXGIOutput1>(found.output);
  if (!output) throw ReadingFailed("this Windows duplicates no outputs");
  DxgiOutput opened;
  create_device(found.adapter, opened);
  require("DuplicateOutput", output->DuplicateOutput(opened.device.get(), opened.duplication.out()));
  require_upright(opened.duplication, area);
  return opened;
}

std::string failure_of(const char* call, HRESULT result) {
  char code[16];
  std::snprintf(code, sizeof(code), "0x%08lx", static_cast<unsigned long>(result));
  return std::string(call) + ": " + code;
}

}  // namespace gc
