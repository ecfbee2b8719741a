// SPDX-License-Identifier: Apache-2.0
// Generated operations, valid and invalid.
#pragma once
#include <optional>

#include "proptests/draw.hpp"
#include "proptests/generate_place.hpp"

namespace proptests {

class OperationMaker {
 public:
  OperationMaker(Draw& draw, const traces::Program& program, std::uint64_t byte_of_page)
      : draw_(draw), program_(program), places_(draw, program, byte_of_page) {}

  // What the memory's user does: touches, memory system calls; and now and then anything.
  traces::Operation of_app();
  // What a monitor does. `message` is the index that Base::message takes for the last message, if there is
  // one.
  traces::Operation of_monitor(std::optional<std::uint8_t> message);
  traces::Operation of_anyone(std::optional<std::uint8_t> message);

 private:
  traces::Operation fill(traces::OperationKind kind, std::optional<std::uint8_t> message);
  void fill_range(traces::Operation& operation, std::optional<std::uint8_t> message);
  void fill_file_range(traces::Operation& operation);
  void fill_modes(traces::Operation& operation);
  void fill_scan_range(traces::Operation& operation);
  void fill_scan(traces::Operation& operation);
  void fill_move(traces::Operation& operation);
  void fill_copy(traces::Operation& operation);
  void fill_mremap(traces::Operation& operation);
  bool guards_only_anonymous() const;
  bool may_guard() const;
  bool has_rwp() const;
  traces::Operation of_rwp(std::optional<std::uint8_t> message);
  bool aim_at_registered(traces::Operation& operation, std::uint64_t modes);

  Draw& draw_;
  const traces::Program& program_;
  PlaceMaker places_;
};

}  // namespace proptests
