// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CorruptException;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.Fold;
import dev.cairn.spi.Head;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Page;
import dev.cairn.spi.Received;
import dev.cairn.state.Attempt;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the journal of a run says: fed with entries in order of place, from the store on a resume and from the run's own
 * commits afterwards, so that replay, load and a run under way share one meaning. Safe for use by several threads: while a
 * parallel group runs, its members commit and its owner asks.
 */
final class RunRecord {
    private final ReentrantLock lock = new ReentrantLock();
    private final Fold fold;
    private final Map<String, StepRecord> steps = new LinkedHashMap<>();
    private final Map<Integer, List<String>> positions = new HashMap<>();
    private final Map<String, Attempts> attempts = new LinkedHashMap<>();
    private final Map<String, Integer> rounds = new LinkedHashMap<>();
    private final List<StepRecord> history = new ArrayList<>();
    private final List<Received> messages = new ArrayList<>();
    private Head head;
    private int lastPosition = -1;
    private int grantsSinceProgress;
    private int version;
    private int versionBefore;
    private EntryBody.@Nullable Origin origin;
    private EntryBody.@Nullable Suspension suspension;
    private EntryBody.@Nullable End end;
    private EntryBody.@Nullable End reopened;

    RunRecord(Head head) {
        this.head = head;
        this.fold = new Fold(head.runId(), head.incarnation());
    }

    /** Takes a page as it was read. */
    void add(Page page) {
        locked(() -> {
            head = page.head();
            page.entries().forEach(this::add);
            page.messages().forEach(this::addMessage);
            return true;
        });
    }

    /** Takes the next entry, whether it counts or not. */
    void add(Entry entry) {
        locked(() -> {
            boolean counts = fold.add(entry);
            if (counts) {
                apply(EntryCodec.decode(entry));
            }
            return counts;
        });
    }

    /** Takes the run's own entry, whose body is at hand. */
    void addOwn(Entry entry, EntryBody body) {
        locked(() -> {
            fold.add(entry);
            apply(body);
            return true;
        });
    }

    private <T extends @Nullable Object> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    private void apply(EntryBody body) {
        if (!(body instanceof EntryBody.Grant)) {
            reopened = null;
        }
        if (body instanceof EntryBody.Steps done) {
            done.steps().forEach(this::addStep);
            progressed();
        } else if (body instanceof EntryBody.Grant grant) {
            grantsSinceProgress++;
            versionBefore = version;
            version = grant.version() > 0 ? grant.version() : version;
            origin = origin == null ? grant.origin().orElse(null) : origin;
            reopened = end == null ? reopened : end;
            end = null;
        } else if (body instanceof EntryBody.Tried tried) {
            Attempt attempt = tried.attempt();
            attempts.merge(attempt.key(), Attempts.NONE.and(attempt), (old, ignored) -> old.and(attempt));
            suspension = null;
        } else if (body instanceof EntryBody.Forgotten forgotten) {
            forgotten.keys().forEach(this::forget);
            progressed();
        } else if (body instanceof EntryBody.Carried carried) {
            carried.messages().forEach(this::addMessage);
        } else if (body instanceof EntryBody.Suspension waits) {
            progressed();
            suspension = waits;
        } else if (body instanceof EntryBody.End ended) {
            progressed();
            end = ended;
        } else if (body instanceof EntryBody.Moved) {
            end = new EntryBody.End(RunStatus.CANCELLED, new dev.cairn.state.StepOutcome.Nothing(), "");
        } else {
            throw new AssertionError(body);
        }
    }

    /** A signal id is delivered once, also where it came with a restore and was sent again (contract SIG-04). */
    private void addMessage(Received received) {
        if (messages.stream()
                .noneMatch(
                        there -> there.message().id().equals(received.message().id()))) {
            messages.add(received);
        }
    }

    private void progressed() {
        grantsSinceProgress = 0;
        suspension = null;
    }

    private void addStep(StepRecord step) {
        if (steps.putIfAbsent(step.key(), step) != null) {
            throw new CorruptException("run " + head.runId() + ": step " + step.key() + " is recorded twice");
        }
        // Most positions have one key: a journal is as long as its run.
        positions.computeIfAbsent(step.position(), p -> new ArrayList<>(1)).add(step.key());
        lastPosition = Math.max(lastPosition, step.position());
    }

    private void forget(String key) {
        StepRecord step = steps.remove(key);
        if (step != null) {
            history.add(step);
            List<String> there = positions.get(step.position());
            if (there != null && there.remove(key) && there.isEmpty()) {
                positions.remove(step.position());
                lastPosition = step.position() < lastPosition
                        ? lastPosition
                        : positions.keySet().stream().reduce(-1, Math::max);
            }
        }
        rounds.merge(key, 1, Integer::sum);
        attempts.remove(key);
    }

    Head head() {
        return head;
    }

    Fold fold() {
        return fold;
    }

    /** What the run began with. */
    EntryBody.Origin origin() {
        if (origin == null) {
            throw new CorruptException("run " + head.runId() + ": its first entry lacks the input");
        }
        return origin;
    }

    @Nullable
    StepRecord step(String key) {
        return this.<@Nullable StepRecord>locked(() -> steps.get(key));
    }

    /** The recorded steps, in the order they were written. */
    List<StepRecord> steps() {
        return locked(() -> List.copyOf(steps.values()));
    }

    /** The keys recorded at a position, in the order they were written. */
    List<String> at(int position) {
        return locked(() -> List.copyOf(positions.getOrDefault(position, List.of())));
    }

    /** The last position at which a step is recorded; -1 if there is none. */
    int lastPosition() {
        return locked(() -> lastPosition);
    }

    int round(String key) {
        return locked(() -> rounds.getOrDefault(key, 0));
    }

    long attempts(String key) {
        return locked(() -> attempts.getOrDefault(key, Attempts.NONE).count());
    }

    /** Grants since the last step, failure or suspension that counts (contract CLAIM-01). */
    int grantsSinceProgress() {
        return grantsSinceProgress;
    }

    /** The version that was granted the run before its last holder; 0 if none is known. */
    int versionBefore() {
        return versionBefore;
    }

    Optional<EntryBody.End> end() {
        return Optional.ofNullable(end);
    }

    /** The end that a grant reopened, while nothing but grants has come since. */
    Optional<EntryBody.End> reopened() {
        return Optional.ofNullable(reopened);
    }

    Optional<EntryBody.Suspension> suspension() {
        return Optional.ofNullable(suspension);
    }

    /** The key and all that were recorded at its position or after it, in the order of the code. */
    List<String> from(String key) {
        StepRecord first = steps.get(key);
        if (first == null) {
            return List.of();
        }
        List<String> keys = new ArrayList<>();
        positions.keySet().stream()
                .filter(position -> position >= first.position())
                .sorted()
                .forEach(position -> keys.addAll(at(position)));
        return keys;
    }

    /** The status that the journal gives: a read never contradicts it (contract STEP-04). */
    RunStatus status() {
        if (end != null) {
            return end.status();
        }
        if (head.lease().isPresent() || head.status().isTerminal()) {
            return head.lease().isPresent() ? RunStatus.RUNNING : RunStatus.READY;
        }
        return head.status();
    }

    /** The state as it is now. */
    ResumeState state(Labels labels, String progress) {
        return locked(() -> new ResumeState.Builder(
                        head.runId(),
                        head.workflow(),
                        head.version(),
                        status(),
                        fold.revision(),
                        origin(),
                        head.created())
                .head(head.signals(), labels, progress)
                .steps(steps, attempts, history)
                .tail(messages, suspension, end)
                .build());
    }
}
