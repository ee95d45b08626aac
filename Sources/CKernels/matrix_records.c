#include "ckernels.h"
#include "paths.h"

#include <string.h>

// Records of a matrix CSV, straight into bits.
//
// The fields of items are one or two bytes long, so that 64 bytes hold a score of them. On AVX-512 the
// delimiters of 64 bytes are one mask; its bits moved up by one are where fields start, and the masks of
// `1`, `0` and `N`, picked at the starts (pext), are the answers of all those fields at once. Elsewhere
// fields are read one by one. Whatever is not plainly right ends the reading, and the plain reader says
// what it is.
//
// Cost: about 0.1 ns a byte of items and 0.7 ns a byte of texts on AVX-512, 1 ns a byte elsewhere.

enum { ITEM = 0, TEXT = 1, PAPER = 2, WEIGHT = 3, WHOLE = 4 };

static const uint8_t *const NOT_PLAIN = (const uint8_t *)1;

// The place of the delimiter, quote or line break that comes next; the end if none does.
CK_INLINE const uint8_t *next_special(const uint8_t *here, const uint8_t *end) {
  while (here < end && *here != ',' && *here != '\n' && *here != '\r' && *here != '"') here++;
  return here;
}

typedef struct {
  uint64_t yes, applies, asked;
} answers;

// Adds the bits of `count` fields, at most 64, at place `at` of a row.
CK_INLINE void put(uint64_t *yes, uint64_t *applies, uint64_t *asked, size_t at, size_t count,
                   answers found) {
  const size_t word = at / 64, shift = at % 64;
  yes[word] |= found.yes << shift;
  applies[word] |= found.applies << shift;
  asked[word] |= found.asked << shift;
  if (shift + count > 64) {
    yes[word + 1] |= found.yes >> (64 - shift);
    applies[word + 1] |= found.applies >> (64 - shift);
    asked[word + 1] |= found.asked >> (64 - shift);
  }
}

// Reads `count` fields of items, each with the delimiter after it; `closes` when the last one ends the
// record. Gives the place after them, NULL if the text ends before, or NOT_PLAIN.
CK_INLINE const uint8_t *items_plain(const uint8_t *here, const uint8_t *end, size_t count,
                                     int closes, uint64_t *yes, uint64_t *applies,
                                     uint64_t *asked, size_t at) {
  for (size_t i = 0; i < count; i++) {
    // The longest field, NA, with its delimiter.
    if (end - here < 3) return NULL;
    const uint8_t first = here[0];
    answers found = {0, 0, 0};
    if (first == '0' || first == '1') {
      found = (answers){first & 1, 1, 1};
      here++;
    } else if (first == 'N' && here[1] == 'A') {
      found.asked = 1;
      here += 2;
    }
    const int isLast = closes && i + 1 == count;
    if (isLast ? *here != '\n' && *here != '\r' : *here != ',') return NOT_PLAIN;
    put(yes, applies, asked, at + i, 1, found);
    here++;
  }
  return here;
}

#if CK_X86
CK_TARGET_AVX512 CK_INLINE uint64_t equal(__m512i text, char byte) {
  return _mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8(byte));
}

CK_TARGET_AVX512 static const uint8_t *next_special_avx512(const uint8_t *here,
                                                           const uint8_t *end) {
  for (; end - here >= 64; here += 64) {
    const __m512i text = _mm512_loadu_si512(here);
    const uint64_t found =
        equal(text, ',') | equal(text, '\n') | equal(text, '\r') | equal(text, '"');
    if (found) return here + __builtin_ctzll(found);
  }
  return next_special(here, end);
}

CK_TARGET_AVX512 static const uint8_t *items_avx512(const uint8_t *here, const uint8_t *end,
                                                    size_t count, int closes, uint64_t *yes,
                                                    uint64_t *applies, uint64_t *asked,
                                                    size_t at) {
  while (count > 0) {
    if (end - here < 64)
      return items_plain(here, end, count, closes, yes, applies, asked, at);
    const __m512i text = _mm512_loadu_si512(here);
    const uint64_t commas = equal(text, ',');
    uint64_t delimiters = commas | equal(text, '\n') | equal(text, '\r');
    if (!delimiters) return NOT_PLAIN;
    size_t fields = (size_t)__builtin_popcountll(delimiters);
    uint64_t last = UINT64_C(1) << (63 - __builtin_clzll(delimiters));
    if (fields >= count) {
      fields = count;
      last = _pdep_u64(UINT64_C(1) << (count - 1), delimiters);
    }
    const uint64_t region = last | (last - 1);
    delimiters &= region;
    const uint64_t breaks = delimiters & ~commas;
    if (breaks != (closes && fields == count ? last : 0)) return NOT_PLAIN;
    const uint64_t starts = (delimiters << 1 | 1) & region;
    const uint64_t ones = equal(text, '1') & starts, noughts = equal(text, '0') & starts;
    const uint64_t undefined = equal(text, 'N') & starts & equal(text, 'A') >> 1;
    const uint64_t answered = ones | noughts;
    if ((answered | undefined | (starts & delimiters)) != starts ||
        (answered << 1 & ~delimiters) || (undefined << 2 & ~delimiters))
      return NOT_PLAIN;
    put(yes, applies, asked, at, fields,
        (answers){_pext_u64(ones, starts), _pext_u64(answered, starts),
                  _pext_u64(answered | undefined, starts)});
    here += 64 - __builtin_clzll(last);
    at += fields;
    count -= fields;
  }
  return here;
}
#endif

