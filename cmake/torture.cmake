# The program itself, tortured: lines a learner may get wrong, and under strace each system call of each play made to fail
# in turn.
find_program(SYSTEM_PYTHON3 python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
set(torture ${PROJECT_SOURCE_DIR}/tests/torture)
add_test(NAME torture.bad_lines COMMAND ${SYSTEM_PYTHON3} -B ${torture}/bad_lines.py $<TARGET_FILE:sockscope>
         ${torture}/bad_lines.play)
set_tests_properties(torture.bad_lines PROPERTIES TIMEOUT 300 LABELS torture)
if(SOCKSCOPE_SANITIZE)  # its own leak check cannot run under strace
  return()
endif()

add_library(torture_at_exit MODULE tests/torture/at_exit/at_exit.cc)
sockscope_flags(torture_at_exit)
file(GLOB torture_plays CONFIGURE_DEPENDS ${torture}/plays/*.play)
foreach(play ${torture_plays})
  get_filename_component(name ${play} NAME_WE)
  add_test(NAME torture.${name} COMMAND ${SYSTEM_PYTHON3} -B ${torture}/inject.py $<TARGET_FILE:sockscope>
           $<TARGET_FILE:torture_at_exit> ${play})
  set_tests_properties(torture.${name} PROPERTIES TIMEOUT 600 LABELS torture SKIP_RETURN_CODE 77)
endforeach()
