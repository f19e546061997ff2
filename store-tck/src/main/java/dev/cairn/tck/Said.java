// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import java.util.List;
import java.util.Optional;

/** What a call says of grants and commits. */
final class Said {
    private Said() {}

    static Optional<Granted> granted(String runId, Call call) {
        if (call.told().how() instanceof List<?> claimed) {
            return claimed.stream()
                    .map(Granted.class::cast)
                    .filter(granted -> granted.lease().runId().equals(runId))
                    .findFirst();
        }
        return call.answer(Granted.class);
    }

    /** The entry that a call sends. */
    static Optional<Entry> sent(Call call) {
        if (call.asked() instanceof Settle settle) {
            return settle.entry();
        }
        return call.asked() instanceof Entry entry ? Optional.of(entry) : Optional.empty();
    }

    /** The entry that a call says is there. */
    static Optional<Entry> acknowledged(Call call) {
        Object told = call.told().how();
        return sent(call)
                .filter(entry -> told instanceof Appended.Written
                        || told instanceof Settled.Done
                        || (told instanceof Appended.Taken taken
                                && taken.entry().equals(entry)));
    }
}
