#ifndef GURUCONNECT_PRESENCE_FRAMES_H
#define GURUCONNECT_PRESENCE_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "back-off.h"

/**
 * The texts on the line to a server: Engine.IO 4 and Socket.IO 5 without a library for them. Their exact bytes are
 * fixed by the golden files of shared/src/protocol. Portable; reads what a hostile server may send.
 */
enum { MAX_PRESENCE_FRAME = 4096 };

enum presence_frame_type {
  FRAME_UNKNOWN,
  FRAME_OPEN,
  FRAME_PING,
  FRAME_CONNECTED,
  FRAME_REFUSED,
  /** The server gives the line up on purpose. */
  FRAME_GOODBYE,
  FRAME_HELLO,
  FRAME_CHALLENGE,
  FRAME_START_SESSION,
  FRAME_STOP,
  FRAME_UPDATE,
  FRAME_CHECK_IN,
};

/** Only the fields of its type are set; all others are empty. */
struct presence_frame {
  enum presence_frame_type type;
  char machine_id[37];
  char session_id[37];
  /** Token of a session, or nonce of a challenge. */
  char token[64];
  /** Of a challenge that is answered. */
  char signature[513];
  char version[41];
  char manifest_sha256[65];
  uint32_t within_ms;
  uint32_t ping_interval_ms, ping_timeout_ms;
  struct refusal refusal;
  /** Of a refusal: what people can do something about; empty for what passes by itself. */
  char problem[200];
};

#define PRESENCE_PONG "3"
#define PRESENCE_CONNECT "40/presence,"
#define PRESENCE_DISCONNECT "41/presence,"

/** Reads what the server sent. FRAME_UNKNOWN for anything that makes no sense. */
void presence_decode(const char *text, size_t size, struct presence_frame *frame);

/** Writes one of the six messages (FRAME_HELLO and after); false when it does not fit. */
bool presence_encode(const struct presence_frame *frame, char *out, size_t capacity);

#endif
