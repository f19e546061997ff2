// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Facts;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Message;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StateStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Writes down who asked what when, and what he was told when. Safe for use by many threads. */
final class History {
    /** More lines tell nobody anything. */
    private static final int SHOWN = 60;

    /** What is wrong, and when it came to that. */
    record Shown(String what, List<Call> calls) {
        @Override
        public String toString() {
            return what + "\n" + timeline(calls);
        }
    }

    private final AtomicLong moments = new AtomicLong();
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

    /** A client's store whose calls are written down, but for listings. The caller closes the one underneath. */
    StateStore recording(String client, StateStore store) {
        return new Recording(client, store);
    }

    /** How many calls there are so far. */
    int size() {
        return calls.size();
    }

    /** All calls, in the order in which they began. */
    List<Call> calls() {
        return calls.stream().sorted(Comparator.comparingLong(Call::start)).toList();
    }

    /** Those of a run, and claims, which may be of any. */
    List<Call> callsOf(String runId) {
        return calls().stream()
                .filter(call -> call.runId().equals(runId) || call.asked() instanceof Claim)
                .toList();
    }

    /** The runs that were asked for. */
    List<String> runs() {
        return calls.stream()
                .map(Call::runId)
                .filter(runId -> !runId.isEmpty())
                .distinct()
                .sorted()
                .toList();
    }

    /** Calls in words, one per line; the last ones, if they are many. */
    static String timeline(List<Call> calls) {
        String lines = calls.stream()
                .skip(Math.max(0, calls.size() - SHOWN))
                .map(Call::toString)
                .collect(Collectors.joining("\n"));
        return calls.size() > SHOWN ? "(" + (calls.size() - SHOWN) + " calls before)\n" + lines : lines;
    }

    private final class Recording implements StateStore {
        private final String client;
        private final StateStore store;

        Recording(String client, StateStore store) {
            this.client = client;
            this.store = store;
        }

        private <T> T one(String runId, Object asked, Supplier<T> call) {
            return list(List.of(asked), one -> runId, () -> List.of(call.get())).get(0);
        }

        /** Each request of a list is one call. */
        private <A, T> List<T> list(List<A> asked, Function<A, String> runId, Supplier<List<T>> call) {
            long start = moments.incrementAndGet();
            Object told = "nothing";
            try {
                List<T> answers = call.get();
                told = answers;
                return answers;
            } catch (RuntimeException | Error thrown) {
                told = thrown;
                throw thrown;
            } finally {
                long end = moments.incrementAndGet();
                for (int i = 0; i < asked.size(); i++) {
                    Object how = told instanceof List<?> answers ? answers.get(i) : told;
                    calls.add(new Call(
                            client, runId.apply(asked.get(i)), asked.get(i), start, end, new Told(failure(how))));
                }
            }
        }

        /** A failure that is answered is one like any other. */
        private static Object failure(Object how) {
            if (how instanceof Appended.Failed failed) {
                return failed.cause();
            }
            return how instanceof Renewed.Failed failed ? failed.cause() : how;
        }

        @Override
        public String namespace() {
            return store.namespace();
        }

        @Override
        public Facts facts() {
            return store.facts();
        }

        @Override
        public List<Appended> append(List<Entry> entries) {
            return list(entries, entry -> entry.lease().runId(), () -> store.append(entries));
        }

        @Override
        public Acquired acquire(Acquire request) {
            return one(request.runId(), request, () -> store.acquire(request));
        }

        @Override
        public List<Granted> claim(Claim request) {
            return one("", request, () -> store.claim(request));
        }

        @Override
        public Settled settle(Settle request) {
            return one(request.lease().runId(), request, () -> store.settle(request));
        }

        @Override
        public List<Renewed> renew(List<Renewal> leases) {
            return list(leases, renewal -> renewal.lease().runId(), () -> store.renew(leases));
        }

        @Override
        public Signalled signal(String runId, Message message) {
            return one(runId, new Call.Signal(runId, message), () -> store.signal(runId, message));
        }

        @Override
        public Optional<Page> read(Read request) {
            return one(request.runId(), request, () -> store.read(request));
        }

        @Override
        public RunPage list(RunQuery query) {
            return store.list(query);
        }

        @Override
        public List<Erased> erase(List<Erase> erases) {
            return list(new ArrayList<>(erases), Erase::runId, () -> store.erase(erases));
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
