// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.HeadRules;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Message;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.Revision;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One of the two stores in lock-step, and what its callers remember. Asks only what core would ask. An answer in words
 * leaves out what a store may choose: tokens but for their order, times but for past or future, where pages end, and what
 * a refused acquirer leaves of its lease ({@link Seen#isSameRunAs}).
 */
final class LockStepSide {
    /** What is done. */
    enum Verb {
        CREATE(6),
        CREATE_OR_TAKE(6),
        TAKE(14),
        ACQUIRE_AGAIN(4),
        CLAIM(7),
        STEP(20),
        STEP_AGAIN(4),
        RENEW(5),
        SETTLE(10),
        SUSPEND(6),
        END(4),
        STALE(4),
        DELETE(4),
        RESTORE(3),
        SIGNAL(9),
        READ(6),
        LIST(3),
        ERASE(3),
        CACHE(4);

        private static final List<Verb> DRAWN = Arrays.stream(values())
                .flatMap(verb -> java.util.Collections.nCopies(verb.weight, verb).stream())
                .toList();
        private final int weight;

        Verb(int weight) {
            this.weight = weight;
        }

        static Verb drawn(Random random) {
            return DRAWN.get(random.nextInt(DRAWN.size()));
        }
    }

    /** What a holder knows. */
    private static final class Held {
        private final Lease lease;
        private final @Nullable Acquire request;
        private boolean arriving;
        private boolean expired;
        private long place;
        private long commits;
        private @Nullable Entry last;

        private Held(Lease lease, @Nullable Acquire request, boolean arriving, long place) {
            this.lease = lease;
            this.request = request;
            this.arriving = arriving;
            this.place = place;
        }
    }

    /** The answer where nobody is in a position to ask. */
    private static final String NOTHING = "-";

    private static final Set<Verb> HOLDING = Set.of(Verb.STEP, Verb.RENEW, Verb.SETTLE, Verb.SUSPEND, Verb.END);
    private static final Set<Verb> TAKING =
            Set.of(Verb.CREATE_OR_TAKE, Verb.TAKE, Verb.ACQUIRE_AGAIN, Verb.SETTLE, Verb.DELETE, Verb.RESTORE);

    private static final Instant PAST = Instant.ofEpochMilli(86_400_000);
    private static final Instant LATER = Instant.parse("2200-01-01T00:00:00Z");
    private static final List<String> NAMES = List.of("x", "y", "z");

    private final Instance store;
    private final Optional<LockStepSide> leader;
    private final boolean hasCache;
    private final Map<String, Held> holders = new HashMap<>();
    private final Map<String, Held> stale = new HashMap<>();
    private final Map<String, Long> highest = new HashMap<>();
    private final Map<String, List<Incarnation>> incarnations = new HashMap<>();
    private List<String> claimed = List.of();

    /** With a leader, claims what that one claimed: which of the due runs a claim takes is the store's choice. */
    LockStepSide(Instance store, Optional<LockStepSide> leader, boolean hasCache) {
        this.store = store;
        this.leader = leader;
        this.hasCache = hasCache;
    }

    /** What the store answers, in words. */
    String answer(LockStep.Op op) {
        try {
            String words = done(op, op.runId(), new Random(op.bits()));
            return words.equals(NOTHING) ? instead(op, new Random(op.bits() + 1)) : words;
        } catch (RuntimeException e) {
            return "threw " + Thrown.name(e);
        }
    }

    private String done(LockStep.Op op, String asked, Random random) {
        String runId = switch (op.verb()) {
            case STEP, RENEW, SETTLE, SUSPEND, END -> withHolder(asked, random);
            default -> asked;
        };
        String words = asked(op, runId, random);
        if (TAKING.contains(op.verb())) {
            tidy(runId, words.startsWith("refused"));
        }
        return words;
    }

    private String asked(LockStep.Op op, String runId, Random random) {
        return switch (op.verb()) {
            case CREATE -> acquired(acquire(runId, new Acquire.Create(newRun(runId, random)), random));
            case CREATE_OR_TAKE -> createOrTake(runId, random);
            case TAKE -> acquired(acquire(runId, new Acquire.Take(condition(runId, random)), random));
            case ACQUIRE_AGAIN -> acquireAgain(runId, random);
            case CLAIM -> claim(random);
            case STEP -> step(runId, random);
            case STEP_AGAIN -> stepAgain(random.nextBoolean() ? holders.get(runId) : stale.get(runId));
            case RENEW -> renew(holders.get(runId), random);
            case SETTLE -> settle(runId, random);
            case SUSPEND -> suspend(runId, random);
            case END -> end(runId, random);
            case STALE -> stale(runId, random);
            case DELETE -> delete(runId, random);
            case RESTORE -> restore(runId, random);
            case SIGNAL -> signal(runId, random);
            case READ -> read(runId);
            case LIST -> list(random);
            case ERASE -> erase(runId, random);
            case CACHE -> cache(random);
        };
    }

    /** Where there is nobody to ask: somebody comes, or looks. */
    private String instead(LockStep.Op op, Random random) {
        String runId = op.runId();
        if (!HOLDING.contains(op.verb())) {
            return read(runId);
        }
        String words = createOrTake(runId, random);
        tidy(runId, words.startsWith("refused"));
        return words;
    }

    /**
     * What a refused acquirer left of its lease, or found there, goes, as it does when somebody comes by; and what is left
     * on a run that waits, as a claim may wake it then (CLAIM-05), or has ended, as a store may keep it from a purge and doubt its head.
     */
    private void tidy(String runId, boolean isRefused) {
        store.find(runId)
                .filter(seen -> seen.head().lease().isPresent()
                        && !seen.head().isLeased(seen.storeTime())
                        && (seen.head().status() == RunStatus.SUSPENDED
                                || seen.head().status().isTerminal()
                                || isRefused))
                .ifPresent(seen -> free(runId));
    }

    /** The run, if it has a holder, else another one that has. */
    private String withHolder(String runId, Random random) {
        List<String> held = holders.entrySet().stream()
                .filter(each -> !each.getValue().expired)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return held.isEmpty() || held.contains(runId) ? runId : held.get(random.nextInt(held.size()));
    }

    // --- leases

    private NewRun newRun(String runId, Random random) {
        List<Incarnation> used = incarnations.getOrDefault(runId, List.of());
        Incarnation incarnation = used.isEmpty() || random.nextInt(8) > 0
                ? new Incarnation(id(random))
                : used.get(random.nextInt(used.size()));
        boolean arrives = random.nextInt(4) == 0;
        return new NewRun(
                random.nextBoolean() ? "a" : "b",
                1 + random.nextInt(2),
                incarnation,
                random.nextBoolean() ? Labels.NONE : Labels.of(Map.of("l", "v" + random.nextInt(2))),
                arrives ? RunStatus.ARRIVING : RunStatus.READY,
                Requests.origin(),
                arrives ? random.nextInt(4) : 0);
    }

    /** As a worker asks, whose workflow has one name and one version. */
    private String createOrTake(String runId, Random random) {
        NewRun run = newRun(runId, random);
        Condition condition = condition(runId, random);
        WorkflowVersions workflow =
                condition.workflow().orElse(new WorkflowVersions(run.workflow(), run.version(), Set.of(run.version())));
        NewRun same = new NewRun(
                workflow.workflow(),
                workflow.version(),
                run.incarnation(),
                run.labels(),
                run.arrival(),
                run.grant(),
                run.sourceToken());
        return acquired(acquire(runId, new Acquire.CreateOrTake(same, condition), random));
    }

    private Condition condition(String runId, Random random) {
        Condition.Builder condition = random.nextInt(5) == 0 ? Condition.failed() : Condition.open();
        boolean live = random.nextInt(3) == 0;
        condition.over(live ? Condition.Over.LIVE : Condition.Over.EXPIRED);
        if (random.nextInt(6) == 0) {
            condition.butNot(RunStatus.BLOCKED);
        }
        if (random.nextInt(4) == 0) {
            condition.of(workflow(random));
        }
        int expects = random.nextInt(6);
        // Nobody asks for a live lease at a revision: refused, a store may have ended that lease already.
        Optional<Seen> seen = expects < 2 && !live ? store.find(runId) : Optional.empty();
        seen.ifPresent(now -> condition.at(
                new Revision(now.revision().incarnation(), now.revision().count() + expects)));
        return condition.build();
    }

    private static WorkflowVersions workflow(Random random) {
        return new WorkflowVersions(
                random.nextInt(4) > 0 ? "a" : "b", 2, random.nextInt(4) > 0 ? Set.of(1, 2) : Set.of(2));
    }

    private static UUID id(Random random) {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private Acquire acquire(String runId, Acquire.Target target, Random random) {
        return new Acquire(runId, new LeaseId(id(random)), Requests.LASTING, target, Requests.grant());
    }

    private String acquired(Acquire request) {
        Acquired answer = store.store().acquire(request);
        return answer instanceof Granted granted ? granted(granted, request) : words((Refused) answer);
    }

    private String granted(Granted granted, @Nullable Acquire request) {
        Lease lease = granted.lease();
        Seen seen = granted.page().next().isEmpty() ? Seen.of(granted.page()) : store.read(lease.runId());
        Held before = holders.get(lease.runId());
        String token = token(lease, before);
        if (before == null || !before.lease.equals(lease)) {
            retire(lease.runId());
            boolean arriving = seen.head().status() == RunStatus.ARRIVING;
            holders.put(lease.runId(), new Held(lease, request, arriving, seen.length()));
            incarnations.computeIfAbsent(lease.runId(), r -> new ArrayList<>()).add(lease.incarnation());
        }
        boolean own = seen.fold().isHeldBy(lease);
        return "granted with " + token + (own ? "" : ", which does not count") + ", time left "
                + !granted.timeLeft().isZero() + ": "
                + words(seen, !granted.timeLeft().isZero());
    }

    private String token(Lease lease, @Nullable Held before) {
        if (before != null && before.lease.id().equals(lease.id())) {
            return before.lease.token() == lease.token() ? "the same token" : "another token for the same lease";
        }
        Long known = highest.put(lease.runId(), lease.token());
        return known == null || known < lease.token() ? "a token above all before" : "a token that is not above";
    }

    private void retire(String runId) {
        Held old = holders.remove(runId);
        if (old != null) {
            stale.put(runId, old);
        }
    }

    private String acquireAgain(String runId, Random random) {
        Held held = random.nextInt(3) > 0 ? holders.get(runId) : stale.get(runId);
        boolean now = store.find(runId)
                .filter(seen -> held != null && seen.head().incarnation().equals(held.lease.incarnation()))
                .isPresent();
        if (held == null || held.request == null || held.expired || !now || isStaleOverLive(held)) {
            return NOTHING;
        }
        Acquired answer = store.store().acquire(held.request);
        if (answer instanceof Granted granted) {
            return granted(granted, held.request);
        }
        // Of a lease that was used before and is over, every reason is true that there is.
        return held.equals(stale.get(runId)) ? "refused" : words((Refused) answer);
    }

    /** Who took a live lease, and lost his own since, does not ask again: a store may end the live one before it refuses. */
    private boolean isStaleOverLive(Held held) {
        Acquire.Target target = held.request == null ? null : held.request.target();
        Optional<Condition> condition = target instanceof Acquire.Take take
                ? Optional.of(take.condition())
                : target instanceof Acquire.CreateOrTake either ? Optional.of(either.condition()) : Optional.empty();
        return held.equals(stale.get(held.lease.runId()))
                && condition.filter(each -> each.over() == Condition.Over.LIVE).isPresent();
    }

    private String claim(Random random) {
        List<WorkflowVersions> workflows = List.of(workflow(random));
        Claim claim = new Claim(new LeaseId(id(random)), workflows, 3, Requests.LASTING, Requests.grant());
        List<Granted> granted = leader.isEmpty()
                ? store.store().claim(claim)
                : leader.get().claimed.stream()
                        .map(runId -> store.store().acquire(HeadRules.claimOne(claim, runId, workflows.get(0))))
                        .filter(Granted.class::isInstance)
                        .map(Granted.class::cast)
                        .toList();
        claimed = granted.stream().map(each -> each.lease().runId()).toList();
        List<String> words = granted.stream()
                .map(each -> each.lease().runId() + " " + granted(each, null))
                .toList();
        return "claimed " + words;
    }

    private String renew(@Nullable Held held, Random random) {
        if (held == null || held.expired) {
            return NOTHING;
        }
        Renewed answer = store.store()
                .renew(List.of(new Renewal(held.lease, Requests.LASTING, "p" + random.nextInt(3))))
                .get(0);
        return answer.toString();
    }

    // --- entries and heads

    private String step(String runId, Random random) {
        Held held = holders.get(runId);
        if (held == null || held.expired) {
            return NOTHING;
        }
        Bytes body = EntryCodec.encode(new EntryBody.Forgotten(List.of("k" + random.nextInt(1000))));
        for (int tries = 0; ; tries++) {
            Entry entry = commit(held, EntryKind.PLAIN, body);
            Appended answer = store.append(entry);
            if (answer instanceof Appended.Taken taken && isBelow(taken.entry(), held) && tries < 10) {
                held.place++; // by an entry that does not count (STEP-10)
            } else {
                return appended(held, entry, answer);
            }
        }
    }

    private static boolean isBelow(Entry there, Held held) {
        return there.kind().isGrant() && there.lease().token() < held.lease.token();
    }

    private static Entry commit(Held held, EntryKind kind, Bytes body) {
        return Entry.of(held.lease, held.place, kind, CommitId.of(held.lease.id(), held.commits + 1), body);
    }

    private static String appended(Held held, Entry entry, Appended answer) {
        if (answer instanceof Appended.Written) {
            held.last = entry;
            held.place++;
            held.commits++;
            return "written";
        }
        return there(entry, answer);
    }

    private static String there(Entry entry, Appended answer) {
        boolean same = answer instanceof Appended.Taken taken && taken.entry().equals(entry);
        return same ? "there already" : answer instanceof Appended.Failed ? Words.of(answer) : "refused";
    }

    private String stepAgain(@Nullable Held held) {
        return held == null || held.last == null ? NOTHING : there(held.last, store.append(held.last));
    }

    private String settle(String runId, Random random) {
        Held held = holders.get(runId);
        if (held == null || held.expired) {
            return NOTHING;
        }
        HeadChange.Builder change = HeadChange.ready(due(random));
        int kind = random.nextInt(10);
        if (kind == 0) {
            change = HeadChange.expired();
        } else if (!held.arriving && kind < 3) {
            change = HeadChange.blocked("why " + random.nextInt(3), due(random));
        } else if (!held.arriving && kind < 4) {
            change = HeadChange.freed();
        }
        if (kind > 0 && sleeps(runId)) {
            change = HeadChange.freed(); // nothing else follows from the journal
        } else {
            decorate(change, random);
        }
        String answer = settled(store.store().settle(Settle.of(held.lease, change.build())));
        if (kind == 0) {
            held.expired = true;
        } else if (answer.startsWith("done")) {
            retire(runId);
        }
        return answer;
    }

    /** Whether the last word of the run is that it waits, for what did not come. */
    private boolean sleeps(String runId) {
        Seen seen = store.read(runId);
        return seen.fold()
                .suspension()
                .map(EntryCodec::suspension)
                .filter(waits -> waits.due().filter(PAST::equals).isEmpty())
                .isPresent();
    }

    private static void decorate(HeadChange.Builder change, Random random) {
        if (random.nextInt(4) == 0) {
            change.labels(Labels.of(Map.of("l", "v" + random.nextInt(2))));
        }
        if (random.nextInt(4) == 0) {
            change.progress("p" + random.nextInt(3));
        }
        if (random.nextInt(8) == 0) {
            change.version(1 + random.nextInt(2));
        }
    }

    private static Due due(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> Due.never();
            case 1 -> Due.at(LATER);
            case 2 -> Due.at(PAST);
            default -> Due.now();
        };
    }

    private String suspend(String runId, Random random) {
        Set<String> awaits = new TreeSet<>(NAMES.subList(0, 1 + random.nextInt(2)));
        Optional<Instant> at = switch (random.nextInt(4)) {
            case 0 -> Optional.of(LATER);
            case 1 -> Optional.of(PAST);
            default -> Optional.empty();
        };
        Due due = at.map(Due::at).orElse(Due.never());
        long signals = store.find(runId).map(seen -> seen.head().signals()).orElse(0L);
        long seen = Math.max(0, signals - random.nextInt(2));
        EntryBody.Suspension body = EntryBody.Suspension.of(awaits, at, seen);
        return settleEntry(runId, body, HeadChange.suspended(awaits, due, seen).build());
    }

    private String end(String runId, Random random) {
        RunStatus status = List.of(RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.FAILED, RunStatus.CANCELLED)
                .get(random.nextInt(4));
        HeadChange.Builder change = HeadChange.ended(status);
        decorate(change, random);
        return settleEntry(runId, new EntryBody.End(status, new StepOutcome.Nothing(), ""), change.build());
    }

    private String settleEntry(String runId, EntryBody body, HeadChange change) {
        Held held = holders.get(runId);
        if (held == null || held.expired) {
            return NOTHING;
        }
        for (int tries = 0; ; tries++) {
            Entry entry = commit(held, EntryCodec.kindOf(body), EntryCodec.encode(body));
            Settled answer = store.store().settle(Settle.of(entry, change));
            if (answer instanceof Settled.Taken taken && isBelow(taken.entry(), held) && tries < 10) {
                held.place++;
            } else if (answer instanceof Settled.Done) {
                held.last = entry;
                held.commits++;
                retire(runId);
                return settled(answer);
            } else {
                return "refused";
            }
        }
    }

    private static String settled(Settled answer) {
        return answer instanceof Settled.Done done
                ? "done, " + words(done.head(), "")
                : answer.getClass().getSimpleName();
    }

    /** What a holder that lost its lease still sends. */
    private String stale(String runId, Random random) {
        Held held = stale.get(runId);
        if (held == null) {
            return NOTHING;
        }
        return switch (random.nextInt(3)) {
            case 0 -> renew(held, random);
            case 1 ->
                settled(store.store()
                        .settle(Settle.of(
                                held.lease, HeadChange.ready(Due.now()).build())));
            default -> staleStep(held);
        };
    }

    /** At its next place, where another one has its grant by now; else the store has nothing to compare it with. */
    private String staleStep(Held held) {
        Held newer = holders.get(held.lease.runId());
        boolean superseded = newer != null && newer.lease.incarnation().equals(held.lease.incarnation());
        Entry entry = commit(held, EntryKind.PLAIN, Bytes.utf8("late"));
        return superseded ? there(entry, store.append(entry)) : NOTHING;
    }

    // --- what core makes of it

    private Acquired replacing(String runId, Random random) {
        Optional<Seen> seen = store.find(runId);
        Condition.Builder condition = Condition.openOrEnded();
        int expects = random.nextInt(4);
        seen.ifPresent(now -> condition.at(
                new Revision(now.revision().incarnation(), now.revision().count() + expects / 3)));
        return store.store().acquire(acquire(runId, new Acquire.Take(condition.build()), random));
    }

    private String delete(String runId, Random random) {
        Acquired answer = replacing(runId, random);
        if (!(answer instanceof Granted mover)) {
            return words((Refused) answer);
        }
        return finish(mover, HeadChange.gone(seenSignals(mover, random)).build());
    }

    private static long seenSignals(Granted mover, Random random) {
        return mover.page().head().signals() + (random.nextInt(5) == 0 ? 1 : 0);
    }

    private String restore(String runId, Random random) {
        Acquired answer = replacing(runId, random);
        if (!(answer instanceof Granted mover)) {
            return words((Refused) answer);
        }
        Incarnation next = new Incarnation(id(random));
        String named = settled(store.store()
                .settle(Settle.of(mover.lease(), HeadChange.naming(next).build())));
        Lease beside = mover.lease().over(next);
        List<String> written = new ArrayList<>();
        written.add(Words.of(store.append(Requests.firstEntry(beside))));
        for (long place = 1; place < 4; place++) {
            written.add(Words.of(store.step(beside, place, "restored " + place)));
        }
        HeadChange change = random.nextInt(3) == 0
                ? HeadChange.expired().build()
                : HeadChange.ready(Due.now())
                        .switchingTo(next, seenSignals(mover, random))
                        .build();
        return named + " " + written + " " + finish(mover, change);
    }

    /** Settles under a mover's lease; refused, it lets its lease run out. */
    private String finish(Granted mover, HeadChange change) {
        String runId = mover.lease().runId();
        String token = token(mover.lease(), holders.get(runId));
        retire(runId);
        Settled answer = store.store().settle(Settle.of(mover.lease(), change));
        String words = settled(answer);
        if (!(answer instanceof Settled.Done)) {
            store.expire(mover.lease());
        } else if (change.hold() == HeadChange.Hold.FREE) {
            store.leave(runId, mover.lease().incarnation());
            change.switchTo()
                    .ifPresent(next -> incarnations
                            .computeIfAbsent(runId, r -> new ArrayList<>())
                            .add(next));
        }
        return token + ", " + words;
    }

    private String signal(String runId, Random random) {
        Message message = new Message(
                "m" + random.nextInt(6), NAMES.get(random.nextInt(NAMES.size())), Bytes.utf8("p" + random.nextInt()));
        return store.signal(runId, message).toString();
    }

    private String read(String runId) {
        Optional<Seen> seen = store.find(runId);
        Instant now = store.store().list(RunQuery.all().limit(1).build()).storeTime();
        return seen.map(each -> words(each, each.head().isLeased(now))).orElse("absent");
    }

    private String list(Random random) {
        RunQuery.Builder query = RunQuery.all().limit(1 + random.nextInt(4));
        switch (random.nextInt(6)) {
            case 0 -> query.workflow("a");
            case 1 -> query.label("l", "v1");
            case 2 -> query.prefix("r");
            case 3 -> query.status(RunStatus.COMPLETED, RunStatus.FAILED);
            case 4 -> query.among(RunQuery.Among.SWEEPABLE);
            default -> query.unchangedFor(Duration.ZERO);
        }
        List<Head> found = new ArrayList<>();
        for (Optional<String> next = Optional.of(""); next.isPresent() && found.size() < 100; ) {
            next.filter(token -> !token.isEmpty()).ifPresent(query::after);
            RunPage page = store.store().list(query.build());
            found.addAll(page.runs());
            next = page.next();
        }
        return "listed " + found.stream().map(Head::runId).sorted().toList() + (isOrdered(found) ? "" : " in no order");
    }

    private static boolean isOrdered(List<Head> heads) {
        for (int i = 1; i < heads.size(); i++) {
            int created = heads.get(i - 1).created().compareTo(heads.get(i).created());
            if (created < 0
                    || (created == 0
                            && heads.get(i - 1).runId().compareTo(heads.get(i).runId()) >= 0)) {
                return false;
            }
        }
        return true;
    }

    private String erase(String runId, Random random) {
        List<Incarnation> used = incarnations.getOrDefault(runId, List.of());
        Incarnation left = used.isEmpty() ? new Incarnation(id(random)) : used.get(random.nextInt(used.size()));
        Optional<Head> head = store.find(runId).map(Seen::head);
        long wrong = random.nextInt(3) == 0 ? 1 : 0;
        Erase erase = switch (random.nextInt(3)) {
            case 0 -> new Erase.Leftover(runId, left);
            case 1 ->
                head.<Erase>map(h -> new Erase.Ended(runId, h.incarnation(), h.token() + wrong, h.changed()))
                        .orElse(new Erase.Ended(runId, used.isEmpty() ? left : used.get(used.size() - 1), 1, LATER));
            default ->
                head.<Erase>map(h -> new Erase.Fences(runId, h.incarnation(), h.token() + wrong, h.changed()))
                        .orElse(new Erase.Fences(runId, left, 1, LATER));
        };
        String answer = erase.getClass().getSimpleName()
                + (head.isPresent() ? " of it: " : " of what is gone: ")
                + store.store().erase(List.of(erase)).get(0);
        if (store.find(runId).isEmpty()) {
            retire(runId);
        }
        return answer;
    }

    private void free(String runId) {
        Acquired answer = store.acquire(runId, Condition.openOrEnded().build());
        if (answer instanceof Granted granted) {
            store.store().settle(Settle.of(granted.lease(), HeadChange.freed().build()));
        }
    }

    private String cache(Random random) {
        if (!hasCache) {
            return NOTHING;
        }
        CacheKey key = new CacheKey("s" + random.nextInt(2), "k" + random.nextInt(4));
        Existing existing = random.nextBoolean() ? Existing.KEEP : Existing.REPLACE;
        switch (random.nextInt(6)) {
            case 0 -> store.cache().cacheDelete(key);
            case 1 -> store.cache().cacheClear(key.scope());
            case 2, 3 -> {
                Bytes outcome = Bytes.utf8("v" + random.nextInt());
                CachePut put = new CachePut(key, outcome, Requests.LASTING, existing, 1000);
                return "stands " + store.cache().cachePut(put).hashCode();
            }
            default -> {
                return "cached "
                        + store.cache().cacheGet(key).map(Bytes::hashCode).orElse(0);
            }
        }
        return "removed";
    }

    // --- words

    private static String words(Refused refused) {
        boolean live = !refused.timeLeft().isZero();
        List<Integer> ended =
                refused.ended().stream().map(entry -> entry.body().hashCode()).toList();
        return "refused, " + refused.reason() + ended
                + refused.head()
                        .map(head -> ": " + words(head, lease(head, live)))
                        .orElse("");
    }

    /** The body, but of a suspension not how many signals were seen: that is the inbox's of one store. */
    private static int words(Entry entry) {
        if (entry.kind() != EntryKind.SUSPENSION) {
            return entry.body().hashCode();
        }
        EntryBody.Suspension body = EntryCodec.suspension(entry);
        return List.of(body.awaits(), body.due()).hashCode();
    }

    private static String words(Seen seen, boolean live) {
        Head head = seen.head();
        String entries = seen.counting().stream()
                .map(entry -> entry.kind() + " " + entry.commitId() + " " + words(entry))
                .collect(Collectors.joining(" "));
        String messages = seen.messages().stream()
                .map(each -> each.message().id() + " "
                        + each.message().name() + " "
                        + each.message().payload().hashCode())
                .collect(Collectors.joining(" "));
        return words(head, lease(head, live)) + ", " + seen.revision().count() + " entries #" + entries.hashCode()
                + ", " + seen.messages().size() + " messages #" + messages.hashCode()
                + (head.signals() < seen.messages().size() ? ", not all counted" : "");
    }

    private static String lease(Head head, boolean live) {
        return live
                ? ", leased to "
                        + head.lease().map(term -> term.id().toString()).orElse("nobody")
                : ", free";
    }

    private static String words(Head head, String lease) {
        String due =
                head.due().map(at -> at.isBefore(LATER) ? "due" : "due later").orElse("never due");
        return String.join(
                        " ",
                        head.workflow(),
                        "v" + head.version(),
                        head.status().toString(),
                        head.incarnation().toString(),
                        due,
                        head.awaits().toString(),
                        head.signals() > 0 ? "signals" : "no signals", // one that comes again may be counted again
                        head.labels().all().toString(),
                        head.progress(),
                        head.reason(),
                        new TreeSet<>(head.beside().keySet().stream()
                                        .map(Incarnation::toString)
                                        .toList())
                                .toString(),
                        "source " + head.sourceToken())
                + lease;
    }
}
