// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.CairnException;
import dev.cairn.error.CorruptException;
import dev.cairn.error.PayloadTooLargeException;
import dev.cairn.spi.Ability;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Message;
import dev.cairn.spi.Read;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.StateStore;
import dev.cairn.state.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** BAD: bad input, errors. */
interface BadClauses extends KitClauses {
    @Clause(
            id = "BAD-01",
            must = "Null, negative, zero and overflowing arguments MUST be rejected before any I/O",
            why = "a slip in an argument is found deep in the driver, or is stored and found a week later",
            usualFix = "check run ids and nulls at the door of every method; treat a place or time that is too large as"
                    + " too large")
    default void bad_01_badArgumentsAreRefused(Trial trial) {
        Instance a = trial.open("A");
        Lease lease = a.create("r").lease();
        a.steps(lease, 1, 1);
        Seen before = a.read("r");

        BadArguments.nulls(a.store()).forEach((what, call) -> refused(trial, what, call));
        BadArguments.numbers(a, lease).forEach((what, call) -> refused(trial, what, call));
        for (String runId : Arrays.asList("", "  ", "\n", "x".repeat(256), "a\u0000b", "\uD800")) {
            Message message = Requests.message("m", "go");
            refused(trial, "a signal to run " + Words.quoted(runId), () -> a.signal(runId, message));
        }
        if (trial.declares(Ability.STEP_CACHE)) {
            BadArguments.caches(a.cache()).forEach((what, call) -> refused(trial, what, call));
        }

        trial.equal("an append of nothing answers", List.of(), a.store().append(List.of()));
        trial.equal("a renewal of nothing answers", List.of(), a.store().renew(List.of()));
        trial.equal("an erase of nothing answers", List.of(), a.store().erase(List.of()));
        Answers.unchanged(trial, before, a);
        trial.equal("runs:", List.of("r"), Listings.ids(a.listed(RunQuery.all())));
        farTimes(trial, a, lease);
        WireChecks.unsentArguments(trial);
    }

    private static void refused(Trial trial, String what, Callable<?> call) {
        RuntimeException thrown = trial.throwing(RuntimeException.class, what + " to be refused", call);
        boolean argument = thrown instanceof IllegalArgumentException || thrown instanceof NullPointerException;
        trial.that(
                argument,
                "an IllegalArgumentException (or, of null, a NullPointerException) for " + what,
                Thrown.name(thrown));
    }

    /** Times that no column holds: refused, or as good as never. */
    private static void farTimes(Trial trial, Instance a, Lease lease) {
        List<String> all = Listings.ids(a.listed(RunQuery.all().created(Instant.MIN, Instant.MAX)));
        trial.equal("created at any time are", List.of("r"), all);
        all = Listings.ids(a.listed(RunQuery.all().changed(Instant.MAX, Instant.MAX)));
        trial.equal("changed at the end of time are", List.of(), all);
        Seen before = a.read("r");
        HeadChange far = HeadChange.ready(Due.at(Instant.MAX)).build();
        boolean isRefused = false;
        try {
            Instance.done(a.store().settle(Settle.of(lease, far)));
        } catch (IllegalArgumentException e) {
            isRefused = true;
        }
        if (isRefused) {
            Answers.unchanged(trial, before, a);
            a.free(lease);
            return;
        }
        Instant year9999 = Instant.parse("9999-01-01T00:00:00Z");
        Instant due = a.head("r").due().orElse(Instant.MAX);
        trial.that(due.isAfter(year9999), "a due time beyond all", due);
        trial.equal("due are", List.of(), a.store().claim(Requests.claim(10)));
    }

