// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When a free run may be claimed, by the store's clock. */
public final class Due {
    private static final Due NEVER = new Due(false, null);
    private static final Due NOW = new Due(true, null);

    private final boolean now;
    private final @Nullable Instant instant;

    private Due(boolean now, @Nullable Instant instant) {
        this.now = now;
        this.instant = instant;
    }

    /** Not by time. */
    public static Due never() {
        return NEVER;
    }

    /** At once: at the store's time of the change. */
    public static Due now() {
        return NOW;
    }

    /** At a time by the store's clock, as the store last told it plus what elapsed since. */
    public static Due at(Instant instant) {
        return new Due(false, instant);
    }

    /** Whether it is {@link #now()}, which only the store can tell. */
    public boolean isNow() {
        return now;
    }

    /** The due time to store. */
    public Optional<Instant> resolve(Instant storeNow) {
        return now ? Optional.of(storeNow) : Optional.ofNullable(instant);
    }

    @Override
    public String toString() {
        return now ? "now" : instant == null ? "never" : instant.toString();
    }
}
