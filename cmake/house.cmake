# The rules a compiler does not hold, and the proof that each of them can fail. The system's python3: another one may
# lie where the tests' user cannot look.
find_program(SYSTEM_PYTHON3 python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
set(house ${SYSTEM_PYTHON3} -B)
add_test(NAME house.in_order COMMAND ${house} ${PROJECT_SOURCE_DIR}/tests/house/house.py ${PROJECT_SOURCE_DIR})
add_test(NAME house.rules_fail COMMAND ${house} ${PROJECT_SOURCE_DIR}/tests/house/house_test.py)
set_tests_properties(house.in_order house.rules_fail PROPERTIES TIMEOUT 300 LABELS house)
