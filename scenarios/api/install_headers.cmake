# SPDX-License-Identifier: Apache-2.0
# Installs the public headers, and those of the engine that they need. These are included as "sim/…" here; where
# they are installed everything is below <uffdsim/…>, so that nobody's own folder sim gets in the way.
set(public at_end claim explore file memory message mutex options process queue range reply report setup shared task
    uffd uffdsim value)
set(inner sim/arena sim/cell sim/current sim/footprint sim/task model/errno model/uffd/abi)
set(to "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/${UFFDSIM_INCLUDES}")

function(install_header from name)
  file(READ "${from}" text)
  string(REGEX REPLACE "#include \"(sim|model)/" "#include \"uffdsim/engine/\\1/" text "${text}")
  file(WRITE "${to}/${name}" "${text}")
  message(STATUS "Installing: ${to}/${name}")
endfunction()

foreach(name IN LISTS public)
  install_header("${UFFDSIM_SOURCE}/scenarios/api/uffdsim/${name}.hpp" "uffdsim/${name}.hpp")
endforeach()
foreach(name IN LISTS inner)
  install_header("${UFFDSIM_SOURCE}/${name}.hpp" "uffdsim/engine/${name}.hpp")
endforeach()
