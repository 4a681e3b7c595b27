// Loaded with LD_PRELOAD in front of flin: a disk that fails when a test says so. The file named by
// FLIN_TEST_DISK holds the word for what happens to databases (files ending in .db, .db-wal and
// .db-journal) from then on:
//   full N   writes beyond the next N bytes fail with ENOSPC
//   fsync    fsync and fdatasync fail with EIO
// Anything else: all is well.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;  // guards all below
static char last[64];
static long room;

static int is_database(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t size = readlink(link, path, sizeof path - 1);
  if (size <= 0) return 0;
  path[size] = 0;
  const char* dot = strrchr(path, '.');
  return dot && (!strcmp(dot, ".db") || !strcmp(dot, ".db-wal") || !strcmp(dot, ".db-journal"));
}

// The word now; a new one counts its bytes anew. Under the mutex.
static const char* word(void) {
  char text[64] = "";
  const char* path = getenv("FLIN_TEST_DISK");
  int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  ssize_t size = fd >= 0 ? read(fd, text, sizeof text - 1) : 0;
  if (fd >= 0) close(fd);
  text[size > 0 ? size : 0] = 0;
  if (strcmp(text, last)) {
    strcpy(last, text);
    room = strncmp(text, "full ", 5) ? 0 : atol(text + 5);
  }
  return last;
}

static int is_full(int fd, size_t size) {
  if (!is_database(fd)) return 0;
  pthread_mutex_lock(&mutex);
  int full = 0;
  if (!strncmp(word(), "full ", 5)) {
    full = (long)size > room;
    if (!full) room -= (long)size;
  }
  pthread_mutex_unlock(&mutex);
  return full;
}

static int does_sync_fail(int fd) {
  if (!is_database(fd)) return 0;
  pthread_mutex_lock(&mutex);
  int fails = !strncmp(word(), "fsync", 5);
  pthread_mutex_unlock(&mutex);
  return fails;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void* data, size_t size) {
  if (is_full(fd, size)) return errno = ENOSPC, -1;
  return REAL(write)(fd, data, size);
}
ssize_t pwrite(int fd, const void* data, size_t size, off_t at) {
  if (is_full(fd, size)) return errno = ENOSPC, -1;
  return REAL(pwrite)(fd, data, size, at);
}
ssize_t pwrite64(int fd, const void* data, size_t size, off64_t at) {
  if (is_full(fd, size)) return errno = ENOSPC, -1;
  return REAL(pwrite64)(fd, data, size, at);
}
int fsync(int fd) {
  if (does_sync_fail(fd)) return errno = EIO, -1;
  return REAL(fsync)(fd);
}
int fdatasync(int fd) {
  if (does_sync_fail(fd)) return errno = EIO, -1;
  return REAL(fdatasync)(fd);
}
