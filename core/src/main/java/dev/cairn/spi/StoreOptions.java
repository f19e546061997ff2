// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.Names;
import java.time.Duration;

/** What every store takes. Immutable. */
public final class StoreOptions {
    private final String namespace;
    private final Duration fenceTime;
    private final Duration lockBound;
    private final int pageBytes;
    private final int payloadLimit;
    private final OnWeak onWeak;
    private final Tier tier;

    private StoreOptions(Builder builder) {
        namespace = builder.namespace;
        fenceTime = builder.fenceTime;
        lockBound = builder.lockBound;
        pageBytes = builder.pageBytes;
        payloadLimit = builder.payloadLimit;
        onWeak = builder.onWeak;
        tier = builder.tier;
    }

    /** The defaults. */
    public static StoreOptions defaults() {
        return new Builder().build();
    }

    /** A builder that begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that takes the options common to all stores out of a URL: namespace, fence-time, lock-bound, page-bytes, payload-limit, on-weak, tier. */
    public static Builder from(StoreUrl url) {
        Builder builder = new Builder();
        url.take("namespace").ifPresent(builder::namespace);
        url.takeDuration("fence-time").ifPresent(builder::fenceTime);
        url.takeDuration("lock-bound").ifPresent(builder::lockBound);
        url.takeInt("page-bytes").ifPresent(builder::pageBytes);
        url.takeInt("payload-limit").ifPresent(builder::payloadLimit);
        url.takeEnum("on-weak", OnWeak.class).ifPresent(builder::onWeak);
        url.takeEnum("tier", Tier.class).ifPresent(builder::tier);
        return builder;
    }

    /** The namespace. */
    public String namespace() {
        return namespace;
    }

    /** How long the fences of what was deleted are kept. */
    public Duration fenceTime() {
        return fenceTime;
    }

    /** How long a request waits for a lock at most. */
    public Duration lockBound() {
        return lockBound;
    }

    /** The bytes of a page of a run. */
    public int pageBytes() {
        return pageBytes;
    }

    /** The bytes of one payload or signal at most. */
    public int payloadLimit() {
        return payloadLimit;
    }

    /** What to do with a server that is too weak. */
    public OnWeak onWeak() {
        return onWeak;
    }

    /** What an acknowledged write must survive. */
    public Tier tier() {
        return tier;
    }

    /** Builds options. */
    public static final class Builder {
        private String namespace = "default";
        private Duration fenceTime = Duration.ofHours(1);
        private Duration lockBound = Duration.ofMillis(200);
        private int pageBytes = 4 << 20;
        private int payloadLimit = 1 << 20;
        private OnWeak onWeak = OnWeak.WARN;
        private Tier tier = Tier.POWER_LOSS;

        private Builder() {}

        /** The namespace, at most 255 UTF-8 bytes. Default: {@code default}. */
        public Builder namespace(String value) {
            namespace = Names.check("namespace", value);
            return this;
        }

        /** How long the fences of what was deleted are kept: 1 ms to 365 days. Default: 1 hour. */
        public Builder fenceTime(Duration value) {
            fenceTime = range("fence time", value, Duration.ofMillis(1), Duration.ofDays(365));
            return this;
        }

        /** How long a request waits for a lock at most: 10 ms to 1 minute. Default: 200 ms. */
        public Builder lockBound(Duration value) {
            lockBound = range("lock bound", value, Duration.ofMillis(10), Duration.ofMinutes(1));
            return this;
        }

        /** The bytes of a page of a run: 1 KiB to 64 MiB. Default: 4 MiB. */
        public Builder pageBytes(int value) {
            pageBytes = range("page bytes", value, 1 << 10, 64 << 20);
            return this;
        }

        /** The bytes of one payload or signal at most: 1 KiB to 3 MiB. Default: 1 MiB. */
        public Builder payloadLimit(int value) {
            payloadLimit = range("payload limit", value, 1 << 10, 3 << 20);
            return this;
        }

        /** What to do with a server that is too weak. Default: warn. */
        public Builder onWeak(OnWeak value) {
            onWeak = value;
            return this;
        }

        /** What an acknowledged write must survive; a server that gives less is too weak. Default: the loss of power. */
        public Builder tier(Tier value) {
            tier = value;
            return this;
        }

        /** The options. */
        public StoreOptions build() {
            return new StoreOptions(this);
        }

        private static Duration range(String what, Duration value, Duration least, Duration most) {
            if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                throw new IllegalArgumentException(what + " must be " + least + " to " + most + ", was " + value);
            }
            return value;
        }

        private static int range(String what, int value, int least, int most) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(what + " must be " + least + " to " + most + ", was " + value);
            }
            return value;
        }
    }
}
