#include "ckernels.h"
#include "paths.h"

#include <string.h>

// Prints of the identifiers and titles of papers, from records as ck_matrix_records leaves them.
//
// Nearly all identifiers are written in their usual form, and nearly all titles in ASCII: their bytes
// are hashed where they are. Whatever else there is gets the mark that somebody has to look.
//
// Cost: a pass over the fields, about 1 ns a byte of titles and identifiers.

enum { ARXIV = 1, DOI = 2, NUMBER = 3, OTHER_NUMBER = 4, TITLE = 5 };
enum { NONE = 0, LOOK = 1 };

CK_INLINE int is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

CK_INLINE int begins(const uint8_t *text, size_t length, const char *with) {
  const size_t size = strlen(with);
  return length >= size && memcmp(text, with, size) == 0;
}

uint32_t ck_text_print(const uint8_t *text, size_t length) {
  const uint32_t print = (uint32_t)ck_text_hash(text, length, 0);
  return print <= LOOK ? print + 2 : print;
}

// Whether a text is an identifier of arXiv since 2007, as it should be written: 2502.17356.
static int is_arxiv(const uint8_t *text, size_t length) {
  if (length < 9 || length > 10 || text[4] != '.') return 0;
  for (size_t i = 0; i < length; i++)
    if (i != 4 && !is_digit(text[i])) return 0;
  const int month = (text[2] - '0') * 10 + text[3] - '0';
  return month >= 1 && month <= 12;
}

// Whether a text is a DOI as it should be written, none of arXiv's, and cannot be a template's example.
static int is_doi(const uint8_t *text, size_t length) {
  if (length <= 4 || !begins(text, length, "10.") || !is_digit(text[3])) return 0;
  const uint8_t *const slash = memchr(text, '/', length), *const end = text + length;
  if (!slash || slash + 1 == end) return 0;
  for (const uint8_t *here = text + 3; here < slash; here++)
    if (!is_digit(*here) && *here != '.') return 0;
  int run = 0;
  uint8_t previous = 0;
  for (const uint8_t *here = text; here < end; here++) {
    const uint8_t byte = *here;
    if (byte < 0x21 || byte > 0x7E || (byte >= 'A' && byte <= 'Z') || byte == '%') return 0;
    run = byte == previous ? run + 1 : 1;
    previous = byte;
    if (run == 3 && (byte == 'x' || byte == 'n')) return 0;
  }
  const size_t rest = (size_t)(end - slash - 1);
  return previous != '.' && previous != ',' && previous != ';' && !begins(slash + 1, rest, "00") &&
         !begins(slash + 1, rest, "1234567") && !begins(text, length, "10.48550/arxiv.") &&
         !(length == 23 && begins(text, length, "10.1145/1122445.1122456"));
}

// The letters, digits and signs of a title by which papers are told apart, in lower case; 0 for the rest.
static const uint8_t KEPT[128] = {
    ['#'] = '#', ['%'] = '%', ['*'] = '*', ['+'] = '+', ['<'] = '<', ['='] = '=', ['>'] = '>',
    ['@'] = '@', ['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5',
    ['6'] = '6', ['7'] = '7', ['8'] = '8', ['9'] = '9', ['A'] = 'a', ['B'] = 'b', ['C'] = 'c',
    ['D'] = 'd', ['E'] = 'e', ['F'] = 'f', ['G'] = 'g', ['H'] = 'h', ['I'] = 'i', ['J'] = 'j',
    ['K'] = 'k', ['L'] = 'l', ['M'] = 'm', ['N'] = 'n', ['O'] = 'o', ['P'] = 'p', ['Q'] = 'q',
    ['R'] = 'r', ['S'] = 's', ['T'] = 't', ['U'] = 'u', ['V'] = 'v', ['W'] = 'w', ['X'] = 'x',
    ['Y'] = 'y', ['Z'] = 'z', ['a'] = 'a', ['b'] = 'b', ['c'] = 'c', ['d'] = 'd', ['e'] = 'e',
    ['f'] = 'f', ['g'] = 'g', ['h'] = 'h', ['i'] = 'i', ['j'] = 'j', ['k'] = 'k', ['l'] = 'l',
    ['m'] = 'm', ['n'] = 'n', ['o'] = 'o', ['p'] = 'p', ['q'] = 'q', ['r'] = 'r', ['s'] = 's',
    ['t'] = 't', ['u'] = 'u', ['v'] = 'v', ['w'] = 'w', ['x'] = 'x', ['y'] = 'y', ['z'] = 'z'};

// The longest title that is read here.
enum { LONGEST = 1024 };

static uint32_t title_print(const uint8_t *text, size_t length) {
  if (length > LONGEST) return LOOK;
  uint8_t kept[LONGEST];
  size_t count = 0;
  for (size_t i = 0; i < length; i++) {
    if (text[i] > 127 || text[i] == '&') return LOOK;
    kept[count] = KEPT[text[i]];
    count += kept[count] != 0;
  }
  while (count > 0 && kept[count - 1] == '*') count--;
  return ck_text_print(kept, count);
}

void ck_paper_prints(const uint8_t *notes, const uint32_t *starts, size_t count,
                     const uint8_t *roles, size_t fields, uint32_t *prints, size_t stride) {
  for (size_t record = 0; record < count; record++) {
    const uint8_t *here = notes + starts[record];
    uint32_t found[6] = {NONE, NONE, NONE, NONE, NONE, NONE};
    int has_arxiv = 0;
    uint32_t from_doi = NONE;
    for (size_t field = 0; field < fields; field++) {
      const uint8_t mark = *here++;
      if (mark == 0) continue;
      size_t length = (size_t)mark - 1;
      if (mark == 255) {
        uint32_t size;
        memcpy(&size, here, 4);
        length = size;
        here += 4;
      }
      switch (roles[field]) {
      case ARXIV:
        has_arxiv = 1;
        found[ARXIV] = is_arxiv(here, length) ? ck_text_print(here, length) : LOOK;
        break;
      case DOI:
        found[DOI] = is_doi(here, length) ? ck_text_print(here, length) : LOOK;
        if (found[DOI] == LOOK) from_doi = LOOK;
        break;
      case NUMBER:
      case OTHER_NUMBER: found[roles[field]] = LOOK; break;
      case TITLE: found[TITLE] = title_print(here, length); break;
      default: break;
      }
      here += length;
    }
    // arXiv has DOIs of its own, which are in none of the usual forms.
    if (!has_arxiv) found[ARXIV] = from_doi;
    for (int role = ARXIV; role <= TITLE; role++)
      prints[(size_t)(role - ARXIV) * stride + record] = found[role];
  }
}
