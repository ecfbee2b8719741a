// SPDX-License-Identifier: Apache-2.0
//
// The handshake of a missing fault, for SPIN. handshake.m is the same, step for step, for rumur.
//
// What it models. THREADS threads touch both of two pages, x and y, one after the other: the first and the third thread
// x first, the second y first (with ROUNDS 1 only the first of the two). A touch of a page that is not there (fault)
// puts a message behind the others (queue), looks at the page again (recheck), and waits to be woken if it is still not
// there (sleep); then it touches again. MONITORS monitors, for ever: take the oldest message (read), fill its page
// unless it is filled (COPY), and if they did fill it, wake everybody who waits for that page, asleep or about to be,
// message read or not (wake). A COPY that finds the page filled wakes nobody, as in the kernel.
//
// What it abstracts. A page is one bit, and stays filled. There are no page tables, TLBs, page locks, mmap_lock,
// reference counts, descriptors or system calls. The two lists of waiters under their spinlocks are a queue of unread
// messages and a field of each thread. Each arrow of fault → queue → recheck → sleep and of read → COPY → wake is one
// atomic step.
//
// With -DLOCKS the spinlock of the queue and the lock of the page table are taken and given back in steps of their own,
// around queue, leave, read and wake, and around COPY: what one step of granularity costs. handshake.m has none of that.
//
// What it must show. Nobody sleeps for ever: SPIN would report it as an invalid end state. With -DNO_RECHECK a thread
// sleeps without looking again, and SPIN must report it.

#ifndef THREADS
#define THREADS 3
#endif
#ifndef ROUNDS
#define ROUNDS 2
#endif
#ifndef MONITORS
#define MONITORS 2
#endif

#ifdef LOCKS
bool held[2];
#define QUEUE 0
#define TABLE 1
#define TAKE(lock, when) d_step { !held[lock] && (when) -> held[lock] = true };
#define GIVE(lock) ; held[lock] = false
#else
#define TAKE(lock, when)
#define GIVE(lock)
#endif

bool present[2];
byte waits_for[THREADS];               // 1 + the page; 0: does not wait, or has been woken
chan unread = [THREADS] of { byte };   // threads whose message nobody has read, the oldest first

active [THREADS] proctype faulter()
{
    byte round = 0;
    byte page = _pid % 2;

touch:
    if
    :: d_step { present[page] && round + 1 < ROUNDS -> round++; page = 1 - page }; goto touch
    :: d_step { present[page] && round + 1 == ROUNDS -> round = 0; page = 0 }; goto end
    :: !present[page]
    fi;
    TAKE(QUEUE, true)                                       // queue
    d_step { unread!_pid; waits_for[_pid] = 1 + page } GIVE(QUEUE);
#ifndef NO_RECHECK
    if
    :: present[page] ->                                     // leave the queue
       TAKE(QUEUE, true)
       d_step {
           if
           :: unread??[eval(_pid)] -> unread??eval(_pid)
           :: else
           fi;
           waits_for[_pid] = 0
       } GIVE(QUEUE);
       goto touch
    :: !present[page]
    fi;
#endif
    waits_for[_pid] == 0;                                   // asleep
    goto touch;
end:
    false
}

active [MONITORS] proctype monitor()
{
    byte page = 0;
    byte thread = 0;

end:
    do
    :: TAKE(QUEUE, nempty(unread))                            // read
       d_step { unread?thread -> page = waits_for[thread] - 1; thread = 0 } GIVE(QUEUE);
       TAKE(TABLE, true)                                      // COPY
       if
       :: d_step { present[page] -> page = 0 } GIVE(TABLE)    // EEXIST
       :: d_step { !present[page] -> present[page] = true } GIVE(TABLE);
          TAKE(QUEUE, true)                                   // wake
          d_step {
              do
              :: thread < THREADS ->
                 if
                 :: waits_for[thread] == 1 + page ->
                    waits_for[thread] = 0;
                    if
                    :: unread??[eval(thread)] -> unread??eval(thread)
                    :: else
                    fi
                 :: else
                 fi;
                 thread++
              :: else -> break
              od;
              thread = 0;
              page = 0
          } GIVE(QUEUE)
       fi
    od
}
