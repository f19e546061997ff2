// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import static dev.cairn.spi.SplitScripts.SIGNAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.spi.SplitExplorer.Universe;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Takes the rules of the protocol out one at a time: the exploration must see what each is for, else it proves nothing.
 * R9, a move's token, concerns two stores and is not here; how a head gives way to it is in {@link HeadRulesTest}.
 */
class SplitAblationTest {
    private interface Storage extends BiFunction<SplitRequest, SplitWorld, SplitRequest.Outcome> {}

    /** A rule, what is left when it is taken out, and where that shows. */
    record Ablation(String rule, SplitSteps steps, Storage storage, Universe universe) {
        @Override
        public String toString() {
            return rule;
        }
    }

    static Stream<Ablation> ofLeases() {
        SplitKnown ready = SplitStarts.ready();
        SplitScripts.Script release = SplitScripts.takeStepAndRelease("A");
        SplitScripts.Script delete = SplitScripts.delete("B", SplitStarts.revision(ready));
        return Stream.of(
                new Ablation(
                        "R2 under a lease means its token too",
                        new SplitSteps(),
                        SplitAblations::withoutToken,
                        universe(ready, release, delete)),
                new Ablation(
                        "R2 a lease id whose grant stands superseded is refused",
                        SplitWithout.endOfLeaseIds(),
                        SplitRequest::on,
                        universe(ready, SplitScripts.takeTwiceStepAndEnd("A"), SplitScripts.takeStepAndRelease("B"))),
                new Ablation(
                        "R3 a refused acquire lets its lease expire and does not clear it",
                        new SplitSteps(),
                        SplitAblations::clearing,
                        universe(SplitStarts.failed(), SplitScripts.retry("A"), SplitScripts.retry("B"))),
                new Ablation(
                        "R10 the revision is compared again when the place was taken",
                        SplitWithout.secondComparison(),
                        SplitRequest::on,
                        universe(ready, release, delete)));
    }

    static Stream<Ablation> ofJournals() {
        SplitKnown ready = SplitStarts.ready();
        SplitScripts.Script release = SplitScripts.takeStepAndRelease("A");
        return Stream.of(
                new Ablation(
                        "R1 a repair is fenced by a grant",
                        SplitWithout.fenceOfRepairs(),
                        SplitRequest::on,
                        universe(SplitStarts.waiting(), SplitScripts.cancel("A"), SplitScripts.claimAndGoOn("B"))),
                new Ablation(
                        "R10 the grant goes exactly behind what was read",
                        new SplitSteps(),
                        SplitAblations::insertingGrantsAnywhere,
                        universe(ready, release, SplitScripts.takeStepAndRelease("B"))),
                new Ablation(
                        "the tail is judged also when the own grant is found",
                        SplitWithout.judgingTails(),
                        SplitRequest::on,
                        universe(ready, SplitScripts.endAndTakeAgain("A"), signal())),
                new Ablation(
                        "what is stripped keeps its places",
                        new SplitSteps(),
                        SplitAblations::removingInsteadOfStripping,
                        universe(ready, release, SplitScripts.deleteAsRead("B"))));
    }

    static Stream<Ablation> ofSignals() {
        SplitKnown ready = SplitStarts.ready();
        SplitKnown waiting = SplitStarts.waiting();
        return Stream.of(
                new Ablation(
                        "R4 gone and switch state the number of signals",
                        new SplitSteps(),
                        SplitAblations::withoutSame,
                        universe(waiting, SplitScripts.delete("A", SplitStarts.revision(waiting)), signal())),
                new Ablation(
                        "R4 a signal counts only in its incarnation, and only before the end",
                        new SplitSteps(),
                        SplitAblations::signallingAnything,
                        universe(ready, SplitScripts.delete("A", SplitStarts.revision(ready)), signal())),
                new Ablation(
                        "R6 an end is acknowledged when the head says so",
                        SplitWithout.showingEnds(),
                        SplitRequest::on,
                        universe(ready, SplitScripts.takeStepAndEnd("A"), SplitScripts.takeThenSignal("B"))),
                new Ablation(
                        "suspending tests the number of signals seen",
                        new SplitSteps(),
                        SplitAblations::sleepingThroughSignals,
                        universe(ready, SplitScripts.takeAndWait("A", Optional.empty(), SIGNAL), signal())));
    }

    static Stream<Ablation> ofCreating() {
        return Stream.of(
                new Ablation(
                        "R5 a create does not use an incarnation again",
                        new SplitSteps(),
                        SplitAblations::creatingAgain,
                        universe(SplitStarts.absent(), SplitScripts.create("A", "A"), SplitScripts.deleteAsRead("B"))),
                new Ablation(
                        "R7 who takes an arriving head over begins a new incarnation",
                        new SplitSteps(),
                        SplitAblations::keepingIncarnation,
                        creators()),
                new Ablation(
                        "R7 a create is granted only if the head became ready under its lease",
                        new SplitSteps(),
                        SplitAblations::confirmingAnything,
                        creators()),
                new Ablation(
                        "creating over gone strips the old incarnation first",
                        new SplitSteps(),
                        SplitAblations::creatingOverUnstripped,
                        universe(
                                SplitStarts.ready(),
                                SplitScripts.takeStepAndRelease("A"),
                                SplitScripts.deleteAndCreate("B"))));
    }

    static Stream<Ablation> ofSweeping() {
        SplitKnown withStep = SplitStarts.readyWithStep();
        SplitScripts.Script restore = SplitScripts.restore("A", SplitStarts.revision(withStep));
        return Stream.of(
                new Ablation(
                        "R8 a sweep leaves alone what is named under a lease",
                        new SplitSteps(),
                        SplitAblations::sweepingUnderLeases,
                        universe(withStep, restore, SplitScripts.sweep()).with(0, List.of(SplitScripts.PAST_FENCES))),
                new Ablation(
                        "a purge leaves a head alone under whatever lease, run out or not",
                        new SplitSteps(),
                        SplitAblations::purgingUnderLeases,
                        universe(SplitStarts.failed(), SplitScripts.retryAndRelease("A"), SplitScripts.purge())));
    }

    private static Universe universe(SplitKnown start, SplitScripts.Script first, SplitScripts.Script second) {
        return Universe.of("ablation", start, first, second);
    }

    private static Universe creators() {
        return universe(SplitStarts.absent(), SplitScripts.create("A", "A"), SplitScripts.create("B", "B"));
    }

    private static SplitScripts.Script signal() {
        return SplitScripts.signal("m");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"ofLeases", "ofJournals", "ofSignals", "ofCreating", "ofSweeping"})
    @DisplayName("RUN-17 each rule of the protocol, taken out, brings its violation back")
    void isNeeded(Ablation ablation) {
        SplitExplorer without = new SplitExplorer(ablation.universe(), ablation.steps(), ablation.storage());

        SplitExplorer.Result result = without.explore();

        assertThat(result.violation()).isPresent();
        System.out.println(ablation.rule() + "\n    without it: "
                + result.violation().get().lines().findFirst().orElse(""));
        assertThat(SplitExplorer.explore(ablation.universe()).violation()).isEmpty();
    }
}
