// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.CairnException;
import dev.cairn.spi.Ability;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Message;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Read;
import dev.cairn.spi.Received;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.spi.StoreOptions;
import dev.cairn.state.Bytes;
import dev.cairn.state.Failure;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepOutcome;
import dev.cairn.state.StepRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** SEC: injection, isolation. */
interface SecClauses extends KitClauses {
    @Clause(
            id = "SEC-01",
            must = "SQL, BSON-operator, Lua, RESP, regex, path and format-string text in every string parameter MUST be"
                    + " data (canary object intact)",
            why = "whoever chooses a run id, a label or a signal's name reads, changes or destroys the store",
            usualFix = "bind every value; build no statement, pattern, key or path from one without escaping it")
    default void sec_01_hostileTextIsData(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        createCanary(a, "canary");
        Seen canary = a.read("canary");
        for (String text : Hostile.TEXTS) {
            trial.equal("before it was created, " + Words.quoted(text) + " is", Optional.empty(), b.find(text));
            trial.equal(
                    "with its prefix are", List.of(), b.listed(RunQuery.all().prefix(text)));
            trial.equal("a signal to it is", Signalled.ABSENT, b.signal(text, Requests.message("m", "go")));
        }
        List<String> texts = new ArrayList<>(Hostile.TEXTS);
        Collections.shuffle(texts, trial.random());
        for (int i = 0; i < texts.size(); i += 2) {
            everywhere(trial, a, b, texts.get(i), texts.get(i + 1));
        }
        for (String text : Hostile.TEXTS) {
            List<String> labelled = Listings.ids(b.listed(RunQuery.all().label(text, text)));
            trial.that(labelled.size() <= 1, "at most the one run with the label " + Words.quoted(text), labelled);
        }
        Answers.unchanged(trial, canary, b);
        trial.equal("runs:", 1 + texts.size() / 2, b.listed(RunQuery.all()).size());
    }

    private static void createCanary(Instance on, String runId) {
        Lease lease = on.create(runId).lease();
        on.steps(lease, 1, 2);
        on.signal(runId, Requests.message("m", "go"));
        on.free(lease);
    }

    /** One text as run id, the other in every other string. */
    private static void everywhere(Trial trial, Instance a, Instance b, String id, String text) {
        Labels labels = Labels.of(Map.of(text, text));
        Lease lease =
                a.create(id, Requests.newRun(text, labels, RunStatus.READY)).lease();
        a.step(lease, 1, text);
        a.store().renew(List.of(new Renewal(lease, Requests.LASTING, text)));
        a.signal(id, new Message(text, text, Bytes.utf8(text)));
        Instance.done(a.store()
                .settle(Settle.of(lease, HeadChange.blocked(text, Due.never()).build())));
        Seen seen = b.read(id);
        trial.equal("texts:", List.of(text), seen.texts());
        trial.equal("messages:", List.of(new Received(new Message(text, text, Bytes.utf8(text)), 0)), seen.messages());
        Head head = seen.head();
        trial.equal(
                "id, workflow, progress, reason:",
                List.of(id, text, text, text),
                List.of(head.runId(), head.workflow(), head.progress(), head.reason()));
        trial.equal("labels:", labels, head.labels());
        RunQuery.Builder query = RunQuery.all().prefix(id).workflow(text).label(text, text);
        trial.equal("found by all of them:", List.of(id), Listings.ids(b.listed(query)));
        Lease second = a.take(id).lease();
        Instance.done(a.suspend(second, 3, Optional.empty(), 1, text));
        trial.equal("awaits:", Set.of(text), Set.copyOf(b.head(id).awaits()));
        a.signal(id, new Message(text + "2", text, Bytes.utf8(text)));
        trial.that(b.head(id).due().isPresent(), "the run to be due by its signal", b.head(id));
        if (trial.declares(Ability.STEP_CACHE)) {
            CacheKey key = new CacheKey(id, text);
            a.cache().cachePut(new CachePut(key, Bytes.utf8(text), CachePut.FOREVER, Existing.KEEP, 10));
            trial.equal("cached:", Optional.of(Bytes.utf8(text)), b.cache().cacheGet(key));
        }
    }

