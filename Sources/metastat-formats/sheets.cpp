// A sheet of an .xlsx or .ods file: the parts of the archive are unpacked by zlib and read by Expat as
// they come, so that a sheet takes the memory of a row and of its shared texts. Nothing but names,
// cells, merged ranges, shared texts and the formats of dates is looked at.
#include "table_stream.hpp"
#include <algorithm>
#include <cstring>
#include <functional>
#include <map>
#if __has_include(<zlib.h>) && __has_include(<expat.h>)
#include <expat.h>
#include <zlib.h>

namespace {

constexpr int kColumns = 1 << 14;

struct Zlib {
  decltype(inflateInit2_) *init;
  decltype(inflate) *run;
  decltype(inflateEnd) *end;
} zlib;

struct Expat {
  decltype(XML_ParserCreate) *create;
  decltype(XML_ParserFree) *free;
  decltype(XML_SetElementHandler) *elements;
  decltype(XML_SetCharacterDataHandler) *text;
  decltype(XML_SetUserData) *data;
  decltype(XML_SetEntityDeclHandler) *entities;
  decltype(XML_Parse) *parse;
  decltype(XML_StopParser) *stop;
  decltype(XML_GetErrorCode) *error;
  decltype(XML_ErrorString) *message;
  decltype(XML_GetCurrentLineNumber) *line;
} expat;

void load() {
  void *z = library("libz.so.1", "zlib1g");
  zlib.init = symbol<decltype(inflateInit2_)>(z, "inflateInit2_");
  zlib.run = symbol<decltype(inflate)>(z, "inflate");
  zlib.end = symbol<decltype(inflateEnd)>(z, "inflateEnd");
  void *x = library("libexpat.so.1", "libexpat1");
  expat.create = symbol<decltype(XML_ParserCreate)>(x, "XML_ParserCreate");
  expat.free = symbol<decltype(XML_ParserFree)>(x, "XML_ParserFree");
  expat.elements = symbol<decltype(XML_SetElementHandler)>(x, "XML_SetElementHandler");
  expat.text = symbol<decltype(XML_SetCharacterDataHandler)>(x, "XML_SetCharacterDataHandler");
  expat.data = symbol<decltype(XML_SetUserData)>(x, "XML_SetUserData");
  expat.entities = symbol<decltype(XML_SetEntityDeclHandler)>(x, "XML_SetEntityDeclHandler");
  expat.parse = symbol<decltype(XML_Parse)>(x, "XML_Parse");
  expat.stop = symbol<decltype(XML_StopParser)>(x, "XML_StopParser");
  expat.error = symbol<decltype(XML_GetErrorCode)>(x, "XML_GetErrorCode");
  expat.message = symbol<decltype(XML_ErrorString)>(x, "XML_ErrorString");
  expat.line = symbol<decltype(XML_GetCurrentLineNumber)>(x, "XML_GetCurrentLineNumber");
}

// MARK: The archive

struct Entry { uint32_t method, packed, offset; };

class Archive {
  std::string bytes;
  std::map<std::string, Entry> entries;
  unsigned long long left;

  uint32_t number(size_t at, int size) const {
    if (at + size_t(size) > bytes.size()) fail("the archive ends too early");
    uint32_t value = 0;
    for (int i = size - 1; i >= 0; i--) value = value << 8 | (unsigned char)bytes[at + size_t(i)];
    return value;
  }

public:
  Archive(std::string all, unsigned long long limit) : bytes(std::move(all)), left(limit) {
    if (bytes.size() < 22) fail("it is no archive");
    size_t end = bytes.size() - 22;
    while (number(end, 4) != 0x06054B50) {
      if (end == 0 || bytes.size() - end > 70000) fail("the archive has no end; the file is cut off");
      end--;
    }
    size_t count = number(end + 10, 2), here = number(end + 16, 4);
    for (size_t i = 0; i < count; i++) {
      if (number(here, 4) != 0x02014B50) fail("the list of the archive is damaged");
      if (number(here + 8, 2) & 1) fail("it is encrypted; save it without a password");
      size_t name = number(here + 28, 2), extra = number(here + 30, 2), comment = number(here + 32, 2);
      if (here + 46 + name > bytes.size()) fail("the archive ends too early");
      entries[bytes.substr(here + 46, name)] = {number(here + 10, 2), number(here + 20, 4), number(here + 42, 4)};
      here += 46 + name + extra + comment;
    }
  }

