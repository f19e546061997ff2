// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CairnException;
import dev.cairn.spi.Head;
import dev.cairn.spi.Refused;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The exceptions for refused acquires, each with both sides and the way out. */
final class RunRefusals {
    private RunRefusals() {}

    static NoSuchRunException absent(String runId) {
        return new NoSuchRunException("there is no run " + runId + " in this namespace; give its input to create it");
    }

    /** A run that has left for another store, and whose mover has not deleted it here. */
    static NotPossibleException moved(String runId, String where) {
        return new NotPossibleException(
                "run " + runId + " was " + where + "; ask for it there, or repeat the move to finish it");
    }

    /**
     * Says so of a head that shows it.
     *
     * @throws NotPossibleException if the run has left for another store
     */
    static void throwIfMoved(Head head) {
        if (head.isMoved()) {
            throw moved(head.runId(), head.reason());
        }
    }

    /** What a refusal means to somebody who wants to work on the run; held and arriving only after waiting. */
    static CairnException of(String runId, Refused refused, @Nullable Workflow<?, ?> workflow, Duration waited) {
        Head head = refused.head().orElse(null);
        if (head == null) {
            return absent(runId);
        }
        return switch (refused.reason()) {
            case ABSENT -> absent(runId);
            case EXISTS ->
                new RunExistsException("run " + runId + " exists, "
                        + (head.isMoved() ? "and was " + head.reason() : head.shownStatus())
                        + "; it was not to be replaced");
            case WORKFLOW ->
                new DifferentWorkflowException("run " + runId + " belongs to workflow \"" + head.workflow()
                        + "\", asked for was " + workflow + "; use another run id");
            case VERSION ->
                new VersionNotAcceptedException("run " + runId + " was last run by version " + head.version() + " of "
                        + head.workflow() + ", asked for was " + workflow + "; add resumes(" + head.version()
                        + ") if the code fits its record");
            case HELD, ARRIVING ->
                new RunHeldException("run " + runId + " is held by somebody else (token " + head.token() + ", "
                        + refused.timeLeft().toMillis() + " ms left) and did not end within " + waited
                        + "; try again later");
            case WAITING -> new RunSuspendedException(runId, head.awaits());
            case ENDED ->
                head.isMoved()
                        ? moved(runId, head.reason())
                        : new NotPossibleException(
                                "run " + runId + " is " + head.shownStatus() + ", which does not allow this");
            case REVISION ->
                new ConflictException(
                        "run " + runId + " is at another revision than expected; read it again and decide again");
        };
    }
}
