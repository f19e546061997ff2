// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import java.io.IOException;
import java.util.function.Supplier;

/** What ends an execution while the body of its second step runs. */
enum Blow {
    TAKEN_OVER {
        @Override
        void fall(Worker worker, Worker other) {
            other.instance().supersede(name());
        }
    },
    CANCELLED {
        @Override
        void fall(Worker worker, Worker other) {
            other.cairn().runs().cancel(name());
        }
    },
    UNKNOWN {
        @Override
        void fall(Worker worker, Worker other) {
            worker.meets(throwing(() -> new OutcomeUnknownException("as the clause wants it")));
        }
    },
    UNAVAILABLE {
        @Override
        void fall(Worker worker, Worker other) {
            worker.meets(throwing(() -> new StoreUnavailableException("as the clause wants it")));
        }
    },
    TRANSIENT {
        @Override
        void fall(Worker worker, Worker other) throws IOException {
            throw new IOException("again");
        }
    };

    abstract void fall(Worker worker, Worker other) throws IOException;

    private static Splitting.Gate throwing(Supplier<RuntimeException> thrown) {
        return new Splitting.Gate() {
            @Override
            public void before(String request) {
                throw thrown.get();
            }

            @Override
            public void after(String request) {}
        };
    }
}
