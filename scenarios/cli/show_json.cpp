// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/show_json.hpp"

#include <nlohmann/json.hpp>

#include "scenarios/timeline/sentences.hpp"

namespace cli {
namespace {

using Json = nlohmann::ordered_json;

Json step_json(const timeline::Step& step, const std::vector<std::string>& threads) {
  constexpr const char* kKinds[] = {"begins", "returns", "note", "answer", "sleeps", "wakes", "killed"};
  Json json{{"thread", threads[static_cast<std::size_t>(step.thread)]},
            {"at", step.at},
            {"function", step.function}};
  json["events"] = Json::array();
  for (const timeline::Event& event : step.events) {
    json["events"].push_back({{"thread", threads[static_cast<std::size_t>(event.thread)]},
                              {"kind", kKinds[static_cast<int>(event.kind)]},
                              {"text", event.text}});
  }
  json["changes"] = step.changes;
  return json;
}

Json thread_json(const timeline::ThreadGlimpse& thread) {
  constexpr const char* kStates[] = {"ready", "asleep", "waiting", "ended"};
  Json json{{"thread", thread.name}, {"state", kStates[static_cast<int>(thread.state)]}};
  if (thread.state == timeline::ThreadGlimpse::State::ended) return json;
  json["at"] = thread.at;
  if (!thread.why.empty()) json["why"] = thread.why;
  if (!thread.holder.empty()) json["holder"] = thread.holder;
  json["holds"] = thread.holds;
  json["stack"] = Json::array();
  for (const timeline::Frame& frame : thread.stack) {
    json["stack"].push_back({{"function", frame.function}, {"place", frame.place}});
  }
  return json;
}

Json telling_json(const timeline::Telling& telling) {
  constexpr const char* kConditions[] = {"running", "finished", "blocked", "bug"};
  Json json{{"threads", telling.threads}, {"setting", telling.setting}};
  json["steps"] = Json::array();
  for (const timeline::Step& step : telling.steps) json["steps"].push_back(step_json(step, telling.threads));
  Json& end = json["end"];
  end["condition"] = kConditions[static_cast<int>(telling.condition)];
  if (!telling.end.bug.empty()) end["kernel_bug"] = telling.end.bug;
  end["threads"] = Json::array();
  for (const timeline::ThreadGlimpse& thread : telling.end.threads)
    end["threads"].push_back(thread_json(thread));
  return json;
}

Json stuck_json(const timeline::Stuck& stuck, const std::vector<std::string>& threads) {
  Json json{{"thread", threads[static_cast<std::size_t>(stuck.thread)]}};
  if (!stuck.waiting.text.empty()) json["why"] = stuck.waiting.text;
  if (!stuck.missed.empty()) json["lost_wakeup"] = stuck.missed;
  if (!stuck.loop.empty()) json["loop"] = stuck.loop;
  json["could_have_ended_it"] = Json::array();
  for (const timeline::Rescue& rescue : stuck.rescues) {
    json["could_have_ended_it"].push_back({{"thread", threads[static_cast<std::size_t>(rescue.thread)]},
                                           {"line", rescue.line},
                                           {"operation", rescue.text},
                                           {"became", rescue.became}});
  }
  return json;
}

Json decisive_json(const Explanation& explanation) {
  const sim::DecisivePair& pair = *explanation.decisive;
  const bool proven = pair.proof == sim::DecisivePair::Proof::every_continuation;
  Json json{{"first", pair.first + 1}};
  if (pair.pending == sim::kNoThread) {
    json["second"] = pair.second + 1;
  } else {
    json["pending"] = explanation.telling.threads[static_cast<std::size_t>(pair.pending)];
  }
  json["proven"] = proven;
  if (!explanation.instead.empty()) json["instead"] = explanation.instead;
  return json;
}

}  // namespace

Json explanation_json(const Explanation& explanation) {
  const timeline::Telling& telling = explanation.telling;
  Json json = telling_json(telling);
  json["preemptions"] = explanation.witness.preemptions;
  if (explanation.witness.repeats_from > 0) json["repeats_from"] = explanation.witness.repeats_from;
  if (explanation.decisive) json["decisive"] = decisive_json(explanation);
  json["stuck"] = Json::array();
  for (const timeline::Stuck& stuck : explanation.stuck)
    json["stuck"].push_back(stuck_json(stuck, telling.threads));
  json["sentences"] = timeline::sentences(telling, 0, telling.steps.size(), explanation.stars());
  return json;
}

}  // namespace cli