  bool has(const std::string &name) const { return entries.count(name) > 0; }

  /// Hands the bytes of a part to `body` piece by piece.
  void read(const std::string &name, const std::function<void(const char *, size_t)> &body) {
    auto found = entries.find(name);
    if (found == entries.end()) fail("it has no part " + name);
    auto [method, packed, offset] = found->second;
    if (number(offset, 4) != 0x04034B50) fail("the part " + name + " is damaged");
    size_t start = offset + 30 + number(offset + 26, 2) + number(offset + 28, 2);
    if (start + packed > bytes.size()) fail("the part " + name + " ends too early");
    auto take = [&](const char *piece, size_t size) {
      if (size > left) fail("unpacked, it has more bytes than it may", 5);
      left -= size;
      body(piece, size);
    };
    if (method == 0) return take(bytes.data() + start, packed);
    if (method != 8) fail("the part " + name + " is packed in an unknown way");
    static char out[1 << 17];
    z_stream stream{};
    if (zlib.init(&stream, -15, ZLIB_VERSION, int(sizeof stream)) != Z_OK) fail("no memory to unpack", 5);
    stream.next_in = reinterpret_cast<Bytef *>(bytes.data() + start);
    stream.avail_in = packed;
    int state = Z_OK;
    while (state == Z_OK) {
      stream.next_out = reinterpret_cast<Bytef *>(out);
      stream.avail_out = sizeof out;
      state = zlib.run(&stream, Z_NO_FLUSH);
      if (state != Z_OK && state != Z_STREAM_END) fail("the part " + name + " is damaged");
      take(out, sizeof out - stream.avail_out);
    }
    zlib.end(&stream);
  }
};

// MARK: XML

using Attributes = const char **;

/// The name without its prefix.
const char *local(const char *name) {
  auto colon = std::strrchr(name, ':');
  return colon ? colon + 1 : name;
}

const char *attribute(Attributes attributes, const char *name) {
  for (; *attributes; attributes += 2)
    if (!std::strcmp(local(attributes[0]), name)) return attributes[1];
  return nullptr;
}

struct Handler {
  XML_Parser parser = nullptr;
  virtual void start(const char *, Attributes) {}
  virtual void end(const char *) {}
  virtual void text(const char *, int) {}
  virtual ~Handler() = default;
};

void parse(Archive &archive, const std::string &part, Handler &handler) {
  auto parser = expat.create(nullptr);
  handler.parser = parser;
  expat.data(parser, &handler);
  expat.elements(
      parser, [](void *h, const char *name, Attributes a) { static_cast<Handler *>(h)->start(local(name), a); },
      [](void *h, const char *name) { static_cast<Handler *>(h)->end(local(name)); });
  expat.text(parser, [](void *h, const char *bytes, int size) { static_cast<Handler *>(h)->text(bytes, size); });
  // No office program declares entities.
  expat.entities(parser, [](void *, const char *, int, const char *, int, const char *, const char *, const char *,
                            const char *) { fail("it declares entities, as no spreadsheet does"); });
  auto check = [&](XML_Status status) {
    if (status == XML_STATUS_OK) return;
    fail(part + ", line " + std::to_string(expat.line(parser)) + ": " + expat.message(expat.error(parser)));
  };
  archive.read(part, [&](const char *bytes, size_t size) {
    for (size_t here = 0; here < size; here += 1 << 16)
      check(expat.parse(parser, bytes + here, int(std::min<size_t>(1 << 16, size - here)), 0));
  });
  check(expat.parse(parser, "", 0, 1));
  expat.free(parser);
}

// MARK: Rows

struct Range { int64_t row, lastRow; int column, lastColumn; };

/// Puts cells into rows and writes those that are not empty; merged cells all have the text of the first.
struct Rows {
  table_stream::Writer *out = nullptr;  // none: only count
  size_t count = 0;
  std::vector<Range> merged;            // in the order of their first rows
  struct Open { Range range; std::string text; };
  std::vector<Open> open;
  size_t nextMerged = 0;
  std::vector<std::string> cells;
  int width = 0;

