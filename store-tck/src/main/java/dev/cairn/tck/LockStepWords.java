// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Head;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Settled;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Answers in the words by which two stores are compared. They leave out what a store may choose: tokens but for their
 * order, times but for past or future, where pages end, and what a refused acquirer leaves of its lease
 * ({@link Seen#isSameRunAs}).
 */
final class LockStepWords {
    /** The answer where nobody is in a position to ask. */
    static final String NOTHING = "-";

    private LockStepWords() {}

    static String of(Refused refused) {
        boolean live = !refused.timeLeft().isZero();
        List<Integer> ended =
                refused.ended().stream().map(entry -> entry.body().hashCode()).toList();
        return "refused, " + refused.reason() + ended
                + refused.head()
                        .map(head -> ": " + words(head, lease(head, live)))
                        .orElse("");
    }

    static String of(Settled answer) {
        return answer instanceof Settled.Done done
                ? "done, " + words(done.head(), "")
                : answer.getClass().getSimpleName();
    }

    static String of(Seen seen, boolean live) {
        Head head = seen.head();
        String entries = seen.counting().stream()
                .map(entry -> entry.kind() + " " + entry.commitId() + " " + words(entry))
                .collect(Collectors.joining(" "));
        String messages = seen.messages().stream()
                .map(each -> each.message().id() + " "
                        + each.message().name() + " "
                        + each.message().payload().hashCode())
                .collect(Collectors.joining(" "));
        return words(head, lease(head, live)) + ", " + seen.revision().count() + " entries #" + entries.hashCode()
                + ", " + seen.messages().size() + " messages #" + messages.hashCode()
                + (head.signals() < seen.messages().size() ? ", not all counted" : "");
    }

    /** The body, but of a suspension not how many signals were seen: that is the inbox's of one store. */
    private static int words(Entry entry) {
        if (entry.kind() != EntryKind.SUSPENSION) {
            return entry.body().hashCode();
        }
        EntryBody.Suspension body = EntryCodec.suspension(entry);
        return List.of(body.awaits(), body.due()).hashCode();
    }

    private static String lease(Head head, boolean live) {
        return live
                ? ", leased to "
                        + head.lease().map(term -> term.id().toString()).orElse("nobody")
                : ", free";
    }

    private static String words(Head head, String lease) {
        String due = head.due()
                .map(at -> at.isBefore(LockStepDraws.LATER) ? "due" : "due later")
                .orElse("never due");
        return String.join(
                        " ",
                        head.workflow(),
                        "v" + head.version(),
                        head.status().toString(),
                        head.incarnation().toString(),
                        due,
                        head.awaits().toString(),
                        head.signals() > 0 ? "signals" : "no signals", // one that comes again may be counted again
                        head.labels().all().toString(),
                        head.progress(),
                        head.reason(),
                        new TreeSet<>(head.beside().keySet().stream()
                                        .map(Incarnation::toString)
                                        .toList())
                                .toString(),
                        "source " + head.sourceToken())
                + lease;
    }
}
