// SPDX-License-Identifier: Apache-2.0
package dev.cairn.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.JacksonPayloadCodec;
import dev.cairn.TypeRef;
import dev.cairn.state.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Plain texts are written and read as Jackson would. */
class PlainTextTest {
    private static final TypeRef<String> STRING = TypeRef.of(String.class);

    // A mapper that was handed over is always asked.
    private final JacksonPayloadCodec jackson = new JacksonPayloadCodec(JsonMapper.shared());
    private final JacksonPayloadCodec own = new JacksonPayloadCodec();

    @Test
    @DisplayName("what is plain has Jackson's bytes, and what is not is left to it: every character, alone and inside")
    void everyCharacter() {
        int plain = 0;
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            if (Character.isSurrogate((char) c)) {
                assertThat(PlainText.json("a" + (char) c)).isNull();
                continue;
            }
            for (String text : List.of(String.valueOf((char) c), "a" + (char) c + "b")) {
                Bytes expected = jackson.encode(text, STRING);
                Bytes json = PlainText.json(text);
                plain += json == null ? 0 : 1;
                assertThat(json == null ? expected : json).isEqualTo(expected);
                assertThat(Objects.requireNonNullElse(PlainText.text(expected), text))
                        .isEqualTo(text);
                assertThat(own.encode(text, STRING)).isEqualTo(expected);
                assertThat(own.decode(expected, STRING)).isEqualTo(text);
            }
        }
        assertThat(plain).isEqualTo(2 * ('~' - ' ' + 1 - 2));
    }

    @Test
    @DisplayName("what Jackson reads otherwise, or refuses, is not read here")
    void otherJson() {
        List<String> read = new ArrayList<>();
        for (String json : List.of(
                "",
                "\"",
                "\"a",
                "a\"",
                "\"a\"b\"",
                "\"a\\\"",
                "\"\\u0041\"",
                "\"\t\"",
                " \"a\"",
                "\"a\" ",
                "null",
                "1",
                "\"\u00e9\"",
                "\"\u007f\"")) {
            String text = PlainText.text(Bytes.utf8(json));
            if (text != null) {
                read.add(json);
            }
        }
        assertThat(read).isEmpty();
        assertThat(PlainText.text(Bytes.utf8("\"\""))).isEmpty();
        assertThat(PlainText.text(Bytes.utf8("x\"ab\"y").slice(1, 5))).isEqualTo("ab");
    }
}
