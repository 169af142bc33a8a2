# A room is one folder and one library. Its headers are included as "room/file.h", through an include
# path of its own: a room that is not linked cannot be included, so a wrong arrow fails to compile.

function(sockscope_flags target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
  # At -O2, gcc 12 sees unset members in std::variant where there are none (gcc.gnu.org/PR105562 and its like).
  target_compile_options(${target} PRIVATE $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-maybe-uninitialized>)
endfunction()

# sockscope_room(NAME FOLDER [LINK targets...]): every .cc of FOLDER, except what EXCLUDE names.
function(sockscope_room name folder)
  cmake_parse_arguments(ROOM "" "" "LINK;PRIVATE_LINK" ${ARGN})
  set(doorway ${PROJECT_BINARY_DIR}/rooms/${name})
  file(MAKE_DIRECTORY ${doorway})
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${folder}/${name} ${doorway}/${name} SYMBOLIC)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/${name}/*.cc)
  if(sources)
    add_library(${name} STATIC ${sources})
    sockscope_flags(${name})
    target_include_directories(${name} PUBLIC ${doorway})
    target_link_libraries(${name} PUBLIC ${ROOM_LINK} PRIVATE ${ROOM_PRIVATE_LINK})
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${doorway})
    target_link_libraries(${name} INTERFACE ${ROOM_LINK} ${ROOM_PRIVATE_LINK})
  endif()
endfunction()

# sockscope_test(NAME FOLDER LINK targets...): one executable of every *_test.cc in FOLDER, if there are any.
function(sockscope_test name folder)
  cmake_parse_arguments(TEST "" "" "LINK;LABELS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cc)
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  sockscope_flags(${name})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/support)
  target_compile_definitions(${name} PRIVATE SOCKSCOPE_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                             SOCKSCOPE_BINARY_DIR="${PROJECT_BINARY_DIR}")
  # Half of a test's compile time is GoogleTest's and our headers: a few files share it, more where nobody changes one
  # and waits.
  set(together 4)
  if(SOCKSCOPE_SANITIZE)
    set(together 12)
  endif()
  set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${together})
  target_link_libraries(${name} PRIVATE ${TEST_LINK} GTest::gmock GTest::gtest GTest::gtest_main)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 300 LABELS "${TEST_LABELS}")
endfunction()
