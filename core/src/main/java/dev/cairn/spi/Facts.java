// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.error.PayloadTooLargeException;
import dev.cairn.state.Bytes;
import dev.cairn.state.Names;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a store says of itself, read from the live server.
 *
 * @param product and version, such as {@code SQLite 3.54.1}
 * @param fenceTime how long the fences of what was deleted are kept: a lease lasts half of it at most
 * @param settings the durability settings as they are now, by name
 * @param warnings what is weaker than asked, each with the exact setting to change
 */
public record Facts(
        String product,
        Nature nature,
        Tier tier,
        Limits limits,
        Duration fenceTime,
        Set<Ability> abilities,
        SortedMap<String, String> settings,
        List<String> warnings) {
    /** Copies the collections. */
    public Facts {
        abilities = Set.copyOf(abilities);
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
        warnings = List.copyOf(warnings);
    }

    /** Where a store lives. */
    public enum Nature {
        /** In this process; gone with it. */
        IN_MEMORY,
        /** In files that this process opens itself. */
        EMBEDDED,
        /** In a server. */
        NETWORKED
    }

    /**
     * The declared limits.
     *
     * @param payloadBytes of one payload or signal
     * @param entryBytes of one entry's body: 4 MiB, for whoever has no reason to allow less
     * @param batchEntries of one append
     * @param lanes how many appends make sense at a time
     * @param passedOver by how many later-due runs a due run may be passed over in a claim
     *
     * <p>A store checks each request by them before it sends anything: what a check throws has left the store unchanged.
     */
    public record Limits(int payloadBytes, int entryBytes, int batchEntries, int lanes, int passedOver) {
        /** The limits as names and numbers. */
        public Map<String, Integer> all() {
            return Map.of(
                    "payloadBytes", payloadBytes,
                    "entryBytes", entryBytes,
                    "batchEntries", batchEntries,
                    "lanes", lanes,
                    "passedOver", passedOver);
        }

        /**
         * Checks an append: how many entries it has, and that each is of another run.
         *
         * @throws IllegalArgumentException if two are of one run, or there are more than {@code batchEntries}
         */
        public void checkBatch(List<Entry> entries) {
            if (entries.size() > batchEntries) {
                throw new IllegalArgumentException(
                        "an append takes at most " + batchEntries + " entries, here are " + entries.size());
            }
            if (entries.size() == 1) {
                return;
            }
            Set<String> runs = new HashSet<>();
            for (Entry entry : entries) {
                if (!runs.add(entry.lease().runId())) {
                    throw new IllegalArgumentException("two entries of run "
                            + entry.lease().runId() + " in one append; a run has one commit under way at a time");
                }
            }
        }

        /** The answer to an entry of an append that is larger than {@code entryBytes}; empty if it may be written. */
        public Optional<Appended> refusal(Entry entry) {
            try {
                check(entry);
                return Optional.empty();
            } catch (PayloadTooLargeException e) {
                return Optional.of(new Appended.Failed(e));
            }
        }

        /**
         * Checks an entry.
         *
         * @throws PayloadTooLargeException if it is larger than {@code entryBytes}
         */
        public void check(Entry entry) {
            checkSize("the entry", entry.lease().runId(), entry.body(), entryBytes);
        }

        /**
         * Checks the grants of an acquire.
         *
         * @throws PayloadTooLargeException if one is larger than {@code entryBytes}
         */
        public void check(Acquire request) {
            checkSize("the grant", request.runId(), request.grant(), entryBytes);
            if (request.target() instanceof Acquire.Create create) {
                checkSize("the grant", request.runId(), create.run().grant(), entryBytes);
            } else if (request.target() instanceof Acquire.CreateOrTake either) {
                checkSize("the grant", request.runId(), either.run().grant(), entryBytes);
            }
        }

        /**
         * Checks the grant of a claim.
         *
         * @throws PayloadTooLargeException if it is larger than {@code entryBytes}
         */
        public void check(Claim request) {
            checkSize("the grant", "a claim", request.grant(), entryBytes);
        }

        /**
         * Checks the entry of a settle, if it has one.
         *
         * @throws PayloadTooLargeException if it is larger than {@code entryBytes}
         */
        public void check(Settle request) {
            request.entry().ifPresent(this::check);
        }

        /**
         * Checks a signal: the run's id and the payload.
         *
         * @throws IllegalArgumentException if the id is none, see {@link Names#check(String, String)}
         * @throws PayloadTooLargeException if the payload is larger than {@code payloadBytes}
         */
        public void check(String runId, Message message) {
            Names.check("run id", runId);
            checkSize("the signal", runId, message.payload(), payloadBytes);
        }

        /**
         * Checks an outcome for the step cache.
         *
         * @throws PayloadTooLargeException if it is larger than {@code entryBytes}
         */
        public void check(StepCacheStore.CachePut put) {
            checkSize("the outcome", "cache key " + put.key().key(), put.outcome(), entryBytes);
        }

        private static void checkSize(String what, String of, Bytes bytes, int limit) {
            if (bytes.size() > limit) {
                throw new PayloadTooLargeException(what + " of " + of + " has " + bytes.size() + " bytes, the limit is "
                        + limit + "; nothing was written. Keep large values elsewhere and record where");
            }
        }
    }
}
