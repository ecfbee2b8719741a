// SPDX-License-Identifier: Apache-2.0
#include "proptests/shrink_sequence.hpp"

#include <algorithm>

#include "model/uffd/abi.hpp"

namespace proptests {
namespace {

using traces::RangeExpression;

// Leaves out steps [first, first + count); messages that were read there become nothing, the others keep
// their step. False if a message of a later step would be lost.
bool drop_steps(Sequence& sequence, std::size_t first, std::size_t count) {
  auto& steps = sequence.steps;
  steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(first),
              steps.begin() + static_cast<std::ptrdiff_t>(first + count));
  for (std::size_t i = first; i < steps.size(); ++i) {
    RangeExpression& range = steps[i].operation.range;
    if (range.base != RangeExpression::Base::message || range.index < first) continue;
    if (range.index < first + count) return false;
    range.index = static_cast<std::uint8_t>(range.index - count);
  }
  return true;
}

// By a page; or, if that would take for ever, by half. Longer than a page; keeps the offset within one.
std::uint64_t shorter(std::uint64_t length) {
  if (length <= 16 * model::kPageSize) return length - model::kPageSize;
  return (length / 2 & model::kPageMask) | (length & ~model::kPageMask);
}

// Every simplification of the sequence by one change, the boldest first.
class Simplifications {
 public:
  using Change = std::function<bool(Sequence&)>;  // false: not possible here

  explicit Simplifications(const Sequence& sequence) {
    const std::size_t steps = sequence.steps.size();
    for (std::size_t count = steps; count > 0; count /= 2) {
      for (std::size_t first = steps; first >= count; first -= count) {
        add([=](Sequence& s) { return drop_steps(s, first - count, count); });
        if (first < 2 * count) break;
      }
    }
    simplify_setup(sequence);
    for (std::size_t i = 0; i < steps; ++i) simplify_step(i);
  }
  const std::vector<Change>& changes() const { return changes_; }

 private:
  void add(Change change) { changes_.push_back(std::move(change)); }

  template <class T>
  static bool assign(T& to, const T& value) {
    if (to == value) return false;
    to = value;
    return true;
  }

  void simplify_setup(const Sequence& sequence) {
    const std::size_t last_region = sequence.program.regions.size() - 1;
    add([=](Sequence& s) {
      const auto uses = [&](const RangeExpression& r) {
        return r.base == RangeExpression::Base::region && r.index == last_region;
      };
      for (const Sequence::Step& step : s.steps) {
        if (uses(step.operation.range) || uses(step.operation.source)) return false;
      }
      for (traces::UffdSetup& uffd : s.program.uffds) {
        std::erase_if(uffd.registrations, [&](const auto& registration) { return uses(registration.range); });
      }
      s.program.regions.pop_back();
      return last_region > 0;
    });
    add([](Sequence& s) { return drop_last_file(s); });
    add([](Sequence& s) { return drop_child(s); });
    const std::size_t last_uffd = sequence.program.uffds.size() - 1;
    add([=](Sequence& s) {
      for (const Sequence::Step& step : s.steps) {
        if (step.operation.uffd == last_uffd) return false;
      }
      s.program.uffds.pop_back();
      return last_uffd > 0;
    });
    for (std::size_t i = 0; i <= last_uffd; ++i) {
      add([=](Sequence& s) {
        const bool any = !s.program.uffds[i].registrations.empty();
        if (any) s.program.uffds[i].registrations.pop_back();
        return any;
      });
      for (int bit = 0; bit < 20; ++bit) {
        add([=](Sequence& s) {
          traces::UffdSetup& uffd = s.program.uffds[i];
          if (std::uint64_t{1} << bit == model::abi::kFeatureRwp && registers_for_rwp(uffd)) return false;
          return assign(uffd.features, uffd.features & ~(std::uint64_t{1} << bit));
        });
      }
    }
    for (std::size_t i = 0; i < sequence.program.files.size(); ++i) {
      add([=](Sequence& s) { return assign(s.program.files[i].initial, {}); });
    }
    for (std::size_t i = 0; i <= last_region; ++i) {
      add([=](Sequence& s) { return make_anonymous(s, i); });
      add([=](Sequence& s) { return assign(s.program.regions[i].initial, {}); });
      add([=](Sequence& s) { return assign(s.program.regions[i].protection, std::uint8_t{3}); });
    }
    add([](Sequence& s) { return assign(s.byte_of_page, std::uint16_t{0}) && move_touches(s); });
    add([](Sequence& s) { return assign(s.program.privilege, traces::Privilege::root); });
  }

