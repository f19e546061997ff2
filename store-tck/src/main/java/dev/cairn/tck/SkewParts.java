// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Ability;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Head;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Refused.Reason;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.spi.StoreOptions;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One process whose clock is an hour ahead, one whose clock is an hour behind, and this one. */
final class SkewParts {
    /** Less than a clock is wrong by. */
    private static final Duration HALF = Duration.ofMinutes(30);

    private static final Duration SHORT = Duration.ofSeconds(1);

    private final Trial trial;
    private final Instance here;
    private final Instance ahead;
    private final Instance behind;

    private SkewParts(Trial trial, StoreOptions options) {
        this.trial = trial;
        Child first = trial.child(ChildJvm.skewed(ChildJvm.WRONG), options);
        Child second = trial.child(ChildJvm.skewed(ChildJvm.WRONG.negated()), options);
        here = trial.open("here", options);
        ahead = trial.inside("an hour ahead", first);
        behind = trial.inside("an hour behind", second);
        ChildControl.notWrong(first, ChildJvm.WRONG)
                .or(() -> ChildControl.notWrong(second, ChildJvm.WRONG.negated()))
                .ifPresent(problem -> {
                    throw new IllegalStateException(problem);
                });
    }

    private List<Instance> all() {
        return List.of(here, ahead, behind);
    }

    private void tried() {
        trial.tried("clocks wrong by an hour", 2);
    }

    // --- LEASE-11

    /** Who may hold a lease, and until when, is the same for all three. */
    static void leases(Trial trial) {
        if (!trial.hasSkew()) {
            return;
        }
        SkewParts parts = new SkewParts(trial, trial.options().build());
        for (Instance holder : parts.all()) {
            parts.lasting(holder);
        }
        parts.brief();
        parts.tried();
    }

    private void lasting(Instance holder) {
        String run = "held by one " + holder;
        Lease created = isOfTheStore(() -> holder.create(run).lease());
        isOfTheStore(() -> {
            holder.renew(created, Requests.LASTING);
            return created;
        });
        Lease superseding = isOfTheStore(() -> holder.supersede(run).lease());
        holder.free(superseding);
        Lease taken = isOfTheStore(() -> holder.take(run).lease());
        holder.free(taken);
        isOfTheStore(() -> holder.claim(1).get(0).lease());
    }

    private Lease isOfTheStore(Supplier<Lease> does) {
        Instant before = here.now();
        Lease lease = does.get();
        Instant after = here.now();
        Instant deadline = here.head(lease.runId()).lease().orElseThrow().deadline();
        trial.that(
                !deadline.isBefore(before.plus(Requests.LASTING)) && !deadline.isAfter(after.plus(Requests.LASTING)),
                "whatever the holder's clock says, a deadline " + Requests.LASTING + " after the store's " + before,
                deadline);
        for (Instance other : all()) {
            Answers.refused(trial, Reason.HELD, other.acquire(lease.runId()));
            trial.equal("whatever the claimer's clock says, due are", List.of(), other.claim(10));
        }
        return lease;
    }

    /** Leases that run out go to one whose clock says otherwise. */
    private void brief() {
        Instant latest = Instant.MIN;
        for (Instance holder : all()) {
            Acquire create = Requests.acquire("brief, of one " + holder, new Acquire.Create(Requests.newRun()), SHORT);
            Instance.granted(holder.store().acquire(create));
            Instant deadline = here.head(create.runId()).lease().orElseThrow().deadline();
            latest = deadline.isAfter(latest) ? deadline : latest;
        }
        ChildParts.passUntil(trial, here, latest);
        Answers.granted(trial, "a lease that ran out, by one behind", behind.acquire("brief, of one here"));
        Answers.granted(trial, "a lease that ran out, by one here", here.acquire("brief, of one " + ahead));
        trial.equal(
                "claimed by one ahead are",
                List.of("brief, of one " + behind),
                ahead.claim(10).stream().map(granted -> granted.lease().runId()).toList());
    }

    // --- RET-02

    /** How old a run is, and how old what was left of a deleted one, is the same for all three. */
    static void purges(Trial trial) {
        if (!trial.hasSkew()) {
            return;
        }
        SkewParts parts = new SkewParts(trial, trial.options().fenceTime(HALF).build());
        parts.purge();
        parts.tried();
    }

    private void purge() {
        for (Instance who : all()) {
            Instant before = here.now();
            who.createEnded("ended by one " + who, RunStatus.COMPLETED);
            Instant after = here.now();
            Instant changed = here.head("ended by one " + who).changed();
            trial.that(
                    !changed.isBefore(before) && !changed.isAfter(after),
                    "whatever the holder's clock says, a change between " + before + " and " + after,
                    changed);
        }
        here.createFree("deleted");
        here.delete("deleted");
        List<Head> gone = here.listed(RunQuery.all().among(RunQuery.Among.SWEEPABLE));
        for (Instance who : all()) {
            String by = "by one " + who + ": ";
            trial.equal(by + "purged of those of half an hour ago", new Purge.Purged(0, false), who.purge(HALF, 100));
            for (Head head : gone) {
                trial.equal(
                        by + "fences of less than half an hour ago are",
                        List.of(Erased.KEPT),
                        who.store().erase(List.of(Purge.fences(head))));
            }
        }
        trial.pass(Duration.ofMillis(50));
        behind.purge(Duration.ofMillis(40), 100);
        for (Instance who : all()) {
            String run = "ended by one " + who;
            trial.that(here.find(run).isEmpty(), run + " of 50 ms ago to be gone, by one behind", "a run");
        }
    }

    // --- CACHE-03

    /** How long an outcome lives is the same for all three. */
    static void outcomes(Trial trial) {
        if (!trial.hasSkew() || !trial.declares(Ability.STEP_CACHE)) {
            return;
        }
        SkewParts parts = new SkewParts(trial, trial.options().build());
        for (Instance writer : parts.all()) {
            parts.put(writer, "long", HALF);
            parts.put(writer, "short", SHORT);
        }
        Instant after = parts.here.now();
        parts.looked("long", true);
        ChildParts.passUntil(trial, parts.here, after.plus(SHORT));
        parts.looked("long", true);
        parts.looked("short", false);
        parts.tried();
    }

    private void put(Instance writer, String what, Duration ttl) {
        CacheKey key = new CacheKey("skew " + what, writer.toString());
        writer.cache().cachePut(new CachePut(key, Bytes.utf8(what), ttl, Existing.REPLACE, 1000));
    }

    private void looked(String what, boolean isThere) {
        for (Instance writer : all()) {
            for (Instance reader : all()) {
                CacheKey key = new CacheKey("skew " + what, writer.toString());
                trial.equal(
                        "a " + what + " outcome, put by one " + writer + ", is for one " + reader,
                        isThere ? Optional.of(Bytes.utf8(what)) : Optional.empty(),
                        reader.cache().cacheGet(key));
            }
        }
    }
}
