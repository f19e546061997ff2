// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.Page;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.state.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says requests and answers in words. Never shows a payload. */
final class Words {
    private static final int MOST = 3;
    private static final int LONGEST = 60;

    private Words() {}

    static String of(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof List<?> list) {
            String shown = list.stream().limit(MOST).map(Words::of).collect(Collectors.joining(", "));
            return list.isEmpty() ? "nothing" : list.size() > MOST ? shown + ", … (" + list.size() + ")" : shown;
        }
        if (value instanceof Optional<?> optional) {
            return optional.isPresent() ? of(optional.get()) : "nothing";
        }
        if (value instanceof Bytes bytes) {
            return bytes.size() + " bytes";
        }
        if (value instanceof String text) {
            return quoted(text);
        }
        String request = request(value);
        return request.isEmpty() ? answer(value) : request;
    }

    static String quoted(@Nullable String text) {
        if (text == null) {
            return "null";
        }
        StringBuilder shown = new StringBuilder("\"");
        text.codePoints()
                .limit(LONGEST)
                .forEach(c ->
                        shown.append(Character.isISOControl(c) ? String.format("\\u%04x", c) : Character.toString(c)));
        return shown + (text.codePointCount(0, text.length()) > LONGEST ? "…\"" : "\"");
    }

    private static String request(Object value) {
        if (value instanceof Acquire acquire) {
            return quoted(acquire.runId()) + " (" + acquire.target().getClass().getSimpleName() + ", lease of "
                    + acquire.ttl() + ")";
        }
        if (value instanceof Settle settle) {
            String entry = settle.entry().map(e -> of(e) + " and ").orElse("");
            return entry + settle.change() + " of " + quoted(settle.lease().runId()) + " under token "
                    + settle.lease().token();
        }
        if (value instanceof Renewal renewal) {
            return "the lease of " + quoted(renewal.lease().runId()) + ", token "
                    + renewal.lease().token();
        }
        if (value instanceof Erase erase) {
            return erase.getClass().getSimpleName() + " of " + quoted(erase.runId());
        }
        return "";
    }

    private static String answer(Object value) {
        if (value instanceof Entry entry) {
            return entry.kind() + " at place " + entry.place() + " of "
                    + quoted(entry.lease().runId()) + " under token "
                    + entry.lease().token();
        }
        if (value instanceof Granted granted) {
            return "granted " + quoted(granted.lease().runId()) + ", token "
                    + granted.lease().token();
        }
        if (value instanceof Refused refused) {
            return "refused, " + refused.reason();
        }
        if (value instanceof Appended.Written) {
            return "written";
        }
        if (value instanceof Appended.Fenced) {
            return "fenced";
        }
        if (value instanceof Appended.Taken taken) {
            return "taken by " + of(taken.entry());
        }
        if (value instanceof Appended.Failed failed) {
            return "failed, " + failed.cause().getClass().getSimpleName();
        }
        return other(value);
    }

    private static String other(Object value) {
        if (value instanceof Settled.Taken taken) {
            return "taken by " + of(taken.entry());
        }
        if (value instanceof Settled.Done || value instanceof Settled.Lost || value instanceof Settled.Signalled) {
            return value.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
        }
        if (value instanceof Renewed.Held held) {
            return "held for " + held.timeLeft();
        }
        if (value instanceof Renewed.Lost) {
            return "lost";
        }
        if (value instanceof Page page) {
            List<String> messages = page.messages().stream()
                    .map(received -> received.message().id())
                    .toList();
            return page.entries().size() + " entries, messages " + messages;
        }
        if (value instanceof RunPage page) {
            return page.runs().size() + " runs" + (page.next().isPresent() ? " and a token" : "");
        }
        if (value instanceof Head head) {
            return quoted(head.runId()) + " (" + head.status() + ", token " + head.token() + ")";
        }
        return String.valueOf(value);
    }
}
