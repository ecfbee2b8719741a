// SPDX-License-Identifier: Apache-2.0
// Oracle: what one thread sees of its memory, of files in shared memory and of userfaultfd, said as shortly
// as it can be and differently from the model: a list of mappings, a map of pages, files, contexts with
// feature words. No locks, no page tables, no steps. Who sleeps sleeps for ever, because there is nobody
// else.
#pragma once
#include <array>
#include <map>
#include <optional>
#include <vector>

#include "model/kernels/kernel.hpp"
#include "traces/layout.hpp"
#include "traces/machine.hpp"

namespace proptests {

class Oracle final : public traces::Machine {
 public:
  // The program has one thread. Of the kernel only the data is looked at.
  Oracle(const traces::Program& program, const model::Kernel& kernel);

  std::string name() const override { return "oracle"; }
  void perform(std::size_t thread, const traces::Operation& operation, const traces::Value& message) override;
  std::optional<traces::Value> take_result(std::size_t thread) override;
  traces::FinalState look() override;

 private:
  using Page = std::uint64_t;  // its number
  struct Context {
    std::uint64_t flags = 0;  // of the open file: fcntl changes them
    int descriptors = 1;      // that stand for it
    std::uint64_t features = 0;
    bool ready = false;      // shaken hands
    int sleeping_fault = 0;  // 1 when the thread sleeps in a fault that nobody has read
    void enable(std::uint64_t wanted);
  };
  using ContextId = int;
  static constexpr ContextId kNobody = -1;
  // A file in shared memory: a memfd of the program, or what stands behind a shared anonymous mapping.
  struct File {
    std::uint64_t size = 0;               // pages
    std::map<std::uint64_t, char> pages;  // those that exist, and what they hold
  };
  static constexpr int kNoFile = -1;
  struct Mapping {
    Page end = 0;
    std::uint8_t protection = 0;
    bool accounted = false;  // is or was writable: does not merge with what was not
    ContextId owner = kNobody;
    std::uint64_t modes = 0;  // UFFDIO_REGISTER_MODE_*, of the owner
    int family = 0;           // of anonymous pages; 0 until the first write
    bool shared = false;
    int file = kNoFile;
    // Page of the file less page of memory; of anonymous memory how far its pages are from where they were
    // when they got their family.
    std::uint64_t shift = 0;
    friend bool operator==(const Mapping&, const Mapping&) = default;
  };
  // What is known of a page that is not simply missing.
  struct PageInfo {
    enum class Kind : std::uint8_t { present, marked, poisoned, guarded } kind = Kind::present;
    char content = 0;
    bool wp = false;         // present, poisoned: write-protected; or, where RWP is registered, closed
    bool zero_page = false;  // present: the page of zeros that all share
    bool of_file = false;    // present: the file's page itself, whose content stands there
  };
  struct Span {  // whole pages
    Page first = 0, end = 0;
  };
  using Mappings = std::map<Page, Mapping>;
  // What an operation gives: none if it sleeps.
  using Answer = std::optional<traces::Value>;

  Mappings::iterator mapping_of(Page page);
  Mappings::iterator next_in(Span span);
  void split_at(Page page);
  void merge_at(Page page);
  void merge_around(Span span);
  void give_family(Mappings::iterator mapping);
  bool unmap(Span span);

