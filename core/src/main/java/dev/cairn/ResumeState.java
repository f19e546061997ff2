// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.spi.EntryBody;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Received;
import dev.cairn.spi.Revision;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot of a run as a value: what it began with, its steps and how they ended, what it waits for, how it ended. It
 * can be taken from a run under way, saved as JSON, loaded, and gone on with from it alone, with no database at all
 * ({@code Cairn.inMemory().run(workflow, state)}). Immutable.
 */
public final class ResumeState {
    private final String id;
    private final String workflow;
    private final int version;
    private final RunStatus status;
    private final Revision revision;
    private final long signals;
    private final EntryBody.Origin origin;
    private final Instant created;
    private final Labels labels;
    private final String progress;
    private final Map<String, StepRecord> steps;
    private final Map<String, Attempts> attempts;
    private final List<StepRecord> history;
    private final List<Received> messages;
    private final EntryBody.@Nullable Suspension suspension;
    private final EntryBody.@Nullable End end;

    private ResumeState(Builder from) {
        id = from.id;
        workflow = from.workflow;
        version = from.version;
        status = from.status;
        revision = from.revision;
        signals = from.signals;
        origin = from.origin;
        created = from.created;
        labels = from.labels;
        progress = from.progress;
        steps = Collections.unmodifiableMap(new LinkedHashMap<>(from.steps));
        attempts = Collections.unmodifiableMap(new LinkedHashMap<>(from.attempts));
        history = List.copyOf(from.history);
        messages = List.copyOf(from.messages);
        suspension = from.suspension;
        end = from.end;
    }

    /**
     * Reads a state.
     *
     * @throws dev.cairn.error.UnknownFormatException if it was written in a format that this version does not know
     * @throws dev.cairn.error.CorruptException if it is not as it was written
     */
    public static ResumeState fromJson(String json) {
        return ResumeStateJson.read(Bytes.utf8(json));
    }

    /** Writes the state, in the format that {@code docs/stored-data.md} shows. */
    public String toJson() {
        return ResumeStateJson.write(this).asUtf8();
    }

    /** The run's id. */
    public String id() {
        return id;
    }

    /** The workflow's name. */
    public String workflow() {
        return workflow;
    }

    /** The version of the workflow that ran it last. */
    public int version() {
        return version;
    }

    /** Where the run stood. */
    public RunStatus status() {
        return status;
    }

    /** What the journal held, for a save or delete that must not overwrite something newer. */
    public Revision revision() {
        return revision;
    }

    /** How many signals the run had received. */
    public long signals() {
        return signals;
    }

    /** The input, as JSON. */
    public Bytes input() {
        return origin.input();
    }

    /** When the run was created, by the clock of its first store. */
    public Instant created() {
        return created;
    }

    /** The labels. */
    public Map<String, String> labels() {
        return labels.all();
    }

    /** How far the run said it was. */
    public String progress() {
        return progress;
    }

    /** The recorded steps, in the order they were written. */
    public List<StepRecord> steps() {
        return new ArrayList<>(steps.values());
    }

    /** A recorded step. */
    public Optional<StepRecord> step(String key) {
        return Optional.ofNullable(steps.get(key));
    }

    /** Whether a step's outcome, value or failure, is recorded. */
    public boolean isStepComplete(String key) {
        return steps.containsKey(key);
    }

    /** The tries of a step that ended without an outcome; those of the workflow itself have the empty key. */
    public Attempts attempts(String key) {
        return attempts.getOrDefault(key, Attempts.NONE);
    }

    /** The steps that were forgotten, oldest first. */
    public List<StepRecord> history() {
        return history;
    }

    /** The signals that the run waits for, if it is suspended. */
    public Optional<EntryBody.Suspension> suspension() {
        return Optional.ofNullable(suspension);
    }

    /** The signals it has received. */
    public List<Received> messages() {
        return messages;
    }

    /** How it ended, if it has. */
    public Optional<EntryBody.End> end() {
        return Optional.ofNullable(end);
    }

    /** The origin as another store takes it over: with the time of creation that the first one gave it. */
    EntryBody.Origin origin() {
        return new EntryBody.Origin(origin.scope(), origin.input(), Optional.of(created));
    }

    Labels allLabels() {
        return labels;
    }

    Map<String, Attempts> allAttempts() {
        return attempts;
    }

    /** Whether everything is equal but the revision and the number of signals, which belong to one store. */
    public boolean isSameRunAs(ResumeState other) {
        return content().equals(other.content());
    }

    private List<Object> content() {
        return List.of(
                id,
                workflow,
                version,
                status,
                origin.scope(),
                origin.input(),
                created,
                labels,
                progress,
                List.copyOf(steps.values()),
                attempts,
                history,
                messages,
                suspension().map(waits -> List.of(waits.awaits(), waits.due())),
                end());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ResumeState that
                && revision.equals(that.revision)
                && signals == that.signals
                && isSameRunAs(that);
    }

    @Override
    public int hashCode() {
        return 31 * id.hashCode() + revision.hashCode();
    }

    /** Without any payload. */
    @Override
    public String toString() {
        return "ResumeState[run " + id + " of " + workflow + " version " + version + ", " + status + ", " + steps.size()
                + " steps]";
    }

    /** Collects a state; not thread-safe. */
    static final class Builder {
        private final String id;
        private final String workflow;
        private final int version;
        private final RunStatus status;
        private final Revision revision;
        private final EntryBody.Origin origin;
        private final Instant created;
        private long signals;
        private Labels labels = Labels.NONE;
        private String progress = "";
        private Map<String, StepRecord> steps = new LinkedHashMap<>();
        private Map<String, Attempts> attempts = new LinkedHashMap<>();
        private List<StepRecord> history = List.of();
        private List<Received> messages = List.of();
        private EntryBody.@Nullable Suspension suspension;
        private EntryBody.@Nullable End end;

        Builder(
                String id,
                String workflow,
                int version,
                RunStatus status,
                Revision revision,
                EntryBody.Origin origin,
                Instant created) {
            this.id = id;
            this.workflow = workflow;
            this.version = version;
            this.status = status;
            this.revision = revision;
            this.origin = origin;
            this.created = origin.created().orElse(created);
        }

        Builder head(long receivedSignals, Labels runLabels, String runProgress) {
            signals = receivedSignals;
            labels = runLabels;
            progress = runProgress;
            return this;
        }

        Builder steps(Map<String, StepRecord> all, Map<String, Attempts> tries, List<StepRecord> forgotten) {
            steps = all;
            attempts = tries;
            history = forgotten;
            return this;
        }

        Builder tail(List<Received> received, EntryBody.@Nullable Suspension waits, EntryBody.@Nullable End ended) {
            messages = received;
            suspension = waits;
            end = ended;
            return this;
        }

        ResumeState build() {
            return new ResumeState(this);
        }
    }
}
