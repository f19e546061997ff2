// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.util.List;
import java.util.Optional;

/** A holder that wrote two steps, what then became of its run, and what arrives of it afterwards. */
final class LateCommits {
    /** What became of the run. */
    enum When {
        SUPERSEDED,
        FORGOTTEN,
        ENDED,
        DELETED,
        CREATED_ANEW,
        RESTORED
    }

    private static final Bytes LATE = Bytes.utf8("late");

    private final Trial trial;
    private final Instance by;
    private final String run;
    private final Lease lease;
    private final List<Entry> steps;
    private final When when;
    private Optional<Seen> before = Optional.empty();

    private LateCommits(Trial trial, Instance by, When when) {
        this.trial = trial;
        this.by = by;
        this.when = when;
        this.run = "run " + when;
        this.lease = by.create(run).lease();
        this.steps = List.of(Requests.step(lease, 1, "one"), Requests.step(lease, 2, "two"));
        steps.forEach(by::append);
    }

    static LateCommits happened(Trial trial, Instance by, When when) {
        LateCommits late = new LateCommits(trial, by, when);
        late.happen();
        return late;
    }

    private void happen() {
        switch (when) {
            case SUPERSEDED -> by.steps(by.supersede(run).lease(), 4, 1);
            case FORGOTTEN -> by.append(Requests.entry(lease, 3, new EntryBody.Forgotten(List.of("two"))));
            case ENDED -> Instance.done(by.end(lease, 3, RunStatus.COMPLETED));
            case DELETED -> delete();
            case CREATED_ANEW -> {
                delete();
                by.steps(by.create(run).lease(), 1, 1);
            }
            case RESTORED -> {
                by.free(lease);
                Instance.done(by.restore(run, by.revision(run), "one", "restored"));
            }
        }
        before = by.find(run);
    }

    private void delete() {
        by.free(lease);
        by.delete(run);
    }

    private boolean isGone() {
        return when == When.DELETED || when == When.CREATED_ANEW || when == When.RESTORED;
    }

    /** Everything arrives: the steps again, and the third one, which was never answered. */
    void arrive(Instance who) {
        for (Entry step : steps) {
            Appended answer = who.append(step);
            if (isGone()) {
                notAcknowledged(step, answer);
            } else {
                trial.equal(when + ": a step that arrives again is", new Appended.Taken(step), answer);
            }
            asBefore(who);
        }
        Entry third = Requests.entry(lease, 3, EntryKind.PLAIN, LATE);
        notAcknowledged(third, who.append(third));
        asBefore(who);
        Settled settled = who.store()
                .settle(Settle.of(
                        Requests.end(lease, 3, RunStatus.FAILED),
                        HeadChange.ended(RunStatus.FAILED).build()));
        trial.that(!(settled instanceof Settled.Done), when + ": a late end is refused", settled);
        asBefore(who);
        if (when != When.FORGOTTEN) { // there it is the holder's next place
            who.append(Requests.entry(lease, 4, EntryKind.PLAIN, LATE));
            asBefore(who);
        }
    }

    private void notAcknowledged(Entry entry, Appended answer) {
        boolean acknowledged = answer instanceof Appended.Written
                || (answer instanceof Appended.Taken taken && taken.entry().equals(entry));
        trial.that(!acknowledged, when + ": a late commit is not acknowledged", answer);
    }

    /** What counts is as it was; what lies beside it lies at its own place. */
    private void asBefore(Instance who) {
        Optional<Seen> now = who.find(run);
        trial.equal(when + ": the run is there", before.isPresent(), now.isPresent());
        if (before.isPresent() && now.isPresent()) {
            trial.equal(
                    when + ": what counts is",
                    before.get().counting(),
                    now.get().counting());
            trial.equal(
                    when + ": the revision is",
                    before.get().revision(),
                    now.get().revision());
            Answers.unchanged(trial, before.get(), who);
            for (Entry entry : now.get().entries()) {
                boolean elsewhere = entry.body().equals(LATE)
                        && !entry.commitId()
                                .equals(Requests.step(lease, entry.place(), "").commitId());
                trial.that(!elsewhere, when + ": a late commit stands at its own place or nowhere", entry);
            }
        }
    }
}
