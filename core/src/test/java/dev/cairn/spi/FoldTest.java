// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.CorruptException;
import dev.cairn.state.Bytes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FoldTest {
    private static final Incarnation INCARNATION = SplitScripts.incarnation("first");

    private final Fold fold = new Fold("r", INCARNATION);

    private static Lease lease(String id, long token) {
        return new Lease("r", INCARNATION, SplitScripts.lease(id), token);
    }

    private boolean add(EntryKind kind, String id, long token) {
        CommitId commit = CommitId.of(SplitScripts.lease(id), fold.length() + 1);
        return fold.add(Entry.of(lease(id, token), fold.length(), kind, commit, Bytes.empty()));
    }

    @Test
    @DisplayName("LEASE-05 an entry counts only under the id and the token of the last counting grant")
    void countsUnderTheLastGrant() {
        add(EntryKind.GRANT, "A", 1);
        boolean own = add(EntryKind.PLAIN, "A", 1);
        add(EntryKind.GRANT, "B", 2);

        List<Boolean> others = Stream.of(
                        add(EntryKind.PLAIN, "A", 1), add(EntryKind.PLAIN, "A", 2), add(EntryKind.PLAIN, "B", 1))
                .toList();

        assertThat(own).isTrue();
        assertThat(others).containsOnly(false);
        assertThat(add(EntryKind.PLAIN, "B", 2)).isTrue();
        assertThat(fold.revision()).isEqualTo(new Revision(INCARNATION, 2));
        assertThat(fold.length()).isEqualTo(7);
    }

    @Test
    @DisplayName("LEASE-15 a grant counts only above every grant before it, the ones that do not count among them")
    void tokensMustRise() {
        add(EntryKind.GRANT, "A", 5);
        boolean lower = add(EntryKind.GRANT, "B", 4);
        boolean equal = add(EntryKind.GRANT, "C", 5);
        add(EntryKind.END, "A", 5);
        boolean overAnEnd = add(EntryKind.GRANT, "D", 9);
        boolean reopenBelow = add(EntryKind.REOPEN, "E", 8);

        boolean reopen = add(EntryKind.REOPEN, "F", 10);

        assertThat(List.of(lower, equal, overAnEnd, reopenBelow)).containsOnly(false);
        assertThat(reopen).isTrue();
        assertThat(fold.highestToken()).isEqualTo(10);
        assertThat(fold.isHeldBy(lease("F", 10))).isTrue();
        assertThat(fold.isHeldBy(lease("F", 11))).isFalse();
    }

    @Test
    @DisplayName("ERR-04 after an end only a reopening grant counts, and clears the end")
    void endIsTheLastWord() {
        add(EntryKind.GRANT, "A", 1);
        add(EntryKind.END, "A", 1);
        boolean late = add(EntryKind.PLAIN, "A", 1);
        boolean secondEnd = add(EntryKind.END, "A", 1);
        boolean ended = fold.end().isPresent();

        add(EntryKind.REOPEN, "B", 2);

        assertThat(List.of(late, secondEnd)).containsOnly(false);
        assertThat(ended).isTrue();
        assertThat(fold.end()).isEmpty();
        assertThat(fold.revision().count()).isEqualTo(1);
    }

    @Test
    @DisplayName("SIG-06 a suspension stands until a step or an end counts; a grant leaves it")
    void suspensionStands() {
        add(EntryKind.GRANT, "A", 1);
        add(EntryKind.SUSPENSION, "A", 1);
        add(EntryKind.GRANT, "B", 2);
        boolean behindGrant = fold.suspension().isPresent();
        add(EntryKind.PLAIN, "A", 1);
        boolean behindLateStep = fold.suspension().isPresent();

        add(EntryKind.PLAIN, "B", 2);

        assertThat(List.of(behindGrant, behindLateStep)).containsOnly(true);
        assertThat(fold.suspension()).isEmpty();
    }

    @Test
    @DisplayName("STEP-09 a free place before an entry is corrupt, and says which place of what")
    void gapIsCorrupt() {
        add(EntryKind.GRANT, "A", 1);
        Entry behindGap = Entry.of(
                lease("A", 1), 2, EntryKind.PLAIN, CommitId.of(SplitScripts.lease("A"), 2), Bytes.utf8("secret"));

        assertThatThrownBy(() -> fold.add(behindGap))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining("run r")
                .hasMessageContaining(INCARNATION.toString())
                .hasMessageContaining("place 1")
                .hasMessageNotContaining("secret");
        assertThat(fold.length()).isEqualTo(1);
    }

    @Test
    @DisplayName("DEL-06 a stripped place does not count and says that the incarnation is gone")
    void strippedIsGone() {
        add(EntryKind.GRANT, "A", 1);

        boolean counts = fold.add(Entry.stripped("r", INCARNATION, 1));

        assertThat(counts).isFalse();
        assertThat(fold.isStripped()).isTrue();
        assertThat(fold.revision().count()).isZero();
    }
}
