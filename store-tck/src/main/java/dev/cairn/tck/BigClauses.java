// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.CairnException;
import dev.cairn.error.PayloadTooLargeException;
import dev.cairn.spi.Ability;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Facts;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Message;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Settle;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/** BIG: size. */
interface BigClauses extends KitClauses {
    @Clause(
            id = "BIG-01",
            must = "A payload at the declared limit (≥1 MiB) MUST round-trip by hash after reopen",
            why = "a large result is acknowledged and cannot be read when the run is resumed",
            usualFix = "declare a limit that the database, its driver and its proxies hold: packets, documents, values")
    default void big_01_limitRoundTrips(Trial trial) {
        Instance a = trial.open("A");
        Facts.Limits limits = a.store().facts().limits();
        trial.that(limits.payloadBytes() >= 1 << 20, "a limit of at least 1 MiB for a payload", limits.payloadBytes());
        trial.that(limits.entryBytes() > limits.payloadBytes(), "an entry holds a payload", limits.entryBytes());
        byte[] bytes = new byte[limits.entryBytes()];
        trial.random().nextBytes(bytes);
        Bytes largest = Bytes.adopt(bytes);
        Bytes payload = largest.slice(0, limits.payloadBytes());
        Kept kept = new Kept(trial, List.of(payload, largest));

        kept.write(a);
        kept.writeGrants(a, List.of(largest));

        trial.sameOtherReopened(a).forEach(kept::check);
    }

    @Clause(
            id = "BIG-02",
            must =
                    "Limit+1 MUST be rejected as PayloadTooLarge with no partial write, and the instance MUST stay usable",
            why = "a value that is too large breaks the run, or the connection of all others",
            usualFix = "compare sizes with the declared limits before anything is sent, in every method")
    default void big_02_aboveLimitIsRejected(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Facts.Limits limits = a.store().facts().limits();
        Bytes tooLarge = Bytes.adopt(new byte[limits.entryBytes() + 1]);
        Granted holder = a.create("r");
        a.createFree("free");
        Lease lease = holder.lease();
        Entry entry = Requests.entry(lease, 1, EntryKind.PLAIN, tooLarge);
        Seen before = b.read("r");
        Seen free = b.read("free");

        Appended answer = a.append(entry);
        Appended.Failed failed = trial.is(Appended.Failed.class, "an append that failed", answer);
        trial.is(PayloadTooLargeException.class, "too large", failed.cause());
        tooLarge(a, lease, limits).forEach((what, call) -> {
            trial.throwing(PayloadTooLargeException.class, what + " of limit+1 is too large", call);
            Answers.unchanged(trial, before, b);
            Answers.unchanged(trial, free, b);
            trial.equal("a run of its own:", Optional.empty(), b.find("new"));
        });

        trial.equal("the next step is", new Appended.Written(), a.step(lease, 1, "step"));
        trial.that(b.read("r").texts().equals(List.of("step")), "the next step", "others");
        if (trial.declares(Ability.STEP_CACHE)) {
            trial.equal("in the cache is", Optional.empty(), b.cache().cacheGet(new CacheKey("s", "k")));
        }
        WireChecks.unsentPayloads(trial);
    }

    private static Map<String, Callable<?>> tooLarge(Instance a, Lease lease, Facts.Limits limits) {
        Bytes body = Bytes.adopt(new byte[limits.entryBytes() + 1]);
        Bytes payload = body.slice(0, limits.payloadBytes() + 1);
        NewRun run = new NewRun(Requests.WORKFLOW, 1, Incarnation.random(), Labels.NONE, RunStatus.READY, body, 0);
        Condition open = Condition.open().over(Condition.Over.LIVE).build();
        List<WorkflowVersions> any = List.of(new WorkflowVersions(Requests.WORKFLOW, 1, Set.of(1)));
        Entry entry = Requests.entry(lease, 1, EntryKind.PLAIN, body);
        Map<String, Callable<?>> calls = new LinkedHashMap<>();
        calls.put(
                "a settled entry",
                () -> a.store()
                        .settle(Settle.of(entry, HeadChange.ready(Due.now()).build())));
        calls.put("a message", () -> a.signal("r", new Message("m", "approved", payload)));
        calls.put("the first grant", () -> a.store().acquire(Requests.acquire("new", new Acquire.Create(run))));
        calls.put(
                "the first grant",
                () -> a.store().acquire(Requests.acquire("new", new Acquire.CreateOrTake(run, open))));
        calls.put(
                "a grant",
                () -> a.store()
                        .acquire(
                                new Acquire("free", LeaseId.random(), Requests.LASTING, new Acquire.Take(open), body)));
        calls.put(
                "a grant of a claim",
                () -> a.store().claim(new Claim(LeaseId.random(), any, 1, Requests.LASTING, body)));
        if (a.store() instanceof dev.cairn.spi.StepCacheStore cache) {
            CachePut put = new CachePut(new CacheKey("s", "k"), body, CachePut.FOREVER, Existing.REPLACE, 9);
            calls.put("a cached outcome", () -> cache.cachePut(put));
        }
        return calls;
    }

