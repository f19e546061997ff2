// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.RunStatus;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a run must be like to be acquired. Immutable. */
public final class Condition {
    /** Whether a live lease of somebody else stands in the way. */
    public enum Over {
        /** Only a lease that ran out may be taken over. */
        EXPIRED,
        /** A live one too: a cancel, an operator, or the same worker that lost its memory. */
        LIVE
    }

    private final Set<RunStatus> statuses;
    private final Over over;
    private final EntryKind grantKind;
    private final @Nullable WorkflowVersions workflow;
    private final @Nullable Revision revision;

    private Condition(Builder builder) {
        statuses = Set.copyOf(builder.statuses);
        over = builder.over;
        grantKind = builder.grantKind;
        workflow = builder.workflow;
        revision = builder.revision;
    }

    /** A run that is ready, suspended or blocked, and free or abandoned. */
    public static Builder open() {
        return new Builder(EnumSet.of(RunStatus.READY, RunStatus.SUSPENDED, RunStatus.BLOCKED));
    }

    /** A run to be replaced or deleted: open or ended, and free or abandoned. Over an ended one the grant does not count. */
    public static Builder openOrEnded() {
        return new Builder(EnumSet.of(
                RunStatus.READY,
                RunStatus.SUSPENDED,
                RunStatus.BLOCKED,
                RunStatus.COMPLETED,
                RunStatus.FAILED,
                RunStatus.CANCELLED));
    }

    /** A failed run, which the grant reopens: it is ready from then on. */
    public static Builder failed() {
        Builder builder = new Builder(EnumSet.of(RunStatus.FAILED));
        builder.grantKind = EntryKind.REOPEN;
        return builder;
    }

    /** The statuses that may be acquired, as stored. */
    public Set<RunStatus> statuses() {
        return statuses;
    }

    /** Whether a live lease may be superseded. */
    public Over over() {
        return over;
    }

    /** {@code GRANT}, or {@code REOPEN} for a failed run. */
    public EntryKind grantKind() {
        return grantKind;
    }

    /** The workflow and versions asked for; any, if empty. */
    public Optional<WorkflowVersions> workflow() {
        return Optional.ofNullable(workflow);
    }

    /** The revision asked for, exactly; any, if empty. */
    public Optional<Revision> revision() {
        return Optional.ofNullable(revision);
    }

    /** Builds a condition. */
    public static final class Builder {
        private final Set<RunStatus> statuses;
        private Over over = Over.EXPIRED;
        private EntryKind grantKind = EntryKind.GRANT;
        private @Nullable WorkflowVersions workflow;
        private @Nullable Revision revision;

        private Builder(Set<RunStatus> statuses) {
            this.statuses = statuses;
        }

        /** Leaves a status out. */
        public Builder butNot(RunStatus status) {
            statuses.remove(status);
            return this;
        }

        /** Only this workflow in these versions. Default: any. */
        public Builder of(WorkflowVersions value) {
            workflow = value;
            return this;
        }

        /** Only at this revision. Default: any. */
        public Builder at(Revision value) {
            revision = value;
            return this;
        }

        /** Whether a live lease may be superseded. Default: only an expired one. */
        public Builder over(Over value) {
            over = value;
            return this;
        }

        /** The condition. */
        public Condition build() {
            return new Condition(this);
        }
    }
}
