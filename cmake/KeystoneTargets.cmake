# SPDX-License-Identifier: Apache-2.0
# One helper for each kind of target. Every part of the tree uses these and nothing else.
include(${CMAKE_CURRENT_LIST_DIR}/KeystoneParts.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/KeystoneInstall.cmake)

add_library(keystone_flags INTERFACE)
target_compile_options(keystone_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow
  "$<$<COMPILE_LANGUAGE:CXX>:-Wold-style-cast;-Wnon-virtual-dtor;-Woverloaded-virtual>"
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>
  -Wcast-align -Wundef -Wformat=2
  -fstack-protector-strong $<$<BOOL:${KEYSTONE_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 sees an overlap in every `"literal" + std::string` (GCC bug 105651).
  target_compile_options(keystone_flags INTERFACE -Wno-restrict)
endif()
target_compile_definitions(keystone_flags INTERFACE _GLIBCXX_ASSERTIONS)
# Where this tree lies is nobody's business: not in what a failed assertion prints, either.
target_compile_options(keystone_flags INTERFACE -fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=)
target_link_options(keystone_flags INTERFACE -Wl,-z,relro,-z,now)
if(KEYSTONE_SANITIZE)
  target_compile_options(keystone_flags INTERFACE -fsanitize=${KEYSTONE_SANITIZE}
    -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(keystone_flags INTERFACE -fsanitize=${KEYSTONE_SANITIZE})
else()
  target_compile_definitions(keystone_flags INTERFACE
    $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
endif()
if(KEYSTONE_LIBFUZZER)
  # Everywhere, so that the fuzzer sees which branches of ours an input takes.
  target_compile_options(keystone_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# What the tsan and fuzz presets build, apart from the rest.
add_custom_target(keystone_thread_tests)
add_custom_target(keystone_fuzzers)

# keystone_library(<part> SOURCES ... [LINK <public>...] [USE <private>...])
# A part that users install: headers under include/, exported as KeystoneAttest::<part>. One that
# was not selected, but that a tool or a test of one that was links, is built and not installed.
# With tests on, every public header is also compiled alone, and must not pull in a backend's header.
function(keystone_library part)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK;USE")
  set(target keystone_${part})
  add_library(${target} STATIC ${arg_SOURCES})
  add_library(keystone::${part} ALIAS ${target})
  set_target_properties(${target} PROPERTIES OUTPUT_NAME keystone-${part})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target}
    PUBLIC $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>
           $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/src)
  target_link_libraries(${target} PUBLIC ${arg_LINK}
    PRIVATE ${arg_USE} $<BUILD_INTERFACE:keystone_flags>)
  if(KEYSTONE_SANITIZE)
    # Unlike the programs, what tests and fuzz targets spend their time in.
    target_compile_options(${target} PRIVATE $<$<NOT:$<CONFIG:Debug>>:-O1>)
  endif()
  if(NOT part IN_LIST KEYSTONE_SELECTED)
    set_target_properties(${target} PROPERTIES EXCLUDE_FROM_ALL TRUE)
    return()
  endif()
  keystone_check_arrows(${part} ${arg_LINK})
  keystone_install(${part} ${target} LINK ${arg_LINK} ${arg_USE})
  keystone_check_headers_alone(${part})
endfunction()

# keystone_c_library(<part> SOURCES ... LINK ... SYMBOLS <version script> SOVERSION <number>)
# A shared library for C, over a part in C++ that it contains: headers under include/, exported as
# KeystoneAttest::<part>. Of what it contains, the version script alone says what shows.
function(keystone_c_library part)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SYMBOLS;SOVERSION" "SOURCES;LINK")
  set(target keystone_${part})
  string(REPLACE "_" "-" name keystone-${part})
  set(symbols ${CMAKE_CURRENT_SOURCE_DIR}/${arg_SYMBOLS})
  add_library(${target} SHARED ${arg_SOURCES})
  add_library(keystone::${part} ALIAS ${target})
  set_target_properties(${target} PROPERTIES
    OUTPUT_NAME ${name} VERSION ${PROJECT_VERSION} SOVERSION ${arg_SOVERSION}
    LINK_DEPENDS ${symbols})
  target_include_directories(${target}
    PUBLIC $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>
           $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/src)
  target_link_libraries(${target} PRIVATE ${arg_LINK} keystone_flags)
  target_link_options(${target} PRIVATE -Wl,--version-script=${symbols})
  if(NOT KEYSTONE_SANITIZE)  # whose symbols come with the program
    target_link_options(${target} PRIVATE -Wl,-z,defs)
  endif()
  keystone_install(${part} ${target})
  keystone_check_headers_alone(${part})
endfunction()

# Headers for C (*.h) must do for C11 and for C++. A sanitizer finds nothing in them.
function(keystone_check_headers_alone part)
  if(NOT KEYSTONE_TESTS OR KEYSTONE_SANITIZE)
    return()
  endif()
  file(GLOB_RECURSE headers RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}/include CONFIGURE_DEPENDS
       ${CMAKE_CURRENT_SOURCE_DIR}/include/*.h ${CMAKE_CURRENT_SOURCE_DIR}/include/*.hpp)
  set(sources)
  foreach(header IN LISTS headers)
    string(MAKE_C_IDENTIFIER ${header} name)
    set(languages cpp)
    if(header MATCHES "\\.h$")
      list(APPEND languages c)
    endif()
    foreach(language IN LISTS languages)
      set(source ${CMAKE_CURRENT_BINARY_DIR}/headers/${name}.${language})
      configure_file(${PROJECT_SOURCE_DIR}/cmake/header_alone.cpp.in ${source} @ONLY)
      list(APPEND sources ${source})
    endforeach()
  endforeach()
  add_library(keystone_${part}_headers OBJECT ${sources})
  target_link_libraries(keystone_${part}_headers PRIVATE keystone::${part} keystone_flags)
endfunction()

# keystone_optimise_little(<target>): what a test costs is its compilation, not its run.
function(keystone_optimise_little target)
  set(level -O1)
  if(KEYSTONE_SANITIZE)
    set(level -O0)
  endif()
  target_compile_options(${target} PRIVATE $<$<NOT:$<CONFIG:Debug>>:${level}>)
endfunction()

# keystone_test(<name> SOURCES ... LINK ... [THREADS])
# A GoogleTest program. THREADS adds the label by which the tsan preset finds it. Several sources are
# compiled as one, which saves the reading of GoogleTest: what two of them define in their unnamed
# namespaces has two names, or one header.
function(keystone_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "THREADS" "" "SOURCES;LINK")
  if(NOT KEYSTONE_TESTS)
    return()
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/src)
  target_link_libraries(${name} PRIVATE ${arg_LINK} keystone_testing GTest::gtest_main keystone_flags)
  keystone_optimise_little(${name})
  set_target_properties(${name} PROPERTIES UNITY_BUILD ${KEYSTONE_UNITY_TESTS})
  add_test(NAME ${name} COMMAND ${name})
  if(arg_THREADS)
    set_tests_properties(${name} PROPERTIES LABELS threads)
    add_dependencies(keystone_thread_tests ${name})
  endif()
endfunction()

# keystone_fuzz(<name> SOURCES ... LINK ...)
# A target that defines `void keystone::fuzz(ByteView)`. With KEYSTONE_LIBFUZZER it is a fuzzer;
# otherwise a ctest that replays test-vectors/corpus/<name> and mutations of it, under any compiler.
function(keystone_fuzz name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  if(NOT KEYSTONE_TESTS)
    return()
  endif()
  if(KEYSTONE_LIBFUZZER)
    add_executable(${name} ${arg_SOURCES} ${PROJECT_SOURCE_DIR}/testing/src/fuzz_libfuzzer.cpp)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set_target_properties(${name} PROPERTIES
      RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzzers)
    add_dependencies(keystone_fuzzers ${name})
  else()
    add_executable(${name} ${arg_SOURCES} ${PROJECT_SOURCE_DIR}/testing/src/fuzz_replay.cpp)
    add_test(NAME ${name} COMMAND ${name} ${PROJECT_SOURCE_DIR}/test-vectors/corpus/${name})
  endif()
  target_link_libraries(${name} PRIVATE ${arg_LINK} keystone_testing keystone_flags)
  if(NOT KEYSTONE_LIBFUZZER)
    keystone_optimise_little(${name})
  endif()
endfunction()

# keystone_bench(<name> SOURCES ... LINK ...): a google-benchmark program, never part of ctest.
function(keystone_bench name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  if(NOT KEYSTONE_BENCH)
    return()
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LINK} benchmark::benchmark keystone_flags)
endfunction()

# keystone_program(<name> SOURCES ... LINK ...)
# A program that users install, exported as KeystoneAttest::<name>, if it was selected.
function(keystone_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LINK} keystone_flags)
  add_executable(KeystoneAttest::${name} ALIAS ${name})
  if(name IN_LIST KEYSTONE_SELECTED)
    keystone_install(${name} ${name})
  else()
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL TRUE)
  endif()
endfunction()
