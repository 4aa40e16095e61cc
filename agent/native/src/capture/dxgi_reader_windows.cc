// Not tried under Wine, whose version 8 duplicates no output: written to Microsoft's documentation of DXGI 1.2.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "../clock.h"
#include "disjoint_areas_windows.h"
#include "dxgi_output_windows.h"
#include "screen_reader_windows.h"

namespace gc {
namespace {

/** The first picture comes at once, unless the screen sleeps. */
constexpr double kFirstPictureMs = 200;

Rect from(const RECT& r) { return {r.left, r.top, r.right - r.left, r.bottom - r.top}; }

/**
 * The driver tells what changed; that is copied on the graphics card into a texture which the processor can read, and
 * from there into memory once it is asked for. A frame is held until the next one is waited for, as Microsoft advises.
 */
class DxgiReader final : public ScreenReader {
 public:
  DxgiReader(const std::string& display_id, const Rect& area)
      : size_{area.width, area.height}, output_(open_dxgi_output(display_id, area)),
        pixels_(static_cast<std::size_t>(area.width) * area.height * 4) {
    create_staging();
    const double until = now_ms() + kFirstPictureMs;
    while (changed_.empty()) {
      const double left = until - now_ms();
      if (left <= 0) throw ReadingFailed("the graphics driver gives no picture");
      receive(left);
    }
  }
  ~DxgiReader() override { let_go(); }

  bool is_told() const override { return true; }
  const std::uint8_t* pixels() const override { return pixels_.data(); }
  int stride() const override { return size_.width * 4; }

  void let_go() override {
    release_frame();
    staging_.reset();
    output_ = {};
  }

  bool look(double patience_ms) override {
    guard([&] { receive(patience_ms); });
    return !changed_.empty();
  }

  Grab take(bool whole) override {
    guard([&] {
      receive(0);
      if (whole) changed_.clear();
      if (whole) changed_.add(everything());
      if (!changed_.empty()) copy_changed();
    });
    Grab grab{pixels(), stride(), changed_.areas(), 0, 0};
    changed_.clear();
    return grab;
  }

 private:
  Rect everything() const { return {0, 0, size_.width, size_.height}; }

  /** Once it failed there is no going on: what another reader of this monitor needs is given up at once. */
  template <typename Work>
  void guard(Work work) {
    if (!output_.duplication) throw ReadingFailed("the duplication has ended");
    try {
      work();
    } catch (const ReadingFailed&) {
      let_go();
      throw;
    }
  }

  void create_staging() {
    D3D11_TEXTURE2D_DESC desc{};
    desc.Width = static_cast<UINT>(size_.width);
    desc.Height = static_cast<UINT>(size_.height);
    desc.MipLevels = desc.ArraySize = 1;
    desc.Format = DXGI_FORMAT_B8G8R8A8_UNORM;
    desc.SampleDesc.Count = 1;
    desc.Usage = D3D11_USAGE_STAGING;
    desc.CPUAccessFlags = D3D11_CPU_ACCESS_READ;
    const HRESULT result = output_.device->CreateTexture2D(&desc, nullptr, staging_.out());
    if (FAILED(result)) throw ReadingFailed(failure_of("CreateTexture2D", result));
  }

  void release_frame() {
    if (holds_frame_) output_.duplication->ReleaseFrame();
    holds_frame_ = false;
  }

  /** Takes over all that changed since the last frame; waits for something at most so long. */
  void receive(double patience_ms) {
    release_frame();
    DXGI_OUTDUPL_FRAME_INFO info{};
    Com<IDXGIResource> resource;
    const UINT timeout = static_cast<UINT>(std::ceil(std::max(0.0, patience_ms)));
    const HRESULT result = output_.duplication->AcquireNextFrame(timeout, &info, resource.out());
    if (result == DXGI_ERROR_WAIT_TIMEOUT) return;
    if (FAILED(result)) throw ReadingFailed(failure_of("AcquireNextFrame", result));
    holds_frame_ = true;
    // Only the pointer moved.
    if (info.LastPresentTime.QuadPart == 0) return;
    const Com<ID3D11Texture2D> desktop = as<ID3D11Texture2D>(resource);
    if (!desktop) throw ReadingFailed("the desktop is no texture");
    for (const Rect& area : areas_of(info)) copy_to_staging(desktop, area);
  }

