#ifndef GURUCONNECT_AGENT_PROCESS_H
#define GURUCONNECT_AGENT_PROCESS_H

#include "../common/parse/config.h"
#include "../common/win/child.h"
#include "../common/win/http-proxy.h"
#include "../common/win/paths.h"

/** What the agent of a one-time session is started with. */
struct agent_start {
  const struct config *config;
  /** The unpacked pack, and where the session keeps its files. */
  const wchar_t *pack, *state;
  const char *code;
  /** Pipe on which it talks with its window. */
  const wchar_t *pipe;
  /** Program that shows its panels. */
  const wchar_t *ui;
  /** How the server is reached; NULL or empty for what the environment says. */
  const struct http_proxy *proxy;
  /** To run as somebody else on the desktop of somebody else: see child.h. NULL for us. */
  HANDLE token;
  const wchar_t *desktop, *environment;
};

/** Starts `node.exe main.mjs --one-time` in a job of its own. */
bool agent_process_start(struct child *child, const struct agent_start *start, struct failure *failure);

#endif
