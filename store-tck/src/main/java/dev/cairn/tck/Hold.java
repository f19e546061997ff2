// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Granted;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Page;
import dev.cairn.spi.Revision;
import java.util.ArrayList;
import java.util.List;

/** A lease that a {@link Party} has, or had, and what it knows of its run. */
final class Hold {
    final Lease lease;
    final long signals;
    final List<String> unread;
    final Revision revision;
    /** The next place of its own. */
    long next;
    /** It gave its lease back, and goes on with steps: whether they count is the journal's. */
    boolean isReleased;

    Hold(Granted granted) {
        Page page = granted.page();
        lease = granted.lease();
        signals = page.head().signals();
        next = RunOp.upTo(lease.id(), page.entries()).size();
        revision = Seen.folded(page.head(), page.entries()).revision();
        unread = new ArrayList<>(Consumed.unread(Seen.of(page)));
    }
}
