#include "table_stream.hpp"
#if __has_include(<zlib.h>)
#include <zlib.h>
#define HAS_ZLIB 1
#endif
#if __has_include(<zstd.h>)
#include <zstd.h>
#define HAS_ZSTD 1
#endif

namespace {

/// Counts what is unpacked, and stops where a file is made to fill the memory.
struct Unpacked {
  unsigned long long limit, count = 0, packed = 0;

  void add(const char *bytes, size_t size) {
    count += size;
    if (count > limit) fail("unpacked, it has more than " + std::to_string(limit >> 20) + " MB", 5);
    if (count > (64ull << 20) && count / 400 > packed)
      fail("it unpacks to more than 400 times its size, as no table does", 5);
    table_stream::write_all(bytes, size);
  }
};

char in[1 << 16], out[1 << 18];

#ifdef HAS_ZLIB
void gunzip(Unpacked sink) {
  void *z = library("libz.so.1", "zlib1g");
  SYMBOL(z, inflateInit2_);
  SYMBOL(z, inflate);
  SYMBOL(z, inflateReset);
  z_stream stream{};
  if (call_inflateInit2_(&stream, 15 + 32, ZLIB_VERSION, int(sizeof stream)) != Z_OK)
    fail("no memory to unpack", 5);
  int state = Z_OK;
  bool isFull = false;
  while (true) {
    if (stream.avail_in == 0 && !isFull) {
      ssize_t count = read(STDIN_FILENO, in, sizeof in);
      if (count <= 0) break;
      stream.next_in = reinterpret_cast<Bytef *>(in);
      stream.avail_in = uInt(count);
      sink.packed += (unsigned long long)count;
    }
    if (state == Z_STREAM_END) {
      // Another member follows, or padding.
      if (stream.avail_in == 0) continue;
      if (*stream.next_in != 0x1F) {
        for (uInt i = 0; i < stream.avail_in; i++)
          if (stream.next_in[i] != 0) fail("something follows the packed bytes");
        stream.avail_in = 0;
        continue;
      }
      call_inflateReset(&stream);
    }
    stream.next_out = reinterpret_cast<Bytef *>(out);
    stream.avail_out = sizeof out;
    state = call_inflate(&stream, Z_NO_FLUSH);
    if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR)
      fail("the packed bytes are damaged");
    isFull = stream.avail_out == 0 && state == Z_OK;
    sink.add(out, sizeof out - stream.avail_out);
  }
  if (state != Z_STREAM_END) fail("the packed file ends too early");
}
#endif

#ifdef HAS_ZSTD
void unzstd(Unpacked sink) {
  void *z = library("libzstd.so.1", "libzstd1");
  SYMBOL(z, ZSTD_createDStream);
  SYMBOL(z, ZSTD_decompressStream);
  SYMBOL(z, ZSTD_isError);
  ZSTD_DStream *stream = call_ZSTD_createDStream();
  if (!stream) fail("no memory to unpack", 5);
  size_t state = 1;
  ssize_t count;
  while ((count = read(STDIN_FILENO, in, sizeof in)) > 0) {
    sink.packed += (unsigned long long)count;
    ZSTD_inBuffer from{in, size_t(count), 0};
    bool isFull = true;
    while (from.pos < from.size || isFull) {
      ZSTD_outBuffer to{out, sizeof out, 0};
      state = call_ZSTD_decompressStream(stream, &to, &from);
      if (call_ZSTD_isError(state)) fail("the packed bytes are damaged");
      sink.add(out, to.pos);
      isFull = to.pos == to.size;
    }
  }
  if (state != 0) fail("the packed file ends too early");
}
#endif

}  // namespace

void unpack(const std::string &format, [[maybe_unused]] unsigned long long limit) {
  if (format == "gzip") {
#ifdef HAS_ZLIB
    return gunzip({limit});
#else
    lack("zlib1g-dev, and metastat built with it");
#endif
  }
#ifdef HAS_ZSTD
  unzstd({limit});
#else
  lack("libzstd-dev, and metastat built with it");
#endif
}
