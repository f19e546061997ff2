// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Settle;
import dev.cairn.state.Attempt;
import dev.cairn.state.Bytes;
import dev.cairn.state.Failure;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepOutcome;
import dev.cairn.state.StepRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** ERR: error entries. */
interface ErrClauses extends KitClauses {
    private static Instant at() {
        return Instant.parse("2026-01-01T00:00:00.123Z");
    }

    private static Failure failure(String message) {
        return new Failure(
                "com.example.CardDeclined",
                List.of("com.example.PaymentFailed", "java.lang.RuntimeException"),
                "card.declined",
                message,
                Optional.of(Bytes.utf8("{\"card\":[1,null,\"\u00e9\"]}")),
                List.of(
                        new Failure.Cause("java.io.IOException", message.length() > 1000 ? "long" : message),
                        new Failure.Cause("java.net.ConnectException", "")));
    }

    private static EntryBody step(String key, StepOutcome outcome) {
        return new EntryBody.Steps(List.of(new StepRecord(
                key, 3, StepRecord.Grouping.SINGLE, 1, StepRecord.Source.BODY, at(), Duration.ofMillis(17), outcome)));
    }

    private static EntryBody failed(String message) {
        return step("pay", new StepOutcome.Failed(failure(message)));
    }

    private static EntryBody tried(long number) {
        return new EntryBody.Tried(new Attempt("pay", number, at().plusSeconds(number), failure("try " + number)));
    }

    /** The entries as they are stored, whether they make sense or not. */
    private static List<Entry> entries(Instance on, String runId) {
        List<Entry> entries = new ArrayList<>();
        Optional<? extends Cursor> next = Optional.of(new Cursor.Start());
        while (next.isPresent()) {
            Page page = on.store().read(new Read(runId, next.get(), 1 << 20)).orElseThrow();
            entries.addAll(page.entries());
            next = page.next();
        }
        return entries;
    }

    @Clause(
            id = "ERR-01",
            must =
                    "A recorded error MUST round-trip type, message, code, cause chain and attempt number, at 0 bytes and"
                            + " 1 MiB, any Unicode",
            why = "on replay another exception is thrown than the first time, and the workflow takes another branch",
            usualFix = "keep the bytes of an entry as bytes, never as text that is cut, trimmed or normalised")
    default void err_01_errorComesBack(Trial trial) {
        Instance a = trial.open("A");
        List<String> messages = List.of(
                "",
                " \t leading and trailing \n",
                "NFC \u00e9, NFD e\u0301, \uD83D\uDE00, \u05d0\u200f, \r\n, \u2028",
                "\u0000 and a lone \uD800",
                "x".repeat(1 << 20),
                "\u00e9".repeat(1 << 19));
        Lease lease = a.create("r").lease();
        List<EntryBody> sent = new ArrayList<>();
        messages.forEach(message -> sent.add(failed(message)));
        sent.add(new EntryBody.Tried(new Attempt("", Long.MAX_VALUE, at(), failure("of the workflow itself"))));
        for (int i = 0; i < sent.size(); i++) {
            Appended answer = a.append(Requests.entry(lease, i + 1L, sent.get(i)));
            trial.equal("the entry of an error is", new Appended.Written(), answer);
        }
        EntryBody.End end = new EntryBody.End(RunStatus.FAILED, new StepOutcome.Failed(failure("of the run")), "pay");
        Entry last = Requests.entry(lease, sent.size() + 1L, end);
        Instance.done(a.store()
                .settle(Settle.of(last, HeadChange.ended(RunStatus.FAILED).build())));
        sent.add(end);

        List<Bytes> bytes = sent.stream().map(EntryCodec::encode).toList();
        for (Instance who : trial.sameOtherReopened(a)) {
            List<Bytes> read =
                    entries(who, "r").stream().skip(1).map(Entry::body).toList();
            trial.equal("the bytes of the errors are", bytes, read);
        }
        List<Entry> read = entries(a, "r");
        for (int i = 0; i < sent.size(); i++) {
            // Said without the bodies: an error's texts are the user's.
            boolean same = sent.get(i).equals(EntryCodec.decode(read.get(i + 1)));
            trial.that(same, "error " + i + " to say what it said", "another error");
        }
    }

