// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.state.StepRecord;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The order in which an execution's code asks for steps: which question is allowed now, and how it fits the record. Used by
 * the thread that made it, the workflow's own; another one is told that it is foreign.
 */
final class CodeOrder {
    private final String runId;
    private final RunRecord record;
    private final Thread owner = Thread.currentThread();
    private final Set<String> asked = new HashSet<>();
    private volatile Place place = Place.BETWEEN;
    private int position;

    /** Where the workflow's thread is. */
    enum Place {
        /** Between steps. */
        BETWEEN,
        /** In a step's body. */
        BODY,
        /** Where the members of a group are named. */
        GROUP,
        /** Behind the workflow's end. */
        RETURNED
    }

    CodeOrder(String runId, RunRecord record) {
        this.runId = runId;
        this.record = record;
    }

    /** A step is asked for on the workflow's own thread, between other steps (contract RUN-13). */
    void check(String key, Place expected) {
        if (Thread.currentThread() != owner) {
            throw new StepMisuse(
                    "step " + key + " of run " + runId
                            + " was asked for on a foreign thread; start it in run.parallel(…), or on the workflow's own thread");
        }
        if (place != expected) {
            throw new StepMisuse("step " + key + " of run " + runId + " was asked for "
                    + switch (place) {
                        case BODY -> "inside a step's body; ask for it before or after that step";
                        case GROUP -> "inside run.parallel(…); start it as a member of the group";
                        case RETURNED -> "after its workflow returned";
                        case BETWEEN -> "outside the group it belongs to";
                    });
        }
    }

    /** Takes a question: its key is new in this execution (contract RUN-08). */
    StepCall.Spot ask(String key, StepRecord.Grouping grouping) {
        if (!asked.add(key)) {
            throw new DuplicateKeyException("step " + key + " of run " + runId
                    + " was asked for before in this execution; add a part that tells the rounds apart, as in key(\""
                    + key
                    + "\", i)");
        }
        return new StepCall.Spot(key, position, grouping);
    }

    /** The workflow's thread goes into a body or a group, comes out of it, or has returned. */
    void enter(Place now) {
        place = now;
    }

    /** The next question stands at the next position. */
    void next() {
        position++;
    }

    int position() {
        return position;
    }

    /** How a question diverges from the record; empty if it does not. */
    String divergence(StepCall.Spot spot, @Nullable StepRecord recorded) {
        return reported(spot, Divergence.ofQuestion(record, spot, recorded));
    }

    /** How a group diverges whose members are all named; empty if it does not. */
    String groupDivergence() {
        return reported(
                new StepCall.Spot("", position, StepRecord.Grouping.MEMBER),
                Divergence.ofGroup(record, position, asked));
    }

    /** How the end diverges: recorded steps that were never asked for; empty if it does not. */
    String endDivergence() {
        return reported(new StepCall.Spot("", position, StepRecord.Grouping.SINGLE), Divergence.ofEnd(record, asked));
    }

    private String reported(StepCall.Spot spot, String why) {
        return why.isEmpty() ? "" : Divergence.report(record, asked, spot, why);
    }
}
