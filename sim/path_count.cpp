// SPDX-License-Identifier: Apache-2.0
#include "sim/path_count.hpp"

namespace sim {
namespace {

enum class State : std::uint8_t { unseen, open, counted };

struct Visit {
  std::uint32_t world;
  std::size_t next = 0;  // edge
};

}  // namespace

double path_count(const Graph& graph) {
  std::vector<State> states(graph.size(), State::unseen);
  std::vector<double> counts(graph.size());
  std::vector<Visit> way{{0}};
  states[0] = State::open;
  while (!way.empty()) {
    Visit& visit = way.back();
    const Graph::Edges edges = graph.edges(visit.world);
    if (visit.next == edges.size()) {
      if (edges.size() == 0) counts[visit.world] = 1;
      states[visit.world] = State::counted;
      way.pop_back();
      if (!way.empty())
        counts[way.back().world] += counts[graph.edges(way.back().world).to[way.back().next++]];
      continue;
    }
    const std::uint32_t to = edges.to[visit.next];
    if (states[to] == State::open) return 0;
    if (states[to] == State::counted) {
      counts[visit.world] += counts[to];
      ++visit.next;
    } else {
      states[to] = State::open;
      way.push_back({to});
    }
  }
  return counts[0];
}

}  // namespace sim
