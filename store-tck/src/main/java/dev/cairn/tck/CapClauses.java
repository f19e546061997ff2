// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.PayloadTooLargeException;
import dev.cairn.spi.Ability;
import dev.cairn.spi.Appended;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Facts;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Message;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StepCacheStore;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.state.Bytes;
import dev.cairn.state.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** CAP: honesty. */
interface CapClauses extends KitClauses {
    @Clause(
            id = "CAP-01",
            must = "Every declared capability MUST work (its pair's positive branch ran)",
            why = "a program that asks what the store can do is told what is not so",
            usualFix = "name in facts() what works, declare the same in the harness, and nothing else")
    default void cap_01_declaredWorks(Trial trial) {
        Instance a = trial.open("A");
        Facts facts = a.store().facts();
        for (Ability ability : Ability.values()) {
            trial.that(
                    !trial.declares(ability) || facts.abilities().contains(ability),
                    "facts that name " + ability + ", which the harness declares",
                    facts.abilities());
        }
        trial.that(
                !trial.declares(Ability.TRANSACTIONAL_STEP),
                "no " + Ability.TRANSACTIONAL_STEP + ", for which there is no operation yet",
                "declared by the harness");
        if (!trial.declares(Ability.STEP_CACHE)) {
            return;
        }
        trial.that(
                a.store() instanceof StepCacheStore,
                "a StepCacheStore",
                a.store().getClass().getSimpleName());
        CacheKey key = new CacheKey("s", "k");
        Bytes outcome = Bytes.utf8("v");
        a.cache().cachePut(new CachePut(key, outcome, CachePut.FOREVER, Existing.KEEP, 10));
        trial.equal("the cached outcome is", Optional.of(outcome), a.cache().cacheGet(key));
    }

    @Clause(
            id = "CAP-02",
            must =
                    "Every undeclared capability MUST refuse as UnsupportedCapability, and the rest of the store MUST still"
                            + " work",
            why = "a call that does nothing looks like one that worked",
            usualFix = "do not implement the interface of an ability that is not there, or refuse every call of it")
    default void cap_02_undeclaredIsRefused(Trial trial) {
        Instance a = trial.open("A");
        for (Ability ability : Ability.values()) {
            trial.that(
                    trial.declares(ability) || !a.store().facts().abilities().contains(ability),
                    "facts without " + ability + ", which the harness does not declare",
                    a.store().facts().abilities());
        }
        if (!trial.declares(Ability.STEP_CACHE)) {
            CacheClauses.requireNoCache(trial, a);
            trial.refusedOk();
        }
        Lease lease = a.create("r").lease();
        trial.is(Appended.Written.class, "a step that is written", a.step(lease, 1, "one"));
        trial.equal("the steps are", List.of("one"), trial.open("B").read("r").texts());
    }

    @Clause(
            id = "CAP-03",
            must = "Every declared limit MUST hold at the limit and be enforced at limit+1",
            why = "a value that is a byte too long is cut, or fails inside the database with half of it written",
            usualFix = "check sizes before anything is sent; declare what the database really takes")
    default void cap_03_limitsHoldAndAreEnforced(Trial trial) {
        Instance a = trial.open("A");
        Facts.Limits limits = a.store().facts().limits();
        trial.that(limits.payloadBytes() >= 1 << 20, "a payload of at least 1 MiB", limits.payloadBytes());
        trial.that(limits.entryBytes() >= limits.payloadBytes(), "an entry that holds a payload", limits.entryBytes());
        trial.that(limits.batchEntries() >= 1, "at least 1 entry in an append", limits.batchEntries());
        trial.that(limits.lanes() >= 1, "at least 1 lane", limits.lanes());
        trial.that(limits.passedOver() >= 0, "passed over by 0 or more", limits.passedOver());

        Lease lease = a.create("r").lease();
        payloads(trial, a, limits.payloadBytes());
        entries(trial, a, lease, limits.entryBytes());
        batch(trial, a, limits.batchEntries());
        lanes(trial, a, limits.lanes());
        keysAndPages(trial, a);
        for (int asked : List.of(1 << 10, 3 << 20)) {
            Instance other = trial.open(
                    "limit " + asked, trial.options().payloadLimit(asked).build());
            trial.equal(
                    "with that option the payload limit is",
                    asked,
                    other.store().facts().limits().payloadBytes());
            payloads(trial, other, asked);
        }
    }

