// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseTerm;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.state.RunStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.Stream;

/** RT: round-trip fidelity: texts, numbers and times. */
interface RtValueClauses extends KitClauses {
    @Clause(
            id = "RT-04",
            must =
                    "Text (ids, names, tags, error messages) MUST keep astral code points, combining marks (NFC ≠ NFD), RTL,"
                            + " leading/trailing spaces, CR/LF exactly; U+0000 and lone surrogates MUST be kept or rejected typed,"
                            + " never altered",
            why = "a run cannot be found under the id that it was given, or a signal never matches the name awaited",
            usualFix = "use UTF-8 of four bytes, no collation, no trimming; let core's Names check every text first")
    default void rt_04_textIsKept(Trial trial) {
        Instance a = trial.open("A");
        List<String> texts = new ArrayList<>(Texts.ODD);
        Random random = trial.random();
        Stream.generate(() -> Texts.random(random, 12)).limit(6).forEach(texts::add);

        for (String text : texts) {
            Texts.write(a, text);
        }

        for (Instance who : trial.sameOtherReopened(a)) {
            for (String text : texts) {
                Texts.check(trial, who, text);
            }
        }
        for (String bad : List.of("a\u0000b", "a\u0000", "a\ud83d", "\ude00a", "a\ude00\ud83db")) {
            Texts.keptOrRejected(trial, a, bad);
        }
    }

    @Clause(
            id = "RT-05",
            must =
                    "64-bit integers (tokens, places, counters, numeric attributes: MIN, MAX, 2^53±1) MUST not be rounded",
            why = "two leases get the same token, and the older one is not fenced",
            usualFix = "keep numbers in 64-bit integers; never let a script or JSON make doubles of them")
    default void rt_05_longsAreNotRounded(Trial trial) {
        Instance a = trial.open("A");
        long exact = 1L << 53;
        List<Long> tokens = List.of(exact - 2, exact - 1, exact, exact + 1, Long.MAX_VALUE - 2);
        for (long source : tokens) {
            String runId = "r" + source;
            NewRun run = new NewRun(
                    Requests.WORKFLOW,
                    Integer.MAX_VALUE,
                    Incarnation.random(),
                    Labels.NONE,
                    RunStatus.ARRIVING,
                    Requests.origin(),
                    source);
            Lease lease = a.create(runId, run).lease();
            trial.equal("the token behind the source's is", source + 1, lease.token());
            a.append(Requests.entry(lease, 1, EntryBody.Suspension.of(Set.of("s"), Optional.empty(), source)));
            for (Instance who : trial.sameOtherReopened(a)) {
                Head head = who.head(runId);
                trial.equal("the token is", source + 1, head.token());
                trial.equal("the source's token is", source, head.sourceToken());
                trial.equal("the version is", Integer.MAX_VALUE, head.version());
                List<Entry> entries = who.entries(runId);
                entries.forEach(entry -> trial.equal(
                        "the entry's token is", source + 1, entry.lease().token()));
                long seen = EntryCodec.suspension(entries.get(1)).signalsSeen();
                trial.equal("the counter is", source, seen);
            }
            onlyThisToken(trial, a, lease);
        }
    }

    /** A lease whose token is another in its last bit is another lease. */
    private static void onlyThisToken(Trial trial, Instance a, Lease lease) {
        Seen before = a.read(lease.runId());
        for (long token : List.of(lease.token() - 1, lease.token() ^ 1)) {
            Lease other = new Lease(lease.runId(), lease.incarnation(), lease.id(), token);

            Renewed renewed = a.renew(other, Requests.LASTING);
            Settled settled = a.store()
                    .settle(Settle.of(other, HeadChange.ready(Due.now()).build()));

            trial.equal("under token " + token + " a renewal is", new Renewed.Lost(), renewed);
            trial.is(Settled.Lost.class, "under token " + token + " a settle that is lost", settled);
            Answers.unchanged(trial, before, a);
        }
    }

    @Clause(
            id = "RT-06",
            must =
                    "Timestamps MUST round-trip at the declared precision (≤1 ms), for past, far-future and DST-gap instants",
            why = "a timer fires an hour early or late, twice a year, or never",
            usualFix = "store milliseconds since the epoch, or a time with a zone; never a local time")
    default void rt_06_timesAreKept(Trial trial) {
        Instance a = trial.open("A");
        List<Instant> times = Times.ODD;
        for (int i = 0; i < times.size(); i++) {
            Lease lease = a.create("s" + i).lease();
            Instance.done(a.suspend(lease, 1, Optional.of(times.get(i)), 0, "s"));
            Lease free = a.create("f" + i).lease();
            Instance.done(a.store()
                    .settle(Settle.of(
                            free, HeadChange.ready(Due.at(times.get(i))).build())));
        }
        a.create("leased");
        List<Head> written = a.store().list(RunQuery.all().build()).runs();

        for (Instance who : trial.sameOtherReopened(a)) {
            for (int i = 0; i < times.size(); i++) {
                Times.near(trial, times.get(i), who.head("s" + i).due());
                Times.near(trial, times.get(i), who.head("f" + i).due());
                EntryBody.Suspension body =
                        EntryCodec.suspension(who.entries("s" + i).get(1));
                Times.near(trial, times.get(i), body.due());
            }
            for (Head head : written) {
                Head read = who.head(head.runId());
                trial.equal("created at", head.created(), read.created());
                trial.equal("changed at", head.changed(), read.changed());
                trial.equal(
                        "leased until",
                        head.lease().map(LeaseTerm::deadline),
                        read.lease().map(LeaseTerm::deadline));
            }
        }
    }

    @Clause(
            id = "RT-07",
            must = "Results MUST NOT depend on JVM locale, charset or time zone (re-run under tr-TR, ar-EG,"
                    + " Pacific/Kiritimati, file.encoding=US-ASCII child)",
            why = "a run that was stored by one host cannot be read or claimed by another one",
            usualFix = "name Locale.ROOT, UTF-8 and UTC wherever text, numbers or times are turned into each other")
    default void rt_07_localeAndZoneDoNotMatter(Trial trial) {
        Instance base = trial.open("base");
        Locale locale = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        List<Elsewhere> places = List.of(
                new Elsewhere("tr-TR", "Pacific/Kiritimati"),
                new Elsewhere("ar-EG", "Europe/Berlin"),
                new Elsewhere("th-TH-u-ca-buddhist-nu-thai", "America/St_Johns"));
        try {
            for (Elsewhere place : places) {
                place.enter();
                Instance there = trial.open(place.locale());
                place.write(there);
                place.check(trial, there);
                Locale.setDefault(locale);
                TimeZone.setDefault(zone);
                place.check(trial, base);
                place.enter();
                place.claim(trial, base, there);
            }
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
        }
        ChildParts.otherSettings(trial);
    }
}
