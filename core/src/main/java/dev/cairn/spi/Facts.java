// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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
    }
}