    @Clause(
            id = "BAD-02",
            must =
                    "Every failure MUST be one of the SPI's error types with the driver's exception as cause; no raw driver"
                            + " exception",
            why = "callers cannot tell what to repeat from what to give up, and depend on a driver they never chose",
            usualFix = "translate the driver's exceptions in one place, by exact code, on every path")
    default void bad_02_failuresAreTyped(Trial trial) {
        Instance a = trial.open("A");
        Lease lease = a.create("r").lease();
        a.steps(lease, 1, 2);
        Seen before = a.read("r");
        Bytes large = large(trial, "x");

        Entry entry = Requests.entry(lease, 3, EntryKind.PLAIN, large);
        Appended.Failed failed =
                trial.is(Appended.Failed.class, "an entry that is too large to fail", answer(() -> a.append(entry)));
        trial.is(PayloadTooLargeException.class, "PayloadTooLargeException as its cause", failed.cause());
        BadArguments.tooLarge(a, lease, large)
                .forEach((what, call) -> trial.throwing(
                        PayloadTooLargeException.class, what + " that is too large to be refused", call));
        Answers.unchanged(trial, before, a);
        trial.harness().raw().ifPresent(raw -> {
            raw.removeEntry(trial.env(a), "r", 1);
            trial.throwing(CorruptException.class, "a run with a hole to be reported as CorruptException", () -> {
                Seen.read(a.store(), "r", 4 << 20);
                return "a run";
            });
        });

        Instance closed = trial.open("closed");
        closed.close();
        everyCall(closed, lease)
                .forEach((what, call) ->
                        trial.throwing(CairnException.class, what + " on a closed store to be a CairnException", call));
        for (Callable<?> call : everyCall(a, lease).values()) {
            interrupted(trial, call);
        }
        ErrorCauses.explore(trial);
    }

    /** What a call answers, or the name of what it throws. */
    private static Object answer(Callable<?> call) {
        try {
            return call.call();
        } catch (Exception e) {
            return Thrown.name(e);
        }
    }

