// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.CorruptException;
import dev.cairn.error.UnknownFormatException;
import dev.cairn.internal.JsonIn;
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
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntryCodecTest {
    private static final Lease LEASE = new Lease("r", SplitScripts.incarnation("first"), SplitScripts.lease("A"), 1);
    private static final Instant AT = Instant.ofEpochMilli(1_893_456_000_123L);

    private static Entry entry(EntryBody body) {
        return entry(EntryCodec.kindOf(body), EntryCodec.encode(body));
    }

    private static Entry entry(EntryKind kind, Bytes json) {
        return Entry.of(LEASE, 3, kind, CommitId.of(LEASE.id(), 1), json);
    }

    private static StepRecord step(String key, StepOutcome outcome) {
        return new StepRecord(
                key, 7, StepRecord.Grouping.MEMBER, 2, StepRecord.Source.CACHE, AT, Duration.ofMillis(31), outcome);
    }

    private static Failure failure() {
        return new Failure(
                "com.example.CardDeclined",
                List.of("java.lang.RuntimeException", "java.lang.Exception"),
                "DECLINED",
                "no \u0000 \ud83d\ude00 \ud800 way\n",
                Optional.of(Bytes.utf8("{\"left\":[1,2]}")),
                List.of(new Failure.Cause("java.io.IOException", ""), new Failure.Cause("x.Y", "\"quoted\"")));
    }

    static Stream<EntryBody> bodies() {
        StepOutcome value = new StepOutcome.Value(Bytes.utf8("{\"a\":[1,-2.5e3,null,\"\\\"}\\u20ac\"]}"));
        return Stream.of(
                new EntryBody.Grant("worker-1", "host", "fulfil", 3, Optional.empty()),
                new EntryBody.Grant(
                        "", "", "", 0, Optional.of(new EntryBody.Origin("scope", Bytes.utf8("null"), Optional.of(AT)))),
                new EntryBody.Grant(
                        "w", "h", "f", 1, Optional.of(new EntryBody.Origin("s", Bytes.utf8("[]"), Optional.empty()))),
                new EntryBody.Steps(List.of(
                        step("a", value),
                        step("b", new StepOutcome.Nothing()),
                        step("c", new StepOutcome.Failed(failure())),
                        step("d", new StepOutcome.Value(Bytes.utf8("null"))))),
                new EntryBody.Tried(new Attempt("", Long.MAX_VALUE, AT, failure())),
                new EntryBody.Forgotten(List.of("a", "b:\"c")),
                EntryBody.Suspension.of(Set.of("approved", "rejected"), Optional.of(AT), (1L << 53) + 1),
                EntryBody.Suspension.of(Set.of(), Optional.empty(), 0),
                new EntryBody.End(RunStatus.COMPLETED, value, ""),
                new EntryBody.End(RunStatus.FAILED, new StepOutcome.Failed(failure()), "pay"),
                new EntryBody.End(RunStatus.CANCELLED, new StepOutcome.Nothing(), ""),
                new EntryBody.Carried(List.of(new Received(
                        new Message("m", "approved", Bytes.adopt(new byte[] {0, -1, 127})), 5))),
                new EntryBody.Moved("postgresql"));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    @DisplayName("RT-03 RT-04 RT-05 ERR-01 every body comes back equal, and is written the same way twice")
    void comesBackEqual(EntryBody body) {
        Entry entry = entry(body);

        EntryBody read = EntryCodec.decode(entry);

        assertThat(read).isEqualTo(body);
        assertThat(EntryCodec.encode(read)).isEqualTo(entry.body());
        assertThat(entry.body().asUtf8()).startsWith("{\"cairn\":1,");
    }

    @Test
    @DisplayName("RT-03 absent, empty and null values stay three different ones")
    void threeDifferentValues() {
        EntryBody.Steps steps = new EntryBody.Steps(List.of(
                step("a", new StepOutcome.Nothing()),
                step("b", new StepOutcome.Value(Bytes.utf8("null"))),
                step("c", new StepOutcome.Value(Bytes.utf8("\"\"")))));

        EntryBody.Steps read = (EntryBody.Steps) EntryCodec.decode(entry(steps));

        assertThat(read.steps()).extracting(StepRecord::outcome).doesNotHaveDuplicates();
        assertThat(read).isEqualTo(steps);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"cairn\":2,\"type\":\"steps\",\"steps\":[]}",
                "{\"type\":\"steps\",\"steps\":[]}",
                "{\"cairn\":1,\"type\":\"later\"}"
            })
    @DisplayName("SCHEMA-06 an unknown format or type is an error that names run and place, never a default")
    void unknownFormat(String json) {
        assertThatThrownBy(() -> EntryCodec.decode(entry(EntryKind.PLAIN, Bytes.utf8(json))))
                .isInstanceOf(UnknownFormatException.class)
                .hasMessageContaining("run r, place 3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"cairn\":1,\"type\":\"forget\",\"keys\":[\"secret\"",
                "{\"cairn\":1,\"type\":\"forget\",\"keys\":\"secret\"}",
                "{\"cairn\":1,\"type\":\"forget\",\"keys\":[]} secret",
                "{\"cairn\":1,\"type\":\"end\",\"status\":\"SECRET\"}",
                "{\"cairn\":1,\"type\":\"attempt\"}",
                "{\"cairn\":1,\"type\":\"forget\",\"keys\":secret}"
            })
    @DisplayName("BAD-03 BAD-04 what is not as it was written is corrupt, and no message shows the bytes")
    void corrupt(String json) {
        assertThatThrownBy(() -> EntryCodec.decode(entry(EntryKind.PLAIN, Bytes.utf8(json))))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining("run r, place 3")
                .hasMessageNotContaining("secret");
    }

    @Test
    @DisplayName("SCHEMA-06 members that a later version adds are passed over")
    void laterMembers() {
        String json =
                "{\"cairn\":1,\"later\":{\"a\":[1,{\"b\":2}]},\"type\":\"forget\",\"more\":[[]],\"keys\":[\"a\"]}";

        EntryBody read = EntryCodec.decode(entry(EntryKind.PLAIN, Bytes.utf8(json)));

        assertThat(read).isEqualTo(new EntryBody.Forgotten(List.of("a")));
    }

    @Test
    @DisplayName("STEP-04 an end's status and a suspension are read for a repair; a moved run shows as cancelled")
    void forRepairs() {
        Entry failed = entry(new EntryBody.End(RunStatus.FAILED, new StepOutcome.Nothing(), ""));
        EntryBody.Suspension waits = EntryBody.Suspension.of(Set.of("a"), Optional.of(AT), 2);

        assertThat(EntryCodec.endStatus(failed)).isEqualTo(RunStatus.FAILED);
        assertThat(EntryCodec.endStatus(entry(new EntryBody.Moved("x")))).isEqualTo(RunStatus.CANCELLED);
        assertThat(EntryCodec.suspension(entry(waits))).isEqualTo(waits);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "12345678901234567890123456789",
                "-1.25e-300",
                "1E+9",
                "true",
                "false",
                "null",
                "\"\"",
                "\"plain\"",
                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u20ac\\ud83d\\ude00\"",
                "\"\u20ac \ud83d\ude00 }],{\"",
                "{}",
                "[]",
                "{\"a\":{\"b\":[{\"c\":\"}]\"}]},\"d\":[[[]]]}",
                "[1,\"]\",{\"x\":null},[2,3]]",
                "{ \"spaced\" : [ 1 , 2 ] }"
            })
    @DisplayName("RT-01 a raw value is exactly the bytes it is: last, in the middle, with spaces around, in an array")
    void rawIsASlice(String value) {
        for (String json : List.of(
                "{\"v\":" + value + "}",
                "{\"a\":1,\"v\":" + value + ",\"z\":\"\u20ac\"}",
                "{ \"\u20ac\" : [ ] , \"v\" : " + value + " }",
                "{\"v\":[" + value + "," + value + "]}")) {
            List<String> raw = new ArrayList<>();

            JsonIn.object("it", Bytes.utf8(json), (in, name) -> {
                if (name.equals("v") && json.contains("[" + value + ",")) {
                    raw.addAll(in.array(element -> element.raw().asUtf8()));
                } else if (name.equals("v")) {
                    raw.add(in.raw().asUtf8());
                }
            });

            assertThat(raw).isNotEmpty().allMatch(value::equals);
        }
    }

    @Test
    @DisplayName("RT-01 a raw text longer than a parser's buffer is exactly the bytes it is")
    void longRawText() {
        String value = "\"" + "\u20acx\\n".repeat(100_000) + "\"";

        List<String> raw = new ArrayList<>();
        JsonIn.object(
                "it",
                Bytes.utf8("{\"v\":" + value + ",\"n\":1}"),
                (in, name) -> raw.add(in.raw().asUtf8()));

        assertThat(raw).containsExactly(value, "1");
    }
}
