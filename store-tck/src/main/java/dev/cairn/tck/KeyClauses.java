// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Ability;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Due;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.Bytes;
import dev.cairn.state.Names;
import dev.cairn.state.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** KEY: keys. */
interface KeyClauses extends KitClauses {
    @Clause(
            id = "KEY-01",
            must =
                    "Keys that differ only by case, trailing/leading space, Unicode form, zero-width character or numeric"
                            + " spelling (1,01,1.0) MUST be different keys or be rejected as InvalidKey; never merged",
            why = "one customer's run goes on with the steps of another's",
            usualFix = "compare keys byte by byte: a binary collation, text columns that are not padded")
    default void key_01_lookAlikesAreDifferentKeys(Trial trial) {
        Instance a = trial.open("A");
        List<String> runs = new ArrayList<>();
        for (String key : KeySamples.LOOK_ALIKE) {
            Optional<Acquired> answer = KeySamples.unlessRejected(() -> a.store()
                    .acquire(Requests.acquire(
                            key,
                            new Acquire.Create(Requests.newRun(key, Labels.of(Map.of("k", key)), RunStatus.READY)))));
            if (answer.isPresent()) {
                Granted granted = trial.is(Granted.class, "a run of its own for " + Words.quoted(key), answer.get());
                HeadChange free = HeadChange.ready(Due.now()).build();
                Instance.done(a.store().settle(Settle.of(Requests.step(granted.lease(), 1, "step of " + key), free)));
                runs.add(key);
            }
        }

        Instance b = trial.open("B");
        for (Instance who : List.of(a, b)) {
            for (String key : runs) {
                trial.equal("the run id is", key, who.head(key).runId());
                trial.that(
                        who.read(key).texts().equals(List.of("step of " + key)),
                        "the steps of run " + Words.quoted(key),
                        "others");
            }
            trial.equal("the listed runs are", new TreeSet<>(runs), KeySamples.listed(who, RunQuery.all()));
        }
        for (String key : runs) {
            RunQuery.Builder labelled = RunQuery.all().label("k", key).workflow(key);
            trial.equal("the runs with this label are", Set.of(key), KeySamples.listed(a, labelled));
            List<WorkflowVersions> asked = List.of(new WorkflowVersions(key, 1, Set.of(1)));
            Claim claim = new Claim(LeaseId.random(), asked, 100, Requests.LASTING, Requests.grant());
            List<String> claimed = a.store().claim(claim).stream()
                    .map(granted -> granted.lease().runId())
                    .toList();
            trial.equal("claimed of workflow " + Words.quoted(key) + " is", List.of(key), claimed);
        }
        KeySamples.signalsApart(trial, a, b);
        KeySamples.cachedApart(trial, a, b, KeySamples.LOOK_ALIKE.subList(0, 16));
    }

    @Clause(
            id = "KEY-02",
            must = "Keys with : / \\ . * ? [ ] % _ # $ { } | ' \" ; --, newline, emoji MUST match only themselves",
            why = "an id with a sign of another language finds, or removes, runs that are none of its business",
            usualFix = "bind every text as a parameter; compare a prefix by bytes, not with LIKE or a pattern")
    default void key_02_signsMatchOnlyThemselves(Trial trial) {
        Instance a = trial.open("A");
        KeySamples.PLAIN.forEach(a::create);
        for (String pattern : KeySamples.PATTERNS) {
            trial.equal("under " + Words.quoted(pattern) + " is", Optional.empty(), a.find(pattern));
            trial.equal(
                    "with that prefix are",
                    Set.of(),
                    KeySamples.listed(a, RunQuery.all().prefix(pattern)));
            trial.equal("a signal to it is", Signalled.ABSENT, a.signal(pattern, Requests.message("m", "approved")));
        }
        Random random = trial.random();
        List<String> keys = Stream.concat(
                        KeySamples.SIGNS.stream(),
                        Stream.generate(() -> KeySamples.ofSigns(random)).limit(6))
                .distinct()
                .toList();
        Map<String, Granted> holders =
                keys.stream().collect(Collectors.toMap(key -> key, key -> KeySamples.created(trial, a, key)));

        KeySamples.checkPrefixes(trial, a, keys);
        KeySamples.cachedApart(trial, a, a, keys.subList(0, 12));
        List<String> removed = keys.subList(0, keys.size() / 2);
        for (String key : removed) {
            a.free(Objects.requireNonNull(holders.get(key)).lease());
            a.delete(key);
        }

        Set<String> left = new TreeSet<>(keys);
        removed.forEach(left::remove);
        left.addAll(KeySamples.PLAIN);
        trial.equal("the runs that are left are", left, KeySamples.listed(a, RunQuery.all()));
        for (String key : keys) {
            trial.equal(
                    "there is a run " + Words.quoted(key),
                    left.contains(key),
                    a.find(key).isPresent());
        }
    }

