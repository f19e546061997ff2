// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Ability;
import dev.cairn.spi.Due;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Message;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.state.Bytes;
import dev.cairn.state.Failure;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepOutcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;

/** Text that is easily altered, written everywhere a store keeps text. */
final class Texts {
    static final List<String> ODD = List.of(
            "\ud83d\ude00 \ud835\udd04",
            "e\u0301",
            "\u00e9",
            "\u05d0\u05d1 \u202eabc\u202c",
            " before",
            "after ",
            "\u00a0both\u3000",
            "cr\rlf\ncrlf\r\nend\r\n",
            "\ttab",
            "zero\u200bwidth\u200d",
            "\ufeffbom",
            "\uffff \ufdd0",
            "quotes ' \" ` \\ /",
            "%s {0} ${x} :x ? \\u0041",
            "a\u0001\u001f\u007f\u0085b",
            "\u00df \u017f \u0130 \u0131 \u212a",
            "null");

    private Texts() {}

    /** A text with something to see in it. */
    static String random(Random random, int length) {
        StringBuilder text = new StringBuilder("x");
        while (text.codePointCount(0, text.length()) < length) {
            int c = 1 + random.nextInt(random.nextBoolean() ? 0x2ff : Character.MAX_CODE_POINT);
            boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
            text.appendCodePoint(surrogate ? '-' : c);
        }
        return text.toString();
    }

    /** A run that is named so and blocked, one that waits, and an outcome in the cache. */
    static void write(Instance by, String text) {
        Lease lease = by.create(text, newRun(text)).lease();
        by.store().renew(List.of(new Renewal(lease, Requests.LASTING, text)));
        by.signal(text, new Message(text, text, Bytes.utf8(text)));
        by.append(Requests.entry(lease, 1, failure(text)));
        Instance.done(by.store()
                .settle(Settle.of(lease, HeadChange.blocked(text, Due.never()).build())));
        Lease waiting = by.create("waits for " + text).lease();
        Instance.done(by.suspend(waiting, 1, Optional.empty(), 0, text));
        if (by.store() instanceof dev.cairn.spi.StepCacheStore cache) {
            cache.cachePut(put(text));
        }
    }

    private static NewRun newRun(String text) {
        Labels labels = Labels.of(Map.of(text, text, "empty", ""));
        return Requests.newRun(text, labels, RunStatus.READY);
    }

    private static EntryBody failure(String text) {
        Failure failure = new Failure(
                "java.io.IOException",
                List.of(),
                text,
                text,
                Optional.empty(),
                List.of(new Failure.Cause("java.lang.Error", text)));
        return new EntryBody.End(RunStatus.FAILED, new StepOutcome.Failed(failure), text);
    }

    private static CachePut put(String text) {
        return new CachePut(new CacheKey(text, text), Bytes.utf8(text), CachePut.FOREVER, Existing.KEEP, 100);
    }

    /** Fails unless all of it comes back. */
    static void check(Trial trial, Instance who, String text) {
        Optional<Seen> found = Checks.answered(trial, "a run with the id " + Words.quoted(text), () -> who.find(text));
        trial.that(found.isPresent(), "a run with the id " + Words.quoted(text), "nothing");
        Seen seen = found.orElseThrow();
        Head head = seen.head();
        trial.equal("the run id is", text, head.runId());
        trial.equal("the workflow is", text, head.workflow());
        trial.equal(
                "the labels are", Map.of(text, text, "empty", ""), head.labels().all());
        trial.equal("the progress is", text, head.progress());
        trial.equal("the reason is", text, head.reason());
        trial.equal("the number of messages is", 1, seen.messages().size());
        trial.equal("the signal id is", text, seen.messages().get(0).message().id());
        trial.equal("the signal name is", text, seen.messages().get(0).message().name());
        trial.that(
                failure(text).equals(EntryCodec.decode(seen.entries().get(1))),
                "a failure with the message " + Words.quoted(text),
                "another failure");
        trial.equal(
                "the run waits for", Set.of(text), who.head("waits for " + text).awaits());
        List<String> labelled = who
                .store()
                .list(RunQuery.all().label(text, text).build())
                .runs()
                .stream()
                .map(Head::runId)
                .toList();
        trial.equal("the runs with this label are", List.of(text), labelled);
        if (trial.declares(Ability.STEP_CACHE)) {
            trial.equal(
                    "under this key is cached",
                    Optional.of(Bytes.utf8(text)),
                    who.cache().cacheGet(new CacheKey(text, text)));
        }
    }

    /** Text that no database is sure to keep, in one field after the other. */
    static void keptOrRejected(Trial trial, Instance a, String bad) {
        Granted granted = a.create("with bad text " + bad.hashCode());
        Lease lease = granted.lease();
        String run = lease.runId();
        kept(trial, "a run id", bad, () -> {
            a.create(bad);
            return a.head(bad).runId();
        });
        kept(trial, "a workflow name", bad, () -> {
            a.create("workflow", Requests.newRun(bad, Labels.NONE, RunStatus.READY));
            return a.head("workflow").workflow();
        });
        kept(trial, "a label", bad, () -> {
            Labels labels = Labels.of(Map.of("label", bad));
            a.create("labelled", Requests.newRun(Requests.WORKFLOW, labels, RunStatus.READY));
            return a.head("labelled").labels().all().get("label");
        });
        kept(trial, "a signal's name", bad, () -> {
            a.signal(run, new Message("m", bad, Bytes.empty()));
            return a.read(run).messages().get(0).message().name();
        });
        kept(trial, "the progress of a renewal", bad, () -> {
            a.store().renew(List.of(new Renewal(lease, Requests.LASTING, bad)));
            return a.head(run).progress();
        });
        kept(trial, "the progress of a settle", bad, () -> {
            a.store()
                    .settle(Settle.of(
                            lease, HeadChange.readyAndHeld().progress(bad).build()));
            return a.head(run).progress();
        });
        kept(trial, "a failure's message", bad, () -> {
            a.append(Requests.entry(lease, 1, failure(bad)));
            EntryBody.End end = (EntryBody.End) EntryCodec.decode(a.entries(run).get(1));
            return ((StepOutcome.Failed) end.outcome()).failure().message();
        });
        settledText(trial, a, bad);
        if (trial.declares(Ability.STEP_CACHE)) {
            kept(
                    trial,
                    "a key of the step cache",
                    bad,
                    () -> a.cache().cachePut(put(bad)).asUtf8());
        }
    }

    private static void settledText(Trial trial, Instance a, String bad) {
        Lease blocked = a.create("blocked " + bad.hashCode()).lease();
        kept(trial, "a reason", bad, () -> {
            a.store()
                    .settle(Settle.of(
                            blocked, HeadChange.blocked(bad, Due.never()).build()));
            return a.head(blocked.runId()).reason();
        });
        Lease waits = a.create("waits " + bad.hashCode()).lease();
        kept(trial, "the name of an awaited signal", bad, () -> {
            a.suspend(waits, 1, Optional.empty(), 0, bad);
            return String.join("", a.head(waits.runId()).awaits());
        });
    }

    private static void kept(Trial trial, String what, String bad, Callable<String> writtenAndRead) {
        String got;
        try {
            got = writtenAndRead.call();
        } catch (IllegalArgumentException rejected) {
            trial.explored(1);
            return;
        } catch (Exception thrown) {
            throw Thrown.unchecked(thrown);
        }
        trial.equal(what + " with U+0000 or a lone surrogate is rejected, or kept as", bad, got);
    }
}
