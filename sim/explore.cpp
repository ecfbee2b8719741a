// SPDX-License-Identifier: Apache-2.0
#include "sim/explore.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <tuple>

#include "sim/crew.hpp"
#include "sim/expansion.hpp"
#include "sim/livelock.hpp"
#include "sim/path_count.hpp"

namespace sim {
namespace {

constexpr std::size_t kShare = 16;  // worlds of a batch that a worker takes at once

class Explorer {
 public:
  Explorer(const Subject& subject, const Effort& effort)
      : subject_(subject), effort_(effort), crew_(effort.workers) {
    for (int i = 0; i < crew_.size(); ++i) {
      expanders_.push_back(std::make_unique<Expander>(subject, effort_, order_));
    }
    shares_.resize((Frontier::kBatch + kShare - 1) / kShare);
  }

  Exploration run();

 private:
  struct Met {
    std::uint32_t first;  // the first world with this outcome
    std::uint64_t worlds = 0;
  };

  void meet_first_world();
  void expand(const Frontier::Batch& batch);
  // False: the budget is used up, or the exploration was told to stop.
  bool merge(const Frontier::Batch& batch);
  void adopt(std::uint32_t parent, const Child& child, const Offspring& share);
  void note_new(std::uint32_t number, const Child& child, const Offspring& share);
  void note_complaint(std::uint32_t parent, const Child& child, const Offspring& share);
  bool within_budget();
  void report_progress() const;
  void tell_outcomes();
  void tell_findings();

  const Subject& subject_;
  const Effort effort_;
  Crew crew_;
  LockOrder order_;
  std::vector<std::unique_ptr<Expander>> expanders_;
  std::vector<Offspring> shares_;
  Visited visited_;
  Graph graph_;
  Frontier frontier_;
  std::map<std::pair<std::string, Ending>, Met> met_;
  std::map<Finding::Kind, Finding> findings_;
  std::uint64_t level_ = 0;        // distance from the first world to those being expanded
  std::uint32_t level_end_ = 1;    // the first world of the next level
  bool may_cycle_ = false;         // some move led to a world with a lower number
  std::uint64_t world_bytes_ = 0;  // of all worlds together
  Exploration result_;
};

Exploration Explorer::run() {
  meet_first_world();
  bool going_on = true;
  while (going_on && !frontier_.empty()) {
    Frontier::Batch batch = frontier_.pop();
    expand(batch);
    going_on = merge(batch);
    frontier_.recycle(std::move(batch));
    report_progress();
  }
  if (going_on) result_.coverage.limit = Limit::none;
  result_.coverage.unexplored += frontier_.size();
  tell_outcomes();
  tell_findings();
  result_.totals.worlds = visited_.size();
  if (result_.coverage.complete()) result_.totals.paths = path_count(graph_);
  result_.totals.transitions = result_.totals.steps = graph_.edge_count();
  result_.totals.world_bytes_mean = world_bytes_ / result_.totals.worlds;
  return std::move(result_);
}

void Explorer::meet_first_world() {
  Offspring& share = shares_.front();
  expanders_.front()->boot(share);
  visited_.insert(share.children.front().hash, 0);
  note_new(0, share.children.front(), share);
  if (share.complaints.empty()) return;
  const Complaint& complaint = share.complaints.front();
  findings_[complaint.kind] = {complaint.kind, complaint.text, {}};
}

void Explorer::expand(const Frontier::Batch& batch) {
  for (Offspring& share : shares_) share.clear();
  crew_.share((batch.size() + kShare - 1) / kShare, [&](int worker, std::size_t share) {
    const std::size_t first = share * kShare;
    expanders_[static_cast<std::size_t>(worker)]->expand(batch, first, std::min(first + kShare, batch.size()),
                                                         graph_, visited_, shares_[share]);
  });
}

bool Explorer::merge(const Frontier::Batch& batch) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const Offspring& share = shares_[i / kShare];
    const std::size_t place = i % kShare;
    if (place >= share.ends.size() || !within_budget()) {
      result_.coverage.unexplored = batch.size() - i;
      return false;
    }
    const std::uint32_t parent = batch.number(i);
    if (parent >= level_end_) {
      level_end_ = graph_.size();
      ++level_;
    }
    for (std::size_t n = place == 0 ? 0 : share.ends[place - 1]; n < share.ends[place]; ++n) {
      adopt(parent, share.children[n], share);
    }
  }
  return true;
}

