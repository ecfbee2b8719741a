// SPDX-License-Identifier: Apache-2.0
#include "model/mm/vma_tree.hpp"

namespace model {

Vma* VmaTree::find_vma(VirtAddr address) {
  read();
  auto at = links_.upper_bound(address);
  if (at != links_.begin()) {
    Vma& before = *std::prev(at);
    if (before.end() > address) return &before;
  }
  return at == links_.end() ? nullptr : &*at;
}

Vma* VmaTree::vma_lookup(VirtAddr address) {
  Vma* vma = find_vma(address);
  return vma && vma->contains(address) ? vma : nullptr;
}

Vma* VmaTree::find_intersection(AddrRange range) {
  Vma* vma = find_vma(range.start);
  return vma && vma->start() < range.end ? vma : nullptr;
}

Vma* VmaTree::next(Vma& vma) {
  read();
  auto at = std::next(links_.iterator_to(vma));
  return at == links_.end() ? nullptr : &*at;
}

Vma* VmaTree::prev(Vma& vma) {
  read();
  auto at = links_.iterator_to(vma);
  return at == links_.begin() ? nullptr : &*std::prev(at);
}

Vma* VmaTree::last_before(VirtAddr address) {
  read();
  auto at = links_.lower_bound(address);
  while (at != links_.begin()) {
    --at;
    if (at->end() <= address) return &*at;
  }
  return nullptr;
}

void VmaTree::insert(Vma& vma) {
  links_.insert(vma);
  declare_links();
}

void VmaTree::erase(Vma& vma) {
  declare_links();
  links_.erase(links_.iterator_to(vma));
  vma.in_tree = TreeHook{};  // a dead link must not tell two equal worlds apart
}

// Rebalancing may rewrite the links of any member.
void VmaTree::declare_links() {
  if (!sim::recording) return;
  sim::touch(this, sizeof *this, sim::Access::write);
  for (Vma& vma : links_) sim::touch(&vma.in_tree, sizeof vma.in_tree, sim::Access::write);
}

}  // namespace model