// Whether a field is a whole number as data frames write it, of at most nine digits.
CK_INLINE int is_whole(const uint8_t *text, size_t length) {
  if (length > 2 && text[length - 2] == '.' && text[length - 1] == '0') length -= 2;
  if (length > 0 && text[0] == '-') {
    text++;
    length--;
  }
  if (length == 0 || length > 9) return 0;
  for (size_t i = 0; i < length; i++)
    if (text[i] < '0' || text[i] > '9') return 0;
  return 1;
}

// Reads a field of text with the delimiter after it into `notes`: 0 for what is unknown, else its
// length and one, in one byte or, from 254 on, in four after a byte of 255, and its bytes.
CK_INLINE const uint8_t *text_field(const uint8_t *here, const uint8_t *end, uint8_t kind,
                                    int closes, uint8_t **notes,
                                    const uint8_t *(*find)(const uint8_t *, const uint8_t *)) {
  if (here >= end) return NULL;
  const uint8_t *start = here;
  uint8_t *target = *notes;
  const int isQuoted = *here == '"';
  size_t length;
  if (isQuoted) {
    uint8_t *text = target + 5;
    here++;
    for (;;) {
      const uint8_t *quote = memchr(here, '"', (size_t)(end - here));
      // A quote at the very end may be the first of two.
      if (!quote || quote + 1 >= end) return NULL;
      memcpy(text, here, (size_t)(quote - here));
      text += quote - here;
      here = quote + 1;
      if (*here != '"') break;
      *text++ = '"';
      here++;
    }
    length = (size_t)(text - (target + 5));
  } else {
    here = find(here, end);
    if (here >= end) return NULL;
    if (*here == '"') return NOT_PLAIN;
    length = (size_t)(here - start);
  }
  if (closes ? *here != '\n' && *here != '\r' : *here != ',') return NOT_PLAIN;
  const int isUnknown =
      !isQuoted && (length == 0 || (length == 2 && start[0] == 'N' && start[1] == 'A'));
  const uint8_t *text = isQuoted ? target + 5 : start;
  if (kind == PAPER && (length == 0 || isUnknown)) return NOT_PLAIN;
  if (kind == WEIGHT && length == 0) return NOT_PLAIN;
  if (kind == WHOLE && !isUnknown && !is_whole(text, length)) return NOT_PLAIN;
  if (isUnknown) {
    *target++ = 0;
  } else if (length < 254) {
    *target++ = (uint8_t)(length + 1);
    memmove(target, text, length);
    target += length;
  } else {
    *target++ = 255;
    const uint32_t size = (uint32_t)length;
    memcpy(target, &size, 4);
    target += 4;
    memmove(target, text, length);
    target += length;
  }
  *notes = target;
  return here + 1;
}

typedef const uint8_t *find_function(const uint8_t *, const uint8_t *);
typedef const uint8_t *items_function(const uint8_t *, const uint8_t *, size_t, int, uint64_t *,
                                      uint64_t *, uint64_t *, size_t);

static const uint8_t *find_portable(const uint8_t *here, const uint8_t *end) {
  return next_special(here, end);
}

static const uint8_t *items_portable(const uint8_t *here, const uint8_t *end, size_t count,
                                     int closes, uint64_t *yes, uint64_t *applies,
                                     uint64_t *asked, size_t at) {
  return items_plain(here, end, count, closes, yes, applies, asked, at);
}

void ck_matrix_records(int path, const uint8_t *text, size_t length, const uint8_t *kinds,
                       size_t columns, size_t items, size_t most, uint64_t *yes,
                       uint64_t *applies, uint64_t *asked, uint8_t *notes, size_t room,
                       uint32_t *starts, ck_matrix_progress *progress) {
  find_function *find = find_portable;
  items_function *read_items = items_portable;
#if CK_X86
  if (path == CK_AVX512) {
    find = next_special_avx512;
    read_items = items_avx512;
  }
#else
  (void)path;
#endif
  const size_t words = (items + 63) / 64;
  const uint8_t *here = text, *const end = text + length;
  uint8_t *note = notes;
  size_t record = 0;
  *progress = (ck_matrix_progress){0, 0, 0, 0};
  for (; record < most; record++) {
    while (here < end && (*here == '\n' || *here == '\r')) here++;
    // No record needs more room than its text, and five bytes a field.
    const uint8_t *at = here;
    const size_t left = room - (size_t)(note - notes);
    const size_t bound = left > 5 * columns + 8 ? left - 5 * columns - 8 : 0;
    const uint8_t *limit = (size_t)(end - here) > bound ? here + bound : end;
    uint64_t *row_yes = yes + record * words, *row_applies = applies + record * words,
             *row_asked = asked + record * words;
    uint8_t *target = note;
    size_t item = 0;
    for (size_t column = 0; column < columns && at && at != NOT_PLAIN;) {
      if (kinds[column] == ITEM) {
        size_t run = 1;
        while (column + run < columns && kinds[column + run] == ITEM) run++;
        at = read_items(at, limit, run, column + run == columns, row_yes, row_applies, row_asked,
                        item);
        item += run;
        column += run;
      } else {
        at = text_field(at, limit, kinds[column], column + 1 == columns, &target, find);
        column++;
      }
    }
    if (!at || at == NOT_PLAIN) {
      for (size_t word = 0; word < words; word++)
        row_yes[word] = row_applies[word] = row_asked[word] = 0;
      progress->is_plain = at != NOT_PLAIN;
      progress->bytes = (size_t)(here - text);
      progress->records = record;
      progress->notes = (size_t)(note - notes);
      return;
    }
    starts[record] = (uint32_t)(note - notes);
    note = target;
    here = at;
  }
  progress->is_plain = 1;
  progress->bytes = (size_t)(here - text);
  progress->records = record;
  progress->notes = (size_t)(note - notes);
}
