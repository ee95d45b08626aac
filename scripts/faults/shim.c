// Makes one call of the system fail: the FAULT_CALL-th (from 1) of those that write, in the way that
// FAULT_KIND names: ENOSPC, EIO, EINTR, EMFILE, or SHORT for a write of one byte only; KILL ends the
// process there. The number of calls goes to the file FAULT_COUNT at exit. For LD_PRELOAD; see
// scripts/fault-test.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long calls;

static long number(const char *name) {
  const char *text = getenv(name);
  return text ? atol(text) : 0;
}

// Whether this call is the one that fails; sets errno. 2 for a short write.
static int fails(int is_write) {
  if (atomic_fetch_add(&calls, 1) + 1 != number("FAULT_CALL")) return 0;
  const char *kind = getenv("FAULT_KIND");
  if (kind == NULL) return 0;
  if (strcmp(kind, "KILL") == 0) kill(getpid(), SIGKILL);
  if (strcmp(kind, "SHORT") == 0) return is_write ? 2 : 0;
  errno = strcmp(kind, "ENOSPC") == 0   ? ENOSPC
          : strcmp(kind, "EINTR") == 0  ? EINTR
          : strcmp(kind, "EMFILE") == 0 ? EMFILE
                                        : EIO;
  return 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int is_for_writing(int flags) { return (flags & (O_WRONLY | O_RDWR | O_CREAT)) != 0; }

#define OPEN(name)                                                                       \
  int name(const char *path, int flags, ...) {                                           \
    va_list rest;                                                                        \
    va_start(rest, flags);                                                               \
    const mode_t mode = va_arg(rest, mode_t);                                            \
    va_end(rest);                                                                        \
    if (is_for_writing(flags) && fails(0)) return -1;                                    \
    return REAL(name)(path, flags, mode);                                                \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                     \
  int name(int folder, const char *path, int flags, ...) {                               \
    va_list rest;                                                                        \
    va_start(rest, flags);                                                               \
    const mode_t mode = va_arg(rest, mode_t);                                            \
    va_end(rest);                                                                        \
    if (is_for_writing(flags) && fails(0)) return -1;                                    \
    return REAL(name)(folder, path, flags, mode);                                        \
  }
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int file, const void *bytes, size_t count) {
  // What is said on standard error is not what is kept.
  if (file == 2) return REAL(write)(file, bytes, count);
  const int failure = fails(1);
  if (failure == 1) return -1;
  return REAL(write)(file, bytes, failure == 2 && count > 1 ? 1 : count);
}

#define CALL(result, name, parameters, arguments)                                        \
  result name parameters { return fails(0) ? -1 : REAL(name) arguments; }
CALL(int, rename, (const char *from, const char *to), (from, to))
CALL(int, renameat2,
     (int a, const char *from, int b, const char *to, unsigned int flags), (a, from, b, to, flags))
CALL(int, mkdir, (const char *path, mode_t mode), (path, mode))
CALL(int, rmdir, (const char *path), (path))
CALL(int, unlink, (const char *path), (path))
CALL(int, linkat,
     (int a, const char *from, int b, const char *to, int flags), (a, from, b, to, flags))
CALL(int, chmod, (const char *path, mode_t mode), (path, mode))
CALL(int, fchmod, (int file, mode_t mode), (file, mode))
CALL(int, fchown, (int file, uid_t user, gid_t group), (file, user, group))
CALL(int, fsync, (int file), (file))
CALL(int, flock, (int file, int operation), (file, operation))

__attribute__((destructor)) static void say(void) {
  const char *path = getenv("FAULT_COUNT");
  if (path == NULL) return;
  FILE *file = fopen(path, "w");
  if (file == NULL) return;
  fprintf(file, "%ld\n", atomic_load(&calls));
  fclose(file);
}
