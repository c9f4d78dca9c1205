# One CMake target a room. The DEPENDS of a room are the only rooms it may include: tests/structure checks it.

add_library(ridgeline_options INTERFACE)
add_library(ridgeline::options ALIAS ridgeline_options)
target_compile_options(ridgeline_options INTERFACE -Wall -Wextra -Wpedantic -Wno-psabi
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)  # GCC bug 105651: false alarms on std::string
target_include_directories(ridgeline_options INTERFACE ${CMAKE_SOURCE_DIR})
# A program loads only the libraries that it uses: the client no RocksDB.
target_link_options(ridgeline_options INTERFACE -Wl,--as-needed)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(ridgeline_options INTERFACE -march=x86-64-v2)
endif()
if(RIDGELINE_SANITIZE)
  target_compile_options(ridgeline_options INTERFACE -fsanitize=${RIDGELINE_SANITIZE}
                                                     -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(ridgeline_options INTERFACE -fsanitize=${RIDGELINE_SANITIZE})
endif()
if(RIDGELINE_FUZZ)
  # What steers the fuzzer: which branches an input takes.
  target_compile_options(ridgeline_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# ridgeline_precompile(TARGET OWNER HEADERS...) compiles HEADERS once for the target, or, where none are given, lets it
# have those of OWNER, which is built with the same options. They only save time: each file includes all that it uses,
# which the preset `tidy`, without them, shows.
function(ridgeline_precompile target owner)
  if(ARGN)
    target_precompile_headers(${target} PRIVATE ${ARGN})
  elseif(NOT target STREQUAL owner)
    target_precompile_headers(${target} REUSE_FROM ${owner})
  endif()
endfunction()

# ridgeline_room(NAME SOURCES a.cc ... DEPENDS other_room ... LIBRARIES absl::status ... [PRECOMPILE <header> ...])
# makes the static library ridgeline_NAME with the alias ridgeline::NAME.
function(ridgeline_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;DEPENDS;LIBRARIES;PRECOMPILE" ${ARGN})
  set(target ridgeline_${name})
  add_library(${target} STATIC ${ROOM_SOURCES})
  add_library(ridgeline::${name} ALIAS ${target})
  list(TRANSFORM ROOM_DEPENDS PREPEND ridgeline::)
  target_link_libraries(${target} PUBLIC ridgeline_options ${ROOM_DEPENDS} ${ROOM_LIBRARIES})
  ridgeline_precompile(${target} ridgeline_base ${ROOM_PRECOMPILE})
endfunction()

# ridgeline_test(NAME SOURCES a_test.cc ... DEPENDS room ... LIBRARIES ... [LABELS ...] [PRECOMPILE <header> ...])
# makes one GoogleTest program NAME and registers each of its tests with ctest.
function(ridgeline_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;DEPENDS;LIBRARIES;LABELS;PRECOMPILE" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  list(TRANSFORM TEST_DEPENDS PREPEND ridgeline::)
  target_link_libraries(${name} PRIVATE ${TEST_DEPENDS} ${TEST_LIBRARIES} GTest::gmock GTest::gtest_main)
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)  # What is tested is optimized; its tests need not be.
  ridgeline_precompile(${name} core_base_test ${TEST_PRECOMPILE})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  set(environment "")
  if(RIDGELINE_SANITIZE MATCHES thread)
    set(environment ENVIRONMENT "TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/support/tsan.suppressions")
  endif()
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60
                       PROPERTIES LABELS "${TEST_LABELS}" TIMEOUT 300 ${environment})
endfunction()

include(GoogleTest)
