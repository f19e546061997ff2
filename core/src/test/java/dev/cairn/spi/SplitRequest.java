// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One atomic request to a split storage, as a value: it can be held back, sent twice, or never sent. */
sealed interface SplitRequest {
    /** What a request answers, and what it leaves behind. */
    record Outcome(Object answer, SplitWorld world) {}

    /** What the request does, wholly and at once. */
    Outcome on(SplitWorld world);

    /** Whose run it concerns. */
    String runId();

    /** Whether a late copy of it can change anything. */
    default boolean writes() {
        return true;
    }

    record ReadHead(String runId) implements SplitRequest {
        @Override
        public Outcome on(SplitWorld world) {
            return new Outcome(new SplitStorage.Seen(world.head(), world.now()), world);
        }

        @Override
        public boolean writes() {
            return false;
        }
    }

    record Update(SplitUpdate update) implements SplitRequest {
        @Override
        public String runId() {
            return update.runId();
        }

        @Override
        public Outcome on(SplitWorld world) {
            Optional<Head> made = update.apply(world.head(), world.now());
            return made.isPresent()
                    ? new Outcome(Optional.of(new SplitStorage.Updated(made.get(), world.now())), world.with(made))
                    : new Outcome(Optional.empty(), world);
        }
    }

    record RemoveHead(Erase.Fences listed, List<Incarnation> named) implements SplitRequest {
        @Override
        public String runId() {
            return listed.runId();
        }

        @Override
        public Outcome on(SplitWorld world) {
            boolean removes = new SplitUpdate.Unname(listed, named).isLast(world.head(), world.now());
            return new Outcome(removes, removes ? world.with(Optional.empty()) : world);
        }
    }

    record Insert(Entry entry) implements SplitRequest {
        @Override
        public String runId() {
            return entry.lease().runId();
        }

        @Override
        public Outcome on(SplitWorld world) {
            boolean isFree = !world.places(entry.lease().incarnation()).containsKey(entry.place());
            return new Outcome(isFree, isFree ? world.with(entry) : world);
        }
    }

    record ReadEntries(String runId, Incarnation incarnation, long from, int maxBytes) implements SplitRequest {
        @Override
        public Outcome on(SplitWorld world) {
            List<Entry> page = new ArrayList<>();
            long bytes = 0;
            for (Entry entry : new java.util.TreeMap<>(world.places(incarnation))
                    .tailMap(from)
                    .values()) {
                bytes += entry.body().size();
                if (bytes > maxBytes && !page.isEmpty()) {
                    return new Outcome(new SplitStorage.Entries(page, Optional.of(entry.place())), world);
                }
                page.add(entry);
            }
            return new Outcome(new SplitStorage.Entries(page, Optional.empty()), world);
        }

        @Override
        public boolean writes() {
            return false;
        }
    }

    record Strip(String runId, Incarnation incarnation) implements SplitRequest {
        @Override
        public Outcome on(SplitWorld world) {
            return new Outcome(true, world.stripped(incarnation));
        }
    }

    record RemoveEntries(String runId, Incarnation incarnation) implements SplitRequest {
        @Override
        public Outcome on(SplitWorld world) {
            return new Outcome(true, world.withoutEntries(incarnation));
        }
    }

    record PutMessage(String runId, Incarnation incarnation, Received received) implements SplitRequest {
        @Override
        public Outcome on(SplitWorld world) {
            boolean isThere = world.inbox(incarnation).stream()
                    .anyMatch(r -> r.message().id().equals(received.message().id()));
            return new Outcome(true, isThere ? world : world.with(incarnation, received));
        }
    }

    record ReadMessages(String runId, Cursor.After after, int maxBytes) implements SplitRequest {
        @Override
        public Outcome on(SplitWorld world) {
            List<Received> inbox = world.inbox(after.incarnation());
            return new Outcome(SplitStorage.Messages.of(inbox, after, maxBytes), world);
        }

        @Override
        public boolean writes() {
            return false;
        }
    }

    record RemoveMessages(String runId, Incarnation incarnation) implements SplitRequest {
        @Override
        public Outcome on(SplitWorld world) {
            return new Outcome(true, world.withoutMessages(incarnation));
        }
    }
}
