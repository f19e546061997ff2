// SPDX-License-Identifier: Apache-2.0
package dev.cairn.cache;

import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.state.StepOutcome;
import java.time.Duration;
import java.util.Optional;

/** Where the entries of a step cache are kept. Safe for use by several threads; each method is atomic. */
interface Entries {
    /** The outcome of a key, unless it is at or past its time to live. */
    Optional<StepOutcome> get(String key);

    /** Writes an outcome, or leaves what is there; returns what stands now. */
    StepOutcome put(String key, StepOutcome outcome, Duration timeToLive, Existing existing);

    /** Removes a key. */
    void delete(String key);

    /** Removes all keys. */
    void clear();
}
