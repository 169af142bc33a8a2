find_package(PkgConfig REQUIRED)
pkg_check_modules(IMGUI REQUIRED IMPORTED_TARGET imgui>=1.86)
pkg_check_modules(FONTCONFIG REQUIRED IMPORTED_TARGET fontconfig)
pkg_check_modules(EGL REQUIRED IMPORTED_TARGET egl)
pkg_check_modules(MD4C REQUIRED IMPORTED_TARGET md4c)
find_package(glfw3 3.3 REQUIRED)
find_package(CLI11 REQUIRED)
find_program(GLAD_EXECUTABLE glad REQUIRED)
find_program(MSGFMT_EXECUTABLE msgfmt REQUIRED)
find_program(MSGCAT_EXECUTABLE msgcat REQUIRED)

set(glad_out ${PROJECT_BINARY_DIR}/glad)
add_custom_command(
  OUTPUT ${glad_out}/src/gl.c ${glad_out}/include/glad/gl.h ${glad_out}/include/KHR/khrplatform.h
  COMMAND ${GLAD_EXECUTABLE} --api gl:core=3.3 --extensions "" --reproducible --quiet --out-path ${glad_out} c
  VERBATIM)
add_library(glad STATIC ${glad_out}/src/gl.c)
target_include_directories(glad SYSTEM PUBLIC ${glad_out}/include)
set_target_properties(glad PROPERTIES UNITY_BUILD OFF)

# Translations: one .mo a language, linked into the program, so that it needs no files beside it.
set(mo_zh ${PROJECT_BINARY_DIR}/zh.mo)
file(GLOB po_zh CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/assets/po/zh/*.po)
add_custom_command(
  OUTPUT ${mo_zh} ${PROJECT_BINARY_DIR}/zh_mo.S
  COMMAND ${MSGCAT_EXECUTABLE} --use-first -o ${PROJECT_BINARY_DIR}/zh.po ${po_zh}
  COMMAND ${MSGFMT_EXECUTABLE} --check -o ${mo_zh} ${PROJECT_BINARY_DIR}/zh.po
  COMMAND ${CMAKE_COMMAND} -DFILES=${mo_zh} -DPREFIX=mo -DOUT=${PROJECT_BINARY_DIR}/zh_mo.S -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
  DEPENDS ${po_zh} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake VERBATIM)
add_library(translations STATIC ${PROJECT_BINARY_DIR}/zh_mo.S)

sockscope_room(session app LINK export explain coach lesson play server engine kernel calls lab trace net)
sockscope_room(ui app LINK net PkgConfig::IMGUI PRIVATE_LINK translations)
sockscope_room(panes app LINK ui explain trace net PRIVATE_LINK PkgConfig::MD4C)
sockscope_room(gui app LINK panes ui session export lesson glad PkgConfig::IMGUI glfw
               PRIVATE_LINK PkgConfig::FONTCONFIG PkgConfig::EGL)
sockscope_room(cli app LINK gui session export explain server lab coach lesson PRIVATE_LINK CLI11::CLI11)

if(EXISTS ${PROJECT_SOURCE_DIR}/app/main.cc)
  add_executable(sockscope app/main.cc)
  sockscope_flags(sockscope)
  target_link_libraries(sockscope PRIVATE cli)
  set_target_properties(sockscope PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
endif()

sockscope_test(session_test tests/app/session LINK session LABELS app)
sockscope_test(cli_test tests/app/cli LINK cli LABELS app)
add_dependencies(cli_test lab_keeper)
sockscope_test(ui_test tests/app/ui LINK ui LABELS app)
sockscope_test(panes_test tests/app/panes LINK panes LABELS app)
sockscope_test(gui_test tests/app/gui LINK gui LABELS app)
sockscope_test(monkey_test tests/monkey LINK cli LABELS app)
sockscope_test(e2e_test tests/e2e LINK server lab net LABELS e2e)
if(TARGET e2e_test AND TARGET sockscope)
  add_dependencies(e2e_test sockscope lab_keeper)
endif()
