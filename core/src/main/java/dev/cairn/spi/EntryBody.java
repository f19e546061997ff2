// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.Attempt;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepOutcome;
import dev.cairn.state.StepRecord;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** What an entry says, as core reads and writes it with {@link EntryCodec}. To a store it is bytes. */
public sealed interface EntryBody {
    /**
     * Who was granted a lease: the audit trail.
     *
     * @param holder name of the worker
     * @param host it runs on
     * @param workflow and {@code version} it runs; empty and 0 for an operator
     * @param origin in the first entry of an incarnation, else empty
     */
    record Grant(String holder, String host, String workflow, int version, Optional<Origin> origin)
            implements EntryBody {}

    /**
     * What a run began with.
     *
     * @param scope of its idempotency keys, fixed when the run was created and carried through every restore and move
     * @param input JSON
     * @param created by the clock of its first store, where that is another than this one's head tells
     */
    record Origin(String scope, Bytes input, Optional<Instant> created) {}

    /** Steps that were finished, in order. */
    record Steps(List<StepRecord> steps) implements EntryBody {
        /** Copies the list. */
        public Steps {
            steps = List.copyOf(steps);
        }
    }

    /** A try without an outcome. */
    record Tried(Attempt attempt) implements EntryBody {}

    /** Steps that are forgotten, by key; each one's round rises. */
    record Forgotten(List<String> keys) implements EntryBody {
        /** Copies the list. */
        public Forgotten {
            keys = List.copyOf(keys);
        }
    }

    /** Signals that came with a restored run: its inbox in the store is empty. */
    record Carried(List<Received> messages) implements EntryBody {
        /** Copies the list. */
        public Carried {
            messages = List.copyOf(messages);
        }
    }

    /**
     * The run waits.
     *
     * @param awaits names of signals
     * @param due by the store's clock, if there is a deadline
     * @param signalsSeen the number of signals that the holder had seen; -1 where a signal that it waits for travelled with it
     */
    record Suspension(SortedSet<String> awaits, Optional<Instant> due, long signalsSeen) implements EntryBody {
        /** Copies the names. */
        public Suspension {
            awaits = Collections.unmodifiableSortedSet(new TreeSet<>(awaits));
        }

        /** A suspension. */
        public static Suspension of(Set<String> awaits, Optional<Instant> due, long signalsSeen) {
            return new Suspension(new TreeSet<>(awaits), due, signalsSeen);
        }
    }

    /**
     * The run ended.
     *
     * @param status completed, failed or cancelled
     * @param outcome the output, the failure, or nothing
     * @param step the key of the step whose failure ended the run, else empty
     */
    record End(RunStatus status, StepOutcome outcome, String step) implements EntryBody {
        /** Checks the status. */
        public End {
            if (!status.isTerminal()) {
                throw new IllegalArgumentException("an end is COMPLETED, FAILED or CANCELLED, was " + status);
            }
        }
    }

    /**
     * The run went to another store. How it stood until then stands here too, so that whoever finishes the move of a mover
     * that died leaves it there as it was.
     *
     * @param target which run of which namespace it is there, in words
     * @param status ready, suspended or blocked
     * @param reason why it was blocked, else empty
     * @param due when it was due, by this store's clock
     */
    record Moved(String target, RunStatus status, String reason, Optional<Instant> due) implements EntryBody {
        /** Checks the status. */
        public Moved {
            if (status.isTerminal()) {
                throw new IllegalArgumentException("a run that is moved by an entry has not ended, was " + status);
            }
        }

        /** A run that was ready and due. */
        public Moved(String target) {
            this(target, RunStatus.READY, "", Optional.empty());
        }
    }
}
