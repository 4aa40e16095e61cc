#ifndef GURUCONNECT_SERVICE_NAMES_H
#define GURUCONNECT_SERVICE_NAMES_H

#include "../common/parse/failure.h"

#define SERVICE_NAME L"GuruConnect"
#define SERVICE_TITLE L"GuruConnect Agent"
#define SERVICE_FILE L"guruconnect-service.exe"
#define UI_FILE L"GuruConnect.exe"
/** In the folder of programs: window programs by their version, which the service has put there for the tray. */
#define TRAYS_FOLDER L"tray"

/** A core that ends with it has put another version into place. */
#define EXIT_SWITCH 75

/** Lets the service start in a kind of Safe Mode: `Minimal` or `Network`. */
bool register_safe_boot(const char *mode, struct failure *failure);

#endif
