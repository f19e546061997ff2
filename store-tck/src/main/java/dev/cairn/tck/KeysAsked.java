// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.Step;
import dev.cairn.WorkflowBody;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The idempotency keys that the bodies of two steps were given. */
record KeysAsked(List<String> charges, List<String> mails) {
    /** Asks in both bodies; the one of this step ends in a transient error. */
    WorkflowBody<String, String> tiring(String key) {
        return (run, order) -> {
            run.step("charge", String.class, step -> {
                charges.add(step.idempotencyKey());
                return ended(step, key);
            });
            return run.step("mail", String.class, step -> {
                mails.add(step.idempotencyKey());
                return ended(step, key);
            });
        };
    }

    private static String ended(Step step, String tiring) throws IOException {
        if (step.key().equals(tiring)) {
            throw new IOException("again");
        }
        return "done";
    }

    /** How many keys there are in all. */
    int all() {
        Set<String> all = new HashSet<>(charges);
        all.addAll(mails);
        return all.size();
    }
}
