// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.memory.InMemoryStateStore;
import dev.cairn.memory.MovableClock;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.Head;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.StoreOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Runs on a store in memory whose clock stands still, with what they asked of the store and ran. */
final class LocalRuns implements AutoCloseable {
    final MovableClock clock = MovableClock.create();
    final InMemoryStateStore storage;
    final CountingStore<InMemoryStateStore> store;
    final Cairn cairn;
    /** The keys of the bodies that ran, in order; bodies add themselves. */
    final List<String> ran = new CopyOnWriteArrayList<>();

    LocalRuns() {
        this(new RunListener() {});
    }

    LocalRuns(RunListener listener) {
        this(listener, StoreOptions.defaults());
    }

    LocalRuns(RunListener listener, StoreOptions options) {
        storage = InMemoryStateStore.open(options, clock);
        store = new CountingStore<>(storage);
        cairn = settings().listener(listener).build();
    }

    /** Settings for another process on the same storage. */
    Cairn.Builder settings() {
        return Cairn.builder(store).clocks(clock, () -> 0L).patience(Duration.ZERO);
    }

    /** A body that notes that it ran. */
    <T> StepBody<T> returns(T value) {
        return step -> {
            ran.add(step.key());
            return value;
        };
    }

    /** A body that notes that it ran, and throws. */
    <T> StepBody<T> throwing(Throwable thrown) {
        return step -> {
            ran.add(step.key());
            Sneaky.<RuntimeException>rethrow(thrown);
            throw new AssertionError(thrown);
        };
    }

    /** Executes a workflow without input and output. */
    RunResult<?> execute(String runId, WorkflowBody<Void, Void> body) {
        return cairn.execute(Workflow.named("wf").define(body), runId, null);
    }

    /** What the store holds of a run: its head and its journal, byte for byte. */
    Stored stored(String runId) {
        Page page = storage.read(new Read(runId, new Cursor.Start(), Integer.MAX_VALUE))
                .orElseThrow();
        return new Stored(page.head(), page.entries());
    }

    ResumeState state(String runId) {
        return cairn.runs().read(runId).orElseThrow();
    }

    boolean exists(String runId) {
        return storage.read(new Read(runId, new Cursor.Start(), Integer.MAX_VALUE))
                .isPresent();
    }

    @Override
    public void close() {
        cairn.close();
    }

    /** What the store holds of a run. */
    record Stored(Head head, List<Entry> entries) {
        /** What is recorded: all but who held it when. */
        List<EntryBody> record() {
            return entries.stream()
                    .map(EntryCodec::decode)
                    .filter(body -> !(body instanceof EntryBody.Grant))
                    .toList();
        }

        /** What workers go by. */
        List<Object> standing() {
            return List.of(head.status(), head.due(), head.reason(), head.labels(), head.progress(), head.version());
        }

        Optional<?> lease() {
            return head.lease();
        }
    }
}
