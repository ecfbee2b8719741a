// SPDX-License-Identifier: Apache-2.0
#include "model/errno.hpp"

namespace model {

const char* to_text(Errno e) {
  switch (e) {
    case Errno::none:
      return "ok";
    case Errno::perm:
      return "EPERM";
    case Errno::noent:
      return "ENOENT";
    case Errno::srch:
      return "ESRCH";
    case Errno::intr:
      return "EINTR";
    case Errno::io:
      return "EIO";
    case Errno::badf:
      return "EBADF";
    case Errno::again:
      return "EAGAIN";
    case Errno::nomem:
      return "ENOMEM";
    case Errno::acces:
      return "EACCES";
    case Errno::fault:
      return "EFAULT";
    case Errno::busy:
      return "EBUSY";
    case Errno::exist:
      return "EEXIST";
    case Errno::inval:
      return "EINVAL";
    case Errno::mfile:
      return "EMFILE";
    case Errno::notty:
      return "ENOTTY";
    case Errno::nosys:
      return "ENOSYS";
    case Errno::hwpoison:
      return "EHWPOISON";
    case Errno::nomsg:
      return "ENOMSG";
  }
  return "E?";
}

}  // namespace model