    @Clause(
            id = "SEC-02",
            must =
                    "No operation in one namespace MUST see or affect another, including a/ab/a:b, case variants, purge and"
                            + " cache expiry, on one shared client",
            why = "one team's or tenant's runs are shown to, claimed or deleted by another",
            usualFix =
                    "put the namespace, as bytes and with its length or in a column of its own, into every key, index and"
                            + " condition")
    default void sec_02_namespacesAreApart(Trial trial) {
        String base = trial.options().build().namespace();
        List<Instance> all = new ArrayList<>();
        for (String suffix : List.of("", "b", ":b")) {
            all.add(in(trial, base + suffix));
        }
        all.add(in(trial, base.toUpperCase(Locale.ROOT)));
        Incarnation shared = Incarnation.random();
        for (Instance one : all) {
            trial.equal("runs at first:", List.of(), one.listed(RunQuery.all()));
            fill(trial, one, shared);
        }
        all.forEach(one -> isOwn(trial, one));
        Instance disturber = Filter.pick(trial.random(), all);
        Map<Instance, List<Object>> before = new LinkedHashMap<>();
        all.stream().filter(one -> one != disturber).forEach(one -> before.put(one, standing(trial, one)));

        disturb(trial, disturber);

        before.forEach((one, standing) ->
                trial.equal("nothing done in one namespace shows in another:", standing, standing(trial, one)));
        for (Instance one : before.keySet()) {
            List<Granted> claimed = one.store().claim(Requests.claim(100));
            trial.equal(
                    "claimed are",
                    List.of("due"),
                    claimed.stream().map(granted -> granted.lease().runId()).toList());
            trial.equal("purged are", new Purge.Purged(1, false), one.purge(Duration.ZERO, 100));
        }
    }

    private static Instance in(Trial trial, String namespace) {
        StoreOptions options = trial.options()
                .namespace(namespace)
                .fenceTime(Duration.ofMillis(1))
                .build();
        return trial.open("in " + namespace, options);
    }

    private static void fill(Trial trial, Instance on, Incarnation shared) {
        String own = on.options().namespace();
        NewRun run = new NewRun(
                Requests.WORKFLOW, 1, shared, Labels.of(Map.of("own", own)), RunStatus.READY, Requests.origin(), 0);
        Lease lease = on.create("r", run).lease();
        on.step(lease, 1, own);
        on.signal("r", new Message("m", "go", Bytes.utf8(own)));
        on.createFree("due");
        on.createEnded("ended", RunStatus.COMPLETED);
        on.createFree("deleted");
        on.delete("deleted");
        if (trial.declares(Ability.STEP_CACHE)) {
            on.cache()
                    .cachePut(new CachePut(
                            new CacheKey("scope", "key"), Bytes.utf8(own), CachePut.FOREVER, Existing.KEEP, 10));
        }
    }

    /** What is read in a namespace was written in it. */
    private static void isOwn(Trial trial, Instance one) {
        String own = one.options().namespace();
        trial.equal("the steps in " + own, List.of(own), one.read("r").texts());
        if (trial.declares(Ability.STEP_CACHE)) {
            trial.equal(
                    "what is cached in " + own,
                    Optional.of(own),
                    one.cache().cacheGet(new CacheKey("scope", "key")).map(Bytes::asUtf8));
        }
    }

    /** All that there is in a namespace. */
    private static List<Object> standing(Trial trial, Instance on) {
        List<Object> standing = new ArrayList<>();
        for (RunQuery.Among among : RunQuery.Among.values()) {
            standing.add(on.listed(RunQuery.all().among(among)));
        }
        List.of("r", "due", "ended")
                .forEach(runId -> standing.add(on.find(runId).map(Seen::all)));
        if (trial.declares(Ability.STEP_CACHE)) {
            standing.add(on.cache().cacheGet(new CacheKey("scope", "key")));
        }
        return standing;
    }

    /** Does there what would show elsewhere if anything did. */
    private static void disturb(Trial trial, Instance on) {
        if (trial.declares(Ability.STEP_CACHE)) {
            CacheKey other = new CacheKey("scope", "other");
            on.cache().cachePut(new CachePut(other, Bytes.utf8("1"), Duration.ofMillis(1), Existing.REPLACE, 1));
            trial.pass(Duration.ofMillis(3));
            on.cache().cachePut(new CachePut(other, Bytes.utf8("2"), CachePut.FOREVER, Existing.REPLACE, 1));
            on.cache().cacheDelete(new CacheKey("scope", "key"));
            on.cache().cacheClear("scope");
        }
        on.signal("r", Requests.message("n", "go"));
        Lease newer = on.supersede("r").lease();
        on.steps(newer, 3, 1);
        on.store().claim(Requests.claim(100));
        Instance.done(on.end(newer, 4, RunStatus.FAILED));
        trial.pass(Duration.ofMillis(3));
        on.purge(Duration.ZERO, 100);
        trial.pass(Duration.ofMillis(3));
        on.purge(Duration.ZERO, 100);
        on.create("r");
    }

