# SPDX-License-Identifier: Apache-2.0
# The names of all scheduling points and classes of lock of the model, from its sources: what coverage is measured
# against. Usage: cmake -DSOURCE_DIR=… -DOUTPUT=… -P points.cmake
file(GLOB_RECURSE sources ${SOURCE_DIR}/model/*.cpp ${SOURCE_DIR}/model/*.hpp ${SOURCE_DIR}/traces/model/*.cpp
  ${SOURCE_DIR}/traces/model/*.hpp)
# The machine that is driven from outside has a point of its own.
list(FILTER sources EXCLUDE REGEX "(_test|/machine)\\.[ch]pp$")
set(names "")
foreach(source ${sources})
  file(STRINGS ${source} lines REGEX "((point|schedule|choose|LockClass k[A-Za-z]+)[({]|PointWhen).*\"")
  foreach(line IN LISTS lines)
    string(REGEX MATCHALL "\"[^\"]+\"" found "${line}")
    list(APPEND names ${found})
  endforeach()
endforeach()
list(REMOVE_DUPLICATES names)
list(SORT names)
string(REPLACE ";" ",\n" text "${names}")
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "// Made by points.cmake.\n${text}\n" @ONLY)
