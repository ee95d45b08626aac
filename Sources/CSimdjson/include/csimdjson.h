#pragma once

#include <stdbool.h>
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

/// Whether an object of a document has two members of one name, or may have: objects of more than
/// 64 members are not looked through.
bool csimdjson_may_repeat_keys(const uint64_t *tape, const uint8_t *strings);

/// A member of an object that is an answered item.
typedef struct {
  const uint8_t *name;
  /// Null when the item names no source.
  const uint8_t *source;
  uint32_t name_count;
  uint32_t source_count;
  bool applies;
  bool answer;
} csimdjson_item;

/// Reads the members of the object at a place of the tape if all of them are plain items.
///
/// A plain item has a name, is an object whose `applies` and `answer` are booleans that do not
/// contradict each other and whose `source`, if any, is text or null, and has no `sub_questions`.
/// No object may have two members of one name.
///
/// Returns the number of items, or -1 when a member is something else or there are more than
/// `capacity`.
ptrdiff_t csimdjson_plain_items(
    const uint64_t *tape, const uint8_t *strings, size_t object, csimdjson_item *items,
    size_t capacity);

#ifdef __cplusplus
}
#endif
