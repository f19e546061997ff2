// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Ability;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Message;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Received;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.util.ArrayList;
import java.util.List;

/** Payloads, written everywhere a store keeps one: steps, settled entries, grants, messages, the step cache. */
final class Kept {
    private static final String STEPS = "steps";
    private static final String SETTLED = "settled";
    private static final String GRANTED = "granted";
    private static final String SCOPE = "payloads";

    private final Trial trial;
    private final List<Bytes> payloads;
    private final List<Bytes> messages = new ArrayList<>();
    private final List<Bytes> grants = new ArrayList<>();

    Kept(Trial trial, List<Bytes> payloads) {
        this.trial = trial;
        this.payloads = List.copyOf(payloads);
    }

    void write(Instance by) {
        int most = by.store().facts().limits().payloadBytes();
        Lease steps = by.create(STEPS).lease();
        Lease settled = by.create(SETTLED).lease();
        for (int i = 0; i < payloads.size(); i++) {
            Bytes payload = payloads.get(i);
            append(by, steps, i + 1L, payload);
            settle(by, settled, i + 1L, payload);
            if (payload.size() <= most) {
                signal(by, payload);
            }
            cache(by, i, payload);
        }
    }

    /** Writes grants with these bodies: the first of a run, and one over it. */
    void writeGrants(Instance by, List<Bytes> bodies) {
        grants.addAll(bodies);
        for (int i = 0; i < bodies.size(); i++) {
            Bytes body = bodies.get(i);
            NewRun run = new NewRun(Requests.WORKFLOW, 1, Incarnation.random(), Labels.NONE, RunStatus.READY, body, 0);
            grant(by, i, body, new Acquire.Create(run));
            Condition over = Condition.open().over(Condition.Over.LIVE).build();
            grant(by, i, body, new Acquire.Take(over));
        }
    }

    private void grant(Instance by, int i, Bytes body, Acquire.Target target) {
        Acquire request = new Acquire(GRANTED + i, LeaseId.random(), Requests.LASTING, target, body);
        Acquired answer = accepted(body, () -> by.store().acquire(request));
        trial.is(Granted.class, "a grant with a body of " + body.size() + " bytes", answer);
    }

    private <T> T accepted(Bytes payload, java.util.concurrent.Callable<T> call) {
        return Checks.answered(trial, payload.size() + " bytes are taken", call);
    }

    private void append(Instance by, Lease lease, long place, Bytes payload) {
        Entry entry = Requests.entry(lease, place, EntryKind.PLAIN, payload);
        trial.equal(payload.size() + " bytes are", new Appended.Written(), accepted(payload, () -> by.append(entry)));
    }

    private void settle(Instance by, Lease lease, long place, Bytes payload) {
        Entry entry = Requests.entry(lease, place, EntryKind.PLAIN, payload);
        HeadChange held = HeadChange.readyAndHeld().build();
        trial.is(
                Settled.Done.class,
                payload.size() + " bytes are settled",
                accepted(payload, () -> by.store().settle(Settle.of(entry, held))));
    }

    private void signal(Instance by, Bytes payload) {
        Message message = new Message("m" + messages.size(), "approved", payload);
        messages.add(payload);
        trial.equal(
                payload.size() + " bytes are", Signalled.STORED, accepted(payload, () -> by.signal(STEPS, message)));
    }

    private void cache(Instance by, int i, Bytes payload) {
        if (trial.declares(Ability.STEP_CACHE)) {
            CachePut put = new CachePut(new CacheKey(SCOPE, "k" + i), payload, CachePut.FOREVER, Existing.KEEP, 1_000);
            Bytes stands = accepted(payload, () -> by.cache().cachePut(put));
            Checks.sameBytes(trial, "the cached outcome", payload, stands);
        }
    }

    /** Fails unless all of it comes back. */
    void check(Instance who) {
        List<Entry> steps = read(who, STEPS);
        List<Entry> settled = read(who, SETTLED);
        trial.equal("the number of steps is", payloads.size() + 1, steps.size());
        trial.equal("the number of settled entries is", payloads.size() + 1, settled.size());
        for (int i = 0; i < payloads.size(); i++) {
            Checks.sameBytes(
                    trial, "the step", payloads.get(i), steps.get(i + 1).body());
            Checks.sameBytes(
                    trial,
                    "the settled entry",
                    payloads.get(i),
                    settled.get(i + 1).body());
        }
        checkMessages(who);
        checkCache(who);
        checkGrants(who);
    }

    private List<Entry> read(Instance who, String runId) {
        return Checks.answered(trial, "run " + runId + " as it was written", () -> who.entries(runId));
    }

    private void checkMessages(Instance who) {
        List<Received> received = Checks.answered(
                trial, "the messages as they were sent", () -> who.read(STEPS).messages());
        trial.equal("the number of messages is", messages.size(), received.size());
        for (Received one : received) {
            int sent = Integer.parseInt(one.message().id().substring(1));
            Checks.sameBytes(
                    trial, "the message", messages.get(sent), one.message().payload());
        }
    }

    private void checkCache(Instance who) {
        for (int i = 0; trial.declares(Ability.STEP_CACHE) && i < payloads.size(); i++) {
            CacheKey key = new CacheKey(SCOPE, "k" + i);
            Bytes cached = Checks.answered(
                            trial, "a cached outcome", () -> who.cache().cacheGet(key))
                    .orElse(null);
            trial.that(cached != null, "a cached outcome of " + payloads.get(i).size() + " bytes", "nothing");
            if (cached != null) {
                Checks.sameBytes(trial, "the cached outcome", payloads.get(i), cached);
            }
        }
    }

    private void checkGrants(Instance who) {
        for (int i = 0; i < grants.size(); i++) {
            List<Entry> both = read(who, GRANTED + i);
            trial.equal("the number of grants is", 2, both.size());
            for (Entry grant : both) {
                Checks.sameBytes(trial, "the grant", grants.get(i), grant.body());
            }
        }
    }
}
