// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static java.util.Objects.requireNonNull;

import dev.cairn.cache.StepCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a step does otherwise than its workflow says. Immutable; each method returns a copy. */
public final class StepOptions {
    private static final StepOptions NONE = new StepOptions(null, List.of(), List.of(), null);

    private final @Nullable ErrorPolicy policy;
    private final List<Class<? extends Throwable>> fails;
    private final List<Class<? extends Throwable>> retries;
    private final @Nullable StepCache cache;

    private StepOptions(
            @Nullable ErrorPolicy policy,
            List<Class<? extends Throwable>> fails,
            List<Class<? extends Throwable>> retries,
            @Nullable StepCache cache) {
        this.policy = policy;
        this.fails = fails;
        this.retries = retries;
        this.cache = cache;
    }

    /** Nothing but what the workflow says. */
    public static StepOptions none() {
        return NONE;
    }

    /** Which exceptions are recorded where nothing is declared for them. */
    public StepOptions policy(ErrorPolicy value) {
        return new StepOptions(requireNonNull(value, "policy"), fails, retries, cache);
    }

    /** Exceptions of this class are outcomes: always recorded, unless {@code retries} names a narrower class. */
    public StepOptions fails(Class<? extends Throwable> type) {
        return new StepOptions(policy, with(fails, type), retries, cache);
    }

    /** Exceptions of this class are attempts: never recorded, unless {@code fails} names a narrower class. */
    public StepOptions retries(Class<? extends Throwable> type) {
        return new StepOptions(policy, fails, with(retries, type), cache);
    }

    /** Takes the outcome from this cache if it is there, else puts it there. A hit is recorded in the run's journal. */
    public StepOptions cachedIn(StepCache value) {
        return new StepOptions(policy, fails, retries, requireNonNull(value, "cache"));
    }

    private static List<Class<? extends Throwable>> with(
            List<Class<? extends Throwable>> types, Class<? extends Throwable> type) {
        List<Class<? extends Throwable>> more = new ArrayList<>(types);
        more.add(type);
        return List.copyOf(more);
    }

    ErrorRules over(ErrorRules workflow) {
        return workflow.with(policy, fails, retries);
    }

    Optional<StepCache> cache() {
        return Optional.ofNullable(cache);
    }
}
