// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

/** What a store may offer beyond its core; each is an interface of its own. */
public enum Ability {
    /** Step outcomes shared across runs: {@link StepCacheStore}. */
    STEP_CACHE,
    /** A step in the user's own transaction. */
    TRANSACTIONAL_STEP
}