    @Clause(
            id = "BIG-03",
            must = "A run with 10,000 steps, and a run of 2,000 × 16 KiB, MUST load completely and in order",
            why = "a long run cannot be resumed, or is resumed without its last steps",
            usualFix = "hand a run out in pages, by place; no limit on rows, no offset, no page without its successor")
    default void big_03_longRunsLoadCompletely(Trial trial) {
        Instance a = trial.open("A");
        Lease many = a.create("many").lease();
        Lease large = a.create("large").lease();
        Bytes filler = Bytes.adopt(new byte[16 << 10]);
        for (long place = 1; place <= 10_000; place++) {
            List<Entry> batch = new ArrayList<>(List.of(Requests.step(many, place, "step " + place)));
            if (place <= 2_000) {
                batch.add(Requests.entry(large, place, EntryKind.PLAIN, filled(filler, place)));
            }
            for (Appended answer : a.store().append(batch)) {
                trial.that(answer instanceof Appended.Written, "step " + place + " is written", answer);
            }
        }

        Instance b = trial.open("B");
        for (int pageBytes : List.of(1 << 16, 4 << 20)) {
            complete(trial, Seen.entries(b.store(), "many", pageBytes), 10_000, 0);
        }
        complete(trial, b.entries("large"), 2_000, 16 << 10);
        for (String run : List.of("many", "large")) {
            Granted granted = b.supersede(run);
            List<Entry> handedOver = Seen.entriesOf(b.store(), granted);
            Entry last = handedOver.get(handedOver.size() - 1);
            trial.that(last.isUnder(granted.lease()), "the last entry is the grant itself", last);
            complete(trial, handedOver.subList(0, handedOver.size() - 1), run.equals("many") ? 10_000 : 2_000, 0);
        }
    }

    /** A body of 16 KiB that says which place it is of. */
    private static Bytes filled(Bytes filler, long place) {
        byte[] bytes = filler.toArray();
        byte[] number = Bytes.utf8("step " + place).toArray();
        System.arraycopy(number, 0, bytes, 0, number.length);
        return Bytes.adopt(bytes);
    }

    private static void complete(Trial trial, List<Entry> entries, int steps, int size) {
        trial.equal("the number of entries is", steps + 1, entries.size());
        for (int i = 1; i <= steps; i++) {
            Entry entry = entries.get(i);
            boolean right = entry.place() == i
                    && entry.body().asUtf8().startsWith("step " + i)
                    && (size == 0 || entry.body().size() == size);
            trial.that(right, "step " + i + " at its place", entry);
        }
    }

    @Clause(
            id = "BIG-04",
            must = "100 concurrent 1 MiB writes MUST each be whole or rejected",
            why = "under load a step is recorded with another step's bytes, or half of its own",
            usualFix = "share no buffer or connection between calls; let what does not fit fail typed")
    default void big_04_concurrentLargeWritesAreWhole(Trial trial) {
        int writes = 100;
        int size = 1 << 20;
        List<Instance> instances =
                IntStream.range(0, 4).mapToObj(i -> trial.open("process" + i)).toList();
        byte[] bytes = new byte[size + writes];
        new Random(trial.random().nextLong()).nextBytes(bytes);
        Bytes all = Bytes.adopt(bytes);
        List<Callable<Optional<Appended>>> calls = new ArrayList<>();
        List<Entry> sent = new ArrayList<>();
        for (int i = 0; i < writes; i++) {
            Instance who = instances.get(i % instances.size());
            Lease lease = who.create("r" + i).lease();
            Entry entry = Requests.entry(lease, 1, EntryKind.PLAIN, all.slice(i, i + size));
            sent.add(entry);
            calls.add(() -> unlessFailed(who, entry));
        }

        List<Optional<Appended>> answers = trial.atOnce(calls);

        Instance reader = trial.open("reader");
        for (int i = 0; i < writes; i++) {
            int run = i;
            List<Entry> entries = Checks.answered(trial, "run " + run + " whole", () -> reader.entries("r" + run));
            boolean acknowledged =
                    answers.get(i).filter(Appended.Written.class::isInstance).isPresent();
            trial.that(
                    !acknowledged || entries.size() == 2, "an acknowledged step is there", entries.size() + " entries");
            if (entries.size() == 2) {
                Checks.sameBytes(
                        trial, "the step", sent.get(i).body(), entries.get(1).body());
            }
        }
    }

    private static Optional<Appended> unlessFailed(Instance who, Entry entry) {
        try {
            return Optional.of(who.append(entry));
        } catch (CairnException failed) {
            return Optional.empty();
        }
    }
}
