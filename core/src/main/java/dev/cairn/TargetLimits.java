// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.PayloadTooLargeException;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.Facts;
import dev.cairn.spi.Message;
import dev.cairn.spi.Received;
import dev.cairn.state.Bytes;
import dev.cairn.state.StepOutcome;
import java.util.List;

/** Whether a run fits another store, asked before anything is written there. */
final class TargetLimits {
    /** What a signal's entry holds beside its payload: id and name, each byte of them escaped at most sixfold. */
    private static final int BESIDE_PAYLOAD = 4096;

    private final String runId;
    private final Facts.Limits source;
    private final Facts.Limits target;

    TargetLimits(String runId, Facts.Limits source, Facts.Limits target) {
        this.runId = runId;
        this.source = source;
        this.target = target;
    }

    /**
     * Checks a run.
     *
     * @throws PayloadTooLargeException if something of it is too large, naming both sizes
     */
    void check(Exported run, Bytes grant) {
        entry("its first entry", grant);
        payload("its input", run.origin().input());
        for (Entry entry : run.plain()) {
            entry("an entry", entry.body());
            // No payload is larger than its entry: most need no look inside.
            if (entry.body().size() > target.payloadBytes()) {
                payloads(EntryCodec.decode(entry));
            }
        }
        run.end().ifPresent(end -> {
            entry("its end", end.body());
            if (EntryCodec.decode(end) instanceof EntryBody.End ended) {
                payload("its output", ended.outcome());
            }
        });
        run.inbox().forEach(this::message);
        if (run.fold().end().isEmpty()) {
            laterSignals();
        }
    }

    private void payloads(EntryBody said) {
        if (said instanceof EntryBody.Steps steps) {
            steps.steps().forEach(step -> payload("step " + step.key(), step.outcome()));
        } else if (said instanceof EntryBody.Carried carried) {
            carried.messages().forEach(this::message);
        }
    }

    private void message(Received received) {
        Message message = received.message();
        payload("signal " + message.id(), message.payload());
        entry("signal " + message.id(), EntryCodec.encode(new EntryBody.Carried(List.of(received))));
    }

    /** Signals come in while the run is copied, and none may be left behind: the largest that the source takes must fit. */
    private void laterSignals() {
        long largest = (source.payloadBytes() + 2L) / 3 * 4 + BESIDE_PAYLOAD;
        if (largest > target.entryBytes()) {
            throw tooLarge("a signal that came in meanwhile", largest, "an entry", target.entryBytes());
        }
    }

    private void payload(String what, StepOutcome outcome) {
        if (outcome instanceof StepOutcome.Value value) {
            payload(what, value.json());
        }
    }

    private void payload(String what, Bytes json) {
        if (json.size() > target.payloadBytes()) {
            throw tooLarge(what, json.size(), "a payload", target.payloadBytes());
        }
    }

    private void entry(String what, Bytes body) {
        if (body.size() > target.entryBytes()) {
            throw tooLarge(what, body.size(), "an entry", target.entryBytes());
        }
    }

    private PayloadTooLargeException tooLarge(String what, long size, String limited, int limit) {
        return new PayloadTooLargeException(
                "run " + runId + " does not fit the other store: " + what + " has or could have "
                        + size + " bytes, its limit for " + limited + " is " + limit
                        + "; nothing was written there. Open it with a higher limit");
    }
}
