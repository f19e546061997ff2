// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static java.util.Objects.requireNonNull;

import dev.cairn.cache.StepCache;
import dev.cairn.memory.InMemoryStateStore;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Granted;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.Names;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs workflows that resume, on one store. Safe for use by many threads. While runs execute, one daemon thread renews their
 * leases together; {@link #close()} ends it.
 */
public final class Cairn implements AutoCloseable {
    private final Connection connection;
    private final boolean ownsStore;
    private final LeaseKeeper keeper;
    private final MemberThreads threads = new MemberThreads();
    private final Runner runner;
    private final Runs runs;

    private Cairn(Builder builder) {
        connection = Connection.to(builder.store, builder.codec, builder.settings());
        ownsStore = builder.ownsStore;
        keeper = new LeaseKeeper(
                builder.store,
                connection.settings().clock(),
                connection.settings().leaseTtl());
        runner = new Runner(connection, keeper, threads);
        runs = new Runs(connection);
    }

    /**
     * Opens a store by its URL, such as {@code sqlite:orders.db}, and owns it.
     *
     * @throws IllegalArgumentException if no module on the class path opens such a URL, naming the module to add
     * @throws dev.cairn.error.CairnException what the store says of storage that cannot be used or reached
     */
    public static Cairn open(String url) {
        return builder(url).build();
    }

    /** Uses a store that somebody else opened and closes. */
    public static Cairn using(StateStore store) {
        return builder(store).build();
    }

    /** Uses a new store in memory, and owns it: for tests, and to go on with a saved state without a database. */
    public static Cairn inMemory() {
        return new Builder(InMemoryStateStore.open(), true).build();
    }

    /** Settings for a store that is opened by its URL and owned. */
    public static Builder builder(String url) {
        return new Builder(StoreProviders.open(url), true);
    }

    /** Settings for a store that somebody else opened and closes. */
    public static Builder builder(StateStore store) {
        return new Builder(store, false);
    }

    /**
     * Runs, resumes, or returns the recorded result of a run. Where somebody else holds it, waits for them, and resumes it if
     * they died.
     *
     * @param runId at most 255 UTF-8 bytes
     * @return the output, decoded from what is recorded
     * @throws StepFailedException if the run failed, now or before
     * @throws DifferentInputException if the run exists with another input; nothing was run
     * @throws DifferentWorkflowException if the run belongs to another workflow; nothing was run
     * @throws VersionNotAcceptedException if another version ran it last that is not resumed; nothing was run
     * @throws DivergedException if the code does not fit the record, which is as it was
     * @throws RunSuspendedException if the run waits
     * @throws RunCancelledException if it was cancelled
     * @throws RunHeldException if somebody else held it for longer than the patience
     * @throws RunInterruptedException if this execution ended and the run did not; it can be resumed
     */
    public <I extends @Nullable Object, O extends @Nullable Object> O run(
            Workflow<I, O> workflow, String runId, I input) {
        return execute(workflow, runId, input).get();
    }

    /** Like {@link #run}, but returns how the execution ended instead of throwing it. What was refused is still thrown. */
    public <I extends @Nullable Object, O extends @Nullable Object> RunResult<O> execute(
            Workflow<I, O> workflow, String runId, I input) {
        RunInput<I> given = RunInput.of(connection.payloads(), Names.check("run id", runId), workflow, input);
        return runner.execute(workflow, runId, runner.createOrTake(workflow, given));
    }

    /**
     * Takes a saved state into the store and goes on with it.
     *
     * @throws RunExistsException if the run exists in this store; it is unchanged
     * @throws DifferentWorkflowException if the state is of another workflow; nothing was written
     * @throws VersionNotAcceptedException if it is of a version that is not resumed; nothing was written
     */
    public <I extends @Nullable Object, O extends @Nullable Object> O run(Workflow<I, O> workflow, ResumeState state) {
        if (!state.workflow().equals(workflow.name())) {
            throw new DifferentWorkflowException("the saved state of run " + state.id() + " belongs to workflow \""
                    + state.workflow() + "\", asked for was " + workflow);
        }
        if (!workflow.versions().accepted().contains(state.version())) {
            throw new VersionNotAcceptedException("the saved state of run " + state.id() + " is of version "
                    + state.version() + " of " + state.workflow() + ", asked for was " + workflow + "; add resumes("
                    + state.version() + ") if the code fits its record");
        }
        runner.checkOpen();
        runs.save(state);
        return resume(workflow, state.id());
    }

    /**
     * Stores a run and returns at once; {@link #recover} or a worker runs it.
     *
     * @throws DifferentInputException if the run exists with another input
     */
    public <I extends @Nullable Object, O extends @Nullable Object> void submit(
            Workflow<I, O> workflow, String runId, I input) {
        runner.checkOpen();
        RunInput<I> given = RunInput.of(connection.payloads(), Names.check("run id", runId), workflow, input);
        runs.create(runner.newRun(workflow, given), runId, given);
    }

    /**
     * Claims the runs of these workflows that are due or abandoned, runs them one after the other, and returns how many.
     *
     * @throws IllegalArgumentException if no workflow is given, or two of one name
     */
    public int recover(Workflow<?, ?>... workflows) {
        Map<String, Workflow<?, ?>> byName = new LinkedHashMap<>();
        for (Workflow<?, ?> workflow : workflows) {
            if (byName.put(workflow.name(), workflow) != null) {
                throw new IllegalArgumentException(
                        "workflow " + workflow.name() + " is given twice; give each name once");
            }
        }
        List<WorkflowVersions> versions =
                byName.values().stream().map(Workflow::versions).toList();
        int count = 0;
        while (true) {
            runner.checkOpen();
            HolderClock.Mark sent = connection.settings().clock().now();
            List<Granted> claimed = claim(versions);
            if (claimed.isEmpty()) {
                return count;
            }
            Granted granted = claimed.get(0);
            String name = granted.page().head().workflow();
            runner.execute(requireNonNull(byName.get(name), name), granted, sent, null);
            count++;
        }
    }

    /** One at a time: a lease that waits for its turn would run out without a heartbeat. */
    private List<Granted> claim(List<WorkflowVersions> versions) {
        Claim claim = new Claim(
                LeaseId.random(),
                versions,
                1,
                connection.settings().leaseTtl(),
                connection.grant(versions.size() == 1 ? versions.get(0) : null, null));
        return connection.repeats().untilKnown(() -> connection.store().claim(claim));
    }

    /**
     * Goes on with a run, or returns its recorded result; needs no input.
     *
     * @throws NoSuchRunException if there is no such run
     */
    public <I extends @Nullable Object, O extends @Nullable Object> O resume(Workflow<I, O> workflow, String runId) {
        Acquire.Target target = new Acquire.Take(Runner.anyOpen(workflow));
        return runner.<I, O>execute(workflow, Names.check("run id", runId), new Runner.Taking<>(target, null))
                .get();
    }

    /**
     * Reopens a failed run at the step whose failure ended it: that step and all after it are forgotten and run again.
     *
     * @throws NotPossibleException if the run has not failed; it is unchanged
     * @throws NoSuchRunException if there is no such run
     */
    public <I extends @Nullable Object, O extends @Nullable Object> O retry(Workflow<I, O> workflow, String runId) {
        runner.checkOpen();
        runs.reopen(Names.check("run id", runId), workflow.versions());
        return resume(workflow, runId);
    }

    /** Lists, reads, saves, deletes, purges, cancels and signals runs. */
    public Runs runs() {
        return runs;
    }

    /**
     * A step cache in this store.
     *
     * @throws dev.cairn.error.UnsupportedCapabilityException if the store keeps none
     */
    public StepCache.Builder stepCache(String scope) {
        return StepCache.in(connection.store(), scope);
    }

    /**
     * Stops new runs; gives running step bodies 10 seconds to finish and be recorded; then gives the leases back and closes
     * the store if it was opened by URL. Runs that were stopped can be resumed. Idempotent.
     */
    @Override
    public void close() {
        runner.close(connection.settings().closeWait());
        keeper.close();
        threads.close();
        if (ownsStore) {
            connection.store().close();
        }
    }

    /** Builds a Cairn. Not thread-safe. */
    public static final class Builder {
        private final StateStore store;
        private final boolean ownsStore;
        private PayloadCodec codec = new JacksonPayloadCodec();
        private Duration lease = Duration.ofSeconds(10);
        private Duration patience = Duration.ofMinutes(1);
        private Duration unknownLimit = Duration.ofSeconds(30);
        private Duration closeWait = Duration.ofSeconds(10);
        private String holder = ProcessHandle.current().pid() + "@" + host();
        private HolderClock clock = new HolderClock(InstantSource.system(), System::nanoTime);
        private RunListener listener = new RunListener() {};

        private Builder(StateStore store, boolean ownsStore) {
            this.store = store;
            this.ownsStore = ownsStore;
        }

        /** Writes and reads payloads. Default: Jackson 3. */
        public Builder codec(PayloadCodec value) {
            codec = value;
            return this;
        }

        /** How long a lease lasts: 50 ms to 1 day, at most half the store's fence time. Default: 10 s. */
        public Builder lease(Duration value) {
            lease = Duration.ofMillis(checked("lease", value, Duration.ofMillis(50), Duration.ofDays(1))
                    .toMillis());
            return this;
        }

        /** How long to wait for a run that somebody else holds: 0 to 1 day. Default: 1 minute. */
        public Builder patience(Duration value) {
            patience = checked("patience", value, Duration.ZERO, Duration.ofDays(1));
            return this;
        }

        /** How long a commit of unknown outcome is repeated: 0 to 1 day. Default: 30 s. */
        public Builder unknownLimit(Duration value) {
            unknownLimit = checked("limit for unknown outcomes", value, Duration.ZERO, Duration.ofDays(1));
            return this;
        }

        /** How long {@link Cairn#close()} waits for running bodies: 0 to 1 day. Default: 10 s. */
        public Builder closeWait(Duration value) {
            closeWait = checked("wait of close", value, Duration.ZERO, Duration.ofDays(1));
            return this;
        }

        /** What the audit trail calls this worker. Default: its process id and host. */
        public Builder holder(String value) {
            holder = Names.check("holder", value);
            return this;
        }

        /** How elapsed time is measured: by the larger of both. Default: the system's clocks. */
        public Builder clocks(InstantSource wall, LongSupplier nanos) {
            clock = new HolderClock(wall, nanos);
            return this;
        }

        /** Is told what happens. Default: nobody. */
        public Builder listener(RunListener value) {
            listener = value;
            return this;
        }

        /**
         * Opens it; where that fails, a store that would be owned is closed.
         *
         * @throws IllegalArgumentException if the lease is longer than half the store's fence time
         */
        public Cairn build() {
            try {
                return new Cairn(this);
            } catch (RuntimeException e) {
                if (ownsStore) {
                    store.close();
                }
                throw e;
            }
        }

        private Settings settings() {
            return new Settings(lease, patience, unknownLimit, closeWait, holder, host(), clock, listener);
        }

        private static Duration checked(String what, Duration value, Duration least, Duration most) {
            if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                throw new IllegalArgumentException(
                        "the " + what + " must be " + least + " to " + most + ", was " + value);
            }
            return value;
        }

        private static String host() {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                // The name is for people who read the audit trail; nothing rests on it.
                return "unknown";
            }
        }
    }
}
