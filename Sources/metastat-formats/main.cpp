// Reads foreign formats for metastat in a process of its own, with bounds of memory and time, since the
// faults of a parser of hostile files cannot all be known. Each library is loaded when its format is
// asked for, so that metastat runs where it is not installed.
//
// usage: metastat-formats FORMAT [MEGABYTES [SECONDS [UNPACKED_MEGABYTES [SHEET]]]] <FILE
#include "table_stream.hpp"
#include <exception>
#include <sys/resource.h>

int main(int argc, char **argv) {
  auto number = [&](int place, unsigned long long usual) {
    return argc > place ? std::strtoull(argv[place], nullptr, 10) : usual;
  };
  std::string format = argc > 1 ? argv[1] : "", sheet = argc > 5 ? argv[5] : "";
  auto megabytes = number(2, 1024), seconds = number(3, 60), unpacked = number(4, 512);
  rlimit memory{megabytes << 20, megabytes << 20}, time{seconds, seconds + 1}, none{0, 0};
  setrlimit(RLIMIT_AS, &memory);
  setrlimit(RLIMIT_CPU, &time);
  setrlimit(RLIMIT_FSIZE, &none);
  setrlimit(RLIMIT_CORE, &none);
  try {
    if (format == "gzip" || format == "zstd")
      unpack(format, unpacked << 20);
    else if (format == "sav" || format == "por" || format == "dta" || format == "sas7bdat" ||
             format == "xport")
      read_statistics(format);
    else if (format == "xlsx" || format == "ods")
      read_sheet(format, sheet, unpacked << 20);
    else
      fail("usage: metastat-formats FORMAT [MEGABYTES [SECONDS [UNPACKED_MEGABYTES [SHEET]]]] <FILE", 64);
  } catch (const std::exception &) {
    fail("it takes more memory than it may", 5);
  }
}
