// Walks over the tape that are too hot for many small calls. A word of the tape has a letter in its
// highest byte and a payload in the others: of a string its offset in the string buffer, where four
// bytes of length precede the text and a null byte follows; of '{' and '[' the place after the
// matching end.
#include "csimdjson.h"

#include <cstring>

namespace {

inline uint8_t letter(uint64_t word) { return static_cast<uint8_t>(word >> 56); }

/// The place after the value at a place.
inline size_t end_of(const uint64_t *tape, size_t place) {
  switch (letter(tape[place])) {
  case '{':
  case '[': return static_cast<uint32_t>(tape[place]);
  case 'l':
  case 'u':
  case 'd': return place + 2;
  default: return place + 1;
  }
}

struct Text {
  const uint8_t *start;
  uint32_t count;

  Text(const uint8_t *strings, uint64_t word) {
    const uint8_t *length = strings + (word & 0x00FFFFFFFFFFFFFF);
    std::memcpy(&count, length, 4);
    start = length + 4;
  }

  template <size_t size> bool is(const char (&literal)[size]) const {
    return count == size - 1 && std::memcmp(start, literal, size - 1) == 0;
  }

  bool operator==(const Text &other) const {
    return count == other.count && std::memcmp(start, other.start, count) == 0;
  }
};

/// Whether a container has an object, itself or in it, with two members of one name, or may have.
///
/// Most keys of an object differ in length, and only those that do not are compared; objects of
/// more than 64 members are not looked through. Cost: some 2 ns a key.
bool may_repeat(const uint64_t *tape, const uint8_t *strings, size_t container) {
  const size_t end = end_of(tape, container) - 1;
  const bool is_object = letter(tape[container]) == '{';
  uint64_t lengths = 0;
  int members = 0;
  for (size_t place = container + 1; place < end; place = end_of(tape, place)) {
    if (is_object) {
      const Text key(strings, tape[place]);
      const uint64_t length = UINT64_C(1) << (key.count & 63);
      if (++members > 64) return true;
      if (lengths & length) {
        for (size_t other = container + 1; other < place; other = end_of(tape, other + 1)) {
          if (Text(strings, tape[other]) == key) return true;
        }
      }
      lengths |= length;
      place++;
    }
    const uint8_t value = letter(tape[place]);
    if ((value == '{' || value == '[') && may_repeat(tape, strings, place)) return true;
  }
  return false;
}

/// Reads an item; false when it is not a plain one.
bool read_item(
    const uint64_t *tape, const uint8_t *strings, size_t key, csimdjson_item &item) {
  const Text name(strings, tape[key]);
  const size_t object = key + 1;
  if (letter(tape[object]) != '{' || name.count == 0) return false;
  // Beside an object of such a name, what is around it would be an item itself.
  if (name.is("applies") || name.is("answer")) return false;
  uint8_t applies = 0, answer = 0;
  item.name = name.start;
  item.name_count = name.count;
  item.source = nullptr;
  item.source_count = 0;
  const size_t end = end_of(tape, object) - 1;
  for (size_t place = object + 1; place < end; place = end_of(tape, place + 1)) {
    const Text member(strings, tape[place]);
    const uint64_t value = tape[place + 1];
    if (member.is("applies")) {
      applies = letter(value);
    } else if (member.is("answer")) {
      answer = letter(value);
    } else if (member.is("source")) {
      if (letter(value) == '"') {
        const Text source(strings, value);
        item.source = source.start;
        item.source_count = source.count;
      } else if (letter(value) != 'n') {
        return false;
      }
    } else if (member.is("sub_questions")) {
      return false;
    }
  }
  item.applies = applies == 't';
  item.answer = answer == 't';
  if (answer != 't' && answer != 'f') return false;
  return applies == 't' || (applies == 'f' && answer == 'f');
}

}  // namespace

bool csimdjson_may_repeat_keys(const uint64_t *tape, const uint8_t *strings) {
  const uint8_t root = letter(tape[1]);
  return (root == '{' || root == '[') && may_repeat(tape, strings, 1);
}

ptrdiff_t csimdjson_plain_items(
    const uint64_t *tape, const uint8_t *strings, size_t object, csimdjson_item *items,
    size_t capacity) {
  size_t count = 0;
  if (letter(tape[object]) != '{') return -1;
  const size_t end = end_of(tape, object) - 1;
  for (size_t place = object + 1; place < end; place = end_of(tape, place + 1)) {
    if (count == capacity || !read_item(tape, strings, place, items[count])) return -1;
    count++;
  }
  return static_cast<ptrdiff_t>(count);
}
