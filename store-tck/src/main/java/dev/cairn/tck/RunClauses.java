// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** RUN: what workflow code may rely on. */
interface RunClauses
        extends RunReplayClauses,
                RunFailureClauses,
                RunOrderClauses,
                RunIdentityClauses,
                RunFenceClauses,
                RunParallelClauses,
                RunSplitClauses {}
