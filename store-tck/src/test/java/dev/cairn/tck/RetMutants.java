// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.RunQuery;
import dev.cairn.state.RunStatus;
import java.util.ArrayList;
import java.util.List;

/** Stores that are wrong about purges. */
final class RetMutants {
    private RetMutants() {}

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>(paths());
        all.addAll(ages());
        all.addAll(reopened());
        return all;
    }

    private static List<Mutant> paths() {
        return List.of(
                Mutant.core(
                        "RET-01",
                        "takes signals for a run that is gone",
                        "spi/HeadRules.java",
                        "if (found.isEmpty() || found.get().status() == RunStatus.GONE) {\n            return Signalled.ABSENT;",
                        "if (found.isEmpty()) {\n            return Signalled.ABSENT;"),
                Mutant.sqlite(
                        "RET-01",
                        "reads a run that is gone",
                        "SqliteStateStore.java",
                        ".filter(head -> head.status() != RunStatus.GONE && isIn(head, request.from()))",
                        ".filter(head -> isIn(head, request.from()))"),
                Mutant.sqlite(
                        "RET-01",
                        "leaves the inbox of a purged run to the next one",
                        "SqliteJournal.java",
                        "        session.update(DELETE_MESSAGES, \"number\", number);\n",
                        ""));
    }

    private static List<Mutant> ages() {
        String age = "&& (unchangedFor.isZero() || !head.changed().isAfter(storeNow.minus(unchangedFor)))";
        return List.of(
                Mutant.core(
                        "RET-02",
                        "counts the age of a run from its creation",
                        "spi/RunQuery.java",
                        age,
                        age.replace("changed()", "created()")),
                Mutant.core("RET-02", "deletes: the age of a purge", "spi/RunQuery.java", age, ""),
                Mutant.sqlite(
                        "RET-02",
                        "counts the age of a run from its creation",
                        "SqliteHeads.java",
                        "changed <= :now - :age",
                        "created <= :now - :age"),
                Mutant.core("RET-03", "takes an age that is negative", "spi/RunQuery.java", "age.isNegative() || ", ""),
                Mutant.core(
                        "RET-03",
                        "deletes: the highest age",
                        "spi/RunQuery.java",
                        " || age.compareTo(Duration.ofDays(36_500)) > 0",
                        ""),
                Mutant.sqlite(
                        "RET-03",
                        "keeps an age in 32 bits",
                        "SqliteHeads.java",
                        "Millis.ceil(Instant.EPOCH.plus(asked.unchangedFor()))",
                        "(int) Millis.ceil(Instant.EPOCH.plus(asked.unchangedFor()))"),
                Mutant.sqlite(
                        "RET-04", "says that nothing remains", "SqliteHeads.java", "LIMIT :limit + 1", "LIMIT :limit"),
                Mutant.store("RET-04", "erases all ended runs where it is asked for some", store -> new Wrong(store) {
                    @Override
                    public List<Erased> erase(List<Erase> erases) {
                        List<Erased> answers = super.erase(erases);
                        if (erases.stream().anyMatch(Erase.Ended.class::isInstance)) {
                            RunQuery ended =
                                    RunQuery.all().status(RunStatus.CANCELLED).build();
                            right.list(ended).runs().forEach(head -> right.erase(List.of(Purge.ended(head))));
                        }
                        return answers;
                    }
                }));
    }

    private static List<Mutant> reopened() {
        return List.of(
                Mutant.core(
                        "RET-05",
                        "deletes: the status, in an erase of an ended run",
                        "spi/HeadRules.java",
                        "head.status().isTerminal()\n                        && isAsListed(head, erase",
                        "isAsListed(head, erase"),
                Mutant.core(
                        "RET-05",
                        "deletes: the token, in an erase of an ended run",
                        "spi/HeadRules.java",
                        "&& isAsListed(head, erase.incarnation(), erase.token(), erase.changed())",
                        "&& isAsListed(head, erase.incarnation(), head.token(), head.changed())"),
                Mutant.sqlite(
                        "RET-05",
                        "deletes: the token, in an erase of an ended run",
                        "SqliteRuns.java",
                        "HeadRules.erase(ended, found, session.now());",
                        "HeadRules.erase(new Erase.Ended(ended.runId(), ended.incarnation(),"
                                + " found.map(Head::token).orElse(1L), found.map(Head::changed).orElse(ended.changed())),"
                                + " found, session.now());"));
    }
}
