// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Message;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Settle;
import java.util.Optional;

/**
 * One call of one client.
 *
 * @param runId empty where it is of many
 * @param asked the request; of a list, one of them
 * @param start and {@code end}: moments of the history's counter, before it was sent and after it was answered
 */
record Call(String client, String runId, Object asked, long start, long end, Told told) {
    /** A signal that was sent. */
    record Signal(String runId, Message message) {}

    /** Whether it may have been done, now or later, or not at all. */
    boolean isUnknown() {
        return told.is(OutcomeUnknownException.class);
    }

    /** Whether it is said that it was not done. */
    boolean isUndone() {
        return told.is(StoreUnavailableException.class);
    }

    /** The answer, if it is of this type. */
    <T> Optional<T> answer(Class<T> type) {
        return type.isInstance(told.how()) ? Optional.of(type.cast(told.how())) : Optional.empty();
    }

    /** When it must have been done by; never, if that is unknown. */
    long latest() {
        return isUnknown() ? Linear.NEVER : end;
    }

    /** One line of a timeline. */
    @Override
    public String toString() {
        String answer = told.is(Optional.class) ? page((Optional<?>) told.how()) : told.toString();
        return String.format("%-4s %4d–%-4d %s → %s", client, start, end, words(), answer);
    }

    private static String page(Optional<?> read) {
        return read.map(found -> found instanceof Page page
                        ? Words.of(page) + ", " + page.head().status() + ", token "
                                + page.head().token()
                        : Words.of(found))
                .orElse("no run");
    }

    private String words() {
        if (asked instanceof Acquire acquire) {
            return "acquire " + Words.quoted(runId) + " " + target(acquire.target());
        }
        if (asked instanceof Claim claim) {
            return "claim " + claim.limit();
        }
        if (asked instanceof Entry entry) {
            return "append " + Words.of(entry);
        }
        if (asked instanceof Settle settle) {
            return "settle " + Words.of(settle);
        }
        if (asked instanceof Signal signal) {
            return "signal " + Words.quoted(runId) + " "
                    + Words.quoted(signal.message().id()) + " named "
                    + Words.quoted(signal.message().name());
        }
        return asked instanceof Read ? "read " + Words.quoted(runId) : Words.of(asked);
    }

    private static String target(Acquire.Target target) {
        if (!(target instanceof Acquire.Take take)) {
            return target.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
        }
        Condition condition = take.condition();
        String at = condition
                .revision()
                .map(revision -> " at revision " + revision.count())
                .orElse("");
        return "take over " + condition.over() + at;
    }
}