    @Clause(
            id = "ERR-02",
            must = "Attempts MUST be readable beside a later success, in order: the last 10 and the count",
            why = "nobody sees any more why a step took an hour, and retries are counted from 1 again",
            usualFix = "keep every entry; a later one replaces none, and pages come in order of place")
    default void err_02_attemptsStayBesideSuccess(Trial trial) {
        Instance a = trial.open("A");
        Lease first = a.create("r").lease();
        for (long number = 1; number <= 7; number++) {
            trial.equal("attempt:", new Appended.Written(), a.append(Requests.entry(first, number, tried(number))));
        }
        a.expire(first);
        Lease second = a.take("r").lease();
        for (long number = 8; number <= 13; number++) {
            trial.equal(
                    "attempt:", new Appended.Written(), a.append(Requests.entry(second, number + 1, tried(number))));
        }
        EntryBody success = step("pay", new StepOutcome.Value(Bytes.utf8("\"receipt\"")));
        trial.equal("success:", new Appended.Written(), a.append(Requests.entry(second, 15, success)));

        for (Instance who : trial.sameOtherReopened(a)) {
            List<Entry> plain = Checks.answered(trial, "every entry, in order", () -> entries(who, "r")).stream()
                    .filter(entry -> entry.kind() == EntryKind.PLAIN)
                    .toList();
            List<Long> numbers = plain.stream()
                    .map(EntryCodec::decode)
                    .filter(EntryBody.Tried.class::isInstance)
                    .map(body -> ((EntryBody.Tried) body).attempt().number())
                    .toList();
            trial.equal(
                    "attempts, by number:",
                    LongStream.rangeClosed(1, 13).boxed().toList(),
                    numbers);
            for (int i = 0; i < 13; i++) {
                boolean same = tried(i + 1L).equals(EntryCodec.decode(plain.get(i)));
                trial.that(same, "attempt " + (i + 1) + " to say what it said", "another one");
            }
            trial.equal(
                    "the last entry:",
                    EntryCodec.encode(success),
                    plain.get(plain.size() - 1).body());
            trial.equal("counting:", 14L, who.revision("r").count());
        }
    }

    @Clause(
            id = "ERR-03",
            must = "A recorded failure MUST go through the same commit as a value",
            why =
                    "a failure is acknowledged that another worker's value replaced, and replay throws what never counted",
            usualFix = "let append look at kind and place alone, never into the bytes")
    default void err_03_failureIsCommittedLikeValue(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        List<List<String>> told = new ArrayList<>();
        for (StepOutcome outcome : List.of(
                new StepOutcome.Value(Bytes.utf8("7")),
                new StepOutcome.Nothing(),
                new StepOutcome.Failed(failure("declined")))) {
            told.add(commits(trial, a, b, "r" + told.size(), outcome));
        }
        trial.equal("nothing is answered as a value is:", told.get(0), told.get(1));
        trial.equal("a failure is answered as a value is:", told.get(0), told.get(2));
    }

    /** All that may become of a commit, in words. */
    private static List<String> commits(Trial trial, Instance a, Instance b, String runId, StepOutcome outcome) {
        Lease lease = a.create(runId).lease();
        Entry sent = Requests.entry(lease, 1, step("pay", outcome));
        Entry other = Requests.entry(lease, 1, step("ship", outcome));
        List<String> answers = new ArrayList<>();
        answers.add(answer(sent, a.append(sent)));
        for (Instance who : List.of(a, b)) {
            answers.add(answer(sent, who.append(sent)));
            answers.add(answer(other, who.append(other)));
        }
        trial.equal("counting:", 1L, b.revision(runId).count());
        Lease newer = b.supersede(runId).lease();
        Entry stale = Requests.entry(lease, 2, step("ship", outcome));
        answers.add("superseded: " + answer(stale, a.append(stale)));
        trial.equal("counting:", 1L, b.revision(runId).count());
        EntryBody.End end = new EntryBody.End(RunStatus.FAILED, outcome, "");
        Settle settle = Settle.of(
                Requests.entry(newer, 3, end),
                HeadChange.ended(RunStatus.FAILED).build());
        answers.add(Words.of(b.store().settle(settle)));
        answers.add("again: " + Words.of(a.store().settle(settle)));
        trial.equal("counting:", 2L, b.revision(runId).count());
        trial.equal("the step is", sent, b.read(runId).entries().get(1));
        return answers;
    }

