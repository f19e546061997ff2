// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** The first part of the contract: what binds every store, tried without an engine. Alone, its verdict is PARTIAL. */
public interface StoreClauses
        extends RtClauses,
                KeyClauses,
                StepClauses,
                SnapClauses,
                VerClauses,
                LeaseClauses,
                HbClauses,
                ErrClauses,
                SigClauses,
                ListClauses,
                DelClauses,
                RetClauses,
                BigClauses,
                BatchClauses,
                ConcClauses,
                CrashClauses,
                SchemaClauses,
                LifeClauses,
                BadClauses,
                SecClauses,
                LeakClauses,
                CapClauses,
                ClaimClauses,
                CacheClauses,
                MoveClauses,
                CancelClauses,
                PageClauses,
                ClockClauses {}
