// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.Facts;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.Bytes;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What everything that talks to the store shares: the store, its limits, the codec, and how requests are repeated. */
record Connection(StateStore store, Facts.Limits limits, Payloads payloads, Failures failures, Settings settings) {
    static Connection to(StateStore store, PayloadCodec codec, Settings settings) {
        Facts facts = store.facts();
        if (settings.leaseTtl().multipliedBy(2).compareTo(facts.fenceTime()) > 0) {
            throw new IllegalArgumentException(
                    "a lease of " + settings.leaseTtl() + " is longer than half the store's fence time of "
                            + facts.fenceTime() + "; shorten the lease, or open the store with a longer fence time");
        }
        if (settings.leaseTtl().plus(settings.unknownLimit()).multipliedBy(2).compareTo(facts.fenceTime()) > 0) {
            throw new IllegalArgumentException(
                    "a lease of " + settings.leaseTtl() + " and a limit for unknown outcomes of "
                            + settings.unknownLimit() + " are together longer than half the store's fence time of "
                            + facts.fenceTime()
                            + ", so that a late repeat could meet no fence; shorten one of them, or open the store with a longer fence time");
        }
        Facts.Limits limits = facts.limits();
        return new Connection(
                store,
                limits,
                new Payloads(codec, limits.payloadBytes()),
                new Failures(codec, limits.entryBytes() / 4 * 3),
                settings);
    }

    /** How long the store keeps the fences of what is gone. */
    Duration fenceTime() {
        return store.facts().fenceTime();
    }

    Repeats repeats() {
        return new Repeats(settings.clock(), settings.unknownLimit());
    }

    /** The body of a grant to a worker, or to an operator where there is no workflow. */
    Bytes grant(@Nullable WorkflowVersions workflow, EntryBody.@Nullable Origin origin) {
        return EntryCodec.encode(new EntryBody.Grant(
                settings.holder(),
                settings.host(),
                workflow == null ? "" : workflow.workflow(),
                workflow == null ? 0 : workflow.version(),
                Optional.ofNullable(origin)));
    }

    StepFailedException failed(String stepKey, dev.cairn.state.Failure failure) {
        return new StepFailedException(stepKey, failure, payloads.codec());
    }
}
