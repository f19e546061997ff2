// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.StateStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Stores behind a socket that take too long, too much, or keep what they took. */
final class CostMutants {
    private CostMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.served("LEASE-10", "counts a lease from when it was asked for", CountsFromAsking::new),
                Mutant.served("LEASE-10", "counts a lease from when it heard of it", store -> new Wrong(store) {
                    @Override
                    public Acquired acquire(Acquire request) {
                        Acquired answer = super.acquire(request);
                        if (answer instanceof Granted granted) {
                            super.renew(List.of(new Renewal(granted.lease(), request.ttl(), "")));
                        }
                        return answer;
                    }
                }),
                Mutant.client("LEAK-02", "opens a connection to spare for each that broke", ServedClient.Habit.SPARES),
                Mutant.client("LEAK-03", "keeps the connection of a page that is half read", ServedClient.Habit.PINS),
                Mutant.served("PERF-02", "counts all runs for each page", store -> new Wrong(store) {
                    @Override
                    public RunPage list(RunQuery query) {
                        Listings.all(right, RunQuery.all().limit(RunQuery.MAX_LIMIT));
                        return super.list(query);
                    }
                }),
                Mutant.served("PERF-02", "fetches more runs than it hands out", store -> new Wrong(store) {
                    @Override
                    public RunPage list(RunQuery query) {
                        right.list(RunQuery.all().limit(RunQuery.MAX_LIMIT).build());
                        return super.list(query);
                    }
                }));
    }

    /** By the time that it saw in the store's last answer. */
    private static final class CountsFromAsking extends Wrong {
        private volatile Optional<Instant> seen = Optional.empty();

        CountsFromAsking(StateStore right) {
            super(right);
        }

        @Override
        public RunPage list(RunQuery query) {
            RunPage page = super.list(query);
            seen = Optional.of(page.storeTime());
            return page;
        }

        @Override
        public Acquired acquire(Acquire request) {
            Optional<Instant> asked = seen;
            Acquired answer = super.acquire(request);
            if (asked.isPresent() && answer instanceof Granted granted) {
                Duration late = Duration.between(asked.get(), granted.page().storeTime());
                Duration left = request.ttl().minus(late);
                if (late.toMillis() > 0 && left.toMillis() > 0) {
                    super.renew(List.of(new Renewal(granted.lease(), left, "")));
                }
            }
            return answer;
        }
    }
}
