// SPDX-License-Identifier: Apache-2.0
// List: a queue of objects that carry their own links (Boost.Intrusive), and that says in the footprint of a
// step what it changed: itself, and the links of the neighbours it rewrote.
#pragma once
#include <boost/intrusive/list.hpp>

#include "sim/arena.hpp"
#include "sim/footprint.hpp"

namespace model {

using ListHook =
    boost::intrusive::list_member_hook<boost::intrusive::link_mode<boost::intrusive::normal_link>>;

template <class T, ListHook T::*Hook>
class List {
  using Links = boost::intrusive::list<T, boost::intrusive::member_hook<T, ListHook, Hook>,
                                       boost::intrusive::constant_time_size<false>>;

 public:
  void push_back(T& object) {
    links_.push_back(object);
    declare_links();
  }
  void erase(T& object) {
    declare_links();
    declare_neighbours(object);
    links_.erase(links_.iterator_to(object));
    object.*Hook = ListHook{};  // a dead link must not tell two equal worlds apart
  }
  T& front() {
    read();
    return links_.front();
  }
  bool empty() const {
    read();
    return links_.empty();
  }
  std::size_t size() const { return links_.size(); }

  // Iteration reads the list.
  auto begin() {
    read();
    return links_.begin();
  }
  auto end() { return links_.end(); }
  auto begin() const {
    read();
    return links_.begin();
  }
  auto end() const { return links_.end(); }

  // Calls visit(object) for every object, which may take it off the list.
  template <class Visit>
  void for_each_safely(Visit visit) {
    read();
    for (auto at = links_.begin(); at != links_.end();) {
      T& object = *at++;
      visit(object);
    }
  }

  // For looking from outside the simulation.
  const Links& peek() const { return links_; }

 private:
  void read() const { sim::touch(this, sizeof *this, sim::Access::read); }
  void declare_links() {
    if (!sim::recording) return;
    sim::touch(this, sizeof *this, sim::Access::write);
    for (T& member : links_) sim::touch(&(member.*Hook), sizeof(ListHook), sim::Access::write);
  }

  // Of the list that the object is on, which may be another than this.
  void declare_neighbours(T& object) {
    if (!sim::recording) return;
    using Node = typename Links::node_traits;
    const auto node = Links::value_traits::to_node_ptr(object);
    sim::touch(Node::get_previous(node), sizeof(ListHook), sim::Access::write);
    sim::touch(Node::get_next(node), sizeof(ListHook), sim::Access::write);
  }

  Links links_;
};

}  // namespace model
