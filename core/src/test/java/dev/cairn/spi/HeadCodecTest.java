// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.CorruptException;
import dev.cairn.error.UnknownFormatException;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadCodecTest {
    private static final Instant AT = Instant.parse("2030-01-02T03:04:05.006Z");
    private static final NewRun RUN =
            new NewRun("orders", 1, new Incarnation(new UUID(1, 2)), Labels.NONE, RunStatus.READY, Bytes.utf8("{}"), 0);
    private static final Head SMALLEST = new HeadBuilder("order-1", RUN, AT).build();

    @Test
    @DisplayName("RT-03 a head without a lease, a due time, labels or names comes back equal")
    void smallest() {
        Head read = HeadCodec.decode(HeadCodec.encode(SMALLEST));

        assertThat(read).isEqualTo(SMALLEST);
        assertThat(HeadCodec.encode(SMALLEST).asUtf8()).doesNotContain("lease", "due");
    }

    @Test
    @DisplayName("a due time that is finer than a millisecond is rounded up, and one beyond all stays far away")
    void finerTimes() {
        for (Instant fine : new Instant[] {AT.plusNanos(1), AT.plusNanos(999_999), AT.plusMillis(1)}) {
            assertThat(readWithDue(fine)).contains(AT.plusMillis(1));
        }
        assertThat(readWithDue(Instant.ofEpochSecond(-1, 1))).contains(Instant.ofEpochMilli(-999));
        assertThat(readWithDue(Instant.MAX)).contains(Instant.ofEpochMilli(Long.MAX_VALUE));
    }

    private static Optional<Instant> readWithDue(Instant due) {
        Head head = SMALLEST.edit().due(Optional.of(due)).build();
        return HeadCodec.decode(HeadCodec.encode(head)).due();
    }

    @Test
    @DisplayName("SCHEMA-05 members that a later minor version added to a head are passed over")
    void unknownMembers() {
        String json = HeadCodec.encode(SMALLEST).asUtf8();
        String newer = json.replace("{\"cairn\":1,", "{\"cairn\":1,\"new\":[{\"a\":null}],\"newer\":1.5,");

        assertThat(HeadCodec.decode(Bytes.utf8(newer))).isEqualTo(SMALLEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"cairn\":2", "\"cairn\":0", "\"carn\":1"})
    @DisplayName("SCHEMA-06 a head of an unknown format is a typed error")
    void unknownFormat(String format) {
        String json = HeadCodec.encode(SMALLEST).asUtf8().replace("\"cairn\":1", format);

        assertThatThrownBy(() -> HeadCodec.decode(Bytes.utf8(json)))
                .isInstanceOf(UnknownFormatException.class)
                .hasMessageContaining("reads format 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"status\":\"RUNNING\"",
                "\"status\":\"4111\"",
                "\"status\":7",
                "\"state\":\"READY\"",
                "\"status\":\"READY\"}{",
                "\"status\":\"READY\",\"version\":4294967297",
                "\"status\":\"READY\",\"lease\":{\"id\":\"4111\",\"deadline\":1,\"ttl\":1}",
                "\"status\":\"READY\",\"lease\":{\"deadline\":1,\"ttl\":1}",
                "\"status\":\"READY\",\"labels\":[\"4111\"]",
                "\"status\":\"READY\",\"due\":1.5"
            })
    @DisplayName("BAD-03 a head that was never written so is corrupt, and no value of it is shown or defaulted")
    void broken(String status) {
        String json = HeadCodec.encode(SMALLEST).asUtf8();
        String last = json.replace("\"status\":\"READY\",", "").replaceFirst("}$", "," + status + "}");

        assertThatThrownBy(() -> HeadCodec.decode(Bytes.utf8(last)))
                .isInstanceOf(CorruptException.class)
                .message()
                .contains("stored head")
                .doesNotContain("4111");
    }

    @Test
    @DisplayName("BAD-03 a head that lacks a member is corrupt")
    void missing() {
        String json = HeadCodec.encode(SMALLEST).asUtf8();
        for (String member :
                new String[] {"id", "version", "incarnation", "token", "signals", "reason", "source", "changed"}) {
            String without = json.replace("\"" + member + "\":", "\"was-" + member + "\":");

            assertThatThrownBy(() -> HeadCodec.decode(Bytes.utf8(without))).isInstanceOf(CorruptException.class);
        }
    }
}
