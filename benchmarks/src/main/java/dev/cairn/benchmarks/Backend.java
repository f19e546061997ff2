// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

/** A store that is measured, and the server or files it needs. A further store is one more of these. */
interface Backend extends AutoCloseable {
    /** New storage, as the timed rounds use it. */
    Storage create() throws Exception;

    /** New storage whose traffic is counted, which may cost time. */
    Storage createCounted() throws Exception;

    /** Lets the database finish what it does behind the scenes, so that the next contestant does not pay for the one before. */
    void rest() throws Exception;

    @Override
    void close();
}
