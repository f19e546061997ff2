// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.CairnException;
import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Message;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.Tier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Servers that lose what they acknowledged, and stores that do not get over the end of theirs. */
final class ServerMutants {
    private ServerMutants() {}

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>(ended());
        all.addAll(leases());
        all.addAll(failedOver());
        return all;
    }

    private static List<Mutant> ended() {
        return List.of(
                Mutant.keeping("CRASH-05", "acknowledges before it is durable", copies -> copies.late(6)),
                Mutant.keeping(
                        "CRASH-05",
                        "loses a signal that it acknowledged",
                        copies -> copies.keeps(call -> Optional.of(call)
                                .filter(one ->
                                        !(one.args().size() == 2 && one.args().get(1) instanceof Message)))),
                Mutant.keeping(
                        "CRASH-05",
                        "states a setting that the server does not have",
                        copies -> copies.states(value -> "flushed twice")),
                Mutant.killed("CRASH-05", "comes back with another setting than it went with", copies -> {
                    int first = copies.lives();
                    copies.states(value -> copies.lives() > first + 1 ? "not flushed" : value);
                    return UnaryOperator.identity();
                }),
                Mutant.killed("CRASH-08", "keeps a dead connection for ever", copies -> KeepsDead::new),
                Mutant.killed(
                        "CRASH-08",
                        "throws what its socket throws, once",
                        copies -> store -> new Wrong(store) {
                            @Override
                            public Signalled signal(String runId, Message message) {
                                try {
                                    return super.signal(runId, message);
                                } catch (OutcomeUnknownException lost) {
                                    throw Thrown.unchecked(lost.getCause());
                                }
                            }
                        }));
    }

    /** A signal that was not answered once never is again. */
    private static final class KeepsDead extends Wrong {
        private volatile boolean dead;

        KeepsDead(StateStore right) {
            super(right);
        }

        @Override
        public Signalled signal(String runId, Message message) {
            if (dead) {
                throw new StoreUnavailableException("the connection is closed");
            }
            try {
                return super.signal(runId, message);
            } catch (CairnException lost) {
                dead = true;
                throw lost;
            }
        }
    }

    private static List<Mutant> leases() {
        return List.of(
                Mutant.killed("LEASE-03", "begins to count tokens anew when it starts", copies -> {
                    Tokens tokens = new Tokens(copies);
                    return store -> new CountsAnew(store, tokens);
                }),
                Mutant.keeping("LEASE-12", "forgets leases when it starts", Copies::forgetsLeases));
    }

    /** The highest token of each run, and in which life of the server it was given. */
    private static final class Tokens {
        private final Copies copies;
        private final Map<String, Long> before = new HashMap<>();
        private final Map<String, Long> now = new HashMap<>();
        private int life = 1;

        Tokens(Copies copies) {
            this.copies = copies;
        }

        /** As it is told, when nothing of the life before is remembered. */
        synchronized long told(Lease lease) {
            if (copies.lives() > life) {
                life = copies.lives();
                before.putAll(now);
            }
            long token = lease.token();
            now.merge(lease.runId(), token, Math::max);
            return Math.max(1, token - before.getOrDefault(lease.runId(), 0L));
        }
    }

    private static final class CountsAnew extends Wrong {
        private final Tokens tokens;

        CountsAnew(StateStore right, Tokens tokens) {
            super(right);
            this.tokens = tokens;
        }

        @Override
        public Acquired acquire(Acquire request) {
            Acquired answer = super.acquire(request);
            if (!(answer instanceof Granted granted)) {
                return answer;
            }
            Lease lease = granted.lease();
            Lease told = new Lease(lease.runId(), lease.incarnation(), lease.id(), tokens.told(lease));
            return new Granted(told, granted.timeLeft(), granted.page());
        }
    }

    private static List<Mutant> failedOver() {
        return List.of(
                Mutant.keeping(
                        "CRASH-09",
                        "acknowledges what the second server does not have",
                        copies -> copies.waitsForNobody()),
                Mutant.keeping("CRASH-09", "leaves a head without its entry", copies -> copies.keeps(Copies::torn)),
                Mutant.keeping(
                        "CRASH-09",
                        "leaves a head without its entry where it promises less",
                        copies -> copies.keeps(call -> promises(call) ? Optional.of(call) : Copies.torn(call))),
                Mutant.killed("CRASH-10", "deletes nothing from its cache where it sees nothing", copies -> Looks::new),
                Mutant.killed(
                        "CRASH-10",
                        "answers a repeat from a plain read",
                        copies -> store -> new Wrong(store) {
                            @Override
                            public List<Appended> append(List<Entry> entries) {
                                Optional<Entry> there = there(right, entries.get(0));
                                return entries.size() == 1 && there.isPresent()
                                        ? List.of(new Appended.Taken(there.get()))
                                        : super.append(entries);
                            }
                        }));
    }

    private static boolean promises(Copies.Call call) {
        return call.options().tier() == Tier.NODE_LOSS;
    }

    private static final class Looks extends Wrong {
        Looks(StateStore right) {
            super(right);
        }

        @Override
        public void cacheDelete(CacheKey key) {
            if (cacheGet(key).isPresent()) {
                super.cacheDelete(key);
            }
        }
    }

    private static Optional<Entry> there(StateStore store, Entry entry) {
        Read whole = new Read(entry.lease().runId(), new Cursor.Start(), 4 << 20);
        return store.read(whole).map(Page::entries).stream()
                .flatMap(List::stream)
                .filter(entry::equals)
                .findFirst();
    }
}
