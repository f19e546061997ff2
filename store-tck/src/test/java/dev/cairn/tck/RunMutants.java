// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;
import java.util.stream.Stream;

/** Engines that are wrong about what is recorded, and which run it is. */
final class RunMutants {
    private RunMutants() {}

    static List<Mutant> all() {
        return Stream.of(replay(), failures(), order(), identity())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Mutant> replay() {
        return List.of(
                Mutant.core(
                        "RUN-01",
                        "a recorded value runs its body again",
                        "RunExecution.java",
                        "if (recorded != null) {",
                        "if (recorded != null && recorded.outcome() instanceof StepOutcome.Failed) {"),
                Mutant.core(
                        "RUN-01",
                        "each replayed step renews the lease",
                        "RunExecution.java",
                        "tell(listener -> listener.stepReplayed(id(), call.key()));",
                        "keeper.renew(List.of(this));"),
                Mutant.sqlite(
                        "RUN-01",
                        "a grant hands over the first entry alone",
                        "SqliteRuns.java",
                        "Page page = journal.page(session, head, new Cursor.Start(), pageBytes, now);",
                        "Page page = journal.page(session, head, new Cursor.Start(), 1, now);"),
                Mutant.core(
                        "RUN-02",
                        "step returns what the body returned, not what is recorded",
                        "StepCall.java",
                        "new Outcome.Succeeded<>(recorded.value())",
                        "new Outcome.Succeeded<>(value)"),
                Mutant.core(
                        "RUN-02",
                        "deletes: whether a value comes back as it was",
                        "Payloads.java",
                        "if (!Objects.equals(value, back)) {",
                        "if (false) {"),
                Mutant.core(
                        "RUN-02",
                        "a refused value is named without its path",
                        "Payloads.java",
                        "changes when it is written as JSON and read back: at \" + path",
                        "changes when it is written as JSON and read back\""),
                Mutant.core(
                        "RUN-15",
                        "a replay asks the cache first",
                        "StepCall.java",
                        "return decoded(recorded.outcome());",
                        "return decoded(cache == null ? recorded.outcome()"
                                + " : cache.get(spot.key()).orElse(recorded.outcome()));"),
                Mutant.core(
                        "RUN-15",
                        "a hit is not recorded",
                        "StepCall.java",
                        "execution.commit(this, source,",
                        "if (source == StepRecord.Source.BODY) execution.commit(this, source,"));
    }

    private static List<Mutant> failures() {
        return List.of(
                Mutant.core(
                        "RUN-03",
                        "the data of a failure is not recorded",
                        "Failures.java",
                        "                data(thrown),",
                        "                Optional.empty(),"),
                Mutant.core(
                        "RUN-03",
                        "a failure that is replayed does not know its step",
                        "StepCall.java",
                        "execution.connection().failed(spot.key(), failed.failure())",
                        "execution.connection().failed(\"\", failed.failure())"),
                Mutant.core(
                        "RUN-03",
                        "causes lose what they say",
                        "StepFailedException.java",
                        "causes.get(i).message()",
                        "\"\""),
                Mutant.core(
                        "RUN-05",
                        "a transient error is recorded as outcome",
                        "ErrorRules.java",
                        "case RECORD_PERMANENT -> !isTransient(thrown);",
                        "case RECORD_PERMANENT -> true;"),
                Mutant.core(
                        "RUN-05",
                        "an attempt is not recorded",
                        "RunExecution.java",
                        "settle(attempt(key, thrown), with(change));",
                        "release(with(change));"),
                Mutant.core(
                        "RUN-05",
                        "of two declared classes the outcome wins, the wider one too",
                        "ErrorRules.java",
                        "other != type && other.isAssignableFrom(type)",
                        "true"),
                Mutant.core(
                        "RUN-05",
                        "a wrapped error counts as its wrapper",
                        "ErrorRules.java",
                        "inner = matching(WRAPPERS, inner).isEmpty() ? null : inner.getCause();",
                        "inner = null;"),
                Mutant.core(
                        "RUN-05",
                        "the workflow's policy stays when a step has its own",
                        "ErrorRules.java",
                        "stepPolicy == null ? policy : stepPolicy",
                        "policy"));
    }

    private static List<Mutant> order() {
        return List.of(
                Mutant.core(
                        "RUN-06",
                        "deletes: the position of a recorded step",
                        "Divergence.java",
                        "if (recorded.position() != asked.position()) {",
                        "if (false) {"),
                Mutant.core(
                        "RUN-06",
                        "deletes: what was recorded and not asked for at the end",
                        "RunExecution.java",
                        "refuseIf(order.endDivergence());",
                        ""),
                Mutant.core(
                        "RUN-06",
                        "the last step may have another name",
                        "Divergence.java",
                        "if (!later && here.isEmpty()) {",
                        "if (!later || here.isEmpty()) {"),
                Mutant.core(
                        "RUN-06",
                        "the report lacks what was asked",
                        "Divergence.java",
                        "spot.key().isEmpty() ? \"nothing more\" : spot.key()",
                        "\"\""),
                Mutant.core(
                        "RUN-08",
                        "deletes: whether a key was asked for before",
                        "CodeOrder.java",
                        "if (!asked.add(key)) {",
                        "if (!asked.add(key) && false) {"),
                Mutant.core(
                        "RUN-08",
                        "the members of a group may have one key",
                        "CodeOrder.java",
                        "if (!asked.add(key)) {",
                        "if (!asked.add(key) && place != Place.GROUP) {"),
                Mutant.core(
                        "RUN-13",
                        "deletes: on which thread a step is asked for",
                        "CodeOrder.java",
                        "if (Thread.currentThread() != owner) {",
                        "if (false) {"),
                Mutant.core(
                        "RUN-13",
                        "a step may be asked for inside a body",
                        "CodeOrder.java",
                        "if (place != expected) {",
                        "if (place != expected && place != Place.BODY) {"),
                Mutant.core(
                        "RUN-13",
                        "a step may be asked for when the workflow has returned",
                        "CodeOrder.java",
                        "if (place != expected) {",
                        "if (place != expected && place != Place.RETURNED) {"));
    }

    private static List<Mutant> identity() {
        return List.of(
                Mutant.core(
                        "RUN-09",
                        "deletes: whether the input is the recorded one",
                        "RunInput.java",
                        "if (!path.isEmpty()) {",
                        "if (false) {"),
                Mutant.core(
                        "RUN-09",
                        "inputs are compared as they are written",
                        "RunInput.java",
                        """
                        if (Objects.equals(old, value)) {
                            return;
                        }
                        String path = payloads.codec().difference(payloads.codec().encode(old, type), json);""".indent(8).strip(),
                        "String path = payloads.codec().difference(recorded, json);"),
                Mutant.core(
                        "RUN-10",
                        "the key leaves the scope of the run out",
                        "IdempotencyKeys.java",
                        "scope + '\\n' + round",
                        "round"),
                Mutant.core(
                        "RUN-10",
                        "the key leaves the round out",
                        "IdempotencyKeys.java",
                        "'\\n' + round + '\\n'",
                        "'\\n'"),
                Mutant.core(
                        "RUN-10",
                        "the key is another one at each attempt",
                        "StepCall.java",
                        "execution.record().round(spot.key()));",
                        "execution.record().round(spot.key()) + (int) attempt());"),
                Mutant.core(
                        "RUN-10",
                        "a run that is saved elsewhere has a scope of its own there",
                        "Restores.java",
                        "connection.grant(null, state.origin())",
                        "connection.grant(null, new EntryBody.Origin(IdempotencyKeys.newScope(),"
                                + " state.origin().input(), java.util.Optional.empty()))"),
                Mutant.core(
                        "RUN-11",
                        "deletes: the versions that are accepted",
                        "spi/HeadRules.java",
                        "if (asked != null && !asked.accepted().contains(head.version())) {",
                        "if (false) {"),
                Mutant.core(
                        "RUN-11",
                        "a workflow resumes no older version",
                        "Workflow.java",
                        "new HashSet<>(builder.resumed)",
                        "new HashSet<>()"));
    }
}
