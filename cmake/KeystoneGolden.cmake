# SPDX-License-Identifier: Apache-2.0
# keystone_add_golden_check(<test name> <golden file> [ALLOW_OUTSIDE] [JOBS n] [DEPENDS target...])
#
# Adds a test that measures every entry of a golden file again, with `keystone-measure golden check`,
# and fails unless all hashes match.
#
#   golden file    absolute, or relative to the current source folder
#   ALLOW_OUTSIDE  inputs may lie outside the golden file's folder: in the build tree, for instance
#   JOBS n         entries measured at once (default: one per core)
#   DEPENDS        targets that make inputs. They are built first, by a test of their own named
#                  <test name>_build, which runs whenever the check does.
#
# The program is the target KeystoneAttest::keystone-measure, which
# find_package(KeystoneAttest) defines, or else what KEYSTONE_MEASURE_EXECUTABLE names. A project
# that is built for RISC-V, and so cannot find this package, sets the variable and includes this
# file:
#
#   find_program(KEYSTONE_MEASURE_EXECUTABLE keystone-measure REQUIRED)
#   include(/usr/local/lib/cmake/KeystoneAttest/KeystoneGolden.cmake)
#   enable_testing()
#   keystone_add_golden_check(enclave_hashes golden.json ALLOW_OUTSIDE DEPENDS my_eapp)
function(keystone_add_golden_check name golden)
  cmake_parse_arguments(PARSE_ARGV 2 arg "ALLOW_OUTSIDE" "JOBS" "DEPENDS")
  if(arg_UNPARSED_ARGUMENTS OR arg_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "keystone_add_golden_check(${name}): unknown or incomplete arguments: "
      "${arg_UNPARSED_ARGUMENTS} ${arg_KEYWORDS_MISSING_VALUES}")
  endif()
  if(TARGET KeystoneAttest::keystone-measure)
    set(program $<TARGET_FILE:KeystoneAttest::keystone-measure>)
  elseif(KEYSTONE_MEASURE_EXECUTABLE)
    set(program ${KEYSTONE_MEASURE_EXECUTABLE})
  else()
    message(FATAL_ERROR "keystone_add_golden_check(${name}): there is neither the target "
      "KeystoneAttest::keystone-measure nor KEYSTONE_MEASURE_EXECUTABLE")
  endif()
  get_filename_component(golden "${golden}" ABSOLUTE)
  set(options)
  if(arg_ALLOW_OUTSIDE)
    list(APPEND options --allow-outside)
  endif()
  if(DEFINED arg_JOBS)
    list(APPEND options --jobs ${arg_JOBS})
  endif()
  add_test(NAME ${name} COMMAND ${program} golden check ${options} ${golden})
  if(DEFINED arg_JOBS)
    set_tests_properties(${name} PROPERTIES PROCESSORS ${arg_JOBS})
  endif()
  if(arg_DEPENDS)
    # One build at a time in a build tree, whatever `ctest --parallel` says.
    add_test(NAME ${name}_build
      COMMAND ${CMAKE_COMMAND} --build ${CMAKE_BINARY_DIR} --config $<CONFIG> --target ${arg_DEPENDS})
    set_tests_properties(${name}_build PROPERTIES
      FIXTURES_SETUP ${name}_inputs RESOURCE_LOCK keystone_build_tree)
    set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED ${name}_inputs)
  endif()
endfunction()
