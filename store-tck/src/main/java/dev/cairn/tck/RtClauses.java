// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Ability;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Lease;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.state.Bytes;
import dev.cairn.state.StepOutcome;
import dev.cairn.state.StepRecord;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** RT: round-trip fidelity: payloads. */
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
