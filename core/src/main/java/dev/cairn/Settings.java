// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import java.time.Duration;

/** How a Cairn works; what its builder was told. */
record Settings(
        Duration leaseTtl,
        Duration patience,
        Duration unknownLimit,
        Duration closeWait,
        String holder,
        String host,
        HolderClock clock,
        RunListener listener) {}
