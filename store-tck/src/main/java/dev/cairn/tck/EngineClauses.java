// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** The second part of the contract: what workflow code may rely on, tried through the engine on the store. */
public interface EngineClauses extends RunClauses {}