  /** The frame's picture is whole: where things moved to is new as anything else. */
  std::vector<Rect> areas_of(const DXGI_OUTDUPL_FRAME_INFO& info) {
    // The first frame is new all over, whatever it tells.
    if (!std::exchange(has_picture_, true) || info.TotalMetadataBufferSize == 0) return {everything()};
    std::vector<Rect> areas;
    std::vector<DXGI_OUTDUPL_MOVE_RECT> moves(info.TotalMetadataBufferSize / sizeof(DXGI_OUTDUPL_MOVE_RECT) + 1);
    UINT bytes = 0;
    HRESULT result = output_.duplication->GetFrameMoveRects(bytes_of(moves), moves.data(), &bytes);
    if (FAILED(result)) throw ReadingFailed(failure_of("GetFrameMoveRects", result));
    for (std::size_t i = 0; i < bytes / sizeof(moves[0]); ++i) areas.push_back(from(moves[i].DestinationRect));
    std::vector<RECT> dirty(info.TotalMetadataBufferSize / sizeof(RECT) + 1);
    result = output_.duplication->GetFrameDirtyRects(bytes_of(dirty), dirty.data(), &bytes);
    if (FAILED(result)) throw ReadingFailed(failure_of("GetFrameDirtyRects", result));
    for (std::size_t i = 0; i < bytes / sizeof(dirty[0]); ++i) areas.push_back(from(dirty[i]));
    return areas;
  }

  template <typename T>
  static UINT bytes_of(const std::vector<T>& buffer) {
    return static_cast<UINT>(buffer.size() * sizeof(T));
  }

  void copy_to_staging(const Com<ID3D11Texture2D>& desktop, const Rect& told) {
    const Rect area = intersect(told, everything());
    if (area.empty()) return;
    const UINT left = static_cast<UINT>(area.x), top = static_cast<UINT>(area.y);
    const D3D11_BOX box{left, top, 0, left + static_cast<UINT>(area.width), top + static_cast<UINT>(area.height), 1};
    output_.context->CopySubresourceRegion(staging_.get(), 0, left, top, 0, desktop.get(), 0, &box);
    changed_.add(area);
  }

  /** Waits until the graphics card has made its copies. */
  void copy_changed() {
    D3D11_MAPPED_SUBRESOURCE mapped{};
    const HRESULT result = output_.context->Map(staging_.get(), 0, D3D11_MAP_READ, 0, &mapped);
    if (FAILED(result)) throw ReadingFailed(failure_of("Map", result));
    const auto* from_bytes = static_cast<const std::uint8_t*>(mapped.pData);
    for (const Rect& area : changed_.areas()) {
      for (int y = area.y; y < area.y + area.height; ++y) {
        std::memcpy(&pixels_[(static_cast<std::size_t>(y) * size_.width + area.x) * 4],
                    from_bytes + static_cast<std::size_t>(y) * mapped.RowPitch + static_cast<std::size_t>(area.x) * 4,
                    static_cast<std::size_t>(area.width) * 4);
      }
    }
    output_.context->Unmap(staging_.get(), 0);
  }

  Size size_;
  DxgiOutput output_;
  Com<ID3D11Texture2D> staging_;
  std::vector<std::uint8_t> pixels_;
  DisjointAreas changed_;
  bool holds_frame_ = false;
  bool has_picture_ = false;
};

}  // namespace

std::unique_ptr<ScreenReader> open_dxgi_reader(const std::string& display_id, const Rect& area) {
  return std::make_unique<DxgiReader>(display_id, area);
}

}  // namespace gc
