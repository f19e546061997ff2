// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Ability;
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
import dev.cairn.spi.LeaseTerm;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepOutcome;
import dev.cairn.state.StepRecord;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** RT: round-trip fidelity. */
interface RtClauses extends KitClauses {
    @Clause(
            id = "RT-01",
            must =
                    "A payload MUST come back byte-for-byte identical at sizes 0, 1, 255–257, 4,095–4,097, 65,535–65,537,"
                            + " 1 MiB±1 and at random sizes",
            why = "a resumed workflow goes on with a value that its step never returned, or cannot read it at all",
            usualFix = "keep payloads in a column or field for bytes that holds 4 MiB, such as bytea or LONGBLOB")
    default void rt_01_everySizeComesBack(Trial trial) {
        Instance a = trial.open("A");
        int mib = 1 << 20;
        List<Integer> sizes = new ArrayList<>(
                List.of(0, 1, 255, 256, 257, 4_095, 4_096, 4_097, 65_535, 65_536, 65_537, mib - 1, mib, mib + 1));
        trial.random().ints(4, 2, 200_000).forEach(sizes::add);
        List<Bytes> payloads =
                sizes.stream().map(size -> Bytes.adopt(random(trial, size))).toList();
        Kept kept = new Kept(trial, payloads);

        kept.write(a);
        kept.writeGrants(a, payloads);

        trial.sameOtherReopened(a).forEach(kept::check);
    }

    private static byte[] random(Trial trial, int size) {
        byte[] bytes = new byte[size];
        trial.random().nextBytes(bytes);
        return bytes;
    }

    @Clause(
            id = "RT-02",
            must = "All 256 byte values, invalid UTF-8 and embedded NULs MUST survive",
            why = "payloads of another codec than JSON come back damaged",
            usualFix = "bind payloads as bytes; never turn them into text, also not for a log or a script")
    default void rt_02_everyByteComesBack(Trial trial) {
        Instance a = trial.open("A");
        byte[] all = new byte[256];
        IntStream.range(0, 256).forEach(i -> all[i] = (byte) i);
        byte[] twice = IntStream.range(0, 512)
                .collect(
                        ByteArrayOutputStream::new,
                        (out, i) -> out.write(511 - i),
                        (one, other) -> one.writeBytes(other.toByteArray()))
                .toByteArray();
        List<Bytes> payloads = new ArrayList<>(List.of(Bytes.adopt(all), Bytes.adopt(twice)));
        for (String hex : List.of(
                "00",
                "000000",
                "410042",
                "4100",
                "0041",
                "c328",
                "fffe",
                "feff0041",
                "eda080",
                "edb080",
                "f8a1a1a1a1",
                "c080",
                "efbbbf41",
                "80",
                "41ff",
                "0d0a1a",
                "5c",
                "5c5c7830",
                "27",
                "7f")) {
            payloads.add(Bytes.adopt(java.util.HexFormat.of().parseHex(hex)));
        }
        Kept kept = new Kept(trial, payloads);

        kept.write(a);
        kept.writeGrants(a, payloads.subList(0, 8));

        trial.sameOtherReopened(a).forEach(kept::check);
    }

    @Clause(
            id = "RT-03",
            must = "Absent, empty and serialised-null payloads MUST stay three different values",
            why = "a step that returned null looks as if it had never run, or one that returned nothing returns null",
            usualFix =
                    "store no bytes as no bytes, not as NULL, and ask whether there is a row, not whether it is empty")
    default void rt_03_absentEmptyAndNullDiffer(Trial trial) {
        Instance a = trial.open("A");
        List<Bytes> payloads = List.of(Bytes.empty(), Bytes.utf8("null"), Bytes.utf8("\"\""), Bytes.utf8("\"null\""));
        Kept kept = new Kept(trial, payloads);
        List<StepOutcome> outcomes = List.of(
                new StepOutcome.Nothing(),
                new StepOutcome.Value(Bytes.utf8("null")),
                new StepOutcome.Value(Bytes.utf8("\"\"")));
        EntryBody steps = new EntryBody.Steps(
                IntStream.range(0, 3).mapToObj(i -> record(i, outcomes.get(i))).toList());

        kept.write(a);
        kept.writeGrants(a, payloads);
        Lease lease = a.create("outcomes").lease();
        a.append(Requests.entry(lease, 1, steps));

        for (Instance who : trial.sameOtherReopened(a)) {
            kept.check(who);
            trial.equal(
                    "nothing was written behind the steps:",
                    2,
                    who.entries("outcomes").size());
            EntryBody read = EntryCodec.decode(who.entries("outcomes").get(1));
            trial.that(steps.equals(read), "nothing, null and an empty text as three outcomes", "others");
            if (trial.declares(Ability.STEP_CACHE)) {
                Optional<Bytes> absent = who.cache().cacheGet(new CacheKey("payloads", "none"));
                trial.equal("under a key that was never written is", Optional.empty(), absent);
            }
        }
    }

    private static StepRecord record(int i, StepOutcome outcome) {
        return new StepRecord(
                "step" + i,
                i,
                StepRecord.Grouping.SINGLE,
                0,
                StepRecord.Source.BODY,
                Instant.ofEpochMilli(i),
                Duration.ZERO,
                outcome);
    }

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

    @Clause(
            id = "RT-08",
            must = "Mutating a caller's buffer after put, or a returned buffer after get, MUST NOT change stored data",
            why = "a recorded outcome changes when the application goes on working with the value",
            usualFix = "copy what comes in and what goes out, or hand out read-only views")
    default void rt_08_buffersAreNotShared(Trial trial) {
        Instance a = trial.open("A");
        byte[] buffer = random(trial, 5_000);
        Bytes before = Bytes.copyOf(buffer.clone());
        Bytes sent = Bytes.copyOf(buffer);
        Kept kept = new Kept(trial, List.of(sent));
        List<Entry> batch = new ArrayList<>();
        Granted holder = a.create("batch");
        batch.add(Requests.entry(holder.lease(), 1, EntryKind.PLAIN, sent));

        kept.write(a);
        kept.writeGrants(a, List.of(sent));
        a.store().append(batch);
        java.util.Arrays.fill(buffer, (byte) 42);
        batch.clear();

        Checks.sameBytes(trial, "what was sent", before, sent);
        for (Instance who : trial.sameOtherReopened(a)) {
            Bytes read = who.entries("batch").get(1).body();
            Checks.sameBytes(trial, "the step", before, read);
            java.util.Arrays.fill(read.toArray(), (byte) 43);
            trial.that(read.asBuffer().isReadOnly(), "a read-only view", "one that can be written");
            Checks.sameBytes(
                    trial, "the step", before, who.entries("batch").get(1).body());
            kept.check(who);
        }
    }
}