void Explorer::adopt(std::uint32_t parent, const Child& child, const Offspring& share) {
  std::uint32_t number = child.known;
  if (number == Visited::kNone) number = visited_.insert(child.hash, graph_.size());
  if (number == graph_.size()) {
    graph_.add_world(parent, child.move);
    result_.totals.depth = level_ + 1;
    note_new(number, child, share);
  }
  graph_.add_edge(parent, child.move, number);
  may_cycle_ = may_cycle_ || number <= parent;
  if (child.complaint >= 0) note_complaint(parent, child, share);
}

void Explorer::note_new(std::uint32_t number, const Child& child, const Offspring& share) {
  world_bytes_ += child.used;
  result_.totals.world_bytes_max = std::max<std::uint64_t>(result_.totals.world_bytes_max, child.used);
  if (child.condition == Condition::running) {
    frontier_.push(number, std::span(share.bytes).subspan(child.start, child.end - child.start));
    return;
  }
  ++result_.totals.executions;
  const auto key = std::pair(share.outcomes[child.start], ending_of(child.condition));
  ++met_.try_emplace(key, Met{number}).first->second.worlds;
}

void Explorer::note_complaint(std::uint32_t parent, const Child& child, const Offspring& share) {
  const Complaint& complaint = share.complaints[static_cast<std::size_t>(child.complaint)];
  if (findings_.count(complaint.kind)) return;
  std::vector<Move> moves = graph_.path_to(parent);
  moves.push_back(child.move);
  findings_[complaint.kind] = {complaint.kind, complaint.text, told(subject_, moves)};
}

// Looked at before each world's children are taken in, so where the exploration ends does not depend on the
// number of workers.
bool Explorer::within_budget() {
  const Budget& budget = effort_.budget;
  const auto used_up = [&](Limit limit, std::uint64_t used, std::uint64_t allowed) {
    if (allowed == 0 || used < allowed) return false;
    result_.coverage.limit = limit;
    return true;
  };
  return !used_up(Limit::worlds, graph_.size(), budget.worlds) &&
         !used_up(Limit::executions, result_.totals.executions, budget.executions) &&
         !used_up(Limit::bytes, visited_.bytes() + graph_.bytes() + frontier_.bytes(), budget.bytes);
}

void Explorer::report_progress() const {
  if (!effort_.progress) return;
  effort_.progress({.worlds = graph_.size(),
                    .frontier = frontier_.size(),
                    .depth = result_.totals.depth,
                    .executions = result_.totals.executions,
                    .transitions = graph_.edge_count()});
}

void Explorer::tell_outcomes() {
  for (const auto& [key, met] : met_) {
    Outcome outcome{.text = key.first, .ending = key.second, .worlds = met.worlds};
    outcome.witness = told(subject_, graph_.path_to(met.first));
    result_.outcomes.push_back(std::move(outcome));
  }
  if (may_cycle_) {
    // Being told to stop meanwhile makes the exploration incomplete.
    for (Outcome& outcome : livelocks(subject_, graph_, effort_, crew_))
      result_.outcomes.push_back(std::move(outcome));
    if (effort_.stopped()) result_.coverage.limit = Limit::interrupted;
  }
  const auto by_text = [](const Outcome& a, const Outcome& b) {
    return std::tie(a.text, a.ending) < std::tie(b.text, b.ending);
  };
  std::sort(result_.outcomes.begin(), result_.outcomes.end(), by_text);
  tell_stacks(subject_, result_);
}

void Explorer::tell_findings() {
  for (const auto& [kind, finding] : findings_) result_.findings.push_back(finding);
  tell_order(order_, result_);
}

}  // namespace

Exploration explore(const Subject& subject, const Effort& effort) { return Explorer(subject, effort).run(); }

}  // namespace sim
