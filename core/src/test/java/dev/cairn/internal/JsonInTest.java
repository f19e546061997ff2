// SPDX-License-Identifier: Apache-2.0
package dev.cairn.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.CorruptException;
import dev.cairn.state.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonInTest {
    static List<String> values() {
        return List.of(
                "null",
                "true",
                "false",
                "0",
                "-0",
                "-12",
                "1.50",
                "1e+10",
                "-0.0E-7",
                "123456789012345678901234567890.123456789012345678901234567890",
                "\"\"",
                "\"text\"",
                "\"\\\"\\\\\\u0000\\ud83d \u00e9\u20ac\uD83D\uDE00\"",
                "\"" + "long \u00e9 ".repeat(5_000) + "\"",
                "9".repeat(3_000),
                "[]",
                "{}",
                "[ 1 , [ ] ,\t{ \"a\" : \"]\" } ]",
                "{ \"}\" : { \"b\":[\"{\\\"\"] } ,\n\"c\":null }",
                "[".repeat(2_000) + "]".repeat(2_000),
                "{\"" + "k".repeat(60_000) + "\":1}");
    }

    @ParameterizedTest
    @MethodSource("values")
    @DisplayName("RT-01 a raw value comes out byte for byte, wherever it stands and whatever space is around it")
    void rawValueComesOutByteForByte(String value) {
        List<String> read = new ArrayList<>();
        String json = "{\"\u00e9\":" + value + ",\"b\": \n" + value + "\t , \"c\" :" + value + " }";

        JsonIn.object(
                "it", Bytes.utf8(json), (in, name) -> read.add(name + in.raw().asUtf8()));

        assertThat(read).containsExactly("\u00e9" + value, "b" + value, "c" + value);
    }

    @ParameterizedTest
    @MethodSource("values")
    @DisplayName("RT-01 what is written raw is read raw, beside texts and numbers")
    void rawValueSurvivesWritingAndReading(String value) {
        List<Object> read = new ArrayList<>();

        Bytes json = JsonOut.object(
                out -> out.text("t", value).raw("v", Bytes.utf8(value)).number("n", Long.MIN_VALUE));
        JsonIn.object("it", json, (in, name) -> {
            switch (name) {
                case "t" -> read.add(in.text());
                case "v" -> read.add(in.raw().asUtf8());
                default -> read.add(in.number());
            }
        });

        assertThat(read).containsExactly(value, value, Long.MIN_VALUE);
    }

    @ParameterizedTest
    @MethodSource("values")
    @DisplayName("SCHEMA-05 a member that nobody takes is skipped whole")
    void memberThatNobodyTakesIsSkipped(String value) {
        List<String> names = new ArrayList<>();

        JsonIn.object("it", Bytes.utf8("{\"a\":" + value + ",\"b\":" + value + "}"), (in, name) -> names.add(name));

        assertThat(names).containsExactly("a", "b");
    }

    @Test
    @DisplayName("RT-05 numbers are read whole or refused, never rounded")
    void numbersAreNeverRounded() {
        List<Long> read = new ArrayList<>();
        String json = "{\"a\":9223372036854775807,\"b\":-9223372036854775808,\"c\":9007199254740993}";

        JsonIn.object("it", Bytes.utf8(json), (in, name) -> read.add(in.number()));

        assertThat(read).containsExactly(Long.MAX_VALUE, Long.MIN_VALUE, 9007199254740993L);
        for (String bad : List.of("9223372036854775808", "1.0", "1e3", "\"1\"", "null", "true")) {
            assertThatThrownBy(() -> JsonIn.object("it", Bytes.utf8("{\"a\":" + bad + "}"), (in, name) -> in.number()))
                    .isInstanceOf(CorruptException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "null", "[]", "{}", "\"true\""})
    @DisplayName("BAD-03 a mark that is neither true nor false is corrupt")
    void wrongMarkIsCorrupt(String value) {
        assertThatThrownBy(() -> JsonIn.object("it", Bytes.utf8("{\"m\":" + value + "}"), (in, name) -> in.mark()))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining("it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"a\":tru", "{\"a\":\"x", "{\"a\":[1,", "{\"a\" 1}", "{\"a\":1,}", "{'a':1}", "{\"a\":01}"})
    @DisplayName("BAD-03 what is not JSON is corrupt, at a byte, without the text around it")
    void whatIsNotJsonIsCorrupt(String json) {
        assertThatThrownBy(() -> JsonIn.object("it", Bytes.utf8(json), (in, name) -> in.raw()))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining("it ")
                .message()
                .doesNotContain(json);
    }
}
