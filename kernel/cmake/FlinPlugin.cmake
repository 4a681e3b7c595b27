# flin_add_plugin(<id> <source>... [INTERFACES <dir>] [USES <plugin-id>...])
#
# Builds flin_<id>.so. INTERFACES is the folder of headers this plugin offers to others; USES names
# plugins whose offered headers this one includes. Nothing is linked between plugins: they meet
# through the host.
function(flin_add_plugin id)
  cmake_parse_arguments(arg "" "INTERFACES" "USES" ${ARGN})
  add_library(flin_${id} MODULE ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(flin_${id} PRIVATE Flin::sdk)
  set_target_properties(flin_${id} PROPERTIES PREFIX "" CXX_VISIBILITY_PRESET hidden C_VISIBILITY_PRESET hidden
                                              VISIBILITY_INLINES_HIDDEN ON)
  if(FLIN_PLUGIN_OUTPUT_DIRECTORY)
    set_target_properties(flin_${id} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${FLIN_PLUGIN_OUTPUT_DIRECTORY})
  endif()
  if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    # Find unresolved names here and now, not at the first call in production; export one symbol.
    set(exports ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin_exports.map)
    target_link_options(flin_${id} PRIVATE -Wl,-z,now -Wl,--exclude-libs,ALL -Wl,--version-script=${exports})
    set_property(TARGET flin_${id} APPEND PROPERTY LINK_DEPENDS ${exports})
    if(NOT FLIN_SANITIZE)
      target_link_options(flin_${id} PRIVATE -Wl,-z,defs)
    endif()
  endif()
  if(arg_INTERFACES)
    add_library(flin_${id}_interfaces INTERFACE)
    target_include_directories(flin_${id}_interfaces INTERFACE $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/${arg_INTERFACES}>)
    target_link_libraries(flin_${id}_interfaces INTERFACE Flin::sdk)
    target_link_libraries(flin_${id} PRIVATE flin_${id}_interfaces)
  endif()
  foreach(other IN LISTS arg_USES)
    target_link_libraries(flin_${id} PRIVATE flin_${other}_interfaces)
  endforeach()
endfunction()

# flin_check_plugin(<id> [ARGS <argument>...]): a test of ctest that judges flin_<id>.so and calls its
# opcodes and validators with generated values (`flin plugin check`). ARGS: its options, as
# --plugins=http for a plugin that needs others.
function(flin_check_plugin id)
  cmake_parse_arguments(arg "" "" "ARGS" ${ARGN})
  add_test(NAME flin_${id}_check COMMAND ${FLIN_EXECUTABLE} plugin check $<TARGET_FILE:flin_${id}> ${arg_ARGS})
endfunction()