  static bool registers_for_rwp(const traces::UffdSetup& uffd) {
    return std::any_of(uffd.registrations.begin(), uffd.registrations.end(),
                       [](const auto& known) { return (known.mode & model::abi::kRegisterModeRwp) != 0; });
  }

  // The region becomes private and anonymous. False if it could not be registered as it is then.
  static bool make_anonymous(Sequence& sequence, std::size_t region) {
    for (const traces::UffdSetup& uffd : sequence.program.uffds) {
      for (const traces::UffdSetup::Registration& registration : uffd.registrations) {
        const bool minor = registration.mode & UFFDIO_REGISTER_MODE_MINOR;
        if (minor && registration.range.index == region) return false;
      }
    }
    return assign(sequence.program.regions[region].backing, {});
  }

  // Of a child that nobody forks; its steps are done by others.
  static bool drop_child(Sequence& sequence) {
    if (sequence.program.threads.empty()) return false;
    const std::size_t last = sequence.program.threads.size() - 1;
    if (sequence.program.threads[last].parent == traces::ThreadProgram::kFromTheStart) return false;
    for (const Sequence::Step& step : sequence.steps) {
      if (step.operation.kind == traces::OperationKind::fork && step.operation.child == last) return false;
    }
    for (Sequence::Step& step : sequence.steps) {
      if (step.thread == last) step.thread = 0;
    }
    sequence.program.threads.pop_back();
    return true;
  }

  // False if something has to do with it.
  static bool drop_last_file(Sequence& sequence) {
    if (sequence.program.files.empty()) return false;
    const std::size_t last = sequence.program.files.size() - 1;
    for (const traces::Region& region : sequence.program.regions) {
      if (region.backing.has_file && region.backing.file == last) return false;
    }
    for (const Sequence::Step& step : sequence.steps) {
      const traces::Operation& operation = step.operation;
      const bool acts = traces::acts_on_file(operation.kind) && operation.range.index == last;
      if (acts || (operation.backing.has_file && operation.backing.file == last)) return false;
    }
    sequence.program.files.pop_back();
    return true;
  }

  // All touches to the first byte of their page.
  static bool move_touches(Sequence& sequence) {
    using Kind = traces::OperationKind;
    for (Sequence::Step& step : sequence.steps) {
      const Kind kind = step.operation.kind;
      const bool touch = kind == Kind::load || kind == Kind::store || kind == Kind::copy_from_user ||
                         kind == Kind::copy_to_user;
      if (touch) step.operation.range.offset &= model::kPageMask;
    }
    return true;
  }

  void simplify_step(std::size_t i) {
    using Field = std::uint64_t traces::Operation::*;
    add([=](Sequence& s) {
      traces::Operation& operation = s.steps[i].operation;
      // None of MISSING, WP and MINOR is an error, and no advice is another one.
      const bool needed = operation.kind == traces::OperationKind::register_ ||
                          operation.kind == traces::OperationKind::madvise;
      return !needed && assign(operation.mode, std::uint64_t{0});
    });
    for (const Field field :
         {&traces::Operation::flags, &traces::Operation::features, &traces::Operation::disabled}) {
      add([=](Sequence& s) { return assign(s.steps[i].operation.*field, std::uint64_t{0}); });
    }
    add([=](Sequence& s) {
      RangeExpression& range = s.steps[i].operation.range;
      return range.base == RangeExpression::Base::region && assign(range.length, model::kPageSize);
    });
    add([=](Sequence& s) {
      RangeExpression& range = s.steps[i].operation.range;
      return range.base == RangeExpression::Base::region && range.length > model::kPageSize &&
             assign(range.length, shorter(range.length));
    });
    add([=](Sequence& s) { return assign(s.steps[i].operation.argument, traces::Argument::readable); });
    add([=](Sequence& s) { return s.steps[i].thread != 0 && assign(s.steps[i].thread, std::uint8_t{0}); });
  }

  std::vector<Change> changes_;
};

}  // namespace

Sequence shrink(Sequence sequence, const Happens& happens) {
  for (bool smaller = true; smaller;) {
    smaller = false;
    const Simplifications simplifications(sequence);
    for (const Simplifications::Change& change : simplifications.changes()) {
      Sequence candidate = sequence;
      if (!change(candidate) || !happens(candidate)) continue;
      sequence = std::move(candidate);
      smaller = true;
      break;
    }
  }
  return sequence;
}

}  // namespace proptests
