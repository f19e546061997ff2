// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.CorruptException;
import dev.cairn.error.UnknownFormatException;
import dev.cairn.state.Bytes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EntryTest {
    private static final Lease LEASE = new Lease("r", SplitScripts.incarnation("first"), SplitScripts.lease("A"), 7);
    private static final CommitId COMMIT = CommitId.of(LEASE.id(), 3);

    private static Entry entry(long place, EntryKind kind, String body) {
        return Entry.of(LEASE, place, kind, COMMIT, Bytes.utf8(body));
    }

    @Test
    @DisplayName("BAD-03 what comes back with its checksum is equal to what was sent")
    void storedIsEqual() {
        Entry sent = entry(4, EntryKind.PLAIN, "body");

        Entry read = Entry.stored(LEASE, 4, EntryKind.PLAIN, COMMIT, Bytes.utf8("body"), sent.checksum());

        assertThat(read).isEqualTo(sent).hasSameHashCodeAs(sent);
        assertThat(read).isNotEqualTo(entry(5, EntryKind.PLAIN, "body")).isNotEqualTo(entry(4, EntryKind.END, "body"));
    }

    @Test
    @DisplayName("BAD-03 a flipped bit anywhere is corrupt, never returned, and no message shows the body")
    void flippedBitIsCorrupt() {
        Entry sent = entry(4, EntryKind.PLAIN, "secret");
        byte[] bytes = sent.body().toArray();
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));

            assertThatThrownBy(() ->
                            Entry.stored(LEASE, 4, EntryKind.PLAIN, COMMIT, Bytes.adopt(flipped), sent.checksum()))
                    .isInstanceOf(CorruptException.class)
                    .hasMessageContaining("place 4")
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    @DisplayName("BAD-03 an entry at another place, of another kind, token, lease or commit does not fit its checksum")
    void checksumCoversWhatItSays() {
        int sum = entry(4, EntryKind.PLAIN, "body").checksum();
        Bytes body = Bytes.utf8("body");
        Lease token = new Lease("r", LEASE.incarnation(), LEASE.id(), 8);
        Lease lease = new Lease("r", LEASE.incarnation(), SplitScripts.lease("B"), 7);
        CommitId commit = CommitId.of(LEASE.id(), 4);

        assertThatThrownBy(() -> Entry.stored(LEASE, 5, EntryKind.PLAIN, COMMIT, body, sum))
                .isInstanceOf(CorruptException.class);
        assertThatThrownBy(() -> Entry.stored(LEASE, 4, EntryKind.END, COMMIT, body, sum))
                .isInstanceOf(CorruptException.class);
        assertThatThrownBy(() -> Entry.stored(token, 4, EntryKind.PLAIN, COMMIT, body, sum))
                .isInstanceOf(CorruptException.class);
        assertThatThrownBy(() -> Entry.stored(lease, 4, EntryKind.PLAIN, COMMIT, body, sum))
                .isInstanceOf(CorruptException.class);
        assertThatThrownBy(() -> Entry.stored(LEASE, 4, EntryKind.PLAIN, commit, body, sum))
                .isInstanceOf(CorruptException.class);
    }

    @Test
    @DisplayName("STEP-10 the same commit at another place keeps its id, lease and bytes")
    void movesToTheNextPlace() {
        Entry moved = entry(4, EntryKind.PLAIN, "body").at(5);

        assertThat(moved).isEqualTo(entry(5, EntryKind.PLAIN, "body"));
        assertThat(moved.isUnder(LEASE)).isTrue();
        assertThat(moved.isUnder(new Lease("r", LEASE.incarnation(), LEASE.id(), 8)))
                .isFalse();
    }

    @Test
    @DisplayName("SCHEMA-06 an unknown kind is an error that says what to do; negative places and tokens are refused")
    void unknownKind() {
        assertThatThrownBy(() -> EntryKind.ofCode(99))
                .isInstanceOf(UnknownFormatException.class)
                .hasMessageContaining("99");
        for (EntryKind kind : EntryKind.values()) {
            assertThat(EntryKind.ofCode(kind.code())).isEqualTo(kind);
        }
        assertThatThrownBy(() -> entry(-1, EntryKind.PLAIN, "")).hasMessageContaining("was -1");
        assertThatThrownBy(() -> new Lease("r", LEASE.incarnation(), LEASE.id(), 0))
                .hasMessageContaining("was 0");
    }

    @Test
    @DisplayName("STEP-02 the commits of a lease have different ids, the grant's among them")
    void commitIdsDiffer() {
        assertThat(java.util.stream.LongStream.range(0, 10_000).mapToObj(n -> CommitId.of(LEASE.id(), n)))
                .doesNotHaveDuplicates()
                .contains(CommitId.ofGrant(LEASE.id()));
    }
}
