// SPDX-License-Identifier: Apache-2.0
// VmaTree: the mappings of a process, by address.
//
// Simplified: a red-black tree where Linux 6.1 and later have a maple tree; only the answers are modelled.
#pragma once
#include "model/mm/vma.hpp"

namespace model {

class VmaTree {
  using Links = boost::intrusive::set<Vma, boost::intrusive::member_hook<Vma, TreeHook, &Vma::in_tree>,
                                      boost::intrusive::key_of_value<VmaStart>,
                                      boost::intrusive::constant_time_size<false>>;

 public:
  // The first mapping that ends after `address`; it need not contain it. Null if there is none.
  Vma* find_vma(VirtAddr address);
  // The mapping that contains `address`, or null.
  Vma* vma_lookup(VirtAddr address);
  // The first mapping that overlaps the range, or null.
  Vma* find_intersection(AddrRange range);
  Vma* next(Vma& vma);
  Vma* prev(Vma& vma);
  // The last mapping that ends at or before `address`, or null.
  Vma* last_before(VirtAddr address);

  void insert(Vma& vma);
  void erase(Vma& vma);
  bool empty() const { return links_.empty(); }
  // Calls visit(vma) for every mapping, in address order.
  template <class Visit>
  void for_each(Visit visit) {
    read();
    for (Vma& vma : links_) visit(vma);
  }

  // For looking from outside the simulation, in address order.
  const Links& peek() const { return links_; }

 private:
  void read() const { sim::touch(this, sizeof *this, sim::Access::read); }
  void declare_links();
  Links links_;
};

}  // namespace model
