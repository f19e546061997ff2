// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.Arrays;
import java.util.Random;

/** What a {@link Party} does, and how often. */
enum PartyDeed {
    CREATE(7),
    TAKE(14),
    CLAIM(6),
    STEP(26),
    RENEW(4),
    SUSPEND(6),
    END(2),
    RELEASE(6),
    EXPIRE(7),
    SIGNAL(9),
    READ(12),
    CANCEL(2),
    DELETE(4),
    RESTORE(3);

    private final int often;

    PartyDeed(int often) {
        this.often = often;
    }

    static PartyDeed drawn(Random random) {
        int at = random.nextInt(
                Arrays.stream(values()).mapToInt(deed -> deed.often).sum());
        for (PartyDeed deed : values()) {
            at -= deed.often;
            if (at < 0) {
                return deed;
            }
        }
        throw new AssertionError(at);
    }
}
