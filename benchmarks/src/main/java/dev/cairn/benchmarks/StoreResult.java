// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All that was measured of one store.
 *
 * @param setting what the store says of itself, by name
 * @param costs by contestant
 */
record StoreResult(String store, Map<String, String> setting, Rounds rounds, Map<String, Costs> costs) {
    /** The contestants that took part, those that failed included. */
    List<String> contestants() {
        List<String> names = new ArrayList<>(Entrants.NAMES);
        names.removeIf(name -> !rounds.failures().containsKey(name)
                && rounds.rounds().stream().noneMatch(round -> round.all().containsKey(name)));
        return names;
    }

    boolean failed() {
        return !rounds.failures().isEmpty();
    }

    /** A count of a contestant: of a new step. */
    Reading newStep(String contestant, Count count) {
        return reading(contestant, costs.getOrDefault(contestant, NONE).newStep(), count);
    }

    /** A count of a contestant: of a step that is read again. */
    Reading replayedStep(String contestant, Count count) {
        return reading(contestant, costs.getOrDefault(contestant, NONE).replayedStep(), count);
    }

    private static final Costs NONE = new Costs(new Counts(Map.of()), new Counts(Map.of()));

    private Reading reading(String contestant, Counts counts, Count count) {
        if (rounds.failures().containsKey(contestant)) {
            return new Reading.Failed();
        }
        return counts.of(count).<Reading>map(Reading.Measured::new).orElseGet(Reading.Absent::new);
    }
}
