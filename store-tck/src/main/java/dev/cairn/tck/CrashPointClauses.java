// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** CRASH: what is left, and what is told, when an operation is cut at any of its requests. */
interface CrashPointClauses extends KitClauses {
    @Clause(
            id = "CRASH-01",
            must =
                    "For every operation cut before any request, the run as read by id MUST be all-before or all-after and the"
                            + " error typed; listings MAY lag one lease where a settle takes several requests",
            why =
                    "a process that dies, or a line that breaks, leaves half a run behind, or a worker that cannot tell whether"
                            + " to try again",
            usualFix = "put what belongs together into one transaction; translate the driver's errors by their code")
    default void crash_01_cutBeforeAnyRequestIsAllOrNothing(Trial trial) {
        CrashPoints.cutBefore(trial);
    }

    @Clause(
            id = "CRASH-02",
            must =
                    "When the reply to the deciding request is lost, the operation MUST report OutcomeUnknown (or resolve it"
                            + " itself), never a definite failure; already written is an acknowledgement like any other",
            why = "a worker takes for undone what is done, and does it twice",
            usualFix = "once a request that writes was sent, a lost connection is an OutcomeUnknownException")
    default void crash_02_lostReplyIsUnknown(Trial trial) {
        CrashPoints.cutAfter(trial);
    }

    @Clause(
            id = "CRASH-07",
            must =
                    "A black-holed, refused or half-open connection MUST fail within the configured timeout with Unavailable,"
                            + " and the instance MUST recover by itself when the network heals",
            why = "a worker hangs for ever on a line that is dead, or has to be restarted when the network is back",
            usualFix = "set a time-out on every read of a socket, and give a connection up that it struck")
    default void crash_07_silentLineIsGivenUp(Trial trial) {
        SilentLines.healed(trial);
    }
}
