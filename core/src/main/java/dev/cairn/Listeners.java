// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the user's listener; the one place where whatever is thrown is logged and dropped. */
final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private Listeners() {}

    static void tell(RunListener listener, Consumer<RunListener> event) {
        try {
            event.accept(listener);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            LOG.warn("a RunListener threw; the run goes on", e);
        }
    }
}
