// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** A second server that follows the first. */
public interface StoreStandby {
    /** Ends the first server as a crash does and makes the second one answer in its place. */
    void failOver();
}
