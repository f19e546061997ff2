// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static java.util.Objects.requireNonNull;

import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Fold;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Page;
import dev.cairn.spi.Received;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of a run goes with it to another store: its entries that count, byte for byte, and its inbox. Grants stay, and so do
 * ends and suspensions that were gone on from: they say what the journal of the new home says of itself. Fed with pages.
 */
final class Exported {
    private final Fold fold;
    private final List<Entry> plain = new ArrayList<>();
    private final List<Received> inbox = new ArrayList<>();
    private Head head;
    private @Nullable Entry first;
    private @Nullable Entry waits;

    Exported(Head head) {
        this.head = head;
        this.fold = new Fold(head.runId(), head.incarnation());
    }

    void add(Page page) {
        head = page.head();
        page.entries().forEach(this::add);
        inbox.addAll(page.messages());
    }

    void add(Entry entry) {
        boolean counts = fold.add(entry);
        first = first == null ? entry : first;
        if (!counts) {
            return;
        }
        if (entry.kind() == EntryKind.PLAIN) {
            plain.add(entry);
        }
        // A grant wakes nobody, and a run that leaves sleeps on where it arrives.
        if (entry.kind() != EntryKind.GRANT && entry.kind() != EntryKind.END) {
            waits = entry.kind() == EntryKind.SUSPENSION ? entry : null;
        }
    }

    Head head() {
        return head;
    }

    Fold fold() {
        return fold;
    }

    /** Its steps, attempts, forgets and carried signals, in order of place. */
    List<Entry> plain() {
        return plain;
    }

    /** The signals in its inbox, in order of receipt. */
    List<Received> inbox() {
        return inbox;
    }

    /** The head and the inbox as they are now. */
    void again(Head now, List<Received> messages) {
        head = now;
        inbox.clear();
        inbox.addAll(messages);
    }

    /** Its first grant, with the scope of its idempotency keys, the input, and when its first store created it. */
    EntryBody.Origin origin() {
        EntryBody.Grant grant = (EntryBody.Grant) EntryCodec.decode(requireNonNull(first));
        EntryBody.Origin origin = grant.origin().orElseThrow();
        return new EntryBody.Origin(
                origin.scope(), origin.input(), origin.created().or(() -> Optional.of(head.created())));
    }

    /** Where it went, in the words of a head; empty if it is here. Of a run that had ended the head alone says so. */
    Optional<String> mark() {
        Optional<String> shown = Optional.of(head).filter(Head::isMoved).map(Head::reason);
        return moved().map(moved -> HeadChange.moved(moved.target()).build().reason())
                .or(() -> shown);
    }

    /** The end by which it left for another store, if it did. */
    Optional<EntryBody.Moved> moved() {
        return fold.end()
                .map(EntryCodec::decode)
                .filter(EntryBody.Moved.class::isInstance)
                .map(EntryBody.Moved.class::cast);
    }

    /** How it ended, if it has. */
    Optional<Entry> end() {
        return moved().isPresent() ? Optional.empty() : fold.end();
    }

    /** What it waits for, as its new home has to know it: whose inbox is empty, so that a signal that travels counts as more. */
    Optional<EntryBody.Suspension> suspension() {
        return Optional.ofNullable(waits).map(EntryCodec::suspension).map(pending -> {
            boolean woken = head.signals() > pending.signalsSeen();
            return EntryBody.Suspension.of(pending.awaits(), pending.due(), woken ? -1 : 0);
        });
    }
}
