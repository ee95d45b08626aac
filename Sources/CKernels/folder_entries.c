#define _GNU_SOURCE
#include "ckernels.h"

#include <dirent.h>
#include <stddef.h>

// The entries of a folder as the system gives them, many at a time, without the stream that the C
// library makes for every folder.

ptrdiff_t ck_read_entries(int folder, void *buffer, size_t size) {
  return getdents64(folder, buffer, size);
}

ck_entry ck_entry_at(const void *buffer, size_t offset) {
  const struct dirent64 *entry = (const struct dirent64 *)((const char *)buffer + offset);
  return (ck_entry){entry->d_name, entry->d_type, offset + entry->d_reclen};
}
