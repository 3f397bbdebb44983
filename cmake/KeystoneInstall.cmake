# SPDX-License-Identifier: Apache-2.0
# What is installed: of each part, and the package that finds them.
include(CMakePackageConfigHelpers)

# keystone_install(<part> <target> [LINK <target>...])
# Exports a target as KeystoneAttest::<part>; of a library also the headers and keystone-<part>.pc.
# LINK is what must be linked with it: targets of ours and of others.
function(keystone_install part target)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "LINK")
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${part})
  install(TARGETS ${target} EXPORT KeystoneAttestTargets
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  get_target_property(type ${target} TYPE)
  if(NOT type STREQUAL "EXECUTABLE")
    install(DIRECTORY include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
    keystone_pkg_config(${part} ${target} ${arg_LINK})
  endif()
  set_property(GLOBAL APPEND PROPERTY KEYSTONE_COMPONENTS ${part})
  set_property(GLOBAL PROPERTY KEYSTONE_NEEDS_OF_${part} ${arg_LINK})
endfunction()

# What pkg-config calls the libraries of others; those that are headers alone have no need of it.
set(KEYSTONE_MODULE_OF_OpenSSL::Crypto libcrypto)
set(KEYSTONE_MODULE_OF_OpenSSL::SSL libssl)
set(KEYSTONE_MODULE_OF_PkgConfig::sodium libsodium)

# keystone_pkg_config(<part> <target> <what it links>...)
# Our libraries are found from where the file lies, so that the installed tree can be moved.
function(keystone_pkg_config part target)
  set(requires)
  foreach(link IN LISTS ARGN)
    if(link MATCHES "^keystone::(.*)$")
      list(APPEND requires keystone-${CMAKE_MATCH_1})
    else()
      list(APPEND requires ${KEYSTONE_MODULE_OF_${link}})
    endif()
  endforeach()
  if(requires)
    list(JOIN requires " " requires)
    # Not private: an archive is linked with all that it needs, always.
    set(requires "Requires: ${requires}\n")
  endif()
  get_target_property(library ${target} OUTPUT_NAME)
  set(folder ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
  cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX
    BASE_DIRECTORY ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig OUTPUT_VARIABLE to_prefix)
  cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_LIBDIR BASE_DIRECTORY "\${prefix}" OUTPUT_VARIABLE libdir)
  cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_INCLUDEDIR BASE_DIRECTORY "\${prefix}"
    OUTPUT_VARIABLE includedir)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/keystone.pc.in ${library}.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${library}.pc DESTINATION ${folder})
endfunction()

# The CMake package: find_package(KeystoneAttest COMPONENTS measure).
function(keystone_install_package)
  get_property(components GLOBAL PROPERTY KEYSTONE_COMPONENTS)
  set(needs)
  foreach(component IN LISTS components)
    keystone_needs_of(${component} of_it)
    string(APPEND needs "set(keystone_needs_of_${component} ${of_it})\n")
  endforeach()
  set(folder ${CMAKE_INSTALL_LIBDIR}/cmake/KeystoneAttest)
  configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/KeystoneAttestConfig.cmake.in
    ${PROJECT_BINARY_DIR}/KeystoneAttestConfig.cmake INSTALL_DESTINATION ${folder}
    PATH_VARS CMAKE_INSTALL_BINDIR)
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/KeystoneAttestConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
  install(EXPORT KeystoneAttestTargets NAMESPACE KeystoneAttest:: DESTINATION ${folder})
  install(FILES ${PROJECT_BINARY_DIR}/KeystoneAttestConfig.cmake
                ${PROJECT_BINARY_DIR}/KeystoneAttestConfigVersion.cmake
          DESTINATION ${folder})
  if(keystone-measure IN_LIST components)
    install(FILES ${PROJECT_SOURCE_DIR}/cmake/KeystoneGolden.cmake DESTINATION ${folder})
  endif()
endfunction()

# Sets `variable` to the targets of others that a component, or anything that it links, links.
function(keystone_needs_of component variable)
  keystone_with_links(parts ${component})
  set(needs)
  foreach(part IN LISTS parts)
    get_property(of_part GLOBAL PROPERTY KEYSTONE_NEEDS_OF_${part})
    list(APPEND needs ${of_part})
  endforeach()
  list(FILTER needs EXCLUDE REGEX "^keystone::")
  list(REMOVE_DUPLICATES needs)
  list(JOIN needs " " needs)
  set(${variable} "${needs}" PARENT_SCOPE)
endfunction()
