// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Ability;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Facts;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseTerm;
import dev.cairn.spi.Read;
import dev.cairn.spi.Refused.Reason;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.IntStream;

/** What is tried with a server that is killed and started again. */
final class Restarts {
    private static final int KILLS = 3;
    private static final Duration SHORT = Duration.ofSeconds(3);

    private final Trial trial;
    private final StoreServer server;

    private Restarts(Trial trial) {
        this.trial = trial;
        this.server = trial.server();
    }

    private Instance open(String name) {
        return trial.open(name, server::open, trial.options().build());
    }

    private void restart() {
        trial.did("the server is killed");
        server.kill();
        server.start();
        trial.did("the server is back");
    }

    private static boolean survives(Facts facts) {
        return facts.tier().compareTo(Tier.SERVER_CRASH) >= 0;
    }

    // --- under load

    /** Killed while several threads write through several instances (CRASH-05). */
    static void underLoad(Trial trial) throws Exception {
        new Restarts(trial).killedUnderLoad(Integer.getInteger("tck.serverKills", KILLS));
    }

    private void killedUnderLoad(int kills) throws Exception {
        List<Instance> parties =
                IntStream.rangeClosed(1, 3).mapToObj(i -> open("P" + i)).toList();
        Facts before = parties.get(0).store().facts();
        long acknowledged = 0;
        for (int kill = 1; kill <= kills; kill++) {
            Writers writers = Writers.begin(trial, parties, 2, survives(before));
            writers.await(20 + trial.random().nextInt(300));
            restart();
            writers.stop();
            acknowledged += writers.acknowledged();
            String when = "after kill " + kill + ": ";
            Instance reader = open("reader");
            for (Writer writer : writers.all()) {
                writer.check(when, reader, survives(before));
                if (survives(before)) {
                    writer.finish(when);
                    writer.check(when + "and a repeat: ", reader, true);
                }
                writer.takeOver(when, reader);
            }
            reader.close();
        }
        parties.forEach(who -> sameFacts(before, who.store().facts()));
        trial.tried(kills + " kills of the server, after " + acknowledged + " acknowledged writes", kills);
    }

    /** What the store says has to be as it was, and what the server says itself. */
    private void sameFacts(Facts before, Facts now) {
        trial.equal("after the kills the tier is", before.tier(), now.tier());
        trial.equal("after the kills the settings are", before.settings(), now.settings());
        server.settings()
                .forEach((name, value) -> trial.equal(
                        "the server's setting " + name + " is",
                        value,
                        now.settings().getOrDefault(name, "not stated")));
    }

    // --- idle

    /** One who had connections open, and what it is going to call. */
    private record Idle(Operation what, Instance who, Operation.Prepared call) {}

    /** Killed while nobody calls, and each method called then, on an instance of its own (CRASH-08). */
    static void whileIdle(Trial trial) {
        new Restarts(trial).killedWhileIdle();
    }

