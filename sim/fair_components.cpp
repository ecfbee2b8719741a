// SPDX-License-Identifier: Apache-2.0
#include "sim/fair_components.hpp"

#include <algorithm>
#include <functional>

#include "sim/assert.hpp"

namespace sim {
namespace {

using Worlds = std::vector<std::uint32_t>;

std::uint8_t bit_of(Move move) { return static_cast<std::uint8_t>(1u << move.thread); }

// Tarjan's strongly connected components of the worlds that carry one mark, without recursion.
class Components {
 public:
  Components(const Graph& graph, const std::vector<std::uint32_t>& marks)
      : graph_(graph), marks_(marks), order_(graph.size()), low_(graph.size()), on_stack_(graph.size()) {}

  // Calls found(component) for each one in which a cycle is possible. `worlds` carry `mark`.
  template <class Found>
  void find(const Worlds& worlds, std::uint32_t mark, Found found) {
    for (std::uint32_t world : worlds) order_[world] = 0;
    clock_ = 0;
    for (std::uint32_t world : worlds) {
      if (order_[world] == 0) search(world, mark, found);
    }
  }

 private:
  struct Visit {
    std::uint32_t world;
    std::size_t edge;
  };

  void enter(std::uint32_t world) {
    order_[world] = low_[world] = ++clock_;
    on_stack_[world] = true;
    stack_.push_back(world);
    visits_.push_back({world, 0});
  }

  template <class Found>
  void search(std::uint32_t root, std::uint32_t mark, Found found) {
    enter(root);
    while (!visits_.empty()) {
      Visit& visit = visits_.back();
      const std::uint32_t world = visit.world;
      const Graph::Edges edges = graph_.edges(world);
      if (visit.edge < edges.size()) {
        const std::uint32_t to = edges.to[visit.edge++];
        if (marks_[to] != mark) continue;
        if (order_[to] == 0) {
          enter(to);
        } else if (on_stack_[to]) {
          low_[world] = std::min(low_[world], order_[to]);
        }
        continue;
      }
      visits_.pop_back();
      if (!visits_.empty()) low_[visits_.back().world] = std::min(low_[visits_.back().world], low_[world]);
      if (low_[world] == order_[world]) leave(world, found);
    }
  }

  template <class Found>
  void leave(std::uint32_t root, Found found) {
    Worlds component;
    for (std::uint32_t world = ~root; world != root;) {
      world = stack_.back();
      stack_.pop_back();
      on_stack_[world] = false;
      component.push_back(world);
    }
    if (component.size() == 1) {
      const Graph::Edges edges = graph_.edges(root);
      if (std::find(edges.to.begin(), edges.to.end(), root) == edges.to.end()) return;
    }
    std::sort(component.begin(), component.end());
    found(std::move(component));
  }

  const Graph& graph_;
  const std::vector<std::uint32_t>& marks_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint32_t> low_;
  std::vector<bool> on_stack_;
  Worlds stack_;
  std::vector<Visit> visits_;
  std::uint32_t clock_ = 0;
};

// The threads that can move in `world`.
std::uint8_t enabled_in(const Graph& graph, std::uint32_t world) {
  std::uint8_t enabled = 0;
  for (Move move : graph.edges(world).moves) enabled |= bit_of(move);
  return enabled;
}

struct Inside {
  std::uint8_t moving = 0;   // threads that move without leaving
  std::uint8_t enabled = 0;  // threads that can move
  bool answers_leave = false;
};

// Whether some answer to the question asked in `world` leads out of the marked worlds.
bool an_answer_leaves(const Graph& graph, const std::vector<std::uint32_t>& marks, std::uint32_t world) {
  const Graph::Edges edges = graph.edges(world);
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (edges.moves[i].kind == Move::Kind::answer && marks[edges.to[i]] != marks[world]) return true;
  }
  return false;
}

Inside look_inside(const Graph& graph, const std::vector<std::uint32_t>& marks, const Worlds& worlds) {
  Inside inside;
  for (std::uint32_t world : worlds) {
    const Graph::Edges edges = graph.edges(world);
    for (std::size_t i = 0; i < edges.size(); ++i) {
      if (marks[edges.to[i]] == marks[world]) inside.moving |= bit_of(edges.moves[i]);
    }
    inside.enabled |= enabled_in(graph, world);
    inside.answers_leave = inside.answers_leave || an_answer_leaves(graph, marks, world);
  }
  return inside;
}

}  // namespace

