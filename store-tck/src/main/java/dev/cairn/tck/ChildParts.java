// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Refused.Reason;
import dev.cairn.spi.RunQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What clauses ask of real processes, beside the kills. */
final class ChildParts {
    /** Short, so that its end can be waited for. */
    private static final Duration SHORT = Duration.ofSeconds(1);

    private static final int KEYS = 60;

    private ChildParts() {}

    // --- LEASE-03

    /** The token of a run rises, whichever process has it, and also when one was killed that had it. */
    static void tokensRise(Trial trial) {
        if (!trial.hasChild()) {
            return;
        }
        Child first = trial.child(ChildJvm.PLAIN);
        Child second = trial.child(ChildJvm.PLAIN);
        Instance here = trial.open("here");
        Instance one = trial.inside("first child", first);
        Instance two = trial.inside("second child", second);
        List<Lease> leases = new ArrayList<>();
        String run = "of many processes";
        rises(trial, here, leases, here.create(run).lease());
        for (Instance who : List.of(one, two, here, two, one)) {
            who.free(leases.get(leases.size() - 1));
            rises(trial, here, leases, who.take(run).lease());
        }
        first.kill();
        rises(trial, here, leases, two.supersede(run).lease());
        two.free(leases.get(leases.size() - 1));
        two.claim(100).stream()
                .map(Granted::lease)
                .filter(lease -> lease.runId().equals(run))
                .forEach(lease -> rises(trial, here, leases, lease));
        two.free(leases.get(leases.size() - 1));
        two.delete(run);
        rises(trial, here, leases, here.create(run).lease());
        trial.tried("tokens of three processes", leases.size());
    }

    private static void rises(Trial trial, Instance reader, List<Lease> leases, Lease next) {
        long highest = leases.stream().mapToLong(Lease::token).max().orElse(0);
        trial.that(next.token() > highest, "across processes a token above " + highest, next.token());
        Seen seen = reader.read(next.runId());
        trial.that(seen.head().isHeldBy(next), "a head with the token " + next.token(), seen.head());
        leases.add(next);
    }

    // --- LEASE-12

    /** What a killed process held is held until its deadline, and not a moment longer than that. */
    static void killedHolder(Trial trial) {
        if (!trial.hasChild()) {
            return;
        }
        Child child = trial.child(ChildJvm.PLAIN);
        Instance here = trial.open("here");
        Instance inside = trial.inside("child", child);
        // Each pair has one hash, and so many keys collide in any short one.
        for (int i = 0; i < KEYS; i++) {
            inside.create("Aa" + i);
            Acquire create = Requests.acquire("BB" + i, new Acquire.Create(Requests.newRun()));
            Answers.granted(
                    trial,
                    "run BB" + i + ", beside what another process holds",
                    here.store().acquire(create));
        }
        Lease brief = brief(inside, "brief");
        inside.steps(brief, 1, 2);
        Head held = here.head("brief");
        Instant deadline = held.lease().orElseThrow().deadline();
        child.kill();

        Object early = here.acquire("brief");
        if (here.now().isBefore(deadline)) {
            Answers.refused(trial, Reason.HELD, (dev.cairn.spi.Acquired) early);
            passUntil(trial, here, deadline);
            early = here.acquire("brief");
        }
        for (int i = 0; i < KEYS; i += 10) {
            Answers.refused(trial, Reason.HELD, here.acquire("Aa" + i));
        }
        Granted taken = trial.is(Granted.class, "the run of a killed process, after its deadline", early);
        trial.equal(
                "the steps handed over are",
                List.of("step-1", "step-2"),
                Seen.of(taken.page()).texts());
        trial.tried("leases of a killed process", KEYS);
    }

    private static Lease brief(Instance who, String run) {
        return Instance.granted(
                        who.store().acquire(Requests.acquire(run, new Acquire.Create(Requests.newRun()), SHORT)))
                .lease();
    }

    static void passUntil(Trial trial, Instance who, Instant time) {
        for (Instant now = who.now(); now.isBefore(time); now = who.now()) {
            trial.pass(Duration.ofMillis(Math.max(1, Duration.between(now, time).toMillis())));
        }
    }

    // --- CLAIM-01

    /** The runs of a killed process go to another one, with all that it was told to have written. */
    static void claimedFromTheDead(Trial trial) {
        if (!trial.hasChild()) {
            return;
        }
        Child child = trial.child(ChildJvm.PLAIN);
        Instance here = trial.open("here");
        Instance inside = trial.inside("child", child);
        List<String> runs = IntStream.range(0, 4).mapToObj(i -> "dead-" + i).toList();
        Instant deadline = Instant.MIN;
        for (String run : runs) {
            Lease lease = brief(inside, run);
            inside.steps(lease, 1, 3);
            Instant ends = here.head(run).lease().orElseThrow().deadline();
            deadline = ends.isAfter(deadline) ? ends : deadline;
        }
        child.kill();
        passUntil(trial, here, deadline);

        List<Granted> claimed = here.claim(100);

        trial.equal(
                "of a killed process the runs that are claimed are",
                runs,
                claimed.stream()
                        .map(granted -> granted.lease().runId())
                        .filter(runs::contains)
                        .sorted()
                        .toList());
        for (Granted granted : claimed) {
            if (runs.contains(granted.lease().runId())) {
                trial.equal(
                        "of a killed process the steps handed over are",
                        List.of("step-1", "step-2", "step-3"),
                        Seen.of(granted.page()).texts());
            }
        }
        trial.tried("runs of a killed process", runs.size());
    }

    // --- RT-07

    /** What a process under other settings writes is read here as it reads it, and the other way round. */
    static void otherSettings(Trial trial) {
        if (!trial.hasChild()) {
            return;
        }
        List<ChildJvm> settings = List.of(ChildJvm.TURKISH, ChildJvm.EGYPTIAN);
        List<Child> children = settings.stream().map(trial::child).toList();
        Instance here = trial.open("here");
        for (int i = 0; i < children.size(); i++) {
            ChildJvm.View view = children.get(i).view();
            String name = view.locale() + " " + view.zone() + " " + view.charset();
            settings.get(i).notAsTold(view).ifPresent(problem -> {
                throw new IllegalStateException(problem);
            });
            Instance there = trial.inside(name, children.get(i));
            exchange(trial, here, there, "there " + view.locale());
            exchange(trial, there, here, "here " + view.locale());
            trial.equal("under " + name + " the list is", listed(here), listed(there));
            trial.did("under " + name);
        }
        trial.tried("other settings of a process", children.size());
    }

    private static void exchange(Trial trial, Instance writer, Instance reader, String name) {
        Elsewhere runs = new Elsewhere(name, "");
        Checks.answered(trial, "writes that are told as done under every locale, charset and zone", () -> {
            runs.write(writer);
            return writer;
        });
        runs.check(trial, writer);
        runs.check(trial, reader);
        for (String run : listed(writer)) {
            trial.equal(
                    "run " + Words.quoted(run) + " is for both",
                    writer.find(run).map(Seen::all),
                    reader.find(run).map(Seen::all));
        }
        runs.claim(trial, reader, writer);
    }

    private static List<String> listed(Instance who) {
        return who.listed(RunQuery.all()).stream().map(Head::runId).toList();
    }
}
