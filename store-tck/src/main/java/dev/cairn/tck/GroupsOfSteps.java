// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.Key;
import dev.cairn.Parallel;
import dev.cairn.ResumeState;
import dev.cairn.Run;
import dev.cairn.WorkflowBody;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A workflow of parallel groups, whose members are asked for and finish in another order in every execution. */
final class GroupsOfSteps {
    static final int GROUPS = 40;
    static final int REPLAYS = 25;
    private static final int MEMBERS = 4;
    /** Bounds the wait for a member that never begins. */
    private static final long LONGEST_WAIT_SECONDS = 20;

    private final Worker worker;
    private final Random random;
    private final int groups;
    private final AtomicInteger strange = new AtomicInteger();

    GroupsOfSteps(Worker worker, Random random, int groups) {
        this.worker = worker;
        this.random = random;
        this.groups = groups;
    }

    int members() {
        return groups * MEMBERS;
    }

    /** How many members gave another value than theirs. */
    int strange() {
        return strange.get();
    }

    /** Each group in an order of its own; then it ends in a transient error, so that it can be replayed. */
    WorkflowBody<String, String> shuffled() {
        return (run, order) -> {
            ResumeState begun = run.state();
            for (int group = 0; group < groups; group++) {
                runGroup(run, keys(group), begun);
            }
            throw new IOException("again");
        };
    }

    private List<String> keys(int group) {
        List<String> keys = new ArrayList<>();
        for (int member = 0; member < MEMBERS; member++) {
            keys.add(Key.key("member", group, member));
        }
        Collections.shuffle(keys, random);
        return keys;
    }

    private void runGroup(Run run, List<String> asked, ResumeState begun) {
        List<String> finish = new ArrayList<>(asked);
        Collections.shuffle(finish, random);
        finish.removeIf(begun::isStepComplete);
        InTurn turns = new InTurn(finish);
        Map<String, Parallel.Member<String>> members = new HashMap<>();
        run.parallel(group -> asked.forEach(key -> members.put(key, group.step(key, String.class, step -> {
            worker.begun(key);
            turns.await(key);
            return "of " + key;
        }))));
        members.forEach((key, member) -> {
            if (!member.get().equals("of " + key)) {
                strange.incrementAndGet();
            }
        });
    }

    /** All begin, then they finish in this order. */
    private static final class InTurn {
        private final List<String> order;
        private final CountDownLatch begun;
        private final Map<String, CountDownLatch> finished = new ConcurrentHashMap<>();

        private InTurn(List<String> order) {
            this.order = order;
            this.begun = new CountDownLatch(order.size());
            order.forEach(key -> finished.put(key, new CountDownLatch(1)));
        }

        private void await(String key) throws InterruptedException {
            begun.countDown();
            awaitBounded(begun);
            int before = order.indexOf(key) - 1;
            if (before >= 0) {
                awaitBounded(latch(order.get(before)));
            }
            latch(key).countDown();
        }

        private CountDownLatch latch(String key) {
            return Objects.requireNonNull(finished.get(key));
        }

        private static void awaitBounded(CountDownLatch latch) throws InterruptedException {
            if (!latch.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a member of the group never began");
            }
        }
    }
}
