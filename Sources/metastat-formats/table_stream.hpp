// What the readers of foreign formats write for metastat: records of fields, each with its length, so
// that nothing in a file can be taken for structure.
//
//   record = kind (1 byte), number of fields (u32), fields; field = length (u32), bytes. Little-endian.
//
//   S name           the sheet that was chosen      O name          another sheet
//   C name label set a column, where the format has names
//   L set code label what a code stands for         M column code   a code that is no value
//   R place cell …   a row                          Z               the end, without which some is missing
#pragma once
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <initializer_list>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

[[noreturn]] inline void fail(const std::string &message, int code = 2) {
  std::fprintf(stderr, "%s\n", message.c_str());
  std::_Exit(code);
}

[[noreturn]] inline void lack(const char *package) {
  fail(std::string("it takes the package ") + package + "; install it (apt-get install " + package + ")", 4);
}

/// A shared library, loaded when it is needed.
inline void *library(const char *name, const char *package) {
  void *handle = dlopen(name, RTLD_NOW);
  if (!handle) lack(package);
  return handle;
}

template <class Function> Function *symbol(void *library, const char *name) {
  auto found = reinterpret_cast<Function *>(dlsym(library, name));
  if (!found) fail(std::string("the library has no ") + name, 4);
  return found;
}
#define SYMBOL(library, name) auto call_##name = symbol<decltype(name)>(library, #name)

namespace table_stream {

inline void write_all(const char *bytes, size_t size) {
  while (size > 0) {
    ssize_t written = write(STDOUT_FILENO, bytes, size);
    if (written <= 0) std::_Exit(3);
    bytes += written;
    size -= size_t(written);
  }
}

/// Writes the records.
class Writer {
  std::vector<char> bytes;

  void number(uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(char(value >> shift & 0xFF));
  }

public:
  void begin(char kind, size_t fields) {
    bytes.push_back(kind);
    number(uint32_t(fields));
  }

  void field(std::string_view text) {
    number(uint32_t(text.size()));
    bytes.insert(bytes.end(), text.begin(), text.end());
    if (bytes.size() > 1 << 16) flush();
  }

  void record(char kind, std::initializer_list<std::string_view> fields) {
    begin(kind, fields.size());
    for (auto text : fields) field(text);
  }

  void flush() {
    write_all(bytes.data(), bytes.size());
    bytes.clear();
  }

  void end() {
    begin('Z', 0);
    flush();
  }
};

/// The shortest text that reads back as the number.
inline std::string text(double value) {
  if (!std::isfinite(value)) return "";
  char buffer[64];
  bool whole = value == std::floor(value) && std::fabs(value) < 1e15;
  auto end = whole ? std::to_chars(buffer, buffer + sizeof buffer, int64_t(value))
                   : std::to_chars(buffer, buffer + sizeof buffer, value);
  return std::string(buffer, end.ptr);
}

/// A day, counted from 1970-01-01, as year-month-day (Hinnant's civil_from_days).
inline std::string date(int64_t days) {
  int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
  int64_t doe = z - era * 146097, yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
  int64_t day = doy - (153 * mp + 2) / 5 + 1, month = mp < 10 ? mp + 3 : mp - 9;
  char buffer[80];
  std::snprintf(buffer, sizeof buffer, "%04lld-%02lld-%02lld",
                (long long)(yoe + era * 400 + (month <= 2)), (long long)month, (long long)day);
  return buffer;
}

/// A day and, unless it is midnight, the time.
inline std::string date_time(double days) {
  if (!(days > -800000 && days < 3000000)) return text(days);
  double whole = std::floor(days);
  auto seconds = int64_t(std::llround((days - whole) * 86400));
  std::string result = date(int64_t(whole) + seconds / 86400);
  seconds %= 86400;
  if (seconds == 0) return result;
  char buffer[80];
  std::snprintf(buffer, sizeof buffer, "T%02lld:%02lld:%02lld", (long long)(seconds / 3600),
                (long long)(seconds / 60 % 60), (long long)(seconds % 60));
  return result + buffer;
}

/// All of standard input.
inline std::string input() {
  std::string bytes;
  char buffer[1 << 16];
  ssize_t count;
  while ((count = read(STDIN_FILENO, buffer, sizeof buffer)) > 0) bytes.append(buffer, size_t(count));
  return bytes;
}

}  // namespace table_stream

void read_statistics(const std::string &format);
void unpack(const std::string &format, unsigned long long limit);
void read_sheet(const std::string &format, const std::string &sheet, unsigned long long limit);
