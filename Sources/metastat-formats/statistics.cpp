// What SPSS, Stata and SAS write, by ReadStat.
#include "table_stream.hpp"
#include <cctype>
#if __has_include(<readstat.h>)
#include <readstat.h>

namespace {

using table_stream::text;

#define LIST(X)                                                                                    \
  X(readstat_variable_get_index) X(readstat_variable_get_name) X(readstat_variable_get_label)      \
  X(readstat_variable_get_format) X(readstat_variable_get_missing_ranges_count)                    \
  X(readstat_variable_get_missing_range_lo) X(readstat_variable_get_missing_range_hi)              \
  X(readstat_value_type_class) X(readstat_value_type) X(readstat_value_is_system_missing)          \
  X(readstat_value_is_tagged_missing) X(readstat_value_tag) X(readstat_double_value)               \
  X(readstat_string_value)

struct Library {
#define MEMBER(name) decltype(::name) *name;
  LIST(MEMBER)
} call;

/// How a column counts days: values a day, and days from 1970 to its origin; no values for no dates.
struct Calendar { double unit = 0, origin = 0; };

struct Reading {
  table_stream::Writer out;
  std::vector<Calendar> columns;
  std::vector<std::string> row;
  long current = -1;
  bool isSPSS = false;
};

/// The text of a value; tagged missing ones of Stata and SAS are `.a` and so on.
std::string text(readstat_value_t value) {
  if (call.readstat_value_type_class(value) == READSTAT_TYPE_CLASS_STRING) {
    const char *bytes = call.readstat_string_value(value);
    std::string result = bytes ? bytes : "";
    while (!result.empty() && result.back() == ' ') result.pop_back();
    return result;
  }
  if (call.readstat_value_is_tagged_missing(value))
    return std::string(".") + call.readstat_value_tag(value);
  if (call.readstat_value_is_system_missing(value)) return "";
  double number = call.readstat_double_value(value);
  if (call.readstat_value_type(value) != READSTAT_TYPE_FLOAT) return text(number);
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.7g", number);
  return buffer;
}

Calendar calendar(const Reading &reading, const char *format) {
  std::string name = format ? format : "";
  for (auto &c : name) c = char(std::toupper((unsigned char)c));
  auto starts = [&](const char *start) { return name.rfind(start, 0) == 0; };
  for (auto start : {"DATE", "ADATE", "EDATE", "SDATE", "JDATE"})
    if (reading.isSPSS && starts(start)) return {86400, -141428};
  if (reading.isSPSS) return {};
  if (starts("%TD") || starts("%D") || starts("%-TD")) return {1, -3653};
  if (starts("%TC") || starts("%-TC")) return {86400000, -3653};
  if (starts("DATETIME")) return {86400, -3653};
  for (auto start : {"DATE", "YYMMDD", "MMDDYY", "DDMMYY", "E8601DA"})
    if (starts(start)) return {1, -3653};
  return {};
}

int on_variable(int, readstat_variable_t *variable, const char *labels, void *context) {
  auto &reading = *static_cast<Reading *>(context);
  auto number = std::to_string(reading.columns.size());
  reading.columns.push_back(calendar(reading, call.readstat_variable_get_format(variable)));
  auto filled = [](const char *text) { return text ? text : ""; };
  reading.out.record('C', {filled(call.readstat_variable_get_name(variable)),
                           filled(call.readstat_variable_get_label(variable)), filled(labels)});
  for (int i = 0; i < call.readstat_variable_get_missing_ranges_count(variable); i++) {
    auto low = call.readstat_variable_get_missing_range_lo(variable, i);
    auto high = call.readstat_variable_get_missing_range_hi(variable, i);
    auto first = text(low);
    reading.out.record('M', {number, first});
    if (call.readstat_value_type_class(low) == READSTAT_TYPE_CLASS_STRING || first == text(high))
      continue;
    // A range of codes: of its whole numbers the first hundred.
    double from = std::ceil(call.readstat_double_value(low)), to = call.readstat_double_value(high);
    for (int k = 0; k < 100 && from + k <= to; k++) reading.out.record('M', {number, text(from + k)});
  }
  return READSTAT_HANDLER_OK;
}

int on_label(const char *set, readstat_value_t value, const char *label, void *context) {
  static_cast<Reading *>(context)->out.record('L', {set ? set : "", text(value), label ? label : ""});
  return READSTAT_HANDLER_OK;
}

void finish_row(Reading &reading) {
  if (reading.current < 0) return;
  reading.out.begin('R', reading.row.size() + 1);
  reading.out.field(std::to_string(reading.current + 1));
  for (auto &cell : reading.row) reading.out.field(cell);
}

int on_value(int row, readstat_variable_t *variable, readstat_value_t value, void *context) {
  auto &reading = *static_cast<Reading *>(context);
  if (row != reading.current) {
    finish_row(reading);
    reading.current = row;
    reading.row.assign(reading.columns.size(), "");
  }
  auto column = size_t(call.readstat_variable_get_index(variable));
  if (column >= reading.row.size()) return READSTAT_HANDLER_OK;
  auto [unit, origin] = reading.columns[column];
  bool isDate = unit > 0 && call.readstat_value_type_class(value) == READSTAT_TYPE_CLASS_NUMERIC
    && !call.readstat_value_is_system_missing(value) && !call.readstat_value_is_tagged_missing(value);
  reading.row[column] = isDate
    ? table_stream::date_time(call.readstat_double_value(value) / unit + origin) : text(value);
  return READSTAT_HANDLER_OK;
}

}  // namespace

void read_statistics(const std::string &format) {
  void *r = library("libreadstat.so.1", "libreadstat1");
#define LOAD(name) call.name = symbol<decltype(::name)>(r, #name);
  LIST(LOAD)
  SYMBOL(r, readstat_parser_init);
  SYMBOL(r, readstat_set_variable_handler);
  SYMBOL(r, readstat_set_value_handler);
  SYMBOL(r, readstat_set_value_label_handler);
  SYMBOL(r, readstat_error_message);
  auto parse = symbol<decltype(readstat_parse_sav)>(r, ("readstat_parse_" + format).c_str());
  Reading reading;
  reading.isSPSS = format == "sav" || format == "por";
  auto parser = call_readstat_parser_init();
  call_readstat_set_variable_handler(parser, on_variable);
  call_readstat_set_value_handler(parser, on_value);
  call_readstat_set_value_label_handler(parser, on_label);
  auto error = parse(parser, "/proc/self/fd/0", &reading);
  if (error != READSTAT_OK) fail(call_readstat_error_message(error));
  finish_row(reading);
  reading.out.end();
}
#else
void read_statistics(const std::string &) { lack("libreadstat-dev, and metastat built with it"); }
#endif