  Answer answer(const traces::Operation& operation, const traces::Layout::Resolved& range);
  Answer touch(const traces::Operation& operation, std::uint64_t address);
  Answer mmap(std::uint64_t start, std::uint64_t length, std::uint8_t protection,
              const traces::Backing& backing);
  Answer munmap(std::uint64_t start, std::uint64_t length);
  Answer mprotect(std::uint64_t start, std::uint64_t length, std::uint8_t protection);
  Answer madvise(std::uint64_t start, std::uint64_t length, std::uint64_t advice);
  bool knows(std::uint64_t advice) const;
  model::Errno advise(Mappings::iterator mapping, Span part, std::uint64_t advice);
  Answer populate(Span span, bool write);
  Answer mremap(const traces::Operation& operation, std::uint64_t start, std::uint64_t length);
  Answer change_file(const traces::Operation& operation, const traces::Layout::Resolved& range);
  void truncate(int file, std::uint64_t pages);
  void punch(int file, std::uint64_t first, std::uint64_t end);
  enum class OwnPages : std::uint8_t { stay, go };
  void unmap_file(int file, std::uint64_t first, std::uint64_t end, OwnPages own);
  void discard(const Mapping& mapping, Page page);
  void look_at_files(traces::FinalState& state);
  File& file_of(const Mapping& mapping) { return files_[static_cast<std::size_t>(mapping.file)]; }
  char& content(Page page);
  Answer userfaultfd(const traces::Operation& operation);
  Answer with_context(const traces::Operation& operation, const traces::Layout::Resolved& range);
  bool knows_mode(const Context& context, const traces::Operation& operation) const;
  bool is_newer(traces::OperationKind kind) const;
  traces::Value api(Context& context, const traces::Operation& operation);
  traces::Value register_(ContextId id, const traces::Operation& operation, Span span);
  traces::Value unregister(ContextId id, Span span);
  Mappings::iterator destination(Span span);
  Answer copy(const traces::Operation& operation, Span span);
  traces::Value zeropage(Span span);
  traces::Value continue_(const traces::Operation& operation, Span span);
  model::Errno fill(Mappings::iterator mapping, Page page, char letter, bool wp);
  bool asks_first(const Mapping& mapping) const {
    return mapping.shared && kernel_.size_asked == model::SizeAsked::when_allocated;
  }
  bool beyond_file(const Mapping& mapping, Page page);
  bool occupies(const PageInfo& page) const;
  void dup(const traces::Operation& operation);
  void close(std::uint8_t uffd);
  enum class Fault : std::uint8_t { resolved, refused_by_mapping, refused_by_context, sleeps };
  Answer writeprotect(const traces::Operation& operation, Span span);
  traces::Value rwprotect(const traces::Operation& operation, Span span);
  Answer set_mode(Context& context, const traces::Operation& operation);
  void change_wp(Span part, bool protect, bool markers);
  void disarm(Span part);
  traces::Value poison(Span span);
  traces::Value move(ContextId id, const traces::Operation& operation, Span span);
  // One bit of a page serves both.
  static constexpr std::uint64_t kProtectingModes = UFFDIO_REGISTER_MODE_WP | model::abi::kRegisterModeRwp;
  const Context& owner_of(const Mapping& mapping) const {
    return contexts_[static_cast<std::size_t>(mapping.owner)];
  }
  traces::PageState state_of(Page page);
  traces::Value scan(const traces::Operation& operation, const traces::Layout::Resolved& range);
  bool tracked(const Mapping& mapping) const;
  std::uint16_t categories_of(const Mapping& mapping, Page page) const;
  void protect_scanned(Page page);
  Fault file_fault(Mappings::iterator mapping, Page page, bool write, bool kernel_mode);
  void map_around(Mappings::iterator mapping, Page page);
  Fault becomes_userfault(const Mapping& mapping, bool kernel_mode);
  bool refuses(ContextId id, bool kernel_mode) const;
  Fault fault(Page page, bool write, bool kernel_mode);

  // A mremap, step by step: each returns what it is refused with.
  struct Move {
    Span from;       // what it is about
    Page pages = 0;  // how many it shall be
    Page to = 0;
    std::uint64_t flags = 0;
    bool heard = false;  // some owner waits to be told
  };
  bool before_6_17() const;
  model::Errno may_resize(const Move& move);
  model::Errno shrink(Move& move);
  model::Errno move_to(Move& move);
  model::Errno move_each(Move& move);
  model::Errno resize_here(Move& move);
  void choose_place(const traces::Operation& operation, Move& move);
  void move_pages(const Move& move, bool keeps_wp);
  void move_one(Move& move);

  const traces::Program program_;
  const traces::Layout layout_;
  const model::Kernel& kernel_;
  Mappings mappings_;  // by first page
  std::map<Page, PageInfo> pages_;
  std::vector<File> files_;  // the program's first
  std::vector<Context> contexts_;
  std::array<ContextId, 256> descriptors_{};
  int families_ = 0;
  Page elsewhere_ = Page{1} << 34;  // where the next mapping goes that may go anywhere: they do not touch
  bool asleep_ = false;
  bool exited_ = false;
  Answer result_;
};

}  // namespace proptests
