// SPDX-License-Identifier: Apache-2.0
package dev.cairn.cache;

import dev.cairn.error.UnsupportedCapabilityException;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StepCacheStore;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.state.Names;
import dev.cairn.state.StepOutcome;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Step outcomes shared across runs, by key: at most 255 UTF-8 bytes, else {@link IllegalArgumentException}. Failures are
 * kept like values; to have one tried again, delete its key. Safe for use by several threads.
 *
 * <p>An entry is never returned at or after the end of its time to live, by the clock of the cache or of the store. A
 * clock that is set back lets what is already there live longer by as much as it was set back; what is put later lives
 * as long as it should. Over the maximum, in memory what has expired goes first, then the least recently used (read or
 * written); in a store the least recently written.
 *
 * <p>In a store, each method also throws what {@link StateStore} throws, and the store then holds what is said there.
 */
public final class StepCache {
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final Entries entries;
    private final Duration defaultTimeToLive;
    private final Flights flights = new Flights();

    private StepCache(Entries entries, Duration defaultTimeToLive) {
        this.entries = entries;
        this.defaultTimeToLive = defaultTimeToLive;
    }

    /** A cache in the memory of this process. */
    public static Builder inMemory() {
        return new Builder(null);
    }

    /**
     * A cache in a scope of a store: every cache of the same scope there, in whatever process, has the same entries.
     *
     * @param scope 1 to 255 UTF-8 bytes
     * @throws UnsupportedCapabilityException if the store keeps no step caches; nothing changed
     */
    public static Builder in(StateStore store, String scope) {
        Names.check("cache scope", scope);
        if (store instanceof StepCacheStore caches) {
            return new Builder(new Place(caches, scope));
        }
        throw new UnsupportedCapabilityException(store.getClass().getName() + " keeps no step caches (scope " + scope
                + "); use a store that does, or StepCache.inMemory()");
    }

    /** The outcome of a key, or empty if there is none or it has expired. */
    public Optional<StepOutcome> get(String key) {
        return entries.get(key);
    }

    /** Writes an outcome for the default time to live, over what is there. Overwriting a key evicts nothing. */
    public void put(String key, StepOutcome outcome) {
        write(key, outcome, defaultTimeToLive, Existing.REPLACE);
    }

    /**
     * Writes an outcome for a time to live of its own, over what is there. Overwriting a key evicts nothing.
     *
     * @param timeToLive whole milliseconds, at least 1; {@link CachePut#FOREVER} for none
     */
    public void put(String key, StepOutcome outcome, Duration timeToLive) {
        write(key, outcome, checked(timeToLive), Existing.REPLACE);
    }

    /**
     * Writes an outcome for the default time to live, or leaves what is there. Of several writers at a time one wins.
     *
     * @return what stands now: the one given, or the one that was there first
     */
    public StepOutcome putIfAbsent(String key, StepOutcome outcome) {
        return write(key, outcome, defaultTimeToLive, Existing.KEEP);
    }

    /**
     * Writes an outcome for a time to live of its own, or leaves what is there with the one it has.
     *
     * @param timeToLive whole milliseconds, at least 1; {@link CachePut#FOREVER} for none
     * @return what stands now: the one given, or the one that was there first
     */
    public StepOutcome putIfAbsent(String key, StepOutcome outcome, Duration timeToLive) {
        return write(key, outcome, checked(timeToLive), Existing.KEEP);
    }

    /** Removes a key; safe to repeat. A load of it that is under way still puts its outcome in. */
    public void delete(String key) {
        entries.delete(key);
    }

    /** Removes all keys of this cache, or of its scope; safe to repeat. Loads under way still put their outcomes in. */
    public void clear() {
        entries.clear();
    }

    /**
     * The outcome of a key; where it is missing, runs the loader and puts its outcome in as {@link #putIfAbsent} does. Of
     * the threads that ask this object for a missing key at a time, one runs its loader; the others wait and get the same.
     * Two objects for one scope may both load; still one outcome stands, and both return it.
     *
     * @throws InterruptedException if the thread is interrupted while it waits for another's loader
     * @throws IllegalStateException if a loader asks for the key that it loads, itself or through loaders of this object
     *     that wait for each other; or if it returns null
     * @throws Exception what the loader threw: nothing was put in, and one of those who wait runs its own; or what the
     *     store threw, before the loader ran or after it
     */
    public Found getOrRun(String key, Loader loader) throws Exception {
        while (true) {
            Optional<StepOutcome> hit = entries.get(key);
            if (hit.isPresent()) {
                return new Found(hit.get(), Origin.CACHE);
            }
            Flights.Turn turn = flights.enter(key);
            if (turn instanceof Flights.Turn.Load load) {
                return load(key, loader, load.flight());
            }
            if (turn instanceof Flights.Turn.Shared shared) {
                return new Found(shared.outcome(), Origin.CACHE);
            }
            if (!(turn instanceof Flights.Turn.LookAgain)) {
                throw new AssertionError(turn);
            }
        }
    }

