// SPDX-License-Identifier: Apache-2.0
#include "sim/livelock.hpp"

#include <map>

#include "sim/ambient.hpp"
#include "sim/fair_components.hpp"
#include "sim/replay.hpp"

namespace sim {
namespace {

// The outcome of each world of the component.
std::vector<std::string> outcomes_of(const Subject& subject, const Graph& graph,
                                     const FairComponent& component, const Effort& effort, Crew& crew) {
  constexpr std::size_t kShare = 64;  // worlds that are recreated in one arena
  const std::size_t count = component.worlds.size();
  std::vector<std::string> texts(count);
  crew.share((count + kShare - 1) / kShare, [&](int, std::size_t share) {
    const Ambient kept;
    Arena arena(subject.arena_size());
    for (std::size_t i = share * kShare; i < std::min(count, (share + 1) * kShare) && !effort.stopped();
         ++i) {
      const World& world = replay(subject, graph.path_to(component.worlds[i]), arena);
      texts[i] = subject.outcome(world, component.spinning);
    }
  });
  return texts;
}

struct Spin {
  const FairComponent* component;
  std::uint32_t first;  // world
  std::uint64_t worlds = 0;
};

Outcome told_outcome(const Subject& subject, const Graph& graph, const std::string& text, const Spin& spin) {
  Outcome outcome{.text = text, .ending = Ending::livelock, .worlds = spin.worlds};
  std::vector<Move> moves = graph.path_to(spin.first);
  outcome.witness = told(subject, moves);
  const Ambient kept;
  Arena arena(subject.arena_size());
  World& world = replay(subject, moves, arena);
  for (Move move : cycle_through(graph, *spin.component, spin.first)) {
    outcome.cycle.append(world, move);
    world.step(move);
  }
  return outcome;
}

}  // namespace

std::vector<Outcome> livelocks(const Subject& subject, const Graph& graph, const Effort& effort, Crew& crew) {
  const std::vector<FairComponent> components = fair_components(graph);
  std::map<std::string, Spin> spins;
  for (const FairComponent& component : components) {
    const std::vector<std::string> texts = outcomes_of(subject, graph, component, effort, crew);
    if (effort.stopped()) return {};
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::uint32_t world = component.worlds[i];
      Spin& spin = spins.try_emplace(texts[i], Spin{&component, world}).first->second;
      ++spin.worlds;
      if (world < spin.first) spin.first = world, spin.component = &component;
    }
  }
  std::vector<Outcome> outcomes;
  for (const auto& [text, spin] : spins) outcomes.push_back(told_outcome(subject, graph, text, spin));
  return outcomes;
}

}  // namespace sim
