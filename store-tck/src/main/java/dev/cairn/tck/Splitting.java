// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;
import java.time.Duration;

/** The reference store cut into its requests: only the kit's own tests have it (RUN-17). */
interface Splitting {
    /** A storage of its own. */
    Storage storage(StoreOptions options);

    /** A storage that several processes open. */
    interface Storage {
        /** Opens it as another process; at each of its requests the gate is asked. */
        StateStore open(Gate gate);

        /** Lets time pass. */
        void pass(Duration time);
    }

    /** Stands at every request of a process; what it throws, the process meets there. */
    interface Gate {
        /** Before a request is sent. */
        void before(String request);

        /** After it was answered. */
        void after(String request);
    }
}
