// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What is done to both stores in lock-step, and how often. */
enum LockStepVerb {
    CREATE(6),
    CREATE_OR_TAKE(6),
    TAKE(14),
    ACQUIRE_AGAIN(4),
    CLAIM(7),
    STEP(20),
    STEP_AGAIN(4),
    RENEW(5),
    SETTLE(10),
    SUSPEND(6),
    END(4),
    STALE(4),
    DELETE(4),
    RESTORE(3),
    SIGNAL(9),
    READ(6),
    LIST(3),
    ERASE(3),
    CACHE(4);

    private static final List<LockStepVerb> DRAWN = Arrays.stream(values())
            .flatMap(verb -> Collections.nCopies(verb.weight, verb).stream())
            .toList();
    private final int weight;

    LockStepVerb(int weight) {
        this.weight = weight;
    }

    static LockStepVerb drawn(Random random) {
        return DRAWN.get(random.nextInt(DRAWN.size()));
    }
}
