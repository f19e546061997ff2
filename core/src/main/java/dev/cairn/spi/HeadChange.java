// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.Names;
import dev.cairn.state.RunStatus;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a settle makes of a head: one conditional update, under the lease. Flat, because every store writes it as one
 * statement or document. Immutable.
 */
public final class HeadChange {
    /** What becomes of the lease. */
    public enum Hold {
        /** It stays as it is. */
        KEEP,
        /** The run is free. */
        FREE,
        /** It stands, but has run out now: what a refused acquirer leaves (protocol R3). */
        EXPIRE
    }

    /** What the number of signals in the head is compared with. */
    public enum Signals {
        /** Nothing. */
        ANY,
        /** If the head's number is higher than the one seen, the run is due at once: no wake-up is lost. */
        WAKE_IF_MORE,
        /** If the head's number is another than the one seen, the change is refused (protocol R4). */
        SAME
    }

    private final @Nullable RunStatus status;
    private final Due due;
    private final Set<String> awaits;
    private final String reason;
    private final Hold hold;
    private final Signals signals;
    private final long signalsSeen;
    private final @Nullable Incarnation name;
    private final @Nullable Incarnation switchTo;
    private final @Nullable Labels labels;
    private final @Nullable String progress;
    private final @Nullable Integer version;

    private HeadChange(Builder builder) {
        status = builder.status;
        due = builder.due;
        awaits = Set.copyOf(builder.awaits);
        reason = builder.reason;
        hold = builder.hold;
        signals = builder.signals;
        signalsSeen = builder.signalsSeen;
        name = builder.name;
        switchTo = builder.switchTo;
        labels = builder.labels;
        progress = builder.progress;
        version = builder.version;
    }

    /** The run is free and ready, due as said. */
    public static Builder ready(Due due) {
        return new Builder(RunStatus.READY).due(due);
    }

    /** The run is ready and the lease stays: a new or reopened run of a store that cannot do both at once. */
    public static Builder readyAndHeld() {
        return new Builder(RunStatus.READY).hold(Hold.KEEP);
    }

    /**
     * The run waits; due at once if the head has more signals than seen.
     *
     * @throws IllegalArgumentException if the name of a signal is not one
     */
    public static Builder suspended(Set<String> awaits, Due due, long signalsSeen) {
        Builder builder = new Builder(RunStatus.SUSPENDED).due(due).signals(Signals.WAKE_IF_MORE, signalsSeen);
        awaits.forEach(name -> Names.check("signal name", name));
        builder.awaits = new TreeSet<>(awaits);
        return builder;
    }

    /**
     * The run is refused or makes no progress.
     *
     * @param reason at most 8,192 UTF-8 bytes
     */
    public static Builder blocked(String reason, Due due) {
        Builder builder = new Builder(RunStatus.BLOCKED).due(due);
        builder.reason = Names.checkText("reason", reason, Names.MAX_REASON_BYTES);
        return builder;
    }

    /** The run has ended. */
    public static Builder ended(RunStatus status) {
        if (!status.isTerminal()) {
            throw new IllegalArgumentException("an end is COMPLETED, FAILED or CANCELLED, was " + status);
        }
        return new Builder(status);
    }

    /**
     * The run went to another store: ended here, and nobody's but the mover's, whose lease stays until it deletes the run.
     *
     * @param target which run of which namespace it is there, in words
     */
    public static Builder moved(String target) {
        return new Builder(RunStatus.CANCELLED).hold(Hold.KEEP).because(movedTo(target));
    }

    /** The reason that the head of a run that went to another store gives. */
    static String movedTo(String target) {
        return Names.checkText("reason", "moved to " + target, Names.MAX_REASON_BYTES);
    }

    /** The run is deleted, if no signal came that the expectation did not see. */
    public static Builder gone(long signalsSeen) {
        return new Builder(RunStatus.GONE).signals(Signals.SAME, signalsSeen);
    }

