#pragma once

#include <windows.h>

#include <d3d11.h>
#include <dxgi1_2.h>

#include <string>

#include "../geometry.h"
#include "com_windows.h"

namespace gc {

/** A monitor's picture as the graphics driver hands it out; one a monitor and process. */
struct DxgiOutput {
  Com<ID3D11Device> device;
  Com<ID3D11DeviceContext> context;
  Com<IDXGIOutputDuplication> duplication;
};

/**
 * Begins to duplicate the monitor, seen from the desktop that the calling thread is on. Throws ReadingFailed where
 * that cannot be, for whatever reason; `area` is the monitor's rectangle on the desktop, cut to even edges.
 */
DxgiOutput open_dxgi_output(const std::string& display_id, const Rect& area);

/** Of a call that failed, for a message: "AcquireNextFrame: 0x887a0026". */
std::string failure_of(const char* call, HRESULT result);

}  // namespace gc
