// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Message;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Revision;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StateStore;
import dev.cairn.state.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Stores that look in one request, and act in the next as if nothing could have happened in between. */
final class LooksFirst {
    private LooksFirst() {}

    private static Optional<Page> page(StateStore store, String runId) {
        return store.read(new Read(runId, new Cursor.Start(), 4 << 20));
    }

    /** Looks whether the lease stands and the place is free, and from then on says that the entry is written. */
    static final class Appends extends Wrong {
        Appends(StateStore right) {
            super(right);
        }

        @Override
        public List<Appended> append(List<Entry> entries) {
            Entry entry = entries.get(0);
            Optional<Page> seen = page(right, entry.lease().runId());
            boolean mine = entries.size() == 1
                    && seen.filter(page -> page.head().isHeldBy(entry.lease())
                                    && page.entries().size() == entry.place())
                            .isPresent();
            if (mine && entry.place() % 2 == 0) {
                pause(); // others come in between
            }
            List<Appended> answers = super.append(entries);
            boolean told = answers.get(0) instanceof Appended.Fenced || answers.get(0) instanceof Appended.Taken;
            return mine && told ? List.of(new Appended.Written()) : answers;
        }
    }

    /** Looks whether the run is at the revision that is asked for, and takes it whatever it is at by then. */
    static final class TakesAtRevision extends Wrong {
        TakesAtRevision(StateStore right) {
            super(right);
        }

        @Override
        public Acquired acquire(Acquire request) {
            if (!(request.target() instanceof Acquire.Take take)
                    || take.condition().revision().isEmpty()) {
                return super.acquire(request);
            }
            Revision asked = take.condition().revision().get();
            boolean same = Seen.read(right, request.runId(), 4 << 20)
                    .filter(seen -> seen.revision().equals(asked))
                    .isPresent();
            Acquire.Take any = new Acquire.Take(Condition.openOrEnded().build());
            return super.acquire(
                    same
                            ? new Acquire(request.runId(), request.leaseId(), request.ttl(), any, request.grant())
                            : request);
        }
    }

    /** A create that is refused is sent once more, with ids of its own. */
    static final class CreatesAgain extends Wrong {
        CreatesAgain(StateStore right) {
            super(right);
        }

        @Override
        public Acquired acquire(Acquire request) {
            Acquired answer = super.acquire(request);
            if (answer instanceof Refused
                    && request.target() instanceof Acquire.Create create
                    && page(right, request.runId()).isEmpty()) {
                NewRun run = create.run();
                NewRun anew = new NewRun(
                        run.workflow(),
                        run.version(),
                        Incarnation.random(),
                        run.labels(),
                        run.arrival(),
                        run.grant(),
                        0);
                return super.acquire(new Acquire(
                        request.runId(), LeaseId.random(), request.ttl(), new Acquire.Create(anew), request.grant()));
            }
            return answer;
        }
    }

    /** Changes the head, and then writes the entry that it came with. */
    static final class SettlesHeadFirst extends Wrong {
        SettlesHeadFirst(StateStore right) {
            super(right);
        }

        @Override
        public Settled settle(Settle request) {
            if (request.entry().isEmpty()) {
                return super.settle(request);
            }
            Settled answer = super.settle(Settle.of(request.lease(), request.change()));
            if (answer instanceof Settled.Done) {
                super.append(List.of(request.entry().get()));
            }
            return answer;
        }
    }

    /** Reads a run in two halves, which need not be of one incarnation. */
    static final class ReadsHalves extends Wrong {
        ReadsHalves(StateStore right) {
            super(right);
        }