    private static void payloads(Trial trial, Instance who, int limit) {
        long before = who.head("r").signals();
        Message fits = new Message("fits " + limit, "n", Bytes.adopt(new byte[limit]));
        Message tooLarge = new Message("too large " + limit, "n", Bytes.adopt(new byte[limit + 1]));

        trial.equal("a payload at the limit is", Signalled.STORED, who.signal("r", fits));
        trial.throwing(
                PayloadTooLargeException.class, "a payload above the limit refused", () -> who.signal("r", tooLarge));

        trial.equal("the signals are", before + 1, who.head("r").signals());
        boolean whole =
                who.read("r").messages().stream().anyMatch(m -> m.message().equals(fits));
        trial.that(
                whole,
                "the payload at the limit, whole",
                who.read("r").messages().size() + " messages");
    }

    private static void entries(Trial trial, Instance who, Lease lease, int limit) {
        Entry fits = Requests.entry(lease, 1, EntryKind.PLAIN, Bytes.adopt(new byte[limit]));
        Entry tooLarge = Requests.entry(lease, 2, EntryKind.PLAIN, Bytes.adopt(new byte[limit + 1]));

        trial.is(Appended.Written.class, "an entry at the limit written", who.append(fits));
        Appended.Failed failed =
                trial.is(Appended.Failed.class, "an entry above the limit failed", who.append(tooLarge));

        trial.is(PayloadTooLargeException.class, "a payload that is too large", failed.cause());
        trial.equal("the entries are", List.of(fits), who.read("r").counting());
    }

    private static void batch(Trial trial, Instance who, int limit) {
        List<Entry> entries = new ArrayList<>();
        entries.add(Requests.step(who.create("first").lease(), 1, "x"));
        Lease last = who.create("last").lease();
        while (entries.size() < limit - 1) {
            Lease nobody =
                    new Lease("absent " + entries.size(), Incarnation.random(), LeaseId.random(), entries.size() + 1L);
            entries.add(Entry.of(nobody, 1, EntryKind.PLAIN, CommitId.of(nobody.id(), 1), Bytes.empty()));
        }
        if (limit > 1) {
            entries.add(Requests.step(last, 1, "x"));
        }

        List<Appended> answers = who.store().append(entries);

        trial.equal("the number of answers is", entries.size(), answers.size());
        trial.is(Appended.Written.class, "the first of a full batch written", answers.get(0));
        trial.that(
                limit == 1 || answers.get(limit - 1) instanceof Appended.Written,
                "the last of a full batch written",
                answers.get(answers.size() - 1));
        List<Entry> more = new ArrayList<>();
        more.add(Requests.step(who.create("more").lease(), 1, "x"));
        for (int i = 0; i < limit; i++) {
            Lease nobody = new Lease("absent " + i, Incarnation.random(), LeaseId.random(), 1);
            more.add(Entry.of(nobody, 1, EntryKind.PLAIN, CommitId.of(nobody.id(), 1), Bytes.empty()));
        }
        trial.throwing(
                IllegalArgumentException.class,
                "a batch above the limit refused",
                () -> who.store().append(more));
        trial.equal("the steps are", List.of(), who.read("more").texts());
    }

    private static void lanes(Trial trial, Instance who, int lanes) {
        List<Callable<Appended>> calls = new ArrayList<>();
        for (int i = 0; i < Math.min(lanes, 64); i++) {
            Entry step = Requests.step(who.create("lane " + i).lease(), 1, "x");
            calls.add(() -> who.append(step));
        }
        trial.atOnce(calls)
                .forEach(answer -> trial.is(Appended.Written.class, "an append in every lane written", answer));
    }

    private static void keysAndPages(Trial trial, Instance who) {
        String longest = "\u00e9".repeat(Names.MAX_NAME_BYTES / 2) + "x";
        who.create(longest);
        trial.equal("the longest run id is", longest, who.head(longest).runId());
        trial.throwing(
                IllegalArgumentException.class,
                "a run id above the limit refused",
                () -> who.store().signal(longest + "x", Requests.message("m", "n")));
        List<String> found = who.store().list(RunQuery.all().limit(100).build()).runs().stream()
                .map(run -> run.runId())
                .toList();
        trial.that(found.contains(longest) && found.size() <= 100, "a page of up to 100 runs", found);
    }
}
