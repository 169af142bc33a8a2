# The program itself under strace, each system call of each play made to fail in turn: tests/torture/inject.py.
add_library(torture_at_exit MODULE tests/torture/at_exit/at_exit.cc)
sockscope_flags(torture_at_exit)
file(GLOB torture_plays CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/torture/plays/*.play)
foreach(play ${torture_plays})
  get_filename_component(name ${play} NAME_WE)
  add_test(NAME torture.${name} COMMAND ${SYSTEM_PYTHON3} -B ${PROJECT_SOURCE_DIR}/tests/torture/inject.py
           $<TARGET_FILE:sockscope> $<TARGET_FILE:torture_at_exit> ${play})
  set_tests_properties(torture.${name} PROPERTIES TIMEOUT 600 LABELS torture SKIP_RETURN_CODE 77)
endforeach()
