// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.CorruptException;
import dev.cairn.error.UnknownFormatException;
import dev.cairn.internal.RecordJson;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadCodec;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.LeaseTerm;
import dev.cairn.spi.Message;
import dev.cairn.spi.Received;
import dev.cairn.spi.Revision;
import dev.cairn.state.Attempt;
import dev.cairn.state.Bytes;
import dev.cairn.state.Failure;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepOutcome;
import dev.cairn.state.StepRecord;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What released versions wrote, byte for byte. A golden file is never changed: a new format gets a new one. */
class GoldenFilesTest {
    private static final Instant AT = Instant.parse("2030-01-02T03:04:05.006Z");
    private static final Failure FAILURE = new Failure(
            "com.example.CardDeclined",
            List.of("java.lang.RuntimeException", "java.io.Serializable"),
            "LIMIT",
            "no \uD83D\uDCB3 \"today\"\n\u0000\uD83D",
            Optional.of(Bytes.utf8("{\"max\": 10.50}")),
            List.of(new Failure.Cause("java.io.IOException", "cut"), new Failure.Cause("java.lang.Error", "")));
    private static final StepRecord CHARGE = step("charge", 0, new StepOutcome.Value(Bytes.utf8("{ \"id\":\"p-1\" }")));
    private static final StepRecord HIT = new StepRecord(
            "b:1",
            1,
            StepRecord.Grouping.MEMBER,
            2,
            StepRecord.Source.CACHE,
            AT,
            Duration.ofMillis(7),
            new StepOutcome.Failed(FAILURE));
    private static final StepRecord MAIL = step("mail", 2, new StepOutcome.Nothing());
    private static final Attempt TRY = new Attempt("book", 11, AT, FAILURE);
    private static final Received SIGNAL =
            new Received(new Message("id-1", "approved", Bytes.copyOf(new byte[] {0, (byte) 0xff, 34})), 3);
    private static final EntryBody.Origin ORIGIN =
            new EntryBody.Origin("scope-1", Bytes.utf8("{\"order\":[1, 2]}"), Optional.of(AT));
    private static final EntryBody.Suspension WAITS =
            EntryBody.Suspension.of(Set.of("rejected", "approved"), Optional.of(AT), 4);

    private static StepRecord step(String key, int position, StepOutcome outcome) {
        return new StepRecord(
                key,
                position,
                StepRecord.Grouping.SINGLE,
                0,
                StepRecord.Source.BODY,
                AT,
                Duration.ofSeconds(1),
                outcome);
    }

    static List<Arguments> entries() {
        return List.of(
                Arguments.of("grant-first", new EntryBody.Grant("worker", "host", "orders", 2, Optional.of(ORIGIN))),
                Arguments.of("grant", new EntryBody.Grant("worker", "host", "", 0, Optional.empty())),
                Arguments.of("steps", new EntryBody.Steps(List.of(CHARGE, HIT, MAIL))),
                Arguments.of("attempt", new EntryBody.Tried(TRY)),
                Arguments.of("forget", new EntryBody.Forgotten(List.of("charge", "b:1"))),
                Arguments.of("messages", new EntryBody.Carried(List.of(SIGNAL))),
                Arguments.of("suspension", WAITS),
                Arguments.of(
                        "end-completed",
                        new EntryBody.End(RunStatus.COMPLETED, new StepOutcome.Value(Bytes.utf8("null")), "")),
                Arguments.of("end-failed", new EntryBody.End(RunStatus.FAILED, new StepOutcome.Failed(FAILURE), "b:1")),
                Arguments.of("end-cancelled", new EntryBody.End(RunStatus.CANCELLED, new StepOutcome.Nothing(), "")),
                Arguments.of("moved", new EntryBody.Moved("postgres")),
                Arguments.of(
                        "moved-blocked",
                        new EntryBody.Moved(
                                "namespace default, incarnation 8c5b6a0e-58a1-4d1c-9a6e-0d7f8b3c2a11",
                                RunStatus.BLOCKED,
                                "the code does not fit",
                                Optional.of(Instant.ofEpochMilli(1_900_000_000_123L)))),
                Arguments.of("suspension-woken", EntryBody.Suspension.of(Set.of("approved"), Optional.empty(), -1)));
    }

    private static ResumeState state() {
        Map<String, StepRecord> steps = new LinkedHashMap<>();
        Stream.of(CHARGE, HIT, MAIL).forEach(step -> steps.put(step.key(), step));
        return new ResumeState.Builder(
                        "order-1",
                        "orders",
                        2,
                        RunStatus.FAILED,
                        new Revision(new Incarnation(new UUID(1, 2)), 9),
                        ORIGIN,
                        AT)
                .head(5, Labels.of(Map.of("colour", "red", "a", "")), "half \u00e9")
                .steps(steps, Map.of("book", Attempts.NONE.and(TRY)), List.of(CHARGE))
                .tail(
                        List.of(SIGNAL),
                        WAITS,
                        new EntryBody.End(RunStatus.FAILED, new StepOutcome.Failed(FAILURE), "b:1"))
                .build();
    }