    private void killedWhileIdle() {
        Instance preparing = open("preparing");
        List<Idle> idle = new ArrayList<>();
        for (Operation what : operations(survives(preparing.store().facts()))) {
            Instance who = open("A");
            List<Callable<Object>> calls = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                calls.add(who::now);
                calls.add(() -> who.create(trial.freshRun("before")));
            }
            trial.atOnce(calls);
            idle.add(new Idle(what, who, what.on(preparing, trial.freshRun("idle"))));
        }
        restart();
        for (Idle one : idle) {
            String when = one.what() + " after an idle restart: ";
            Told first = Told.of(() -> one.call().call().apply(one.who()));
            trial.that(
                    isDone(first, one)
                            || first.is(StoreUnavailableException.class)
                            || first.is(OutcomeUnknownException.class),
                    when + "the first call done, unavailable or unknown",
                    first);
            Told second = Told.of(() -> one.call().call().apply(one.who()));
            trial.that(isDone(second, one), when + "the second call done", second);
        }
        trial.tried("an idle restart before " + idle.size() + " operations", idle.size());
    }

    private static boolean isDone(Told told, Idle one) {
        return !(told.how() instanceof Throwable) && one.call().done().test(told.how());
    }

    /** Each method of a store at least once; where runs do not outlive the server, those that need none. */
    private List<Operation> operations(boolean survives) {
        List<Operation> all = new ArrayList<>(List.of(
                reads("facts", who -> who.store().facts()),
                reads("list", who -> who.store().list(RunQuery.all().limit(1).build())),
                reads("read", who -> who.store().read(new Read("idle", new Cursor.Start(), 1))),
                StoreOperations.acquires().get(0)));
        if (survives) {
            all.add(StoreOperations.claim());
            all.add(StoreOperations.commits().get(0));
            all.add(StoreOperations.batch());
            all.add(new Operation("end", StoreOperations::end));
            all.add(StoreOperations.renewal());
            all.add(StoreOperations.erasure());
            all.add(new Operation("signal", (by, id) -> {
                by.createFree(id);
                return StoreOperations.signal(id);
            }));
            if (trial.declares(Ability.STEP_CACHE)) {
                all.addAll(StoreOperations.caches());
                all.add(reads("look into the cache", who -> who.cache().cacheGet(new CacheKey("idle", "k"))));
            }
        }
        return all;
    }

    private static Operation reads(String name, Function<Instance, Object> call) {
        return new Operation(name, (by, id) -> new Operation.Prepared(call, answer -> true, reader -> List.of()));
    }

    // --- leases

    /** Tokens go on rising, and lease ids stay used, when the server comes back (LEASE-03); where there is one. */
    static void tokensRise(Trial trial) {
        if (trial.hasServer()) {
            new Restarts(trial).tokensRiseOverKill();
        }
    }

    private void tokensRiseOverKill() {
        Instance a = open("A");
        if (!survives(a.store().facts())) {
            trial.tried("no kill of the server: the store's tier says that nothing outlives it", 0);
            return;
        }
        Lease first = a.create("held").lease();
        Lease held = a.supersede("held").lease();
        Lease free = a.create("free").lease();
        a.free(free);
        Lease deleted = a.create("deleted").lease();
        a.free(deleted);
        a.delete("deleted");

        restart();
        Instance b = open("B");

        rises(b, held, b.supersede("held").lease());
        rises(b, free, b.take("free").lease());
        rises(b, deleted, b.create("deleted").lease());
        Seen before = b.read("held");
        for (Lease old : List.of(first, held)) {
            Acquire again = new Acquire(
                    "held",
                    old.id(),
                    Requests.LASTING,
                    new Acquire.Take(Condition.open().build()),
                    Requests.grant());
            Answers.refused(trial, Reason.HELD, b.store().acquire(again));
            Answers.unchanged(trial, before, b);
        }
        trial.tried("a kill of the server between grants", 1);
    }

    private void rises(Instance reader, Lease before, Lease next) {
        String run = "over a kill of the server, run " + next.runId() + ": ";
        trial.that(next.token() > before.token(), run + "a token above " + before.token(), next.token());
        trial.that(reader.read(next.runId()).fold().isHeldBy(next), run + "a grant that counts", "one that does not");
    }

    /** A lease is the holder's until its deadline, whatever the server does (LEASE-12); where there is one. */
    static void leasesStay(Trial trial) {
        if (trial.hasServer()) {
            new Restarts(trial).leasesOutliveKill();
        }
    }

    private void leasesOutliveKill() {
        Instance a = open("A");
        if (!survives(a.store().facts())) {
            trial.tried("no kill of the server: the store's tier says that nothing outlives it", 0);
            return;
        }
        Lease lasting = a.create("lasting").lease();
        Acquire brief = Requests.acquire("brief", new Acquire.Create(Requests.newRun()), SHORT);
        Instance.granted(a.store().acquire(brief));
        List<Head> before = List.of(a.head("lasting"), a.head("brief"));

        restart();
        Instance b = open("B");

        trial.equal(
                "after a kill of the server the deadlines are",
                deadlines(before),
                deadlines(List.of(b.head("lasting"), b.head("brief"))));
        trial.equal("after a kill of the server the heads are", before, List.of(b.head("lasting"), b.head("brief")));
        Answers.refused(trial, Reason.HELD, b.acquire("lasting"));
        trial.is(Appended.Written.class, "the holder's step written", b.step(lasting, 1, "one"));
        trial.is(Renewed.Held.class, "held", b.renew(lasting, Requests.LASTING));
        takenAtDeadline(b, before.get(1).lease().orElseThrow().deadline());
        Answers.granted(trial, "after the deadline a lease for another", b.acquire("brief"));
        trial.tried("a kill of the server under two leases", 1);
    }

    private static List<Optional<Instant>> deadlines(List<Head> heads) {
        return heads.stream().map(head -> head.lease().map(LeaseTerm::deadline)).toList();
    }

    /** Asks until it is granted, which may not be before the deadline. */
    private void takenAtDeadline(Instance b, Instant deadline) {
        Instant asked = b.now();
        while (asked.isBefore(deadline)) {
            boolean granted = b.acquire("brief") instanceof Granted;
            Instant answered = b.now();
            trial.that(
                    !granted || !answered.isBefore(deadline),
                    "no lease for another before the deadline " + deadline,
                    "one at " + answered);
            if (granted) {
                b.free(b.head("brief").standing().orElseThrow());
                return;
            }
            trial.pass(Duration.between(answered, deadline).dividedBy(2).plusMillis(20));
            asked = b.now();
        }
    }
}
