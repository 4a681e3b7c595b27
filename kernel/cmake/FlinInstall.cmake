# `cmake --install`: the program with its plugins, and the SDK by which others build theirs: headers,
# CMake package, pkg-config file.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS flin RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${FLIN_PLUGIN_OUTPUT_DIRECTORY}/ DESTINATION lib/flin/plugins)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/kernel/include/flin DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
foreach(folder http store websocket)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/plugins/${folder}/include/flin DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endforeach()

set(FLIN_INTERFACES http store ws)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Flin)
target_include_directories(flin_sdk INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
set_target_properties(flin_sdk PROPERTIES EXPORT_NAME sdk)
install(TARGETS flin_sdk EXPORT FlinTargets)
install(EXPORT FlinTargets NAMESPACE Flin:: DESTINATION ${package_dir})
# The store's engine, for backends of one's own: COMPONENTS store_kit.
install(TARGETS flin_store_kit EXPORT FlinStoreKit ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT FlinStoreKit NAMESPACE Flin:: DESTINATION ${package_dir})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/FlinConfig.cmake.in ${PROJECT_BINARY_DIR}/FlinConfig.cmake
                              INSTALL_DESTINATION ${package_dir} PATH_VARS CMAKE_INSTALL_BINDIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/FlinConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/FlinConfig.cmake ${PROJECT_BINARY_DIR}/FlinConfigVersion.cmake
              ${CMAKE_CURRENT_LIST_DIR}/FlinPlugin.cmake ${CMAKE_CURRENT_LIST_DIR}/plugin_exports.map
        DESTINATION ${package_dir})

# The version of the ABI stands in abi.h alone.
file(STRINGS ${PROJECT_SOURCE_DIR}/kernel/include/flin/abi.h abi REGEX "FLIN_ABI_M(AJOR|INOR) [0-9]+$")
list(TRANSFORM abi REPLACE ".* ([0-9]+)$" "\\1")
list(JOIN abi "." FLIN_ABI)
file(RELATIVE_PATH FLIN_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" FLIN_PC_PREFIX "${FLIN_PC_PREFIX}")
configure_file(${CMAKE_CURRENT_LIST_DIR}/flin.pc.in ${PROJECT_BINARY_DIR}/flin.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/flin.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
