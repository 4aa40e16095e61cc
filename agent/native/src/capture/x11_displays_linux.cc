#include "x11_displays_linux.h"

#include <X11/extensions/Xrandr.h>

namespace gc {
namespace {

std::string atom_name(Display* display, Atom atom) {
  char* text = XGetAtomName(display, atom);
  if (text == nullptr) return "screen";
  std::string name(text);
  XFree(text);
  return name;
}

// Servers without RandR 1.5 have one desktop and no monitors.
DisplayInfo whole_screen(Display* display) {
  const int screen = DefaultScreen(display);
  return {"screen", "screen", {0, 0, DisplayWidth(display, screen), DisplayHeight(display, screen)}, true};
}

bool has_monitors(Display* display) {
  int event = 0, error = 0, major = 0, minor = 0;
  return XRRQueryExtension(display, &event, &error) && XRRQueryVersion(display, &major, &minor) &&
         (major > 1 || minor >= 5);
}

}  // namespace

std::vector<DisplayInfo> query_displays(X11Connection& connection) {
  Display* display = connection.get();
  std::vector<DisplayInfo> found;
  int count = 0;
  XRRMonitorInfo* monitors =
      has_monitors(display) ? XRRGetMonitors(display, connection.root(), True, &count) : nullptr;
  for (int i = 0; i < count; ++i) {
    const XRRMonitorInfo& m = monitors[i];
    const std::string name = atom_name(display, m.name);
    found.push_back({name, name, {m.x, m.y, m.width, m.height}, m.primary != 0});
  }
  if (monitors != nullptr) XRRFreeMonitors(monitors);
  connection.throw_if_lost();
  if (found.empty()) found.push_back(whole_screen(display));
  return found;
}

std::optional<DisplayInfo> find_display(X11Connection& connection, const std::string& id) {
  for (DisplayInfo& info : query_displays(connection)) {
    if (info.id == id) return info;
  }
  return std::nullopt;
}

std::vector<DisplayInfo> list_displays(const std::string& display) {
  X11Connection connection(display);
  return query_displays(connection);
}

}  // namespace gc