        @Override
        public Optional<Page> read(Read request) {
            Optional<Page> first = super.read(request);
            Optional<Page> second = super.read(request);
            if (first.isEmpty() || second.isEmpty() || first.get().entries().size() < 2) {
                return second;
            }
            Page page = second.get();
            List<Entry> mixed = new ArrayList<>(first.get().entries().subList(0, 2));
            page.entries().stream().skip(2).forEach(mixed::add);
            List<Entry> ofOne = mixed.stream()
                    .map(entry -> Entry.of(
                            entry.lease().over(page.head().incarnation()),
                            entry.place(),
                            entry.kind(),
                            entry.commitId(),
                            entry.body()))
                    .toList();
            return Optional.of(new Page(page.head(), page.storeTime(), ofOne, page.messages(), page.next()));
        }
    }

    /** Goes on with a run that was begun to be read, whatever is the run by then. */
    static final class ReadsOn extends Wrong {
        ReadsOn(StateStore right) {
            super(right);
        }

        @Override
        public Optional<Page> read(Read request) {
            Optional<Page> found = super.read(request);
            if (found.isPresent() || !(request.from() instanceof Cursor.After after)) {
                return found;
            }
            return page(right, request.runId())
                    .map(page -> new Cursor.After(
                            page.head().incarnation(), after.place(), after.order(), after.messageId()))
                    .flatMap(from -> right.read(new Read(request.runId(), from, request.maxBytes())));
        }
    }

    /** Looks whether the run has ended, and then says that the signal is stored. */
    static final class Signals extends Wrong {
        Signals(StateStore right) {
            super(right);
        }

        @Override
        public Signalled signal(String runId, Message message) {
            boolean open = page(right, runId)
                    .filter(page -> !page.head().status().isTerminal())
                    .isPresent();
            Signalled answer = super.signal(runId, message);
            return open ? Signalled.STORED : answer;
        }
    }

    /** Looks how many signals came, and deletes or restores whatever came since. */
    static final class RemovesUnseen extends Wrong {
        RemovesUnseen(StateStore right) {
            super(right);
        }

        @Override
        public Settled settle(Settle request) {
            HeadChange change = request.change();
            boolean isGone = change.signals() == HeadChange.Signals.SAME
                    && change.switchTo().isEmpty();
            long signals = page(right, request.lease().runId())
                    .map(Page::head)
                    .map(Head::signals)
                    .orElse(0L);
            if (!isGone || signals > change.signalsSeen()) {
                return super.settle(request);
            }
            long now = right.read(new Read(request.lease().runId(), new Cursor.Start(), 1))
                    .map(page -> page.head().signals())
                    .orElse(0L);
            return super.settle(Settle.of(request.lease(), HeadChange.gone(now).build()));
        }
    }

    /** Looks whether the run is as it was listed, and purges it whoever has it by then. */
    static final class Purges extends Wrong {
        Purges(StateStore right) {
            super(right);
        }

        @Override
        public List<Erased> erase(List<Erase> erases) {
            if (!(erases.get(0) instanceof Erase.Ended listed)) {
                return super.erase(erases);
            }
            boolean same = page(right, listed.runId())
                    .filter(page -> page.head().status().isTerminal()
                            && page.head().incarnation().equals(listed.incarnation()))
                    .isPresent();
            Condition any = Condition.openOrEnded().over(Condition.Over.LIVE).build();
            Acquire over = Requests.acquire(listed.runId(), new Acquire.Take(any));
            if (!same || !(super.acquire(over) instanceof Granted granted)) {
                return super.erase(erases);
            }
            super.settle(Settle.of(granted.lease(), HeadChange.gone(0).build()));
            super.erase(List.of(new Erase.Leftover(listed.runId(), listed.incarnation())));
            return List.of(Erased.ERASED);
        }
    }

    /** Looks whether the key is there, and writes what it was given. */
    static final class Caches extends Wrong {
        Caches(StateStore right) {
            super(right);
        }

        @Override
        public Bytes cachePut(CachePut put) {
            Optional<Bytes> there = cacheGet(put.key());
            return put.existing() == Existing.KEEP && there.isPresent()
                    ? there.get()
                    : super.cachePut(
                            new CachePut(put.key(), put.outcome(), put.ttl(), Existing.REPLACE, put.maxEntries()));
        }
    }
}