    private static Bytes large(Trial trial, String of) {
        int bytes = trial.facts().limits().entryBytes() + 1;
        byte[] text = of.getBytes(StandardCharsets.US_ASCII);
        byte[] large = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            large[i] = text[i % text.length];
        }
        return Bytes.adopt(large);
    }

    private static Map<String, Callable<?>> everyCall(Instance on, Lease lease) {
        StateStore store = on.store();
        Map<String, Callable<?>> calls = new LinkedHashMap<>();
        calls.put("facts", store::facts);
        calls.put("append", () -> on.step(lease, 9, "x"));
        calls.put("acquire", () -> on.acquire("none"));
        calls.put("claim", () -> store.claim(Requests.claim(1)));
        calls.put(
                "settle",
                () -> store.settle(Settle.of(
                        new Lease("r", lease.incarnation(), LeaseId.random(), lease.token()),
                        HeadChange.freed().build())));
        calls.put("renew", () -> on.renew(lease, Requests.LASTING));
        calls.put("signal", () -> on.signal("none", Requests.message("m", "go")));
        calls.put("read", () -> store.read(new Read("none", new Cursor.Start(), 1)));
        calls.put("list", () -> store.list(RunQuery.all().build()));
        calls.put("erase", () -> store.erase(List.of(new Erase.Leftover("none", Incarnation.random()))));
        return calls;
    }

    /** An interrupted caller gets an answer, or a typed failure, and stays interrupted or not as the store likes. */
    private static void interrupted(Trial trial, Callable<?> call) {
        Thread.currentThread().interrupt();
        Throwable thrown = null;
        try {
            call.call();
        } catch (Throwable t) {
            thrown = t;
        } finally {
            Thread.interrupted();
        }
        boolean typed = thrown == null || thrown instanceof CairnException;
        trial.that(
                typed,
                "an answer or a CairnException for an interrupted caller",
                thrown == null ? "" : Thrown.name(thrown));
    }

    @Clause(
            id = "BAD-03",
            must = "Flipped or truncated stored bytes MUST be reported as Corrupt, never returned",
            why = "a run goes on from a value that nobody ever wrote",
            usualFix = "build every entry that was read with Entry.stored and the checksum that was stored")
    default void bad_03_damagedBytesAreCorrupt(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        a.create("sound");
        Seen sound = a.read("sound");
        for (long place = 0; place <= 2; place += 2) {
            for (boolean cut : new boolean[] {true, false}) {
                String runId = (cut ? "cut" : "flipped") + place;
                Lease lease = a.create(runId).lease();
                a.steps(lease, 1, 3);
                a.expire(lease);
                Head head = a.head(runId);
                if (cut) {
                    trial.raw().truncate(trial.env(a), runId, place);
                } else {
                    trial.raw().flipByte(trial.env(a), runId, place);
                }
                isCorrupt(trial, a, runId, head);
                isCorrupt(trial, b, runId, head);
            }
        }
        Answers.unchanged(trial, sound, b);
    }

    private static void isCorrupt(Trial trial, Instance on, String runId, Head head) {
        CorruptException read = trial.throwing(
                CorruptException.class,
                "CorruptException from read",
                () -> on.store().read(new Read(runId, new Cursor.Start(), 4 << 20)));
        String message = String.valueOf(read.getMessage());
        trial.that(message.contains(runId), "the run's id in the message", "a message without it");
        Condition live = Condition.open().over(Condition.Over.LIVE).build();
        Acquire take = Requests.acquire(runId, new Acquire.Take(live), Gap.BRIEF);
        trial.throwing(
                CorruptException.class,
                "CorruptException from acquire",
                () -> on.store().acquire(take));
        Head now = on.listed(RunQuery.all().prefix(runId)).get(0);
        trial.equal("its head is unchanged:", unleased(head), unleased(now));
    }

    /** Where an acquire takes several requests, one that meets damage may have raised the token and left its lease. */
    private static Head unleased(Head head) {
        return head.edit().token(0).lease(Optional.empty()).build();
    }

    @Clause(
            id = "BAD-04",
            must = "No exception message or log line MUST contain payload bytes, credentials or full connection URLs",
            why = "card numbers and passwords end up in logs and tickets",
            usualFix = "say sizes, ids and places, never contents; do not log the statement with its binds")
    default void bad_04_messagesShowNoPayload(Trial trial) {
        Instance a = trial.open("A");
        String secret = "tops3cret" + trial.random().nextInt(1_000_000);
        Lease lease = a.create("r").lease();
        Bytes payload = Bytes.utf8(secret);
        List<String> said = new ArrayList<>();

        String logged = logged(() -> {
            a.append(Requests.entry(lease, 1, EntryKind.PLAIN, payload));
            a.signal("r", new Message("m", "go", payload));
            Bytes large = large(trial, secret);
            said.add(a.append(Requests.entry(lease, 2, EntryKind.PLAIN, large)).toString());
            BadArguments.tooLarge(a, lease, large).values().forEach(call -> said.add(thrownBy(call)));
            said.add(a.append(Requests.entry(lease, 1, EntryKind.PLAIN, Bytes.utf8("x" + secret)))
                    .toString());
            said.add(String.valueOf(a.store().read(new Read("r", new Cursor.Start(), 1 << 20))));
            said.add(String.valueOf(a.acquire("r")));
            trial.harness().raw().ifPresent(raw -> {
                raw.flipByte(trial.env(a), "r", 1);
                said.add(thrownBy(() -> a.store().read(new Read("r", new Cursor.Start(), 1 << 20))));
            });
            a.close();
            said.add(thrownBy(() -> a.append(Requests.entry(lease, 2, EntryKind.PLAIN, payload))));
        });

        said.add(logged);
        said.add(trial.facts().toString());
        for (String text : said) {
            trial.that(
                    !text.contains(secret),
                    "no payload in what is said",
                    "a text of " + text.length() + " characters with it");
            boolean password = text.matches("(?s).*\\b\\w+://[^/\\s:]+:[^/\\s@]+@.*") || text.contains("password=");
            trial.that(!password, "no password in what is said", "a text of " + text.length() + " characters with one");
        }
    }

    private static String thrownBy(Callable<?> call) {
        StringBuilder said = new StringBuilder();
        try {
            said.append(call.call());
        } catch (Exception e) {
            for (Throwable t = e; t != null; t = t.getCause()) {
                said.append(t).append('\n');
            }
        }
        return said.toString();
    }

    /** What is printed meanwhile; a log that goes elsewhere is not seen. */
    private static String logged(Runnable work) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(both);
        System.setErr(both);
        try {
            work.run();
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