    /** How many threads wait for another's loader. */
    int waiting() {
        return flights.waiting();
    }

    private Found load(String key, Loader loader, Flights.Flight flight) throws Exception {
        try {
            // Another load of the key may have ended between our look and our turn.
            Optional<StepOutcome> hit = entries.get(key);
            if (hit.isPresent()) {
                return new Found(hit.get(), Origin.CACHE);
            }
            StepOutcome loaded = run(key, loader);
            flights.close(flight);
            StepOutcome stands = write(key, loaded, defaultTimeToLive, Existing.KEEP);
            flights.share(flight, stands);
            return new Found(stands, stands.equals(loaded) ? Origin.LOADED : Origin.CACHE);
        } finally {
            flights.land(flight);
        }
    }

    @SuppressWarnings("ConstantConditions") // a loader outside null-checked code may still return null
    private static StepOutcome run(String key, Loader loader) throws Exception {
        StepOutcome loaded = loader.run();
        if (loaded == null) {
            throw new IllegalStateException(
                    "the loader of step cache key " + key + " returned null; return StepOutcome.Nothing for no value");
        }
        return loaded;
    }

    private StepOutcome write(String key, StepOutcome outcome, Duration timeToLive, Existing existing) {
        return entries.put(key, Objects.requireNonNull(outcome, "outcome"), timeToLive, existing);
    }

    private static Duration checked(Duration timeToLive) {
        if (timeToLive.compareTo(SHORTEST) < 0
                || !timeToLive.truncatedTo(ChronoUnit.MILLIS).equals(timeToLive)) {
            throw new IllegalArgumentException(
                    "a time to live must be whole milliseconds, at least 1, was " + timeToLive);
        }
        return timeToLive.compareTo(CachePut.FOREVER) < 0 ? timeToLive : CachePut.FOREVER;
    }

    /** Makes an outcome that is missing, such as by running the step. */
    @FunctionalInterface
    public interface Loader {
        /** Makes it, or throws where there is nothing to keep. Never null. */
        StepOutcome run() throws Exception;
    }

    /** What {@link #getOrRun} returns. */
    public record Found(StepOutcome outcome, Origin origin) {}

    /** Where an outcome came from. */
    public enum Origin {
        /** The cache, or the loader of another thread or process. */
        CACHE,
        /** The loader that was given. */
        LOADED
    }

    private record Place(StepCacheStore store, String scope) {}

    /** The settings of a cache. */
    public static final class Builder {
        private static final int MOST_ENTRIES = 1_000_000;

        private final @Nullable Place place;
        private int maxEntries = 1_000;
        private Duration timeToLive = CachePut.FOREVER;
        private InstantSource clock = InstantSource.system();

        private Builder(@Nullable Place place) {
            this.place = place;
        }

        /** The most entries it holds, 1 to 1,000,000. Default: 1,000. */
        public Builder maxEntries(int value) {
            if (value < 1 || value > MOST_ENTRIES) {
                throw new IllegalArgumentException(
                        "a cache must hold 1 to " + MOST_ENTRIES + " entries at most, was " + value);
            }
            maxEntries = value;
            return this;
        }

        /**
         * How long an entry lives that has no time to live of its own. Default: for ever.
         *
         * @param value whole milliseconds, at least 1
         */
        public Builder timeToLive(Duration value) {
            timeToLive = checked(value);
            return this;
        }

        /**
         * The clock by which entries in memory expire. Default: the system's.
         *
         * @throws IllegalStateException if the cache is in a store, which goes by its own clock
         */
        public Builder clock(InstantSource value) {
            if (place != null) {
                throw new IllegalStateException(
                        "a step cache in a store goes by the store's clock (scope " + place.scope() + ")");
            }
            clock = Objects.requireNonNull(value, "clock");
            return this;
        }

        /** The cache. */
        public StepCache build() {
            Entries entries = place == null
                    ? new LruEntries(maxEntries, clock)
                    : new StoredEntries(place.store(), place.scope(), maxEntries);
            return new StepCache(entries, timeToLive);
        }
    }
}