  void set(int column, std::string_view text) {
    if (column < 0 || column >= kColumns) return;
    if (text.find_first_not_of(" \t\r\n") == text.npos) return;
    count++;
    if (!out) return;
    if (int(cells.size()) <= column) cells.resize(size_t(column) + 1);
    cells[size_t(column)] = text;
    width = std::max(width, column + 1);
  }

  void finish(int64_t row) {
    if (!out) return;
    while (nextMerged < merged.size() && merged[nextMerged].row <= row) {
      auto range = merged[nextMerged++];
      if (range.lastRow < row || open.size() > 1000) continue;
      bool isHere = range.row == row && range.column < int(cells.size());
      open.push_back({range, isHere ? cells[size_t(range.column)] : ""});
    }
    for (auto &[range, text] : open) {
      if (text.empty()) continue;
      for (int column = range.column; column <= range.lastColumn && column < kColumns; column++) {
        if (int(cells.size()) <= column) cells.resize(size_t(column) + 1);
        if (cells[size_t(column)].empty()) cells[size_t(column)] = text;
        width = std::max(width, column + 1);
      }
    }
    open.erase(std::remove_if(open.begin(), open.end(), [&](auto &o) { return o.range.lastRow <= row; }), open.end());
    if (width > 0) {
      out->begin('R', size_t(width) + 1);
      out->field(std::to_string(row + 1));
      for (int column = 0; column < width; column++) out->field(cells[size_t(column)]);
    }
    for (int column = 0; column < width; column++) cells[size_t(column)].clear();
    width = 0;
  }
};

// MARK: xlsx

struct Relations : Handler {
  std::map<std::string, std::string> targets, types;
  void start(const char *name, Attributes a) override {
    if (std::strcmp(name, "Relationship")) return;
    auto id = attribute(a, "Id"), target = attribute(a, "Target"), type = attribute(a, "Type");
    if (!id || !target || !type) return;
    targets[id] = target;
    auto slash = std::strrchr(type, '/');
    types.emplace(slash ? slash + 1 : type, target);
  }
};

/// The part that a target names, as seen from a folder.
std::string part(const std::string &folder, const std::string &target) {
  std::string path = target.rfind('/', 0) == 0 ? target.substr(1) : folder + target;
  for (size_t up; (up = path.find("/../")) != path.npos;) {
    auto parent = up == 0 ? path.npos : path.rfind('/', up - 1);
    path.erase(parent == path.npos ? 0 : parent + 1, up + 4 - (parent == path.npos ? 0 : parent + 1));
  }
  return path;
}

struct Workbook : Handler {
  struct Sheet { std::string name, id; };
  std::vector<Sheet> sheets;
  bool startsIn1904 = false;
  void start(const char *name, Attributes a) override {
    if (!std::strcmp(name, "sheet")) {
      auto title = attribute(a, "name"), id = attribute(a, "id");
      if (title && id) sheets.push_back({title, id});
    } else if (!std::strcmp(name, "workbookPr")) {
      auto value = attribute(a, "date1904");
      startsIn1904 = value && (!std::strcmp(value, "1") || !std::strcmp(value, "true"));
    }
  }
};

struct SharedTexts : Handler {
  std::vector<std::string> texts;
  bool inText = false;
  int phonetic = 0;
  void start(const char *name, Attributes) override {
    if (!std::strcmp(name, "si")) texts.emplace_back();
    else if (!std::strcmp(name, "rPh")) phonetic++;
    else if (!std::strcmp(name, "t")) inText = phonetic == 0;
  }
  void end(const char *name) override {
    if (!std::strcmp(name, "t")) inText = false;
    else if (!std::strcmp(name, "rPh")) phonetic--;
  }
  void text(const char *bytes, int size) override {
    if (inText && !texts.empty()) texts.back().append(bytes, size_t(size));
  }
};

struct Styles : Handler {
  std::map<long, bool> own;
  std::vector<bool> dates;
  bool inFormats = false;

  /// Whether a format code shows a day.
  static bool isDate(const std::string &code) {
    bool quoted = false, bracket = false;
    for (size_t i = 0; i < code.size(); i++) {
      char c = code[i];
      if (c == '"') quoted = !quoted;
      else if (c == '[') bracket = true;
      else if (c == ']') bracket = false;
      else if (c == '\\' || c == '_') i++;
      else if (!quoted && !bracket && (c == 'y' || c == 'd' || c == 'Y' || c == 'D')) return true;
    }
    return false;
  }

