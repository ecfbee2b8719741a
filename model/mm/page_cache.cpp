// SPDX-License-Identifier: Apache-2.0
#include "model/mm/page_cache.hpp"

#include <algorithm>

namespace model {
namespace {

constexpr std::uint64_t kSlots = PageCacheNode::kSlots;

}  // namespace

Folio* PageCache::load(std::uint64_t index) const {
  PageCacheNode* node = nodes_.read();
  while (node && node->first + kSlots <= index) node = node->next.read();
  return node && node->first <= index ? node->slots[index % kSlots].read() : nullptr;
}

void PageCache::store(Nodes& nodes, std::uint64_t index, Folio* folio) {
  sim::Cell<PageCacheNode*>* link = &nodes_;
  while (link->read() && link->read()->first + kSlots <= index) link = &link->read()->next;
  PageCacheNode* node = link->read();
  if (!node || node->first > index) {
    if (!folio) return;
    PageCacheNode* made = nodes.allocate();
    made->first = index - index % kSlots;
    made->next.write(node);
    link->write(made);
    node = made;
  }
  node->slots[index % kSlots].write(folio);
}

std::uint64_t PageCache::find(std::uint64_t first, std::uint64_t end) const {
  for (PageCacheNode* node = nodes_.read(); node && node->first < end; node = node->next.read()) {
    const std::uint64_t last = std::min(end, node->first + kSlots);
    for (std::uint64_t index = std::max(first, node->first); index < last; ++index) {
      if (node->slots[index % kSlots].read()) return index;
    }
  }
  return end;
}

void PageCache::free(Nodes& nodes) {
  while (PageCacheNode* node = nodes_.read()) {
    nodes_.write(node->next.read());
    nodes.release(node);
  }
}

const Folio* PageCache::peek(std::uint64_t index) const {
  const PageCacheNode* node = nodes_.peek();
  while (node && node->first + kSlots <= index) node = node->next.peek();
  return node && node->first <= index ? node->slots[index % kSlots].peek() : nullptr;
}

}  // namespace model
