// SPDX-License-Identifier: Apache-2.0
#include "sim/effect.hpp"

#include <algorithm>

namespace sim {

void Effect::add(const Footprint& footprint) {
  for (const Touch& touched : footprint) {
    const auto start = reinterpret_cast<std::uintptr_t>(touched.object);
    (touched.access == Access::write ? writes_ : reads_).push_back({start, start + touched.size});
  }
  tidy(reads_);
  tidy(writes_);
}

void Effect::add(const Effect& other) {
  reads_.insert(reads_.end(), other.reads_.begin(), other.reads_.end());
  writes_.insert(writes_.end(), other.writes_.begin(), other.writes_.end());
  tidy(reads_);
  tidy(writes_);
  ends_everything_ = ends_everything_ || other.ends_everything_;
}

void Effect::tidy(Extent& extent) {
  std::sort(extent.begin(), extent.end(), [](Bytes a, Bytes b) { return a.start < b.start; });
  std::size_t kept = 0;
  for (const Bytes& bytes : extent) {
    if (kept > 0 && bytes.start <= extent[kept - 1].end) {
      extent[kept - 1].end = std::max(extent[kept - 1].end, bytes.end);
    } else {
      extent[kept++] = bytes;
    }
  }
  extent.resize(kept);
}

bool Effect::overlap(const Extent& a, const Extent& b) {
  auto x = a.begin();
  auto y = b.begin();
  while (x != a.end() && y != b.end()) {
    if (x->end <= y->start) {
      ++x;
    } else if (y->end <= x->start) {
      ++y;
    } else {
      return true;
    }
  }
  return false;
}

bool Effect::meets(const Effect& other) const {
  return ends_everything_ || other.ends_everything_ || overlap(writes_, other.writes_) ||
         overlap(writes_, other.reads_) || overlap(reads_, other.writes_);
}

}  // namespace sim