    /** Names an incarnation that is about to be written beside the run; nothing else changes. */
    public static Builder naming(Incarnation incarnation) {
        Builder builder = new Builder(null).hold(Hold.KEEP);
        builder.name = incarnation;
        return builder;
    }

    /** The run is free; nothing else changes. */
    public static Builder freed() {
        return new Builder(null);
    }

    /** The lease runs out now; nothing else changes (protocol R3). */
    public static Builder expired() {
        return new Builder(null).hold(Hold.EXPIRE);
    }

    /** The status from now on; as it is, if empty. Then due, awaits and reason stay as they are too. */
    public Optional<RunStatus> status() {
        return Optional.ofNullable(status);
    }

    /** When it may be claimed. */
    public Due due() {
        return due;
    }

    /** The signals it waits for. */
    public Set<String> awaits() {
        return awaits;
    }

    /** Why it is blocked, or where it was moved; else empty. */
    public String reason() {
        return reason;
    }

    /** What becomes of the lease. */
    public Hold hold() {
        return hold;
    }

    /** What the number of signals is compared with. */
    public Signals signals() {
        return signals;
    }

    /** The number of signals that the caller has seen. */
    public long signalsSeen() {
        return signalsSeen;
    }

    /** An incarnation to name beside the run. */
    public Optional<Incarnation> name() {
        return Optional.ofNullable(name);
    }

    /** The incarnation that is the run from now on; the old one is named as left behind, and its signals are forgotten. */
    public Optional<Incarnation> switchTo() {
        return Optional.ofNullable(switchTo);
    }

    /** The labels from now on; as they are, if empty. */
    public Optional<Labels> labels() {
        return Optional.ofNullable(labels);
    }

    /** The progress from now on; as it is, if empty. */
    public Optional<String> progress() {
        return Optional.ofNullable(progress);
    }

    /** The workflow's version from now on; as it is, if empty. */
    public Optional<Integer> version() {
        return Optional.ofNullable(version);
    }

    @Override
    public String toString() {
        return "HeadChange[" + status + ", due " + due + ", lease " + hold + ", signals " + signals + " " + signalsSeen
                + "]";
    }

    /** Builds a change. */
    public static final class Builder {
        private final @Nullable RunStatus status;
        private Due due = Due.never();
        private Set<String> awaits = Set.of();
        private String reason = "";
        private Hold hold = Hold.FREE;
        private Signals signals = Signals.ANY;
        private long signalsSeen;
        private @Nullable Incarnation name;
        private @Nullable Incarnation switchTo;
        private @Nullable Labels labels;
        private @Nullable String progress;
        private @Nullable Integer version;

        private Builder(@Nullable RunStatus status) {
            this.status = status;
        }

        private Builder due(Due value) {
            due = value;
            return this;
        }

        Builder because(String value) {
            reason = value;
            return this;
        }

        private Builder hold(Hold value) {
            hold = value;
            return this;
        }

        private Builder signals(Signals rule, long seen) {
            signals = rule;
            signalsSeen = seen;
            return this;
        }

        /** Makes this incarnation the run, if no signal came that the expectation did not see: a restore's last act. */
        public Builder switchingTo(Incarnation incarnation, long seen) {
            switchTo = incarnation;
            return signals(Signals.SAME, seen);
        }

        /** The labels from now on. Default: as they are. */
        public Builder labels(Labels value) {
            labels = value;
            return this;
        }

        /** The progress from now on, at most 1,024 UTF-8 bytes. Default: as it is. */
        public Builder progress(String value) {
            progress = Names.checkText("progress", value, Names.MAX_PROGRESS_BYTES);
            return this;
        }

        /** The workflow's version from now on, where the one that took the run added nothing to it. Default: as it is. */
        public Builder version(int value) {
            version = value;
            return this;
        }

        /** The change. */
        public HeadChange build() {
            return new HeadChange(this);
        }
    }
}
