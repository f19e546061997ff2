// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Due;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Message;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/** Parts of requests, drawn: both stores in lock-step are asked with the same numbers, so in the same order. */
final class LockStepDraws {
    static final Instant PAST = Instant.ofEpochMilli(86_400_000);
    static final Instant LATER = Instant.parse("2200-01-01T00:00:00Z");
    /** Of messages. */
    static final List<String> NAMES = List.of("x", "y", "z");

    private LockStepDraws() {}

    static UUID id(Random random) {
        return new UUID(random.nextLong(), random.nextLong());
    }

    /** Now and then of an incarnation that was there before. */
    static NewRun newRun(List<Incarnation> used, Random random) {
        Incarnation incarnation = used.isEmpty() || random.nextInt(8) > 0
                ? new Incarnation(id(random))
                : used.get(random.nextInt(used.size()));
        boolean arrives = random.nextInt(4) == 0;
        return new NewRun(
                random.nextBoolean() ? "a" : "b",
                1 + random.nextInt(2),
                incarnation,
                random.nextBoolean() ? Labels.NONE : Labels.of(Map.of("l", "v" + random.nextInt(2))),
                arrives ? RunStatus.ARRIVING : RunStatus.READY,
                Requests.origin(),
                arrives ? random.nextInt(4) : 0);
    }

    static WorkflowVersions workflow(Random random) {
        return new WorkflowVersions(
                random.nextInt(4) > 0 ? "a" : "b", 2, random.nextInt(4) > 0 ? Set.of(1, 2) : Set.of(2));
    }

    static Acquire acquire(String runId, Acquire.Target target, Random random) {
        return new Acquire(runId, new LeaseId(id(random)), Requests.LASTING, target, Requests.grant());
    }

    static Due due(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> Due.never();
            case 1 -> Due.at(LATER);
            case 2 -> Due.at(PAST);
            default -> Due.now();
        };
    }

    /** What else a settle may say. */
    static void decorate(HeadChange.Builder change, Random random) {
        if (random.nextInt(4) == 0) {
            change.labels(Labels.of(Map.of("l", "v" + random.nextInt(2))));
        }
        if (random.nextInt(4) == 0) {
            change.progress("p" + random.nextInt(3));
        }
        if (random.nextInt(8) == 0) {
            change.version(1 + random.nextInt(2));
        }
    }

    static Message message(Random random) {
        return new Message(
                "m" + random.nextInt(6), NAMES.get(random.nextInt(NAMES.size())), Bytes.utf8("p" + random.nextInt()));
    }
}
