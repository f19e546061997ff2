// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static java.util.Objects.requireNonNull;

import dev.cairn.spi.Granted;
import dev.cairn.spi.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A lease as its holder sees it: counted from when the request that gave it was sent, never from when the answer came. */
final class HeldLease {
    private final HolderClock clock;
    private final Lease lease;
    private final Duration ttl;
    private final Instant storeTime;
    private final HolderClock.Mark told;
    private final AtomicReference<Span> span;

    private record Span(HolderClock.Mark sent, long nanos) {}

    HeldLease(HolderClock clock, HolderClock.Mark sent, Duration ttl, Granted granted) {
        this.clock = clock;
        this.lease = granted.lease();
        this.ttl = ttl;
        this.storeTime = granted.page().storeTime();
        this.told = clock.now();
        this.span = new AtomicReference<>(new Span(sent, atMost(granted.timeLeft())));
    }

    Lease lease() {
        return lease;
    }

    Duration ttl() {
        return ttl;
    }

    /** The store's time as it was last told, plus what elapsed since. */
    Instant storeNow() {
        return storeTime.plusMillis(TimeUnit.NANOSECONDS.toMillis(clock.nanosSince(told)));
    }

    /** Answers of two renewals may come in either order: the one that was sent later says more. */
    void renewed(HolderClock.Mark sent, Duration timeLeft) {
        Span next = new Span(sent, atMost(timeLeft));
        span.accumulateAndGet(next, (old, given) -> nanosLeft(given) >= nanosLeft(old) ? given : old);
    }

    Duration remaining() {
        return Duration.ofNanos(nanosLeft());
    }

    private long nanosLeft() {
        return nanosLeft(requireNonNull(span.get()));
    }

    private long nanosLeft(Span of) {
        return of.nanos() - clock.nanosSince(of.sent());
    }

    /** Whether a quarter of the lease is left: without it no body starts (guarantee G2). */
    boolean hasMargin() {
        return nanosLeft() >= nanos(ttl) / 4;
    }

    /** Whether it has run out by the holder's clocks: nothing is committed before it is renewed. */
    boolean isOut() {
        return nanosLeft() <= 0;
    }

    private long atMost(Duration timeLeft) {
        return Math.min(nanos(ttl), nanos(timeLeft));
    }

    private static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }
}