  void start(const char *name, Attributes a) override {
    if (!std::strcmp(name, "numFmt")) {
      auto id = attribute(a, "numFmtId"), code = attribute(a, "formatCode");
      if (id && code) own[std::atol(id)] = isDate(code);
    } else if (!std::strcmp(name, "cellXfs")) {
      inFormats = true;
    } else if (inFormats && !std::strcmp(name, "xf")) {
      auto text = attribute(a, "numFmtId");
      long id = text ? std::atol(text) : 0;
      auto found = own.find(id);
      dates.push_back(found != own.end() ? found->second
                      : (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58));
    }
  }
  void end(const char *name) override {
    if (!std::strcmp(name, "cellXfs")) inFormats = false;
  }
};

/// The column of `B12`, and what follows it.
int column(const char *&text) {
  int64_t value = 0;
  for (; std::isalpha((unsigned char)*text) || *text == '$'; text++)
    if (*text != '$' && value < kColumns * 2) value = value * 26 + (std::toupper((unsigned char)*text) - 'A' + 1);
  return int(value) - 1;
}

int64_t row(const char *text) {
  while (*text == '$') text++;
  return std::strtoll(text, nullptr, 10) - 1;
}

struct Sheet : Handler {
  const SharedTexts &shared;
  const Styles &styles;
  double origin;
  Rows rows;
  int64_t rowNumber = -1;
  int columnNumber = -1;
  std::string type, value;
  size_t style = 0;
  bool inValue = false;
  int phonetic = 0;

  Sheet(const SharedTexts &shared, const Styles &styles, double origin)
      : shared(shared), styles(styles), origin(origin) {}

  void start(const char *name, Attributes a) override {
    if (!std::strcmp(name, "row")) {
      auto r = attribute(a, "r");
      rowNumber = r ? row(r) : rowNumber + 1;
      columnNumber = -1;
    } else if (!std::strcmp(name, "c")) {
      auto r = attribute(a, "r"), t = attribute(a, "t"), s = attribute(a, "s");
      columnNumber = r ? column(r) : columnNumber + 1;
      type = t ? t : "n";
      style = s ? std::strtoull(s, nullptr, 10) : 0;
      value.clear();
    } else if (!std::strcmp(name, "rPh")) {
      phonetic++;
    } else if (!std::strcmp(name, "v") || !std::strcmp(name, "t")) {
      inValue = phonetic == 0;
    } else if (!std::strcmp(name, "mergeCell") && !rows.out) {
      if (auto ref = attribute(a, "ref"); ref && rows.merged.size() < 1 << 18) {
        Range range{};
        range.column = column(ref);
        range.row = row(ref);
        auto colon = std::strchr(ref, ':');
        const char *last = colon ? colon + 1 : ref;
        range.lastColumn = colon ? column(last) : range.column;
        range.lastRow = colon ? row(last) : range.row;
        if (range.column >= 0 && range.row >= 0) rows.merged.push_back(range);
      }
    }
  }

  void text(const char *bytes, int size) override {
    if (inValue) value.append(bytes, size_t(size));
  }

  void end(const char *name) override {
    if (!std::strcmp(name, "v") || !std::strcmp(name, "t")) inValue = false;
    else if (!std::strcmp(name, "rPh")) phonetic--;
    else if (!std::strcmp(name, "row")) rows.finish(rowNumber);
    else if (!std::strcmp(name, "c")) finishCell();
  }

