#include "xz-reader.h"

#include <lzma.h>
#include <stdlib.h>

/** Packs have dictionaries of at most 16 MiB; the rest is for the decoder itself. */
#define MEMORY_LIMIT (24u << 20)
#define OUTPUT_SIZE (256u << 10)

struct xz_reader {
  lzma_stream stream;
  xz_sink sink;
  void *context;
  bool has_ended;
  uint8_t output[OUTPUT_SIZE];
};

struct xz_reader *xz_open(xz_sink sink, void *context, struct failure *failure) {
  struct xz_reader *reader = calloc(1, sizeof *reader);
  if (reader) {
    reader->sink = sink;
    reader->context = context;
    if (lzma_stream_decoder(&reader->stream, MEMORY_LIMIT, LZMA_CONCATENATED) == LZMA_OK) return reader;
    free(reader);
  }
  fail(failure, EXIT_UNEXPECTED, "There is not enough memory.");
  return NULL;
}

static bool run(struct xz_reader *reader, lzma_action action, struct failure *failure) {
  lzma_stream *stream = &reader->stream;
  lzma_ret result;
  do {
    stream->next_out = reader->output;
    stream->avail_out = OUTPUT_SIZE;
    result = lzma_code(stream, action);
    size_t made = OUTPUT_SIZE - stream->avail_out;
    if (made > 0 && !reader->sink(reader->context, reader->output, made, failure)) return false;
  } while (result == LZMA_OK && (stream->avail_in > 0 || stream->avail_out == 0));
  reader->has_ended = result == LZMA_STREAM_END;
  // No progress is possible: only that the input is used up, which is fine in the middle.
  if (result == LZMA_OK || reader->has_ended || (result == LZMA_BUF_ERROR && action == LZMA_RUN)) return true;
  return fail(failure, EXIT_BAD_ARCHIVE, "The program's archive is damaged (%d).", (int)result);
}

bool xz_feed(struct xz_reader *reader, const uint8_t *bytes, size_t size, struct failure *failure) {
  reader->stream.next_in = bytes;
  reader->stream.avail_in = size;
  return run(reader, LZMA_RUN, failure);
}

bool xz_finish(struct xz_reader *reader, struct failure *failure) {
  reader->stream.next_in = NULL;
  reader->stream.avail_in = 0;
  if (!run(reader, LZMA_FINISH, failure)) return false;
  return reader->has_ended || fail(failure, EXIT_BAD_ARCHIVE, "The program's archive is cut off.");
}

void xz_close(struct xz_reader *reader) {
  if (!reader) return;
  lzma_end(&reader->stream);
  free(reader);
}
