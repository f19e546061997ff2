// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.Run;
import dev.cairn.WorkflowBody;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A workflow of steps in this order. */
record StepsInOrder(Worker worker, List<String> keys, Optional<IOException> thrown)
        implements WorkflowBody<String, String> {
    @Override
    public String run(Run run, String order) throws IOException {
        keys.forEach(key -> run.step(key, String.class, worker.returns(key)));
        if (thrown.isPresent()) {
            throw thrown.get();
        }
        return "done";
    }

    /** The same, which then throws. */
    StepsInOrder then(IOException last) {
        return new StepsInOrder(worker, keys, Optional.of(last));
    }
}
