#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../common/parse/text-buffer.h"
#include "../common/win/log.h"
#include "../common/win/text-windows.h"
#include "core.h"

static void add_time(struct text_buffer *text, const char *name, int64_t seconds) {
  char iso[40] = "";
  time_t moment = (time_t)seconds;
  struct tm parts;
  if (gmtime_s(&parts, &moment) == 0) strftime(iso, sizeof iso, "%Y-%m-%dT%H:%M:%SZ", &parts);
  text_add_json_member(text, name, iso);
}

static void add_machine_name(struct text_buffer *text, const struct identity *identity) {
  char computer[256] = "";
  DWORD size = sizeof computer;
  if (!identity->name[0]) GetComputerNameA(computer, &size);
  text_add_json_member(text, "machine", identity->name[0] ? identity->name : computer);
}

static void add_tray(struct text_buffer *text, const struct core *core) {
  char path[1024];
  bool is_known = core->tray_program[0] && from_wide(core->tray_program, path, sizeof path);
  if (is_known) text_add_json_member(text, "tray", path);
  else text_add(text, ",\"tray\":null");
}

void status_write(const struct core *core) {
  char line[4096];
  wchar_t file[PATH_CAPACITY];
  struct failure failure;
  struct text_buffer text = text_buffer_over(line, sizeof line);
  text_add(&text, core->is_line_up ? "{\"online\":true" : "{\"online\":false");
  add_time(&text, "since", core->online_since);
  text_add_json_member(&text, "company", core->is_enrolled ? core->identity.company : core->config->company);
  add_machine_name(&text, &core->identity);
  text_add_json_member(&text, "version", core->config->version);
  add_tray(&text, core);
  if (core->problem[0]) text_add_json_member(&text, "problem", core->problem);
  else text_add(&text, ",\"problem\":null");
  text_add(&text, sessions_any(core) ? ",\"session\":true}\n" : ",\"session\":false}\n");
  bool is_written = !text.overflow && path_join(file, core->folders.public_folder, L"status.json") &&
                    write_file(file, line, text.size, &failure);
  if (!is_written) log_line("the status for the tray could not be written");
}
