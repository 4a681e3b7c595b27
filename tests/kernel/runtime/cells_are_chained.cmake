# Compiles the handlers of cells with optimisation and looks for handlers that call the next one instead
# of jumping to it: an indirect call within a member of Engine. Run on x86-64 alone, whose assembly
# this reads. Parameters: CXX, SOURCE (of the project), OUT (a folder).
file(GLOB sources ${SOURCE}/kernel/runtime/handlers_*.cpp)
foreach(source ${sources})
  get_filename_component(name ${source} NAME_WE)
  execute_process(
    COMMAND ${CXX} -std=c++20 -O2 -DNDEBUG -fPIC -DFLIN_TAIL_CALLS=1 -I${SOURCE}/kernel -I${SOURCE}/kernel/include
            -S -o ${OUT}/${name}.s ${source}
    RESULT_VARIABLE failed ERROR_VARIABLE message)
  if(failed)
    message(FATAL_ERROR "${source} does not compile: ${message}")
  endif()
  # Labels of functions, dispatching jumps and indirect calls, in order.
  file(STRINGS ${OUT}/${name}.s lines REGEX "^_Z|^\t(call|jmp)\t\\*")
  set(function "")
  set(jumps 0)
  foreach(line IN LISTS lines)
    if(line MATCHES "^(_Z[^:]*)")
      set(function ${CMAKE_MATCH_1})
    elseif(line MATCHES "jmp")
      math(EXPR jumps "${jumps} + 1")
    elseif(function MATCHES "^_ZN4flin7runtime6Engine" AND NOT function MATCHES "Engine3runER")
      message(FATAL_ERROR "${name}.cpp: ${function} calls the next handler: ${line}")
    endif()
  endforeach()
  if(jumps EQUAL 0)
    message(FATAL_ERROR "${name}.cpp: no handler jumps to the next")
  endif()
endforeach()
