// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Head;
import dev.cairn.spi.RunQuery;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One filter of a listing, and what it means.
 *
 * @param words what it asks for
 */
record Filter(String words, Consumer<RunQuery.Builder> ask, Predicate<Head> holds) {
    /** Texts that stores like to take for something else. */
    static final List<String> TEXTS = List.of("a", "a%", "a_b", "A", "'\";--", "é\uD83D\uDE00", "$.x", "[0]", "a*");

    static final List<String> WORKFLOWS = List.of(Requests.WORKFLOW, "Fulfil", "fulfil2");

    /** A few at a time, which hold together. */
    static List<Filter> draw(Random random, List<Head> heads) {
        List<Filter> drawn = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            Head one = pick(random, heads);
            Head other = pick(random, heads);
            drawn.add(
                    switch (random.nextInt(6)) {
                        case 0 -> status(one.shownStatus(), other.shownStatus());
                        case 1 -> workflow(pick(random, WORKFLOWS));
                        case 2 -> label(random, one);
                        case 3 -> created(near(random, one.created()), near(random, other.created()));
                        case 4 -> changed(near(random, one.changed()), near(random, other.changed()));
                        default -> prefix(random.nextBoolean() ? one.runId() : pick(random, TEXTS));
                    });
        }
        return drawn;
    }

    /** Each text as a prefix, each workflow, each status. */
    static List<Filter> alone() {
        List<Filter> alone = new ArrayList<>();
        TEXTS.forEach(text -> alone.add(prefix(text)));
        WORKFLOWS.forEach(name -> alone.add(workflow(name)));
        List.of(RunStatus.values()).forEach(status -> alone.add(status(status, status)));
        return alone;
    }

    static <T> T pick(Random random, List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** At a time that a run has, or as little as there is before or after it. */
    private static Instant near(Random random, Instant time) {
        return time.plus(pick(random, List.of(Duration.ZERO, Duration.ofNanos(1), Duration.ofNanos(-1))));
    }

    private static Filter status(RunStatus one, RunStatus other) {
        return new Filter(
                "status " + one + " or " + other,
                query -> query.status(one, other),
                head -> head.shownStatus() == one || head.shownStatus() == other);
    }

    private static Filter workflow(String name) {
        return new Filter(
                "workflow " + name,
                query -> query.workflow(name),
                head -> head.workflow().equals(name));
    }

    /** A label of this run, or one of its names with another value. */
    private static Filter label(Random random, Head head) {
        List<Map.Entry<String, String>> labels = List.copyOf(head.labels().all().entrySet());
        boolean drawn = labels.isEmpty() || random.nextBoolean();
        String name = labels.isEmpty() ? pick(random, TEXTS) : labels.get(0).getKey();
        String value = drawn ? pick(random, TEXTS) : labels.get(0).getValue();
        return new Filter(
                "label " + Words.quoted(name),
                query -> query.label(name, value),
                other -> value.equals(other.labels().all().get(name)));
    }

    private static Filter created(Instant one, Instant other) {
        Instant from = one.isBefore(other) ? one : other;
        Instant to = one.isBefore(other) ? other : one;
        return new Filter(
                "created from " + from + " to " + to,
                query -> query.created(from, to),
                head -> isIn(head.created(), from, to));
    }

    private static Filter changed(Instant one, Instant other) {
        Instant from = one.isBefore(other) ? one : other;
        Instant to = one.isBefore(other) ? other : one;
        return new Filter(
                "changed from " + from + " to " + to,
                query -> query.changed(from, to),
                head -> isIn(head.changed(), from, to));
    }

    private static boolean isIn(Instant time, Instant from, Instant to) {
        return time.compareTo(from) >= 0 && time.compareTo(to) < 0;
    }

    private static Filter prefix(String text) {
        return new Filter(
                "prefix " + Words.quoted(text),
                query -> query.prefix(text),
                head -> head.runId().startsWith(text));
    }
}
