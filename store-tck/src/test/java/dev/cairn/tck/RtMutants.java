// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Message;
import dev.cairn.spi.Signalled;
import dev.cairn.state.Bytes;
import java.text.Normalizer;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Stores that do not give back what they were given. */
final class RtMutants {
    private RtMutants() {}

    static List<Mutant> all() {
        return Stream.of(payloads(), texts(), numbersAndTimes(), places())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Mutant> payloads() {
        return List.of(
                body("RT-01", "payloads are cut at 65,535 bytes", body -> body.slice(0, Math.min(body.size(), 65_535))),
                Mutant.store("RT-01", "cached outcomes lose what is above 1 MiB", store -> new Wrong(store) {
                    @Override
                    public Optional<Bytes> cacheGet(CacheKey key) {
                        return super.cacheGet(key).map(found -> found.slice(0, Math.min(found.size(), 1 << 20)));
                    }
                }),
                body("RT-02", "payloads are kept as text", body -> Bytes.utf8(body.asUtf8())),
                message(
                        "RT-02",
                        "messages end at the first NUL",
                        sent -> new Message(
                                sent.id(),
                                sent.name(),
                                Bytes.utf8(sent.payload().asUtf8().split("\u0000", 2)[0]))),
                Mutant.sqlite(
                        "RT-02",
                        "bytes are bound as text",
                        "SqliteSession.java",
                        "value instanceof Bytes bytes ? bytes.toArray() : value",
                        "value instanceof Bytes bytes ? bytes.asUtf8() : value"),
                body("RT-03", "no bytes are stored as null", body -> body.size() == 0 ? Bytes.utf8("null") : body),
                Mutant.store("RT-03", "an empty outcome is none", store -> new Wrong(store) {
                    @Override
                    public Optional<Bytes> cacheGet(CacheKey key) {
                        return super.cacheGet(key).filter(found -> found.size() > 0);
                    }
                }),
                Mutant.sqlite(
                        "RT-03",
                        "an empty outcome is none",
                        "SqliteCache.java",
                        "(expires IS NULL OR expires > :now)",
                        "(expires IS NULL OR expires > :now) AND length(outcome) > 0"),
                Mutant.core(
                        "RT-08",
                        "deletes: the copy of what the caller hands in",
                        "state/Bytes.java",
                        "new Bytes(array.clone(), 0, array.length)",
                        "new Bytes(array, 0, array.length)"),
                Mutant.core(
                        "RT-08",
                        "deletes: the copy of what the caller is handed",
                        "state/Bytes.java",
                        "return Arrays.copyOfRange(array, from, from + size);",
                        "return from == 0 && size == array.length ? array : Arrays.copyOfRange(array, from, from + size);"));
    }

    private static Mutant body(String clause, String wrong, UnaryOperator<Bytes> stored) {
        return Mutant.store(clause, wrong, store -> new Wrong(store) {
            @Override
            public List<Appended> append(List<Entry> entries) {
                return super.append(entries.stream()
                        .map(e -> Entry.of(e.lease(), e.place(), e.kind(), e.commitId(), stored.apply(e.body())))
                        .toList());
            }
        });
    }

    private static Mutant message(String clause, String wrong, UnaryOperator<Message> stored) {
        return Mutant.store(clause, wrong, store -> new Wrong(store) {
            @Override
            public Signalled signal(String runId, Message message) {
                return super.signal(runId, stored.apply(message));
            }
        });
    }

    private static List<Mutant> texts() {
        return List.of(
                message(
                        "RT-04",
                        "names of signals are normalised",
                        sent -> new Message(
                                sent.id(), Normalizer.normalize(sent.name(), Normalizer.Form.NFC), sent.payload())),
                message(
                        "RT-04",
                        "ids of signals are trimmed",
                        sent -> new Message(sent.id().strip(), sent.name(), sent.payload())),
                Mutant.core(
                        "RT-04",
                        "a reason ends at the first NUL",
                        "spi/HeadChange.java",
                        "builder.reason = Names.checkText(\"reason\", reason, Names.MAX_REASON_BYTES);",
                        "builder.reason = reason.split(\"\\u0000\", 2)[0];"),
                Mutant.sqlite(
                        "RT-04",
                        "progress loses the spaces at its end",
                        "SqliteHeads.java",
                        "progress = :progress",
                        "progress = rtrim(:progress)"));
    }

    private static List<Mutant> numbersAndTimes() {
        return List.of(
                Mutant.core(
                        "RT-05",
                        "tokens are doubles on the way",
                        "spi/HeadRules.java",
                        "Math.max(now.toEpochMilli(), known + 1)",
                        "(long) (double) Math.max(now.toEpochMilli(), known + 1)"),
                Mutant.core(
                        "RT-05",
                        "tokens are compared as doubles",
                        "spi/Head.java",
                        "&& token == other.token()",
                        "&& (double) token == (double) other.token()"),
                Mutant.sqlite(
                        "RT-05",
                        "the source's token is read as a double",
                        "SqliteHeads.java",
                        "row.getLong(\"source_token\")",
                        "(long) row.getDouble(\"source_token\")"),
                Mutant.core(
                        "RT-06",
                        "a due time loses its milliseconds",
                        "spi/HeadRules.java",
                        "change.due().resolve(now)",
                        "change.due().resolve(now).map(t -> t.truncatedTo(java.time.temporal.ChronoUnit.SECONDS))"),
                Mutant.core(
                        "RT-06",
                        "a due time is kept as the local time of a place that has summer time",
                        "spi/HeadRules.java",
                        "change.due().resolve(now)",
                        """
                        change.due().resolve(now).map(t -> java.time.LocalDateTime.ofInstant(t, java.time.ZoneOffset.UTC)
                                .atZone(java.time.ZoneId.of("Europe/Berlin")).toLocalDateTime()
                                .toInstant(java.time.ZoneOffset.UTC))"""),
                Mutant.sqlite(
                        "RT-06",
                        "a due time is read as 32 bits",
                        "SqliteHeads.java",
                        "long millis = row.getLong(column);",
                        "long millis = row.getInt(column);"));
    }

    private static List<Mutant> places() {
        return List.of(
                Mutant.core(
                        "RT-07",
                        "a due time is kept as local time",
                        "spi/HeadRules.java",
                        "change.due().resolve(now)",
                        """
                        change.due().resolve(now).map(t -> java.time.LocalDateTime.ofInstant(t, java.time.ZoneId.systemDefault())
                                .toInstant(java.time.ZoneOffset.UTC))"""),
                Mutant.sqlite(
                        "RT-07",
                        "statuses are compared in lower case of the locale",
                        "SqliteHeads.java",
                        "status.name().equals(name)",
                        "status.name().toLowerCase(java.util.Locale.ROOT).equals(name.toLowerCase())"),
                Mutant.sqlite(
                        "RT-07",
                        "versions are written in digits of the locale",
                        "SqliteHeads.java",
                        "workflow.accepted().toString()",
                        "String.format(\"[%d]\", workflow.version())"));
    }
}
