#ifndef RIDGELINE_TESTS_CORE_INTERACTIONS_COMPRESSION_H_
#define RIDGELINE_TESTS_CORE_INTERACTIONS_COMPRESSION_H_

#include <zlib.h>
#include <zstd.h>

#include <string>

#include "core/base/random.h"
#include "gtest/gtest.h"

namespace ridgeline {

inline std::string GzipOf(const std::string& text) {
  std::string bytes(text.size() + text.size() / 1000 + 100, '\0');
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  bytes.resize(stream.total_out);
  deflateEnd(&stream);
  return bytes;
}

inline std::string ZstdOf(const std::string& text) {
  std::string bytes(ZSTD_compressBound(text.size()), '\0');
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  const size_t size = ZSTD_compress2(context, bytes.data(), bytes.size(), text.data(), text.size());
  ZSTD_freeCCtx(context);
  EXPECT_EQ(ZSTD_isError(size), 0u);
  bytes.resize(size);
  return bytes;
}

/// Lines of random digits, so that compressing them leaves something.
inline std::string RandomText(size_t bytes, uint64_t seed) {
  Random random(seed);
  std::string text;
  while (text.size() < bytes) {
    text += std::to_string(random());
    text += '\n';
  }
  return text;
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_INTERACTIONS_COMPRESSION_H_