    @Clause(
            id = "KEY-03",
            must =
                    "Composite keys MUST NOT collide by concatenation ((\"a\",\"b:c\") vs (\"a:b\",\"c\")), and equal step names"
                            + " in different scopes MUST stay apart",
            why = "a step of one team's run gets the recorded outcome of another team's",
            usualFix = "keep the parts of a key in columns of their own, or write the length of each part before it")
    default void key_03_partsDoNotRunTogether(Trial trial) {
        String base = trial.options().build().namespace();
        Random random = trial.random();
        for (String sign : KeySamples.SEPARATORS) {
            List<String> words = IntStream.range(0, 3)
                    .mapToObj(i -> Integer.toString(random.nextInt(36 * 36), 36))
                    .toList();
            String one = words.get(0) + sign + words.get(1);
            String two = words.get(1) + sign + words.get(2);
            Instance left = trial.open("left", namespace(trial, base + sign + words.get(0)));
            Instance right = trial.open("right", namespace(trial, base + sign + one));
            KeySamples.runsApart(trial, left, two, right, words.get(2));
            KeySamples.messagesApart(trial, left, words.get(0), two, one, words.get(2));
            KeySamples.cachesApart(trial, left, words.get(0), two, one, words.get(2));
        }
        placesApart(trial);
    }

    private static dev.cairn.spi.StoreOptions namespace(Trial trial, String namespace) {
        return trial.options().namespace(namespace).build();
    }

    /** Place 11 of run 1 is not place 1 of run 11. */
    private static void placesApart(Trial trial) {
        Instance a = trial.open("A");
        Lease one = a.create("1").lease();
        Lease eleven = a.create("11").lease();
        for (long place = 1; place <= 12; place++) {
            trial.equal("a step is", new Appended.Written(), a.step(one, place, "1 at " + place));
            trial.equal("a step is", new Appended.Written(), a.step(eleven, place, "11 at " + place));
        }
        for (String runId : List.of("1", "11")) {
            List<String> texts = IntStream.rangeClosed(1, 12)
                    .mapToObj(place -> runId + " at " + place)
                    .toList();
            trial.that(a.read(runId).texts().equals(texts), "the steps of run " + runId, "others");
        }
    }