    private static Bytes golden(String name) throws IOException {
        try (InputStream file = GoldenFilesTest.class.getResourceAsStream("/golden/" + name + ".json")) {
            return Bytes.adopt(Objects.requireNonNull(file, name).readAllBytes());
        }
    }

    private static EntryBody read(Bytes body) {
        Lease lease = new Lease("order-1", new Incarnation(new UUID(1, 2)), new LeaseId(new UUID(3, 4)), 5);
        return EntryCodec.decode(Entry.of(lease, 7, dev.cairn.spi.EntryKind.PLAIN, CommitId.of(lease.id(), 1), body));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("entries")
    @DisplayName("SCHEMA-04 an entry of format 1 is read as what was written, and written again byte for byte")
    void entryIsReadAndWrittenAgain(String name, EntryBody expected) throws IOException {
        Bytes golden = golden("entry-" + name);

        EntryBody read = read(golden);

        assertThat(read).isEqualTo(expected);
        assertThat(EntryCodec.encode(read).asUtf8()).isEqualTo(golden.asUtf8());
    }

    @Test
    @DisplayName("SCHEMA-04 a saved state of format 1 is read as what was written, and written again byte for byte")
    void stateIsReadAndWrittenAgain() throws IOException {
        String golden = golden("state-v1").asUtf8();

        ResumeState read = ResumeState.fromJson(golden);

        assertThat(read).isEqualTo(state()).hasSameHashCodeAs(state());
        assertThat(read.attempts("book").count()).isEqualTo(11);
        assertThat(read.suspension()).contains(WAITS);
        assertThat(read.created()).isEqualTo(AT);
        assertThat(read.toJson()).isEqualTo(golden);
    }

    @Test
    @DisplayName("SCHEMA-04 a cached outcome of format 1 is read as what was written")
    void outcomeIsReadAndWrittenAgain() throws IOException {
        Bytes golden = golden("outcome-v1");

        StepOutcome read = RecordJson.readOutcome("the outcome", golden);

        assertThat(read).isEqualTo(new StepOutcome.Failed(FAILURE));
        assertThat(RecordJson.outcome(read).asUtf8()).isEqualTo(golden.asUtf8());
    }

    private static Head head() {
        LeaseTerm term = new LeaseTerm(new LeaseId(new UUID(3, 4)), AT.plusSeconds(30), Duration.ofSeconds(30));
        Map<Incarnation, Instant> beside = new LinkedHashMap<>();
        beside.put(new Incarnation(new UUID(9, 9)), AT);
        beside.put(new Incarnation(new UUID(5, 6)), AT.plusMillis(1));
        return new Head(
                "order-1",
                "orders",
                2,
                RunStatus.SUSPENDED,
                new Incarnation(new UUID(1, 2)),
                5,
                Optional.of(term),
                Optional.of(AT.plusSeconds(60)),
                new TreeSet<>(Set.of("rejected", "approved")),
                4,
                Labels.of(Map.of("colour", "red", "a", "")),
                "half \u00e9",
                "no \uD83D\uDCB3 \"today\"\n",
                beside,
                3,
                AT,
                AT.plusSeconds(2));
    }

    @Test
    @DisplayName("SCHEMA-04 a head of format 1 is read as what was written, and written again byte for byte")
    void headIsReadAndWrittenAgain() throws IOException {
        Bytes golden = golden("head-v1");

        Head read = HeadCodec.decode(golden);

        assertThat(read).isEqualTo(head());
        assertThat(read.beside().keySet())
                .containsExactlyElementsOf(head().beside().keySet());
        assertThat(HeadCodec.encode(read).asUtf8()).isEqualTo(golden.asUtf8());
    }

    /** With a member of every type behind every object's beginning. */
    private static String withUnknownMembers(String json) {
        String unknown = "\"new\":[{\"a\":null}],\"newer\":\"x\",\"newest\":1.5,";
        return "{\"cairn\":1,"
                + unknown
                + json.substring("{\"cairn\":1,".length())
                        .replace("{\"type\":\"java.io", "{" + unknown + "\"type\":\"java.io")
                        .replace("{\"type\":\"com", "{" + unknown + "\"type\":\"com")
                        .replace("{\"key\"", "{" + unknown + "\"key\"")
                        .replace("{\"id\":\"id-1\"", "{" + unknown + "\"id\":\"id-1\"")
                        .replace("{\"awaits\"", "{" + unknown + "\"awaits\"")
                        .replace("{\"status\"", "{" + unknown + "\"status\"");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("entries")
    @DisplayName("SCHEMA-05 members that a later minor version added to an entry are passed over")
    void unknownMembersOfAnEntryAreIgnored(String name, EntryBody expected) throws IOException {
        String json = withUnknownMembers(golden("entry-" + name).asUtf8());

        assertThat(read(Bytes.utf8(json))).isEqualTo(expected);
    }

    @Test
    @DisplayName("SCHEMA-05 members that a later minor version added to a saved state are passed over")
    void unknownMembersOfAStateAreIgnored() throws IOException {
        String json = withUnknownMembers(golden("state-v1").asUtf8());

        assertThat(ResumeState.fromJson(json)).isEqualTo(state());
    }

    @Test
    @DisplayName(
            "SCHEMA-04 a saved state is read in whatever order its members are, as a JSON column may give them back")
    void orderOfMembersDoesNotMatter() throws IOException {
        String json = golden("state-v1").asUtf8();
        String moved = "{" + json.substring("{\"cairn\":1,".length(), json.length() - 1) + ",\"cairn\":1}";

        assertThat(ResumeState.fromJson(moved)).isEqualTo(state());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"cairn\":2", "\"cairn\":0", "\"cairn\":-1", "\"carn\":1"})
    @DisplayName("SCHEMA-06 an unknown format is a typed error, for an entry, a state and a cached outcome")
    void unknownFormatIsRefused(String format) throws IOException {
        String entry = golden("entry-steps").asUtf8().replace("\"cairn\":1", format);
        String state = golden("state-v1").asUtf8().replace("\"cairn\":1", format);
        String outcome = golden("outcome-v1").asUtf8().replace("\"cairn\":1", format);

        assertThatThrownBy(() -> read(Bytes.utf8(entry)))
                .isInstanceOf(UnknownFormatException.class)
                .hasMessageContainingAll("run order-1, place 7", "format", "reads format 1");
        assertThatThrownBy(() -> ResumeState.fromJson(state))
                .isInstanceOf(UnknownFormatException.class)
                .hasMessageContainingAll("the saved state", "reads format 1");
        assertThatThrownBy(() -> RecordJson.readOutcome("key k", Bytes.utf8(outcome)))
                .isInstanceOf(UnknownFormatException.class)
                .hasMessageContainingAll("key k", "reads format 1");
    }

    @Test
    @DisplayName("SCHEMA-06 an unknown type of entry is a typed error")
    void unknownTypeIsRefused() {
        assertThatThrownBy(() -> read(Bytes.utf8("{\"cairn\":1,\"type\":\"poem\",\"text\":\"4111\"}")))
                .isInstanceOf(UnknownFormatException.class)
                .hasMessageContainingAll("run order-1, place 7", "poem")
                .message()
                .doesNotContain("4111");
    }

    static List<String> broken() {
        return List.of(
                "",
                "[]",
                "null",
                "{}x",
                "{\"cairn\":1,\"type\":\"steps\"",
                "{\"cairn\":1,\"type\":\"steps\"}{}",
                "{\"cairn\":1.5,\"type\":\"steps\"}",
                "{\"cairn\":99999999999,\"type\":\"steps\"}",
                "{\"cairn\":1,\"type\":\"end\",\"status\":\"4111\"}",
                "{\"cairn\":1,\"type\":\"end\",\"status\":\"READY\"}",
                "{\"cairn\":1,\"type\":\"attempt\"}",
                "{\"cairn\":1,\"type\":\"attempt\",\"attempt\":{\"key\":\"k\",\"number\":1,\"at\":0}}",
                "{\"cairn\":1,\"type\":\"attempt\",\"attempt\":{\"key\":\"k\",\"number\":0,\"at\":0,\"failure\":{}}}",
                "{\"cairn\":1,\"type\":\"steps\",\"steps\":[{\"key\":\"\",\"pos\":0}]}",
                "{\"cairn\":1,\"type\":\"steps\",\"steps\":[{\"key\":\"k\",\"pos\":-1}]}",
                "{\"cairn\":1,\"type\":\"steps\",\"steps\":[{\"key\":\"k\",\"pos\":4294967296}]}",
                "{\"cairn\":1,\"type\":\"steps\",\"steps\":[{\"key\":\"k\",\"pos\":1e400}]}",
                "{\"cairn\":1,\"type\":\"steps\",\"steps\":[{\"key\":\"k\",\"pos\":0,\"member\":\"4111\"}]}",
                "{\"cairn\":1,\"type\":\"steps\",\"steps\":[{\"key\":\"k\",\"value\":4111x}]}",
                "{\"cairn\":1,\"type\":\"messages\",\"messages\":[{\"id\":\"i\",\"name\":\"n\",\"payload\":\"4111!\"}]}",
                "{\"cairn\":1,\"type\":\"steps\",\"steps\":{\"key\":\"4111\"}}");
    }

    @ParameterizedTest
    @MethodSource("broken")
    @DisplayName(
            "BAD-03 an entry or state that was never written so is corrupt, and no value of it is shown or defaulted")
    void brokenEntryIsCorrupt(String json) {
        String state = json.replaceFirst("\"type\":\"\\w+\"", "\"type\":\"state\",\"input\":1,\"id\":\"i\"");

        for (Runnable reading : List.<Runnable>of(() -> read(Bytes.utf8(json)), () -> ResumeState.fromJson(state))) {
            assertThatThrownBy(reading::run)
                    .isInstanceOfAny(CorruptException.class, UnknownFormatException.class)
                    .message()
                    .doesNotContain("4111");
        }
    }
}
