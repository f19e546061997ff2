// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.memory.InMemoryStateStore;
import dev.cairn.memory.MovableClock;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.SplitInMemoryStore;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Two storages by one clock, and a run that can be moved from the one to the other. */
final class TwoHomes {
    private final World world;
    private final StateStore target;

    /** How both keep a run: each method at once, or in its parts. */
    enum Keeping {
        WHOLE,
        SPLIT;

        private StateStore open(MovableClock clock) {
            return this == WHOLE
                    ? InMemoryStateStore.open(clock)
                    : SplitInMemoryStore.open(StoreOptions.defaults(), clock);
        }
    }

    /** What a run may be like when it is moved; each has recorded steps. */
    enum Like {
        READY {
            @Override
            void make(TwoHomes homes, Cairn cairn) {
                Operation.interrupted(homes.world(), cairn, "book");
            }
        },
        FORGOTTEN {
            @Override
            void make(TwoHomes homes, Cairn cairn) {
                READY.make(homes, cairn);
                cairn.runs().forget("r", "reserve");
                assertThatThrownBy(() -> cairn.runs().forget("r", "book")).isInstanceOf(NotPossibleException.class);
            }
        },
        SIGNALLED {
            @Override
            void make(TwoHomes homes, Cairn cairn) {
                READY.make(homes, cairn);
                cairn.runs().signal("r", "s-1", "approved", "yes");
                cairn.runs().signal("r", "s-2", "other", "no");
            }
        },
        SLEEPING {
            @Override
            void make(TwoHomes homes, Cairn cairn) {
                READY.make(homes, cairn);
                cairn.runs().signal("r", "s-1", "approved", "yes");
                homes.suspended(1, Optional.of(homes.world().clock().instant().plusSeconds(3600)));
            }
        },
        WOKEN {
            @Override
            void make(TwoHomes homes, Cairn cairn) {
                SLEEPING.make(homes, cairn);
                cairn.runs().signal("r", "s-2", "approved", "yes");
            }
        },
        BLOCKED {
            @Override
            void make(TwoHomes homes, Cairn cairn) {
                READY.make(homes, cairn);
                Granted granted = homes.world().taken("r");
                Due later = Due.at(homes.world().clock().instant().plusSeconds(7200));
                homes.source()
                        .settle(Settle.of(
                                granted.lease(),
                                HeadChange.blocked("the code does not fit", later)
                                        .build()));
            }
        },
        ABANDONED {
            @Override
            void make(TwoHomes homes, Cairn cairn) {
                READY.make(homes, cairn);
                homes.world().taken("r");
                homes.world().leasesRunOut();
            }
        },
        FAILED {
            @Override
            void make(TwoHomes homes, Cairn cairn) {
                homes.world().failing("book");
                cairn.execute(homes.world().workflow(), "r", "order");
                homes.world().failing("");
            }
        },
        COMPLETED {
            @Override
            void make(TwoHomes homes, Cairn cairn) {
                cairn.run(homes.world().workflow(), "r", "order");
            }
        },
        CANCELLED {
            @Override
            void make(TwoHomes homes, Cairn cairn) {
                READY.make(homes, cairn);
                cairn.runs().cancel("r");
            }
        };

        abstract void make(TwoHomes homes, Cairn cairn);
    }

    private TwoHomes(Keeping source, Keeping target) {
        this.world = new World(source::open);
        this.target = target.open(world.clock());
    }

    static TwoHomes of(Keeping source, Keeping target) {
        return new TwoHomes(source, target);
    }

    /** With a run in the first of them. */
    TwoHomes with(Like like) {
        try (Cairn cairn = world.process()) {
            like.make(this, cairn);
        }
        return this;
    }

    World world() {
        return world;
    }

    StateStore source() {
        return world.store();
    }

    StateStore target() {
        return target;
    }

    /** Moves the run as a process does whose lease is 10 s. */
    boolean move() {
        try (Cairn mover = world.process()) {
            return mover.runs().move("r", target);
        }
    }

    Optional<ResumeState> inSource() {
        return state(source());
    }

    Optional<ResumeState> inTarget() {
        return state(target);
    }

    private static Optional<ResumeState> state(StateStore store) {
        return Cairn.using(store).runs().read("r");
    }

    static Optional<Page> page(StateStore store) {
        return store.read(new Read("r", new Cursor.Start(), 4 << 20));
    }

    static Head head(StateStore store) {
        return page(store).orElseThrow().head();
    }

    /** Lets a worker suspend it, which has seen so many signals. */
    void suspended(long seen, Optional<Instant> due) {
        Granted granted = world.taken("r");
        long place = granted.page().entries().size();
        EntryBody.Suspension body = EntryBody.Suspension.of(Set.of("approved"), due, seen);
        Entry entry = Entry.of(
                granted.lease(),
                place,
                EntryKind.SUSPENSION,
                CommitId.of(granted.lease().id(), place),
                EntryCodec.encode(body));
        Due when = due.map(Due::at).orElse(Due.never());
        Settled answer = source().settle(Settle.of(
                entry, HeadChange.suspended(Set.of("approved"), when, seen).build()));
        assertThat(answer).isInstanceOf(Settled.Done.class);
    }

    /** In which of the two a worker would get the run, open as it is; it is given back. */
    List<String> claimable() {
        List<String> where = new ArrayList<>();
        for (StateStore store : List.of(source(), target)) {
            Acquire request = new Acquire(
                    "r",
                    LeaseId.random(),
                    World.LEASE,
                    new Acquire.Take(Condition.open().build()),
                    EntryCodec.encode(new EntryBody.Grant("worker", "host", "fulfil", 1, Optional.empty())));
            if (store.acquire(request) instanceof Granted granted) {
                where.add(store == target ? "target" : "source");
                store.settle(Settle.of(granted.lease(), HeadChange.freed().build()));
            }
        }
        return where;
    }

    /** What of a head does not belong to one store. */
    static List<Object> shown(Head head) {
        return List.of(
                head.workflow(),
                head.version(),
                head.status(),
                head.due(),
                head.awaits(),
                head.labels(),
                head.progress(),
                head.reason());
    }
}