std::vector<FairComponent> fair_components(const Graph& graph) {
  // Every world carries the mark of the set it is looked at with; 0: taken out.
  std::vector<std::uint32_t> marks(graph.size(), 1);
  std::uint32_t last_mark = 1;
  Components components(graph, marks);
  std::vector<FairComponent> fair;

  Worlds all(graph.size());
  for (std::uint32_t world = 0; world < graph.size(); ++world) all[world] = world;
  std::vector<Worlds> todo{std::move(all)};
  while (!todo.empty()) {
    const Worlds worlds = std::move(todo.back());
    todo.pop_back();
    std::vector<Worlds> found;
    components.find(worlds, marks[worlds.front()],
                    [&](Worlds component) { found.push_back(std::move(component)); });
    for (std::uint32_t world : worlds) marks[world] = 0;
    for (Worlds& component : found) {
      ++last_mark;
      for (std::uint32_t world : component) marks[world] = last_mark;
      const Inside inside = look_inside(graph, marks, component);
      const auto starved = static_cast<std::uint8_t>(inside.enabled & ~inside.moving);
      if (starved == 0 && !inside.answers_leave) {
        fair.push_back({std::move(component), inside.moving});
        continue;
      }
      Worlds rest;
      for (std::uint32_t world : component) {
        const bool left = (enabled_in(graph, world) & starved) || an_answer_leaves(graph, marks, world);
        if (!left) rest.push_back(world);
      }
      ++last_mark;
      for (std::uint32_t world : component) marks[world] = 0;
      for (std::uint32_t world : rest) marks[world] = last_mark;
      if (!rest.empty()) todo.push_back(std::move(rest));
    }
  }
  std::sort(fair.begin(), fair.end(), [](const FairComponent& a, const FairComponent& b) {
    return a.worlds.front() < b.worlds.front();
  });
  return fair;
}

namespace {

// Breadth first inside a component, from one world to the nearest goal.
class Walk {
 public:
  Walk(const Graph& graph, const FairComponent& component) : graph_(graph), worlds_(component.worlds) {}

  // Goes on from `at` along a shortest path whose last move satisfies is_goal(move, to); at least one move.
  void go(std::uint32_t& at, std::vector<Move>& path,
          const std::function<bool(Move, std::uint32_t)>& is_goal) {
    std::vector<Step> steps;
    std::vector<bool> seen(worlds_.size());
    std::vector<std::uint32_t> queue{at};
    std::vector<std::size_t> came_by{kNowhere};
    for (std::size_t head = 0; head < queue.size(); ++head) {
      const Graph::Edges edges = graph_.edges(queue[head]);
      for (std::size_t i = 0; i < edges.size(); ++i) {
        const auto place = std::lower_bound(worlds_.begin(), worlds_.end(), edges.to[i]);
        if (place == worlds_.end() || *place != edges.to[i]) continue;
        const auto n = static_cast<std::size_t>(place - worlds_.begin());
        const bool goal = is_goal(edges.moves[i], edges.to[i]);
        if (seen[n] && !goal) continue;
        seen[n] = true;
        steps.push_back({came_by[head], edges.moves[i]});
        if (goal) {
          at = edges.to[i];
          append(steps, path);
          return;
        }
        queue.push_back(edges.to[i]);
        came_by.push_back(steps.size() - 1);
      }
    }
    SIM_ASSERT(false);  // a component is strongly connected
  }

 private:
  static constexpr std::size_t kNowhere = ~std::size_t{0};
  struct Step {
    std::size_t before;
    Move move;
  };
  static void append(const std::vector<Step>& steps, std::vector<Move>& path) {
    const std::size_t length = path.size();
    for (std::size_t i = steps.size() - 1; i != kNowhere; i = steps[i].before) path.push_back(steps[i].move);
    std::reverse(path.begin() + static_cast<std::ptrdiff_t>(length), path.end());
  }

  const Graph& graph_;
  const Worlds& worlds_;
};

}  // namespace

std::vector<Move> cycle_through(const Graph& graph, const FairComponent& component, std::uint32_t from) {
  Walk walk(graph, component);
  std::vector<Move> path;
  std::uint32_t at = from;
  std::uint8_t missing = component.spinning;
  while (missing) {
    walk.go(at, path, [&](Move move, std::uint32_t) { return (bit_of(move) & missing) != 0; });
    for (Move move : path) missing = static_cast<std::uint8_t>(missing & ~bit_of(move));
  }
  if (at != from) walk.go(at, path, [&](Move, std::uint32_t to) { return to == from; });
  return path;
}

}  // namespace sim
