// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Ability;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Message;
import dev.cairn.spi.Received;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.state.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Keys that are easily taken for others. */
final class KeySamples {
    static final List<String> LOOK_ALIKE = List.of(
            "a", "A", " a", "a ", "a\t", "\u00a0a", "a\u200b", "\ufeffa", "\uff41", "\u0430", "\u00e5", "a\u030a",
            "\u212b", "1", "01", "1.0", "+1", "1e0", "\u0661", "i", "I", "\u0130", "\u0131", "ss", "\u00df", "null",
            "NULL");

    static final List<String> SIGNS = List.of(
            ":",
            "%",
            "_",
            "*",
            "?",
            "[a]",
            "\\",
            "'",
            "\"",
            ";--",
            "$x",
            "{}",
            "|",
            ".",
            "#",
            "a\nb",
            "\ud83d\ude00",
            "..",
            "/",
            "[",
            "]",
            "(",
            ")",
            "^",
            ":x",
            "@",
            "=",
            ",",
            "&",
            "\\n",
            "%25",
            "''");

    /** What would find abc, abd, a or x if it were more than text. */
    static final List<String> PATTERNS = List.of(
            "%",
            "a%",
            "_",
            "ab_",
            "*",
            "a*",
            "?",
            "ab?",
            "a.c",
            ".*",
            "^a",
            "[a]",
            "[a]bc",
            "ab[cd]",
            "{abc}",
            "abc|x",
            "a' OR '1'='1",
            "a\\",
            "ab\\c",
            "\"a\"",
            "'a'",
            "a;",
            "a--",
            "a#",
            "$a",
            "ABC",
            "a\n");

    static final List<String> SEPARATORS = List.of(":", "/", "|", "-", ".", "\u001f");

    static final List<String> PLAIN = List.of("abc", "abd", "a", "x");

    private static final String ALPHABET = ":/\\.*?[]%_#${}|'\";-\na\ud83d\ude00";

    private KeySamples() {}

    /** Some of the signs, one after the other. */
    static String ofSigns(Random random) {
        int[] signs = ALPHABET.codePoints().toArray();
        StringBuilder key = new StringBuilder("x");
        for (int i = random.nextInt(6); i >= 0; i--) {
            key.appendCodePoint(signs[random.nextInt(signs.length)]);
        }
        return key.toString();
    }

    /** Nothing where the store says that this is no key. */
    static <T> Optional<T> unlessRejected(Callable<T> call) {
        try {
            return Optional.of(call.call());
        } catch (IllegalArgumentException rejected) {
            return Optional.empty();
        } catch (Exception thrown) {
            throw Thrown.unchecked(thrown);
        }
    }

    static Granted created(Trial trial, Instance a, String key) {
        Acquired answer = a.store().acquire(Requests.acquire(key, new Acquire.Create(Requests.newRun())));
        return trial.is(Granted.class, "a run of its own for " + Words.quoted(key), answer);
    }

