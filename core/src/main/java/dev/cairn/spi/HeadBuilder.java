// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.RunStatus;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Builds a head, from nothing or from another one. What is not set stays as it was. Not thread-safe. */
public final class HeadBuilder {
    private final String runId;
    private final String workflow;
    private int version;
    private RunStatus status;
    private Incarnation incarnation;
    private long token;
    private @Nullable LeaseTerm lease;
    private @Nullable Instant due;
    private SortedSet<String> awaits = new TreeSet<>();
    private long signals;
    private Labels labels = Labels.NONE;
    private String progress = "";
    private String reason = "";
    private Map<Incarnation, Instant> beside = new LinkedHashMap<>();
    private long sourceToken;
    private Instant created;
    private Instant changed;

    /** Begins the head of a run that is created now: free, without a token, due at no time. */
    public HeadBuilder(String runId, NewRun run, Instant now) {
        this.runId = runId;
        this.workflow = run.workflow();
        this.version = run.version();
        this.status = run.arrival();
        this.incarnation = run.incarnation();
        this.labels = run.labels();
        this.sourceToken = run.sourceToken();
        this.created = now;
        this.changed = now;
    }

    HeadBuilder(Head head) {
        runId = head.runId();
        workflow = head.workflow();
        version = head.version();
        status = head.status();
        incarnation = head.incarnation();
        token = head.token();
        lease = head.lease().orElse(null);
        due = head.due().orElse(null);
        awaits = new TreeSet<>(head.awaits());
        signals = head.signals();
        labels = head.labels();
        progress = head.progress();
        reason = head.reason();
        beside = new LinkedHashMap<>(head.beside());
        sourceToken = head.sourceToken();
        created = head.created();
        changed = head.changed();
    }

    /** The workflow's version that took it. */
    public HeadBuilder version(int value) {
        version = value;
        return this;
    }

    /** The status. */
    public HeadBuilder status(RunStatus value) {
        status = value;
        return this;
    }

    /** The incarnation that is the run. */
    public HeadBuilder incarnation(Incarnation value) {
        incarnation = value;
        return this;
    }

    /** The highest token given out. */
    public HeadBuilder token(long value) {
        token = value;
        return this;
    }

    /** The lease that stands. */
    public HeadBuilder lease(Optional<LeaseTerm> value) {
        lease = value.orElse(null);
        return this;
    }

    /** When it may be claimed. */
    public HeadBuilder due(Optional<Instant> value) {
        due = value.orElse(null);
        return this;
    }

    /** The signals it waits for. */
    public HeadBuilder awaits(Set<String> value) {
        awaits = new TreeSet<>(value);
        return this;
    }

    /** How many signals it received. */
    public HeadBuilder signals(long value) {
        signals = value;
        return this;
    }

    /** Its labels. */
    public HeadBuilder labels(Labels value) {
        labels = value;
        return this;
    }

    /** Its progress. */
    public HeadBuilder progress(String value) {
        progress = value;
        return this;
    }

    /** Why it is blocked, or where it was moved. */
    public HeadBuilder reason(String value) {
        reason = value;
        return this;
    }

    /** Names an incarnation beside it. */
    public HeadBuilder beside(Incarnation value, Instant since) {
        beside.put(value, since);
        return this;
    }

    /** Takes the name of an incarnation away. */
    public HeadBuilder notBeside(Incarnation value) {
        beside.remove(value);
        return this;
    }

    /** The token of a move's source. */
    public HeadBuilder sourceToken(long value) {
        sourceToken = value;
        return this;
    }

    /** When it was created. */
    public HeadBuilder created(Instant value) {
        created = value;
        return this;
    }

    /** When it was last settled. */
    public HeadBuilder changed(Instant value) {
        changed = value;
        return this;
    }

    /** The head. */
    public Head build() {
        return new Head(
                runId,
                workflow,
                version,
                status,
                incarnation,
                token,
                Optional.ofNullable(lease),
                Optional.ofNullable(due),
                awaits,
                signals,
                labels,
                progress,
                reason,
                beside,
                sourceToken,
                created,
                changed);
    }
}
