#ifndef RIDGELINE_TESTS_CORE_LAB_NPY_BYTES_H_
#define RIDGELINE_TESTS_CORE_LAB_NPY_BYTES_H_

#include <zip.h>

#include <map>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace ridgeline {

/// The raw bytes of `elements`.
template <class Element>
std::string Raw(const std::vector<Element>& elements) {
  return std::string(reinterpret_cast<const char*>(elements.data()), elements.size() * sizeof(Element));
}

/// A .npy file of version 1 with that `header` and `data`.
inline std::string NpyBytes(const std::string& header, const std::string& data) {
  std::string file = "\x93NUMPY";
  file += {'\x01', '\x00', static_cast<char>(header.size() & 0xff), static_cast<char>(header.size() >> 8)};
  return file + header + data;
}

/// A .npy file of float32 in C order; `shape` as Python writes it.
inline std::string NpyOfFloats(const std::string& shape, const std::vector<float>& values) {
  return NpyBytes("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }\n", Raw(values));
}

/// Writes a zip archive of `members` to `path`.
inline void WriteArchive(const std::string& path, const std::map<std::string, std::string>& members) {
  zip_t* const archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  ASSERT_NE(archive, nullptr);
  for (const auto& [name, bytes] : members) {
    zip_source_t* const source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
    ASSERT_GE(zip_file_add(archive, name.c_str(), source, 0), 0);
  }
  ASSERT_EQ(zip_close(archive), 0);
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_LAB_NPY_BYTES_H_
