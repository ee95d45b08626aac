#pragma once

#include <stddef.h>
#include <stdint.h>

/// A C view of the simdjson document parser.
///
/// A parser owns the result of its latest parse: the tape (one 64-bit word an element, see
/// "doc/tape.md" of simdjson) and the buffer that the tape's strings point into. Both are valid
/// until the next parse or the end of the parser.

#ifdef __cplusplus
extern "C" {
#endif

typedef struct csimdjson_parser csimdjson_parser;

typedef struct {
  /// 0, or the simdjson error code; the pointers are null then.
  int error;
  const uint64_t *tape;
  const uint8_t *strings;
} csimdjson_document;

/// Bytes that must be readable (and may hold anything) after the end of every parsed text.
size_t csimdjson_padding(void);

/// A parser that rejects deeper nesting; null when memory is exhausted.
csimdjson_parser *csimdjson_create(size_t maximum_depth);

/// Frees a parser and its latest document.
void csimdjson_destroy(csimdjson_parser *parser);

/// Parses `count` bytes of JSON, followed by the padding.
csimdjson_document csimdjson_parse(csimdjson_parser *parser, const uint8_t *bytes, size_t count);

/// What an error code means, in English.
const char *csimdjson_message(int error);

#ifdef __cplusplus
}
#endif