    @Clause(
            id = "SEC-03",
            must = "Table/prefix/schema options MUST be validated or quoted; hostile names rejected",
            why = "a namespace that comes from a configuration or a tenant's name becomes part of a statement",
            usualFix =
                    "bind the namespace like any value; where it has to be part of a name, refuse all but letters and"
                            + " digits, and quote")
    default void sec_03_hostileNamespaceIsDataOrRefused(Trial trial) {
        Instance a = trial.open("A");
        createCanary(a, "canary");
        Seen canary = a.read("canary");
        for (String bad :
                Arrays.asList("", " ", "\n", "x\u0000y", "\uD800", "n".repeat(256), BadArguments.<String>none())) {
            trial.throwing(
                    IllegalArgumentException.class,
                    "the namespace " + Words.of(bad) + " to be refused",
                    () -> StoreOptions.builder().namespace(bad));
        }
        String own = a.options().namespace();
        List<String> texts = new ArrayList<>(Hostile.TEXTS);
        Collections.shuffle(texts, trial.random());
        List<String> names = texts.stream().limit(8).map(text -> text + own).toList();
        List<Instance> opened = new ArrayList<>();
        for (String name : names) {
            openHostile(trial, name).ifPresent(opened::add);
        }
        for (Instance one : opened) {
            String name = one.options().namespace();
            trial.equal("the namespace is", name, one.store().namespace());
            trial.equal(
                    "runs in it:",
                    List.of("r"),
                    Listings.ids(one.listed(RunQuery.all().limit(2))));
            trial.equal("the run says", List.of(name), one.read("r").texts());
        }
        Answers.unchanged(trial, canary, a);
        trial.equal("runs:", List.of("canary"), Listings.ids(a.listed(RunQuery.all())));
    }

    /** Opens it, empty, and puts a run in; or is told that such a name is not taken. */
    private static Optional<Instance> openHostile(Trial trial, String name) {
        Instance opened;
        try {
            opened = trial.open("hostile", trial.options().namespace(name).build());
        } catch (IllegalArgumentException | CairnException refused) {
            trial.did("the namespace " + Words.quoted(name) + " was refused");
            return Optional.empty();
        }
        trial.equal("runs at first:", List.of(), opened.listed(RunQuery.all()));
        trial.equal("reading at first:", Optional.empty(), opened.find("r"));
        opened.step(opened.create("r").lease(), 1, name);
        return Optional.of(opened);
    }

    @Clause(
            id = "SEC-04",
            must = "Stored data MUST NOT be able to instantiate arbitrary classes on read",
            why = "whoever can write to the database runs code in every worker",
            usualFix = "hand bytes back as bytes; no Java serialisation, no type names in JSON that anything follows")
    default void sec_04_storedNamesMakeNoObjects(Trial trial) {
        Instance a = trial.open("A");
        String name = Tripwire.class.getName();
        Failure failure = new Failure(
                name,
                List.of(name),
                name,
                name,
                Optional.of(Bytes.utf8("{\"@class\":\"" + name + "\"}")),
                List.of(new Failure.Cause(name, name)));
        Lease lease = a.create(
                        "r", Requests.newRun(Requests.WORKFLOW, Labels.of(Map.of("class", name)), RunStatus.READY))
                .lease();
        List<Bytes> payloads = List.of(
                Bytes.adopt(Tripwire.serialised()),
                Bytes.utf8("{\"@class\":\"" + name + "\"}"),
                Bytes.utf8("[\"" + name + "\",{}]"),
                Bytes.utf8("!!" + name + " []"),
                Bytes.utf8("{\"cairn\":1,\"type\":\"" + name + "\"}"));
        long made = Tripwire.made();
        int place = 1;
        for (Bytes payload : payloads) {
            a.append(Requests.entry(lease, place++, EntryKind.PLAIN, payload));
            a.signal("r", new Message("m" + place, name, payload));
        }
        StepRecord step = new StepRecord(
                "pay",
                0,
                StepRecord.Grouping.SINGLE,
                0,
                StepRecord.Source.BODY,
                Instant.EPOCH,
                Duration.ZERO,
                new StepOutcome.Failed(failure));
        a.append(Requests.entry(lease, place, new EntryBody.Steps(List.of(step))));
        for (Instance who : trial.sameOtherReopened(a)) {
            Seen seen = who.read("r");
            List<Bytes> bodies = seen.counting().stream()
                    .limit(payloads.size())
                    .map(Entry::body)
                    .toList();
            trial.equal("the bodies are", payloads, bodies);
            trial.equal(
                    "the signals are",
                    payloads,
                    seen.messages().stream()
                            .map(received -> received.message().payload())
                            .toList());
            EntryBody decoded = EntryCodec.decode(seen.entries().get(place));
            trial.that(
                    decoded instanceof EntryBody.Steps steps && steps.steps().equals(List.of(step)),
                    "the step",
                    "another");
            who.listed(RunQuery.all().label("class", name));
            who.store().read(new Read("r", new Cursor.Start(), 1));
            trial.equal("made by reading are", made, Tripwire.made());
        }
    }
}