    @Clause(
            id = "KEY-04",
            must = "Keys at the declared limit (≥255 UTF-8 bytes) MUST work; limit+1 MUST be rejected before any write,"
                    + " never truncated",
            why = "two long ids become one, and the second run is never run",
            usualFix = "make columns and indexes as wide as core's Names allows, counted in UTF-8 bytes")
    default void key_04_limitHolds(Trial trial) {
        Instance a = trial.open("A");
        trial.that(Names.MAX_NAME_BYTES >= 255, "a limit of at least 255 bytes", Names.MAX_NAME_BYTES);
        for (KeyKind kind : KeyKind.all(trial)) {
            for (String key : KeySamples.longest(kind.limit())) {
                String got = Checks.answered(
                        trial,
                        "a " + kind.what() + " of " + kind.limit() + " bytes",
                        () -> kind.use().with(a, key));
                trial.that(key.equals(got), "the whole " + kind.what(), Words.quoted(got));
            }
            for (String key : KeySamples.tooLong(kind.limit())) {
                Set<String> before = ownNames(a);
                rejected(
                        trial,
                        kind.what() + " of " + (kind.limit() + 1) + " bytes",
                        () -> kind.use().with(a, key));
                trial.equal("the runs are still", before, ownNames(a));
            }
        }
        for (String key : KeySamples.tooLong(Names.MAX_NAME_BYTES)) {
            for (Callable<?> call : KeyKind.asking(trial, a, key)) {
                rejected(trial, "key of " + (Names.MAX_NAME_BYTES + 1) + " bytes", call);
            }
        }
        namespacesAtTheLimit(trial);
    }

    /** The runs but for those that a kind of key needs beside it. */
    private static Set<String> ownNames(Instance a) {
        Set<String> names = KeySamples.listed(a, RunQuery.all());
        names.removeIf(KeyKind::isFresh);
        return names;
    }

    private static void rejected(Trial trial, String what, Callable<?> call) {
        IllegalArgumentException thrown = trial.throwing(IllegalArgumentException.class, what + " is rejected", call);
        String message = String.valueOf(thrown.getMessage());
        trial.that(message.chars().anyMatch(Character::isDigit), "a message with the limit", message);
    }

    private static void namespacesAtTheLimit(Trial trial) {
        String base = trial.options().build().namespace();
        String longest = base + "n".repeat(Names.MAX_NAME_BYTES - 1 - base.length());
        Instance one = trial.open("one", namespace(trial, longest + "1"));
        Instance two = trial.open("two", namespace(trial, longest + "2"));
        one.create("r");
        trial.equal("the run in the other namespace:", Optional.empty(), two.find("r"));
        trial.that(one.find("r").isPresent(), "the run in its namespace", "nothing");
    }

    @Clause(
            id = "KEY-05",
            must =
                    "Null, empty and control-only keys MUST be rejected as InvalidKey before any I/O (0 bursts at the proxy)",
            why = "runs that nobody can name, list or delete",
            usualFix = "check with core's Names first, in signal and cacheClear too; the other types check themselves")
    default void key_05_invisibleKeysAreRejected(Trial trial) {
        Instance a = trial.open("A");
        Granted holder = a.create("r");
        a.signal("r", Requests.message("m", "approved"));
        a.step(holder.lease(), 1, "step");
        Seen before = a.read("r");

        for (@Nullable String key : KeySamples.invisible()) {
            String shown = Words.quoted(key);
            for (KeyKind kind : KeyKind.all(trial)) {
                boolean mayBeEmpty = kind.what().equals("label value") && key != null;
                if (!mayBeEmpty) {
                    trial.throwing(
                            IllegalArgumentException.class,
                            "the " + kind.what() + " " + shown + " is rejected",
                            () -> kind.use().with(a, key));
                }
            }
            for (Callable<?> call : KeyKind.asking(trial, a, key)) {
                trial.throwing(IllegalArgumentException.class, "the key " + shown + " is rejected", call);
            }
        }

        Answers.unchanged(trial, before, a);
        if (trial.declares(Ability.STEP_CACHE)) {
            CacheKey key = new CacheKey("s", "k");
            a.cache().cachePut(new CachePut(key, Bytes.utf8("1"), CachePut.FOREVER, Existing.KEEP, 1));
            trial.throwing(IllegalArgumentException.class, "an empty scope is rejected", () -> {
                a.cache().cacheClear("");
                return "cleared";
            });
            trial.equal(
                    "what was cached is",
                    Optional.of(Bytes.utf8("1")),
                    a.cache().cacheGet(key));
        }
        WireChecks.unsentKeys(trial);
    }
}
