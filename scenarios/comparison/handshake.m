-- SPDX-License-Identifier: Apache-2.0
--
-- The handshake of a missing fault, in Murphi for rumur. handshake.pml is the same, step for step, for SPIN.
--
-- What it models. THREADS threads touch both of two pages, x and y, one after the other: the first and the third thread
-- x first, the second y first (with ROUNDS 1 only the first of the two). A touch of a page that is not there (fault)
-- puts a message behind the others (queue), looks at the page again (recheck), and waits to be woken if it is still not
-- there (sleep); then it touches again. MONITORS monitors, for ever: take the oldest message (read), fill its page
-- unless it is filled (COPY), and if they did fill it, wake everybody who waits for that page, asleep or about to be,
-- message read or not (wake). A COPY that finds the page filled wakes nobody, as in the kernel.
--
-- What it abstracts. A page is one bit, and stays filled. There are no page tables, TLBs, page locks, mmap_lock,
-- reference counts, descriptors or system calls. The two lists of waiters under their spinlocks are a queue of unread
-- messages and a field of each thread. Each arrow of fault -> queue -> recheck -> sleep and of read -> COPY -> wake is
-- one atomic step.
--
-- What it must show. Nobody sleeps for ever: rumur would report it as a deadlock. With RECHECK 0 a thread sleeps
-- without looking again, and rumur must report it.

const
  THREADS: 3;
  ROUNDS: 2;
  MONITORS: 2;
  RECHECK: 1;

type
  thread_id: 0 .. THREADS - 1;
  monitor_id: scalarset(MONITORS);  -- any two monitors are alike; used only where symmetry is asked for
  page_id: 0 .. 1;
  faulter: record
    at: enum { touch, queue, recheck, leave, asleep, rest };
    round: 0 .. ROUNDS - 1;
    page: page_id;
    waits: boolean;  -- for its page, and nobody has woken it
  end;
  monitor: record
    at_monitor: enum { read, copy, wake };
    page: page_id;
  end;

var
  present: array [page_id] of boolean;
  faulters: array [thread_id] of faulter;
  monitors: array [monitor_id] of monitor;
  unread: array [thread_id] of 0 .. THREADS;  -- threads whose message nobody has read, the oldest first; THREADS: none

-- Takes the thread's message out of the queue, if it is there.
procedure forget(t: thread_id);
var found: boolean;
begin
  found := false;
  for i: thread_id do
    if unread[i] = t then found := true; end;
    if found then
      if i + 1 < THREADS then unread[i] := unread[i + 1]; else unread[i] := THREADS; end;
    end;
  end;
end;

startstate
begin
  for p: page_id do present[p] := false; end;
  for t: thread_id do
    faulters[t].at := touch;
    faulters[t].round := 0;
    faulters[t].page := t % 2;
    faulters[t].waits := false;
    unread[t] := THREADS;
  end;
  for m: monitor_id do
    monitors[m].at_monitor := read;
    monitors[m].page := 0;
  end;
end;

ruleset t: thread_id do
  alias me: faulters[t] do

    rule "touch, and go on to the other page"
      me.at = touch & present[me.page] & me.round + 1 < ROUNDS ==>
    begin
      me.round := me.round + 1;
      me.page := 1 - me.page;
    end;

    rule "touch, and be done"
      me.at = touch & present[me.page] & me.round + 1 = ROUNDS ==>
    begin
      me.at := rest;
      me.round := 0;
      me.page := 0;
    end;

    rule "fault"
      me.at = touch & !present[me.page] ==>
    begin
      me.at := queue;
    end;

    rule "queue"
      me.at = queue ==>
    var i: 0 .. THREADS;
    begin
      i := 0;
      while unread[i] != THREADS do i := i + 1; end;
      unread[i] := t;
      me.waits := true;
      if RECHECK = 1 then me.at := recheck; else me.at := asleep; end;
    end;

    rule "recheck: there by now"
      me.at = recheck & present[me.page] ==>
    begin
      me.at := leave;
    end;

    rule "recheck: sleep"
      me.at = recheck & !present[me.page] ==>
    begin
      me.at := asleep;
    end;

    rule "leave the queue"
      me.at = leave ==>
    begin
      forget(t);
      me.waits := false;
      me.at := touch;
    end;

    rule "woken"
      me.at = asleep & !me.waits ==>
    begin
      me.at := touch;
    end;

  end;
end;

ruleset m: monitor_id do
  alias me: monitors[m] do

    rule "read"
      me.at_monitor = read & unread[0] != THREADS ==>
    var t: thread_id;
    begin
      t := unread[0];
      me.page := faulters[t].page;
      forget(t);
      me.at_monitor := copy;
    end;

    rule "COPY: there already"
      me.at_monitor = copy & present[me.page] ==>
    begin
      me.page := 0;
      me.at_monitor := read;
    end;

    rule "COPY: filled"
      me.at_monitor = copy & !present[me.page] ==>
    begin
      present[me.page] := true;
      me.at_monitor := wake;
    end;

    rule "wake"
      me.at_monitor = wake ==>
    begin
      for t: thread_id do
        if faulters[t].waits & faulters[t].page = me.page then
          faulters[t].waits := false;
          forget(t);
        end;
      end;
      me.page := 0;
      me.at_monitor := read;
    end;

  end;
end;

-- The end is no deadlock: everybody has touched what it wanted, and monitors wait for ever.
rule "rest"
  forall t: thread_id do faulters[t].at = rest end ==>
begin
end;
