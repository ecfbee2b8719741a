# SPDX-License-Identifier: Apache-2.0
# find_package(uffdsim) gives the target uffdsim::uffdsim.
include(CMakeFindDependencyMacro)
find_dependency(fmt)
find_dependency(TBB)
find_dependency(Threads)
find_dependency(tl-expected)
include(${CMAKE_CURRENT_LIST_DIR}/uffdsimTargets.cmake)
