// SPDX-License-Identifier: Apache-2.0
#include "traces/model/world.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/fault/access.hpp"
#include "model/mm/hugetlb.hpp"
#include "model/syscalls/syscalls.hpp"
#include "traces/model/not_modelled.hpp"
#include "traces/model/program_observer.hpp"

namespace traces {
namespace {

constexpr unsigned kBitsOfHuge = model::kHugePageShift - model::kPageShift;

// The smallest number of bits a level, from 2, with which four levels cover the program.
unsigned bits_for(model::VirtAddr end, bool huge) {
  constexpr unsigned kAbove = model::PageTables::kLevels - 1;
  unsigned bits = 2;
  while (std::uint64_t{1} << (kAbove * bits + (huge ? kBitsOfHuge : bits) + model::kPageShift) <
         end.value + model::kPageSize) {
    ++bits;
  }
  return bits;
}

bool scans(const Block& body) {
  for (const Statement& statement : body) {
    if (const auto* perform = std::get_if<Perform>(&statement.what)) {
      if (perform->operation.kind == OperationKind::scan) return true;
    } else if (const auto* branch = std::get_if<If>(&statement.what)) {
      if (scans(branch->then) || scans(branch->otherwise)) return true;
    } else if (scans(std::get<RepeatUntil>(statement.what).body)) {
      return true;
    }
  }
  return false;
}

// A scan sees where page tables begin and end: a program with one has a single table, as on real machines.
unsigned bits_for(const Program& program, model::VirtAddr end) {
  const bool huge = uses_huge_pages(program);
  unsigned bits = bits_for(end, huge);
  if (huge) return bits;  // their tables are those of real machines
  const auto any = [](const ThreadProgram& thread) { return scans(thread.body); };
  if (std::none_of(program.threads.begin(), program.threads.end(), any)) return bits;
  while (bits < 9 && std::uint64_t{1} << (bits + model::kPageShift) < end.value) ++bits;
  return bits;
}

Operation on_region(OperationKind kind, const Layout& layout, std::size_t region) {
  Operation operation{.kind = kind};
  operation.range.index = static_cast<std::uint8_t>(region);
  operation.range.length = layout.region(region).bytes();
  return operation;
}

void map_region(std::vector<Operation>& setup, const Layout& layout, const Region& region,
                std::size_t index) {
  if (!region.mapped) return;
  setup.push_back(on_region(OperationKind::mmap, layout, index));
  setup.back().protection = region.protection;
  setup.back().backing = region.backing;
}

Operation on_file(OperationKind kind, std::size_t file) {
  Operation operation{.kind = kind};
  operation.range.base = RangeExpression::Base::file;
  operation.range.index = static_cast<std::uint8_t>(file);
  return operation;
}

void make_file(std::vector<Operation>& setup, const MemoryFile& file, std::size_t index) {
  setup.push_back(on_file(OperationKind::truncate, index));
  setup.back().number = file.pages.value;
  for (std::size_t page = 0; page < file.initial.size(); ++page) {
    if (file.initial[page].empty()) continue;
    setup.push_back(on_file(OperationKind::pwrite, index));
    setup.back().backing.page_size = file.page_size;
    setup.back().range.offset = page * model::bytes_of(file.page_size);
    setup.back().contents = file.initial[page];
  }
}

// Also where the program may not write: nothing about a mapping shows that it was filled.
void fill_region(std::vector<Operation>& setup, const Region& region, std::size_t index) {
  if (!region.mapped) return;
  for (std::size_t page = 0; page < region.initial.size(); ++page) {
    if (region.initial[page].empty()) continue;
    Operation store{.kind = OperationKind::store};
    store.range.index = static_cast<std::uint8_t>(index);
    store.range.offset = page * region.page_bytes();
    store.contents = region.initial[page];
    setup.push_back(store);
  }
}

void set_up_uffd(std::vector<Operation>& setup, const UffdSetup& uffd, std::size_t index) {
  if (uffd.prepared == UffdSetup::Prepared::nothing) return;
  Operation operation{.kind = OperationKind::userfaultfd, .flags = uffd.flags};
  operation.uffd = static_cast<std::uint8_t>(index);
  setup.push_back(operation);
  if (uffd.prepared == UffdSetup::Prepared::opened) return;
  operation.kind = OperationKind::api;
  operation.features = uffd.features;
  setup.push_back(operation);
  for (const UffdSetup::Registration& registration : uffd.registrations) {
    operation.kind = OperationKind::register_;
    operation.range = registration.range;
    operation.mode = registration.mode;
    setup.push_back(operation);
  }
}

// Memory: every page twice in each process, and a few; the pages of files, and of mappings that operations
// make.
std::uint32_t frames_for(const Program& program, std::uint64_t children) {
  constexpr std::uint64_t kFew = 4, kOfOperationsToCome = 96;
  std::uint64_t frames = kFew;
  bool shares = !program.files.empty();
  bool driven = true;  // the operations are not known yet
  for (const Region& region : program.regions) {
    if (region.backing.page_size == model::PageSize::base) frames += region.pages.value * 2 * (1 + children);
    shares = shares || region.backing.shared();
  }
  for (std::size_t i = 0; i < program.files.size(); ++i) frames += pages_of_file(program, i);
  for (const ThreadProgram& thread : program.threads) driven = driven && thread.body.empty();
  if (driven && shares) frames += kOfOperationsToCome;
  return static_cast<std::uint32_t>(frames);
}

bool has_mremap(const std::vector<Code>& codes) {
  for (const Code& code : codes) {
    for (const Instruction& at : code) {
      if (at.perform && at.perform->operation.kind == OperationKind::mremap) return true;
    }
  }
  return false;
}

// Of those that mremap may move.
std::uint32_t pages_of(const Program& program) {
  std::uint64_t pages = 0;
  for (const Region& region : program.regions) {
    if (region.backing.page_size == model::PageSize::base) pages += region.pages.value;
  }
  return static_cast<std::uint32_t>(pages);
}

bool changes_names(const Operation& operation) {
  return operation.kind == OperationKind::userfaultfd || operation.kind == OperationKind::close ||
         operation.opens != Operation::kOpensNothing;
}

bool changes_names(const Block& body) {
  return std::any_of(body.begin(), body.end(), [](const Statement& statement) {
    if (const auto* perform = std::get_if<Perform>(&statement.what)) return changes_names(perform->operation);
    if (const auto* branch = std::get_if<If>(&statement.what))
      return changes_names(branch->then) || changes_names(branch->otherwise);
    return changes_names(std::get<RepeatUntil>(statement.what).body);
  });
}

// A store of the setup reaches the page whatever its protection.
sim::Task<Value> fill_page(ProgramWorld& world, const Operation& store) {
  const model::VirtAddr address = world.prepared->layout.resolve(store.range, Value{}).start;
  co_await model::access_remote_vm(world.process().mm, address, store.contents[0]);
  co_return Value::ok();
}

// A file of huge pages cannot be written to: it is filled through a mapping.
bool fills_huge_page(const Operation& operation) {
  return operation.kind == OperationKind::pwrite && operation.backing.page_size == model::PageSize::huge;
}

sim::Task<void> set_up(ProgramWorld* world) {
  const std::size_t files = world->prepared->program.files.size();
  for (std::size_t i = 0; i < files; ++i) {
    const model::PageSize size = world->prepared->program.files[i].page_size;
    model::sys_memfd_create(world->process(), static_cast<int>(i), size);
  }
  for (const Operation& operation : world->prepared->setup) {
    Value value;
    if (operation.kind == OperationKind::store) {
      value = co_await fill_page(*world, operation);
    } else if (fills_huge_page(operation)) {
      const model::Errno error = co_await model::hugetlbfs_fill(
          world->process().machine->system, *world->process().memfds[operation.range.index].read(),
          operation.range.offset / model::kHugePageSize, operation.contents[0]);
      value = Value::of(error);
    } else {
      value = co_await perform(*world, operation, Value{});
    }
    world->setup_error = value.kind == ValueKind::errnum ? value.error : model::Errno::fault;
    if (world->setup_error != model::Errno::none) co_return;
    ++world->setup_done;
  }
}

// Changes what only the running thread looks at.
template <class T>
void assign(T& to, const T& value) {
  sim::touch(&to, sizeof to, sim::Access::write);
  to = value;
}

void tell_returned(const Perform& step, const Value& value) {
  if (auto* listener = dynamic_cast<ProgramObserver*>(sim::current.observer)) {
    listener->returned(sim::current.thread, step, value);
  }
}

// The threads of each process, a bit a thread.
std::vector<std::uint8_t> threads_of_processes(const std::vector<std::uint8_t>& processes) {
  std::vector<std::uint8_t> threads;
  for (std::size_t thread = 0; thread < processes.size(); ++thread) {
    if (threads.size() <= processes[thread]) threads.resize(processes[thread] + std::size_t{1});
    threads[processes[thread]] = static_cast<std::uint8_t>(threads[processes[thread]] | 1u << thread);
  }
  return threads;
}

model::MachineSetup machine_setup(const PreparedProgram& prepared) {
  const Program& program = prepared.program;
  const bool privileged = program.privilege == Privilege::root;
  const bool stranger = program.privilege == Privilege::nobody;
  const bool allowed = program.unprivileged_userfaultfd == UnprivilegedUffd::allowed;
  return {.kernel = prepared.kernel,
          .frames = prepared.frames,
          .bits_per_level = prepared.bits_per_level,
          .leaf_bits = prepared.leaf_bits,
          .huge_pages = huge_pages_in_pool(program),
          .capability = privileged ? model::SysPtrace::present : model::SysPtrace::absent,
          .device = stranger ? model::DeviceAccess::refused : model::DeviceAccess::granted,
          .unprivileged_userfaultfd =
              allowed ? model::UnprivilegedUffd::allowed : model::UnprivilegedUffd::refused,
          .epolls = program.epolls.size(),
          .sockets = program.sockets.size(),
          .processes = threads_of_processes(prepared.processes)};
}

// What a child waits for before its first step.
sim::Wait birth(ProgramWorld::ThreadState& state) {
  const auto born = [](const void* object, sim::ThreadId) {
    return static_cast<const ProgramWorld::ThreadState*>(object)->born;
  };
  return {.ready = born, .object = &state, .what = "its birth"};
}

sim::Task<void> run_thread(ProgramWorld* world, int id) {
  ProgramWorld::ThreadState& state = world->threads[id];
  const ThreadProgram& thread = world->prepared->program.threads[static_cast<std::size_t>(id)];
  const Code& code = world->prepared->codes[static_cast<std::size_t>(id)];
  const std::span<Value> registers{state.registers, thread.registers.size()};
  for (;;) {
    std::uint16_t pc = state.pc;
    const Instruction* at = next(code, pc, registers);
    assign(state.pc, pc);
    if (!at) break;
    const Perform& step = *at->perform;
    Value message;
    if (step.operation.range.base == RangeExpression::Base::message)
      message = registers[step.operation.range.index];
    const Value value = co_await perform(*world, step.operation, message);
    if (sim::current_thread().fatal_signal) {
      assign(state.killed, step.operation.kind != OperationKind::exit);
      break;
    }
    if (sim::observed()) tell_returned(step, value);
    if (step.result >= 0) assign(registers[static_cast<std::size_t>(step.result)], value);
    assign(state.pc, static_cast<std::uint16_t>(state.pc + 1));
  }
  assign(state.ended, true);
  model::Process& process = world->process_of(static_cast<sim::ThreadId>(id));
  if (process.exiting.read()) {
    co_await model::do_exit(process);
  } else {
    process.parked.write(process.parked.read() + 1);
  }
}

}  // namespace

PreparedProgram::PreparedProgram(const Program& source, const model::Kernel& on)
    : program(source), kernel(&on), layout(program) {
  for (const ThreadProgram& thread : program.threads) codes.push_back(flatten(thread.body));
  for (const ThreadProgram& thread : program.threads) {
    if (changes_names(thread.body)) names = Names::change;
  }
  processes = processes_of(program);
  if (processes.empty()) processes = {0};  // for the setup
  // What mremap moves elsewhere needs addresses there, and its old place pages of its own.
  const model::PageCount elsewhere{has_mremap(codes) ? 2 * pages_of(program) : 0};
  bits_per_level = bits_for(program, layout.end() + elsewhere);
  leaf_bits = uses_huge_pages(program) ? kBitsOfHuge : bits_per_level;
  const std::uint64_t children = *std::max_element(processes.begin(), processes.end());
  frames = frames_for(program, children) + static_cast<std::uint32_t>(elsewhere.value * (1 + children));
  for (std::size_t i = 0; i < program.files.size(); ++i) make_file(setup, program.files[i], i);
  for (std::size_t i = 0; i < program.regions.size(); ++i) map_region(setup, layout, program.regions[i], i);
  for (std::size_t i = 0; i < program.regions.size(); ++i) fill_region(setup, program.regions[i], i);
  for (std::size_t i = 0; i < program.uffds.size(); ++i) set_up_uffd(setup, program.uffds[i], i);
}

sim::Arena::Size PreparedProgram::arena_size() const {
  return {.objects = (std::size_t{4} << 20) + frames * (sizeof(model::Folio) + 3 * sizeof(std::uint64_t))};
}

sim::Wait UserMutex::Acquire::wait() const {
  const auto is_free = [](const void* object, sim::ThreadId) {
    return static_cast<const UserMutex*>(object)->owner_.peek() == sim::kNoThread;
  };
  const auto holder = [](const void* object) { return static_cast<const UserMutex*>(object)->owner_.peek(); };
  return {.ready = is_free, .object = mutex, .what = "mutex", .holder = holder};
}

bool UserMutex::unlock() {
  if (owner_.read() != sim::current.thread) return false;
  owner_.write(sim::kNoThread);
  return true;
}

ProgramWorld& boot_without_threads(const PreparedProgram& prepared, sim::Arena& arena) {
  sim::World& sim_world = sim::World::create(arena);
  auto* world = arena.make<ProgramWorld>();
  sim_world.root = world;
  world->prepared = &prepared;
  const Program& program = prepared.program;
  world->machine = &model::create_machine(machine_setup(prepared));
  const auto array = [&]<class T>(T*& to, std::size_t count) {
    to = static_cast<T*>(arena.allocate(count * sizeof(T), alignof(T)));
    for (std::size_t i = 0; i < count; ++i) new (to + i) T;
  };
  array(world->mutexes, program.mutexes.size());
  const std::size_t names = program.uffds.size() * world->machine->all().size();
  array(world->descriptors, names);
  for (std::size_t i = 0; i < names; ++i) world->descriptors[i].write(ProgramWorld::kNoDescriptor);
  array(world->inboxes, std::max<std::size_t>(program.threads.size(), 1));
  make_inboxes(world->inboxes, program.threads, arena);
  array(world->variables, program.variables.size());
  for (std::size_t i = 0; i < program.variables.size(); ++i) {
    world->variables[i].write(program.variables[i].initial);
  }
  sim_world.spawn("setup", [=] { return set_up(world); });
  while (!sim_world.finished(0)) sim_world.step({});
  sim_world.dismiss_threads();
  world->machine->processes[0].mm.flush_tlb_range({model::VirtAddr{0}, prepared.layout.end()});
  return *world;
}

ProgramWorld& boot(const PreparedProgram& prepared, sim::Arena& arena) {
  const std::vector<ThreadProgram>& threads = prepared.program.threads;
  ProgramWorld& world = boot_without_threads(prepared, arena);
  const std::size_t count = threads.size();
  world.threads = static_cast<ProgramWorld::ThreadState*>(
      arena.allocate(count * sizeof(ProgramWorld::ThreadState), alignof(ProgramWorld::ThreadState)));
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t registers = threads[i].registers.size();
    world.threads[i].registers =
        static_cast<Value*>(arena.allocate(registers * sizeof(Value), alignof(Value)));
    for (std::size_t r = 0; r < registers; ++r) new (world.threads[i].registers + r) Value;
    const int id = static_cast<int>(i);
    ProgramWorld* root = &world;
    const bool forked = threads[i].parent != ThreadProgram::kFromTheStart;
    world.threads[i].born = !forked;
    const sim::Wait first = forked ? birth(world.threads[i]) : sim::World::kStart;
    sim::current.world->spawn(
        threads[i].name.c_str(), [=] { return run_thread(root, id); }, first);
  }
  return world;
}

std::string setup_failure(const PreparedProgram& prepared) {
  std::string unknown = why_not_modelled(prepared.program, prepared.layout);
  if (!unknown.empty()) return unknown;
  sim::Arena arena(prepared.arena_size());
  const ProgramWorld& world = boot_without_threads(prepared, arena);
  if (world.setup_error == model::Errno::none) return {};
  const Operation& failed = prepared.setup[world.setup_done];
  return fmt::format("setting up the program: operation {} of {} ({}) failed with {}", world.setup_done + 1,
                     prepared.setup.size(), name_of(failed.kind), model::to_text(world.setup_error));
}

}  // namespace traces
