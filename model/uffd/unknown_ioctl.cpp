// SPDX-License-Identifier: Apache-2.0
// Follows fs/userfaultfd.c: userfaultfd_ioctl, where no case fits.
#include "model/uffd/api.hpp"

namespace model {

sim::Task<IoctlReply> userfaultfd_unknown_ioctl(UserfaultfdCtx&, RangeRequest) {
  co_await sim::point("userfaultfd_ioctl");
  co_return IoctlReply::of(Errno::inval);
}

}  // namespace model
