#include "ckernels.h"

#include <string.h>

// Texts as bytes: their order, and a hash of eight bytes at a time.

int ck_compare_texts(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length) {
  const int order = memcmp(a, b, a_length < b_length ? a_length : b_length);
  return order ? order : (a_length > b_length) - (a_length < b_length);
}

uint64_t ck_text_hash(const uint8_t *text, size_t length, uint64_t seed) {
  uint64_t hash = seed ^ length * UINT64_C(0x9E3779B97F4A7C15);
  while (length > 0) {
    uint64_t piece = 0;
    const size_t size = length < 8 ? length : 8;
    memcpy(&piece, text, size);
    hash = (hash ^ piece) * UINT64_C(0xD6E8FEB86659FD93);
    hash ^= hash >> 32;
    text += size;
    length -= size;
  }
  hash *= UINT64_C(0xD6E8FEB86659FD93);
  return hash ^ hash >> 32;
}