    private static String answer(Entry sent, Appended answer) {
        if (answer instanceof Appended.Taken taken) {
            return taken.entry().equals(sent) ? "already written" : "taken by another";
        }
        return Words.of(answer);
    }

    @Clause(
            id = "ERR-04",
            must = "After an end that counts, nothing MUST count except after a grant acquired to reopen a failed run",
            why = "a run that was reported as ended goes on, or a completed one is run again",
            usualFix =
                    "let no entry follow an end but a grant; refuse an acquire of an ended run as ENDED, with the head as"
                            + " it is")
    default void err_04_nothingCountsAfterEnd(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        for (RunStatus status : List.of(RunStatus.COMPLETED, RunStatus.CANCELLED, RunStatus.FAILED)) {
            String runId = "r-" + status;
            Lease holder = a.create(runId).lease();
            a.steps(holder, 1, 1);
            Instance.done(a.end(holder, 2, status));
            afterEnd(a, holder, 3);
            Seen ended = a.read(runId);
            counts(trial, b, runId, 2, Optional.of(status));
            endedIsRefused(trial, b, runId, Condition.open().build());
            if (status != RunStatus.FAILED) {
                endedIsRefused(trial, b, runId, Condition.failed().build());
            }
            Answers.unchanged(trial, ended, b);
            Granted over =
                    Instance.granted(b.acquire(runId, Condition.openOrEnded().build()));
            b.step(over.lease(), a.read(runId).length(), "after the end");
            counts(trial, a, runId, 2, Optional.of(status));
            b.store().settle(Settle.of(over.lease(), HeadChange.freed().build()));
            trial.equal("the status is", status, a.head(runId).status());
        }
        reopened(trial, a, b, "r-" + RunStatus.FAILED);
        unsettled(trial, a, b);
        JournalRaces.lateAfterEnd(trial);
    }

    /** What the holder that ended it still sends; where a store writes it, it must not count. */
    private static void afterEnd(Instance on, Lease holder, long next) {
        on.step(holder, next, "late");
        on.step(holder, next + 1, "later");
        on.end(holder, next + 2, RunStatus.COMPLETED);
    }

    private static void endedIsRefused(Trial trial, Instance on, String runId, Condition condition) {
        Acquired answer = on.acquire(runId, condition);
        Refused refused = trial.is(Refused.class, "an ended run to be refused", answer);
        trial.equal("refused is", Refused.Reason.ENDED, refused.reason());
        List<EntryKind> kinds = refused.ended().stream().map(Entry::kind).toList();
        trial.equal("with it come", List.of(EntryKind.GRANT, EntryKind.END), kinds);
    }

    private static void counts(Trial trial, Instance on, String runId, long count, Optional<RunStatus> end) {
        Seen seen = on.read(runId);
        trial.equal("counting:", count, seen.revision().count());
        trial.equal("ended:", end, seen.fold().end().map(EntryCodec::endStatus));
    }

    private static void reopened(Trial trial, Instance a, Instance b, String runId) {
        long length = a.read(runId).length();
        Granted reopener = Instance.granted(b.acquire(runId, Condition.failed().build()));
        counts(trial, a, runId, 2, Optional.empty());
        trial.equal("the status is", RunStatus.READY, a.head(runId).status());
        trial.equal("a step after that is", new Appended.Written(), b.step(reopener.lease(), length + 1, "again"));
        counts(trial, a, runId, 3, Optional.empty());
        Instance.done(b.end(reopener.lease(), length + 2, RunStatus.COMPLETED));
        counts(trial, a, runId, 4, Optional.of(RunStatus.COMPLETED));
        endedIsRefused(trial, a, runId, Condition.failed().build());
    }

    /** The end stands in the journal, and its writer died before the head said so. */
    private static void unsettled(Trial trial, Instance a, Instance b) {
        Lease holder = a.create("unsettled").lease();
        Entry end = Requests.end(holder, 1, RunStatus.COMPLETED);
        trial.equal("the end is", new Appended.Written(), a.append(end));
        afterEnd(a, holder, 2);
        if (a.head("unsettled").lease().isPresent()) { // a store may have settled it by now
            a.expire(holder);
        }
        if (b.acquire("unsettled") instanceof Granted granted) {
            b.step(granted.lease(), a.read("unsettled").length(), "after the end");
        }
        counts(trial, b, "unsettled", 1, Optional.of(RunStatus.COMPLETED));
    }
}
