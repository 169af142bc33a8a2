# One libFuzzer program for each file of tests/fuzz: clang only, and only what the file's room needs. The preset `fuzz`
# builds them; scripts/test runs each for a while. https://llvm.org/docs/LibFuzzer.html
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "libFuzzer is clang's: use the preset `fuzz`, or CXX=clang++")
endif()
include(CheckCXXSourceCompiles)
set(CMAKE_REQUIRED_FLAGS -fsanitize=fuzzer)
check_cxx_source_compiles("extern \"C\" int LLVMFuzzerTestOneInput(const char*, unsigned long) { return 0; }"
                          SOCKSCOPE_HAS_LIBFUZZER)
unset(CMAKE_REQUIRED_FLAGS)
if(NOT SOCKSCOPE_HAS_LIBFUZZER)
  message(FATAL_ERROR "this clang has no libFuzzer; install libclang-rt-dev")
endif()

function(sockscope_fuzz name)
  add_executable(fuzz_${name} tests/fuzz/${name}.cc)
  sockscope_flags(fuzz_${name})
  target_link_libraries(fuzz_${name} PRIVATE ${ARGN})
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  set_target_properties(fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzz)
  add_dependencies(fuzzers fuzz_${name})
endfunction()

add_custom_target(fuzzers)
sockscope_fuzz(play_parser play)
sockscope_fuzz(recording_loader trace)
sockscope_fuzz(export_python export)
sockscope_fuzz(lesson_reader coach)
