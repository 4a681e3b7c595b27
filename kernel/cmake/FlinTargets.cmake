# flin_library(<name> [LINKS <target>...] [PRIVATE_LINKS <target>...]): one static library per kernel
# folder, of every .cpp in it. Links are the folder's row in "who may include whom".
function(flin_library name)
  cmake_parse_arguments(arg "" "" "LINKS;PRIVATE_LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  if(NOT sources)  # a folder of headers
    add_library(flin_${name} INTERFACE)
    target_include_directories(flin_${name} INTERFACE ${PROJECT_SOURCE_DIR}/kernel)
    target_link_libraries(flin_${name} INTERFACE ${arg_LINKS})
    return()
  endif()
  add_library(flin_${name} STATIC ${sources})
  target_include_directories(flin_${name} PUBLIC ${PROJECT_SOURCE_DIR}/kernel)
  target_link_libraries(flin_${name} PUBLIC ${arg_LINKS} PRIVATE ${arg_PRIVATE_LINKS})
endfunction()

# flin_test(<name> <source>... [LINKS <target>...] [DEFINES <NAME=value>...]): a GoogleTest program
# whose cases are ctest cases of their own.
function(flin_test name)
  cmake_parse_arguments(arg "" "" "LINKS;DEFINES" ${ARGN})
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${arg_LINKS} GTest::gtest_main Threads::Threads)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE FLIN_SOURCE_DIR="${PROJECT_SOURCE_DIR}" FLIN_BINARY_DIR="${CMAKE_BINARY_DIR}"
                                             ${arg_DEFINES})
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60)
endfunction()
