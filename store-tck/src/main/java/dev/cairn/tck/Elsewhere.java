// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Claim;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.RunStatus;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;

/** A process in another part of the world: its locale and time zone, and the runs that it writes. */
record Elsewhere(String locale, String zone) {
    private static final String TITLE = "TITLE Iıİi 123";
    private static final Instant DUE = Instant.parse("9000-07-01T02:30:00.123Z");

    /** From now on this process is there. */
    void enter() {
        Locale.setDefault(Locale.forLanguageTag(locale));
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
    }

    private String workflow() {
        return "FULFIL " + locale;
    }

    private String run(String what) {
        return what + " Iıİi 123 " + locale;
    }

    /** A run that failed, one that waits, and one that is free. */
    void write(Instance by) {
        Labels labels = Labels.of(Map.of("TITLE", TITLE));
        by.create(run("failed"), Requests.newRun(workflow(), labels, RunStatus.READY));
        Lease failed = by.supersede(run("failed")).lease();
        by.steps(failed, 2, 12);
        Instance.done(by.end(failed, 14, RunStatus.FAILED));
        Lease waiting = by.create(run("waits"), Requests.newRun(workflow(), labels, RunStatus.READY))
                .lease();
        Instance.done(by.suspend(waiting, 1, Optional.of(DUE), 0, TITLE));
        by.signal(run("waits"), Requests.message(TITLE, "Iıİi"));
        by.free(by.create(run("free"), Requests.newRun(workflow(), labels, RunStatus.READY))
                .lease());
    }

    /** Fails unless all of it is found and is as it was written. */
    void check(Trial trial, Instance who) {
        Checks.answered(trial, "the same answers under every locale and time zone", () -> {
            checkRuns(trial, who);
            return who;
        });
    }

    private void checkRuns(Trial trial, Instance who) {
        Seen failed = who.read(run("failed"));
        trial.equal("the status is", RunStatus.FAILED, failed.head().status());
        trial.equal("the number of entries is", 15L, failed.length());
        trial.equal("the steps are", List.of("step-2", "step-3"), failed.texts().subList(0, 2));
        Seen waiting = who.read(run("waits"));
        trial.equal("the status is", RunStatus.SUSPENDED, waiting.head().status());
        trial.equal("the run is due at", Optional.of(DUE), waiting.head().due());
        trial.equal("the run waits for", Set.of(TITLE), waiting.head().awaits());
        trial.equal(
                "the signal id is", TITLE, waiting.messages().get(0).message().id());
        trial.equal("the label is", TITLE, waiting.head().labels().all().getOrDefault("TITLE", ""));
        checkListings(trial, who, failed.head());
    }

    private void checkListings(Trial trial, Instance who, Head failed) {
        RunQuery.Builder mine = RunQuery.all().workflow(workflow()).label("TITLE", TITLE);
        trial.equal(
                "listed as failed is",
                List.of(run("failed")),
                ids(who.store().list(mine.status(RunStatus.FAILED).build())));
        Instant created = failed.created();
        RunQuery.Builder then = RunQuery.all().prefix(run("failed")).created(created, created.plusMillis(1));
        trial.equal(
                "created in that millisecond is",
                List.of(run("failed")),
                ids(who.store().list(then.build())));
        RunPage first =
                who.store().list(RunQuery.all().workflow(workflow()).limit(2).build());
        String token = first.next().orElseThrow();
        RunPage second = who.store()
                .list(RunQuery.all().workflow(workflow()).limit(2).after(token).build());
        trial.equal(
                "the runs of both pages are",
                3,
                first.runs().size() + second.runs().size());
    }

    private static List<String> ids(RunPage page) {
        return page.runs().stream().map(Head::runId).toList();
    }

    /** Claims the free run there, after it was looked at under the other locale. */
    void claim(Trial trial, Instance base, Instance there) {
        List<WorkflowVersions> asked = List.of(new WorkflowVersions(workflow(), 1, Set.of(1)));
        Claim claim = new Claim(LeaseId.random(), asked, 1, Requests.LASTING, Requests.grant());
        List<Granted> claimed = Checks.answered(
                trial, "a claim of the free run", () -> there.store().claim(claim));
        trial.equal("the number of claimed runs is", 1, claimed.size());
        trial.equal("the claimed run is", run("free"), claimed.get(0).lease().runId());
        trial.that(
                base.head(run("free")).isHeldBy(claimed.get(0).lease()),
                "the claimed run is held",
                base.head(run("free")));
    }
}
