// SPDX-License-Identifier: Apache-2.0
// Ambient: keeps what this host thread was running while another world is run on it, and puts it back.
#pragma once
#include "sim/current.hpp"
#include "sim/footprint.hpp"
#include "sim/lock_class.hpp"

namespace sim {

class Ambient {
 public:
  Ambient() : current_(current), recording_(recording), lock_order_(lock_order) {
    current = {};
    recording = nullptr;
    lock_order = nullptr;
  }
  ~Ambient() {
    current = current_;
    recording = recording_;
    lock_order = lock_order_;
  }
  Ambient(const Ambient&) = delete;
  Ambient& operator=(const Ambient&) = delete;

 private:
  Current current_;
  Footprint* recording_;
  LockOrder* lock_order_;
};

}  // namespace sim
