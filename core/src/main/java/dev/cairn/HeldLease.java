// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static java.util.Objects.requireNonNull;

import dev.cairn.spi.Granted;
import dev.cairn.spi.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** A lease as its holder sees it: counted from when the request that gave it was sent, never from when the answer came. */
final class HeldLease {
    private final HolderClock clock;
    private final Lease lease;
    private final Duration ttl;
    private final Instant storeTime;
    private final HolderClock.Mark told;
    private final AtomicReference<Span> span;

    private record Span(HolderClock.Mark sent, Duration length) {}

    HeldLease(HolderClock clock, HolderClock.Mark sent, Duration ttl, Granted granted) {
        this.clock = clock;
        this.lease = granted.lease();
        this.ttl = ttl;
        this.storeTime = granted.page().storeTime();
        this.told = clock.now();
        this.span = new AtomicReference<>(new Span(sent, min(ttl, granted.timeLeft())));
    }

    Lease lease() {
        return lease;
    }

    Duration ttl() {
        return ttl;
    }

    /** The store's time as it was last told, plus what elapsed since. */
    Instant storeNow() {
        return storeTime.plusMillis(clock.since(told).toMillis());
    }

    /** Answers of two renewals may come in either order: the one that was sent later says more. */
    void renewed(HolderClock.Mark sent, Duration timeLeft) {
        Span next = new Span(sent, min(ttl, timeLeft));
        span.accumulateAndGet(next, (old, given) -> remaining(given).compareTo(remaining(old)) >= 0 ? given : old);
    }

    Duration remaining() {
        return remaining(requireNonNull(span.get()));
    }

    private Duration remaining(Span of) {
        return of.length().minus(clock.since(of.sent()));
    }

    /** Whether a quarter of the lease is left: without it no body starts (guarantee G2). */
    boolean hasMargin() {
        return remaining().compareTo(ttl.dividedBy(4)) >= 0;
    }

    /** Whether it has run out by the holder's clocks: nothing is committed before it is renewed. */
    boolean isOut() {
        return remaining().compareTo(Duration.ZERO) <= 0;
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
