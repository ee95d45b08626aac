#include "csimdjson.h"

#include <new>
#include <simdjson.h>

struct csimdjson_parser {
  simdjson::dom::parser parser;
};

size_t csimdjson_padding(void) { return simdjson::SIMDJSON_PADDING; }

csimdjson_parser *csimdjson_create(size_t maximum_depth) {
  auto *created = new (std::nothrow) csimdjson_parser;
  if (created == nullptr) return nullptr;
  // The depth is fixed by the first allocation; the capacity grows with the texts.
  if (created->parser.allocate(1 << 15, maximum_depth) != simdjson::SUCCESS) {
    delete created;
    return nullptr;
  }
  return created;
}

void csimdjson_destroy(csimdjson_parser *parser) { delete parser; }

csimdjson_document csimdjson_parse(csimdjson_parser *parser, const uint8_t *bytes, size_t count) {
  const auto error = parser->parser.parse(bytes, count, false).error();
  if (error != simdjson::SUCCESS) return {static_cast<int>(error), nullptr, nullptr};
  return {0, parser->parser.doc.tape.get(), parser->parser.doc.string_buf.get()};
}

const char *csimdjson_message(int error) {
  return simdjson::error_message(static_cast<simdjson::error_code>(error));
}
