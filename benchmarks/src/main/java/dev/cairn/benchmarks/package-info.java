// SPDX-License-Identifier: Apache-2.0
/** Measures Cairn beside the raw drivers and its rival. */
@NullMarked
package dev.cairn.benchmarks;

import org.jspecify.annotations.NullMarked;