  void finishCell() {
    if (value.empty()) return;
    if (type == "s") {
      auto number = std::strtoull(value.c_str(), nullptr, 10);
      if (number >= shared.texts.size()) fail("a cell names a text that the file does not have");
      rows.set(columnNumber, shared.texts[number]);
    } else if (type == "b") {
      rows.set(columnNumber, value == "1" || value == "true" ? "TRUE" : "FALSE");
    } else if (type == "n") {
      char *stop = nullptr;
      double number = std::strtod(value.c_str(), &stop);
      if (*stop) return rows.set(columnNumber, value);
      bool isDate = style < styles.dates.size() && styles.dates[style];
      rows.set(columnNumber, isDate ? table_stream::date_time(number + origin) : table_stream::text(number));
    } else {
      rows.set(columnNumber, value);
    }
  }
};

void choose(const std::vector<std::string> &names, const std::vector<size_t> &counts, const std::string &wanted,
            table_stream::Writer &out, size_t &chosen) {
  chosen = names.size();
  for (size_t i = 0; i < names.size(); i++)
    if (wanted.empty() ? chosen == names.size() || counts[i] > counts[chosen] : names[i] == wanted) chosen = i;
  if (chosen < names.size()) out.record('S', {names[chosen]});
  for (size_t i = 0; i < names.size(); i++)
    if (i != chosen) out.record('O', {names[i]});
}

void read_xlsx(Archive &archive, const std::string &wanted) {
  Relations root;
  parse(archive, "_rels/.rels", root);
  auto document = root.types.find("officeDocument");
  if (document == root.types.end()) fail("it is no workbook");
  auto book = part("", document->second);
  auto slash = book.rfind('/');
  std::string folder = slash == book.npos ? "" : book.substr(0, slash + 1);
  std::string name = slash == book.npos ? book : book.substr(slash + 1);
  Workbook workbook;
  parse(archive, book, workbook);
  Relations relations;
  parse(archive, folder + "_rels/" + name + ".rels", relations);
  SharedTexts shared;
  Styles styles;
  if (auto found = relations.types.find("sharedStrings"); found != relations.types.end())
    parse(archive, part(folder, found->second), shared);
  if (auto found = relations.types.find("styles"); found != relations.types.end())
    parse(archive, part(folder, found->second), styles);
  double origin = workbook.startsIn1904 ? -24107 : -25569;
  std::vector<std::string> names, parts;
  for (auto &sheet : workbook.sheets) {
    auto target = relations.targets.find(sheet.id);
    if (target == relations.targets.end()) continue;
    auto path = part(folder, target->second);
    if (!archive.has(path) || path.find("worksheets/") == path.npos) continue;
    names.push_back(sheet.name);
    parts.push_back(path);
  }
  std::vector<size_t> counts;
  std::vector<std::vector<Range>> merged;
  for (auto &path : parts) {
    Sheet sheet(shared, styles, origin);
    parse(archive, path, sheet);
    counts.push_back(sheet.rows.count);
    merged.push_back(std::move(sheet.rows.merged));
  }
  table_stream::Writer out;
  size_t chosen;
  choose(names, counts, wanted, out, chosen);
  if (chosen < parts.size()) {
    Sheet sheet(shared, styles, origin);
    sheet.rows.out = &out;
    sheet.rows.merged = std::move(merged[chosen]);
    std::sort(sheet.rows.merged.begin(), sheet.rows.merged.end(),
                     [](auto &a, auto &b) { return a.row != b.row ? a.row < b.row : a.column < b.column; });
    parse(archive, parts[chosen], sheet);
  }
  out.end();
}

// MARK: ods

struct Content : Handler {
  std::vector<std::string> names;
  std::vector<size_t> counts;
  table_stream::Writer *out = nullptr;
  size_t chosen = 0;
  Rows rows;
  int depth = 0, notes = 0, paragraphs = 0;
  int64_t rowNumber = 0, repeatedRows = 1;
  int columnNumber = 0, repeatedColumns = 1, spannedColumns = 1;
  int64_t spannedRows = 1;
  bool inCell = false, inParagraph = false;
  std::string text_, value;
  bool isCurrent() const { return depth == 1 && (!out || names.size() == chosen + 1); }

  static int64_t number(Attributes a, const char *name, int64_t limit) {
    auto text = attribute(a, name);
    return text ? std::clamp<int64_t>(std::strtoll(text, nullptr, 10), 1, limit) : 1;
  }

