// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;
import java.util.stream.Stream;

/** All mutants, in the order of the groups of the contract. */
final class Mutants {
    private Mutants() {}

    static List<Mutant> all() {
        return Stream.of(
                        RtMutants.all(),
                        KeyMutants.all(),
                        StepMutants.all(),
                        SnapMutants.all(),
                        VerMutants.all(),
                        LeaseMutants.all(),
                        LeaseFenceMutants.all(),
                        HbMutants.all(),
                        ErrMutants.all(),
                        SigMutants.all(),
                        ListMutants.all(),
                        DelMutants.all(),
                        RetMutants.all(),
                        BigMutants.all(),
                        BatchMutants.all(),
                        ConcMutants.all(),
                        CrashMutants.all(),
                        SchemaMutants.all(),
                        LifeMutants.all(),
                        BadMutants.all(),
                        SecMutants.all(),
                        LeakMutants.all(),
                        CapMutants.all(),
                        ClaimMutants.all(),
                        CacheMutants.all(),
                        TxMutants.all(),
                        MoveMutants.all(),
                        CancelMutants.all(),
                        PageMutants.all(),
                        ClockMutants.all(),
                        RunMutants.all(),
                        RunFenceMutants.all(),
                        WireMutants.all(),
                        LockMutants.all(),
                        PostgresMutants.all(),
                        ServerMutants.all(),
                        ChildMutants.all(),
                        HistoryMutants.all())
                .flatMap(List::stream)
                .toList();
    }
}