    static Set<String> listed(Instance who, RunQuery.Builder query) {
        return who.store().list(query.limit(RunQuery.MAX_LIMIT).build()).runs().stream()
                .map(Head::runId)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Signal ids that look alike are different messages, and wake only who waits for that very name. */
    static void signalsApart(Trial trial, Instance by, Instance other) {
        by.create("inbox");
        List<String> kept = new ArrayList<>();
        for (String key : LOOK_ALIKE) {
            Message message = new Message(key, key, Bytes.utf8(key));
            unlessRejected(() -> by.signal("inbox", message)).ifPresent(stored -> kept.add(key));
        }
        Map<String, Received> received = other.read("inbox").messages().stream()
                .collect(Collectors.toMap(one -> one.message().id(), one -> one, (one, twin) -> one, TreeMap::new));
        trial.equal("the signal ids are", new TreeSet<>(kept), received.keySet());
        for (String key : kept) {
            Message expected = new Message(key, key, Bytes.utf8(key));
            trial.that(
                    Optional.ofNullable(received.get(key))
                            .map(Received::message)
                            .equals(Optional.of(expected)),
                    "the signal " + Words.quoted(key),
                    "another");
        }
        Lease waiting = by.create("waits").lease();
        Instance.done(by.suspend(waiting, 1, Optional.empty(), 0, LOOK_ALIKE.get(0)));
        for (String key : LOOK_ALIKE.subList(1, LOOK_ALIKE.size())) {
            unlessRejected(() -> by.signal("waits", new Message(key, key, Bytes.empty())));
            trial.equal(
                    "after signal " + Words.quoted(key) + " due is",
                    Optional.empty(),
                    by.head("waits").due());
        }
    }

    /** Cached outcomes under keys, and in scopes, that look alike are different ones. */
    static void cachedApart(Trial trial, Instance by, Instance other, List<String> keys) {
        if (!trial.declares(Ability.STEP_CACHE)) {
            return;
        }
        List<String> kept = new ArrayList<>();
        for (String key : keys) {
            unlessRejected(() -> by.cache().cachePut(cached("scope", key, key))).ifPresent(first -> kept.add(key));
            unlessRejected(() -> by.cache().cachePut(cached(key, "key", key)));
        }
        for (String key : kept) {
            outcome(trial, other, "scope", key, Optional.of(key));
            outcome(trial, other, key, "key", Optional.of(key));
        }
        List<String> removed = kept.subList(0, kept.size() / 2);
        for (String key : removed) {
            by.cache().cacheDelete(new CacheKey("scope", key));
            by.cache().cacheClear(key);
        }
        for (String key : kept) {
            Optional<String> expected = Optional.of(key).filter(k -> !removed.contains(k));
            outcome(trial, other, "scope", key, expected);
            outcome(trial, other, key, "key", expected);
        }
    }

    private static void outcome(Trial trial, Instance who, String scope, String key, Optional<String> expected) {
        Optional<Bytes> got = Checks.answered(
                trial,
                "an answer for key " + Words.quoted(key),
                () -> who.cache().cacheGet(new CacheKey(scope, key)));
        trial.that(
                got.equals(expected.map(Bytes::utf8)),
                "under key " + Words.quoted(key) + " in scope " + Words.quoted(scope)
                        + (expected.isPresent() ? " its own outcome" : " nothing"),
                got.isPresent() ? "another outcome" : "nothing");
    }

    private static CachePut cached(String scope, String key, String outcome) {
        return new CachePut(new CacheKey(scope, key), Bytes.utf8(outcome), CachePut.FOREVER, Existing.KEEP, 1_000);
    }

    /** A prefix finds what begins with it, and nothing else. */
    static void checkPrefixes(Trial trial, Instance who, List<String> keys) {
        for (String prefix : keys) {
            Set<String> expected =
                    keys.stream().filter(key -> key.startsWith(prefix)).collect(Collectors.toCollection(TreeSet::new));
            expected.addAll(PLAIN.stream().filter(key -> key.startsWith(prefix)).toList());
            trial.equal(
                    "with the prefix " + Words.quoted(prefix) + " are",
                    expected,
                    listed(who, RunQuery.all().prefix(prefix)));
        }
    }

    /** A run of each namespace, of which namespace and id make the same text, one after the other. */
    static void runsApart(Trial trial, Instance left, String leftId, Instance right, String rightId) {
        Lease one = created(trial, left, leftId).lease();
        trial.equal("the run in the other namespace:", Optional.empty(), right.find(rightId));
        Lease two = created(trial, right, rightId).lease();
        trial.equal("a step is", new Appended.Written(), left.step(one, 1, "left"));
        trial.equal("a step is", new Appended.Written(), right.step(two, 1, "right"));
        left.free(one);
        left.delete(leftId);
        trial.equal("a deleted run:", Optional.empty(), left.find(leftId));
        trial.that(right.read(rightId).texts().equals(List.of("right")), "the run's own step", "others");
    }

    /** The same for run and signal id. */
    static void messagesApart(Trial trial, Instance a, String run, String signal, String otherRun, String otherSignal) {
        created(trial, a, run);
        created(trial, a, otherRun);
        a.signal(run, new Message(signal, "name", Bytes.utf8("one")));
        trial.equal(
                "the messages of the other run:", List.of(), a.read(otherRun).messages());
        a.signal(otherRun, new Message(otherSignal, "name", Bytes.utf8("two")));
        for (String of : List.of(run, otherRun)) {
            Message expected = of.equals(run)
                    ? new Message(signal, "name", Bytes.utf8("one"))
                    : new Message(otherSignal, "name", Bytes.utf8("two"));
            List<Message> got =
                    a.read(of).messages().stream().map(Received::message).toList();
            trial.that(got.equals(List.of(expected)), "the one message of run " + Words.quoted(of), "others");
        }
    }

    /** The same for scope and key, and for equal keys in two scopes. */
    static void cachesApart(Trial trial, Instance a, String scope, String key, String otherScope, String otherKey) {
        if (!trial.declares(Ability.STEP_CACHE)) {
            return;
        }
        a.cache().cachePut(cached(scope, key, "one"));
        outcome(trial, a, otherScope, otherKey, Optional.empty());
        outcome(trial, a, otherScope, key, Optional.empty());
        a.cache().cachePut(cached(otherScope, otherKey, "two"));
        a.cache().cachePut(cached(otherScope, key, "three"));
        outcome(trial, a, scope, key, Optional.of("one"));
        outcome(trial, a, otherScope, otherKey, Optional.of("two"));
        outcome(trial, a, otherScope, key, Optional.of("three"));
        a.cache().cacheClear(otherScope);
        outcome(trial, a, scope, key, Optional.of("one"));
    }

    /** Keys of so many UTF-8 bytes; two of them differ in the last one only. */
    static List<String> longest(int bytes) {
        return List.of(
                "a".repeat(bytes - 1) + "b",
                "a".repeat(bytes - 1) + "c",
                "\u00e9".repeat(bytes / 2) + "a".repeat(bytes % 2),
                "\ud83d\ude00".repeat(bytes / 4) + "a".repeat(bytes % 4));
    }

    /** Keys of one byte more; some have fewer characters than the limit. */
    static List<String> tooLong(int bytes) {
        return List.of(
                "t".repeat(bytes + 1),
                "\u00e8".repeat(bytes / 2) + "a".repeat(bytes % 2 + 1),
                "\ud83d\ude01".repeat(bytes / 4) + "a".repeat(bytes % 4 + 1));
    }

    /** Keys with nothing in them to see. */
    static List<@Nullable String> invisible() {
        return Collections.unmodifiableList(
                Arrays.asList(null, "", " ", "\t\r\n", "\u0001\u0002", "\u001f", "\u007f", "\u0085 \u0001"));
    }
}