  void start(const char *name, Attributes a) override {
    if (!std::strcmp(name, "table")) {
      if (++depth != 1) return;
      auto title = attribute(a, "name");
      names.push_back(title ? title : "");
      rows = Rows();
      rows.out = out && names.size() == chosen + 1 ? out : nullptr;
      rowNumber = 0;
    } else if (!isCurrent()) {
      return;
    } else if (!std::strcmp(name, "table-row")) {
      repeatedRows = number(a, "number-rows-repeated", 1 << 20);
      columnNumber = 0;
    } else if (!std::strcmp(name, "table-cell") || !std::strcmp(name, "covered-table-cell")) {
      inCell = true;
      paragraphs = 0;
      text_.clear();
      value.clear();
      repeatedColumns = int(number(a, "number-columns-repeated", kColumns));
      spannedColumns = int(number(a, "number-columns-spanned", kColumns));
      spannedRows = number(a, "number-rows-spanned", 1 << 20);
      auto type = attribute(a, "value-type");
      if (!type) return;
      auto given = attribute(a, !std::strcmp(type, "date") ? "date-value"
                                : !std::strcmp(type, "boolean") ? "boolean-value"
                                : !std::strcmp(type, "string") ? "string-value" : "value");
      if (!given) return;
      value = given;
      if (!std::strcmp(type, "boolean")) value = value == "true" ? "TRUE" : "FALSE";
      else if (std::strcmp(type, "date") && std::strcmp(type, "string")) {
        char *stop = nullptr;
        double real = std::strtod(given, &stop);
        if (!*stop) value = table_stream::text(real);
      }
    } else if (!std::strcmp(name, "annotation")) {
      notes++;
    } else if (inCell && notes == 0) {
      if (!std::strcmp(name, "p")) {
        if (paragraphs++) text_ += '\n';
        inParagraph = true;
      } else if (!std::strcmp(name, "s")) {
        auto c = attribute(a, "c");
        text_.append(size_t(c ? std::clamp(std::atol(c), 0L, 1000L) : 1), ' ');
      } else if (!std::strcmp(name, "tab")) {
        text_ += '\t';
      } else if (!std::strcmp(name, "line-break")) {
        text_ += '\n';
      }
    }
  }

  void text(const char *bytes, int size) override {
    if (inParagraph && notes == 0) text_.append(bytes, size_t(size));
  }

  void end(const char *name) override {
    if (!std::strcmp(name, "table")) {
      if (depth-- == 1) counts.push_back(rows.count);
    } else if (!isCurrent()) {
      return;
    } else if (!std::strcmp(name, "annotation")) {
      notes--;
    } else if (!std::strcmp(name, "p")) {
      inParagraph = false;
    } else if (!std::strcmp(name, "table-cell") || !std::strcmp(name, "covered-table-cell")) {
      auto &cell = value.empty() ? text_ : value;
      if (!cell.empty())
        for (int i = 0; i < repeatedColumns && columnNumber + i < kColumns; i++) rows.set(columnNumber + i, cell);
      if ((spannedColumns > 1 || spannedRows > 1) && rows.merged.size() < 1 << 18)
        rows.merged.push_back({rowNumber, rowNumber + spannedRows - 1, columnNumber, columnNumber + spannedColumns - 1});
      columnNumber = std::min(kColumns, columnNumber + repeatedColumns);
      inCell = false;
    } else if (!std::strcmp(name, "table-row")) {
      // Sheets end in a row that stands for all that are empty.
      auto cells = rows.cells;
      auto width = rows.width;
      for (int64_t i = 0; i < (width > 0 || !rows.open.empty() ? repeatedRows : 1); i++) {
        if (i > 0) {
          rows.cells = cells;
          rows.width = width;
        }
        rows.finish(rowNumber + i);
      }
      rowNumber += repeatedRows;
    }
  }
};

void read_ods(Archive &archive, const std::string &wanted) {
  Content first;
  parse(archive, "content.xml", first);
  table_stream::Writer out;
  size_t chosen;
  choose(first.names, first.counts, wanted, out, chosen);
  if (chosen < first.names.size()) {
    Content content;
    content.out = &out;
    content.chosen = chosen;
    parse(archive, "content.xml", content);
  }
  out.end();
}

}  // namespace

void read_sheet(const std::string &format, const std::string &sheet, unsigned long long limit) {
  load();
  Archive archive(table_stream::input(), limit);
  if (format == "ods" || archive.has("content.xml")) read_ods(archive, sheet);
  else read_xlsx(archive, sheet);
}
#else
void read_sheet(const std::string &, const std::string &, unsigned long long) {
  lack("libexpat1-dev, and metastat built with it");
}
#endif
