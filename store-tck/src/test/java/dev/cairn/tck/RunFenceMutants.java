// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;
import java.util.stream.Stream;

/** Engines that are wrong about fences, groups, and runs of several requests. */
final class RunFenceMutants {
    private RunFenceMutants() {}

    static List<Mutant> all() {
        return Stream.of(fences(), groups(), split()).flatMap(List::stream).toList();
    }

    private static List<Mutant> fences() {
        return List.of(
                Mutant.core(
                        "RUN-04",
                        "a commit that is refused does not end the execution",
                        "RunExecution.java",
                        "throw stop(stop);",
                        "throw stop;"),
                Mutant.core(
                        "RUN-04",
                        "an execution ends by an exception that code can catch",
                        "RunStopped.java",
                        "extends Error",
                        "extends RuntimeException"),
                Mutant.core(
                        "RUN-04",
                        "an attempt does not end the execution",
                        "RunExecution.java",
                        "return stop(new RunStopped(\n                StopReason.ATTEMPT,",
                        "return java.util.function.UnaryOperator.<RunStopped>identity().apply(new RunStopped(\n"
                                + "StopReason.ATTEMPT,"),
                Mutant.core(
                        "RUN-12",
                        "deletes: whether a run has ended",
                        "spi/HeadRules.java",
                        "if (!wanted && (head.status().isTerminal() || condition.grantKind() == EntryKind.REOPEN)) {",
                        "if (false) {"),
                Mutant.core(
                        "RUN-12",
                        "a cancel waits for the holder's lease",
                        "Runs.java",
                        "Condition.open().over(Condition.Over.LIVE)",
                        "Condition.open()"),
                Mutant.sqlite(
                        "RUN-16",
                        "deletes: whether a connection is inside a transaction",
                        "SqliteSession.java",
                        "if (!connection.getAutoCommit()) {",
                        "if (false) {"),
                Mutant.core(
                        "RUN-18",
                        "the lease always allows a body",
                        "HeldLease.java",
                        "return nanosLeft() >= nanos(ttl) / 4;",
                        "return true;"),
                Mutant.core(
                        "RUN-18",
                        "a holder goes by the clock that counts alone",
                        "HolderClock.java",
                        "Math.max(byWall, byNanos)",
                        "byNanos"),
                Mutant.core(
                        "RUN-18",
                        "a holder goes by the time of day alone",
                        "HolderClock.java",
                        "Math.max(byWall, byNanos)",
                        "byWall"));
    }

    private static List<Mutant> groups() {
        return List.of(
                Mutant.core(
                        "RUN-07",
                        "each member has a position of its own",
                        "RunExecution.java",
                        "return ask(key, type, options, body, StepRecord.Grouping.MEMBER, Place.GROUP);",
                        """
                        StepCall<T> call = ask(key, type, options, body, StepRecord.Grouping.MEMBER, Place.GROUP);
                        order.next();
                        return call;"""),
                Mutant.core(
                        "RUN-07",
                        "a group that was cut does not go on",
                        "Divergence.java",
                        "boolean unfinishedGroup = !later",
                        "boolean unfinishedGroup = later"),
                Mutant.core(
                        "RUN-07",
                        "a member is acknowledged before it is written",
                        "RunExecution.java",
                        "int round = record.round(spot.key());",
                        "int round = record.round(spot.key());\n"
                                + "tell(listener -> listener.stepRecorded(id(), spot.key()));"),
                Mutant.core(
                        "RUN-07",
                        "a group loses its last member",
                        "ParallelGroup.java",
                        "members.forEach(Started::await);",
                        "members.forEach(Started::await);\nmembers.remove(members.size() - 1).outcome = null;"));
    }

    private static List<Mutant> split() {
        return List.of(
                Mutant.core(
                        "RUN-17",
                        "a refused acquire frees the lease it took",
                        "spi/SplitAcquire.java",
                        "change(HeadChange.expired().build());",
                        "change(HeadChange.freed().build());"),
                Mutant.core(
                        "RUN-17",
                        "deletes: showing an end that counts in the head",
                        "spi/SplitProtocol.java",
                        "steps.showEnd(storage, entry, pageBytes);",
                        ""),
                Mutant.core(
                        "RUN-17",
                        "deletes: whether the journal has ended",
                        "spi/SplitAcquire.java",
                        "boolean ended = journal.fold().end().isPresent() && !reopens() && !isForEnded();",
                        "boolean ended = false;"),
                Mutant.core(
                        "RUN-17",
                        "deletes: the revision that is asked for",
                        "spi/SplitAcquire.java",
                        "if (!isAtRevision()) {",
                        "if (false) {"),
                Mutant.core(
                        "RUN-17",
                        "who takes an arriving head over keeps its incarnation",
                        "spi/SplitUpdate.java",
                        "? Optional.of(grant.head().edit().status(RunStatus.ARRIVING).build())",
                        "? Optional.of(found.filter(head -> head.status() == RunStatus.ARRIVING).map(head ->"
                                + " grant.head().edit().incarnation(head.incarnation()).notBeside(head.incarnation()))"
                                + ".orElse(grant.head().edit()).status(RunStatus.ARRIVING).build())"));
    }
}
