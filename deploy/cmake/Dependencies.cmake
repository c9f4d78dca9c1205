# Finds every package the build needs by its CMake config or its pkg-config file and says, all at once,
# which Debian packages are missing.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

set(RIDGELINE_MISSING "")

# Looks for CMake package `name`; remembers Debian package `debian` as missing otherwise.
macro(ridgeline_find_package name debian)
  find_package(${name} QUIET ${ARGN})
  if(NOT ${name}_FOUND)
    list(APPEND RIDGELINE_MISSING "${debian}")
  endif()
endmacro()

# Looks for pkg-config module `module` and imports it as PkgConfig::`prefix`.
macro(ridgeline_find_module prefix module debian)
  pkg_check_modules(${prefix} QUIET IMPORTED_TARGET ${module})
  if(NOT ${prefix}_FOUND)
    list(APPEND RIDGELINE_MISSING "${debian}")
  endif()
endmacro()

ridgeline_find_package(absl libabsl-dev CONFIG)
ridgeline_find_package(Eigen3 libeigen3-dev CONFIG)
ridgeline_find_package(TBB libtbb-dev CONFIG)
ridgeline_find_package(roaring libroaring-dev CONFIG)
ridgeline_find_package(nlohmann_json nlohmann-json3-dev CONFIG)
ridgeline_find_package(CLI11 libcli11-dev CONFIG)
ridgeline_find_package(GTest libgtest-dev)
ridgeline_find_package(benchmark libbenchmark-dev CONFIG)
ridgeline_find_package(ZLIB zlib1g-dev)
ridgeline_find_module(ROCKSDB rocksdb librocksdb-dev)
ridgeline_find_module(XXHASH libxxhash libxxhash-dev)
ridgeline_find_module(ZIP libzip libzip-dev)
ridgeline_find_module(ZSTD libzstd libzstd-dev)
if(NOT RIDGELINE_CORE_ONLY)
  ridgeline_find_package(Protobuf libprotobuf-dev)
  ridgeline_find_package(gRPC libgrpc++-dev CONFIG)
  ridgeline_find_package(prometheus-cpp prometheus-cpp-dev CONFIG)
  ridgeline_find_package(civetweb libcivetweb-dev CONFIG)
  ridgeline_find_package(spdlog libspdlog-dev CONFIG)
  ridgeline_find_module(JEMALLOC jemalloc libjemalloc-dev)
  ridgeline_find_package(OpenSSL libssl-dev)
endif()

if(RIDGELINE_MISSING)
  list(JOIN RIDGELINE_MISSING " " RIDGELINE_MISSING)
  message(FATAL_ERROR "Ridgeline needs packages that were not found. On Debian 12:\n"
                      "  apt-get install ${RIDGELINE_MISSING}\n"
                      "deploy/packages installs all of them.")
endif()
