// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.time.Duration;
import java.util.Random;

/** Over a wire, one request in a few is cut before or after it is done, or slow, and a process dies between two of them. */
final class Storm implements Weather {
    private final Wire wire;
    private final Random random;
    private boolean dying;

    Storm(Wire wire, Random random) {
        this.wire = wire;
        this.random = random;
    }

    @Override
    public void before() {
        if (dying) {
            return;
        }
        wire.delay(Duration.ofMillis(random.nextInt(12) == 0 ? 2 : 0));
        if (random.nextInt(7) == 0) {
            wire.arm(1 + random.nextInt(3) / 2, cut());
        } else if (random.nextInt(60) == 0) {
            wire.cutAll();
        }
    }

    private Fault cut() {
        return random.nextBoolean() ? Fault.CUT_AFTER : Fault.CUT_BEFORE;
    }

    @Override
    public void after() {
        if (!dying) {
            wire.disarm();
        }
    }

    @Override
    public boolean isDying() {
        return dying;
    }

    @Override
    public void death(Runnable last) {
        dying = true;
        wire.armFrom(1 + random.nextInt(4), cut());
        try {
            last.run();
        } finally {
            dying = false;
            wire.disarm();
        }
    }
}
