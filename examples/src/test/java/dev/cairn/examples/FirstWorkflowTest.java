// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.Cairn;
import dev.cairn.Workflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstWorkflowTest {
    @TempDir
    private Path folder;

    @Test
    @DisplayName("the first workflow runs its steps once; run again, it returns what is recorded")
    void firstWorkflow() throws Exception {
        assertThat(output())
                .containsExactly(
                        "charged 10248",
                        "reserved 10248",
                        "booked 10248",
                        "mailed 10248",
                        "shipped as parcel of 10248");
        assertThat(output()).containsExactly("shipped as parcel of 10248");
    }

    @Test
    @DisplayName("the README shows the first workflow as it is compiled here")
    void readme() throws IOException {
        Path root = root();
        String source =
                Files.readString(root.resolve("examples/src/test/java/dev/cairn/examples/FirstWorkflowTest.java"));
        String marker = "// region first-workflow\n";
        int begin = source.indexOf(marker) + marker.length();
        String region = source.substring(begin, source.indexOf("// endregion", begin))
                .stripIndent()
                .strip();

        assertThat(root.resolve("README.md")).content().contains("```java\n" + region + "\n```");
    }

    /** The program needs a folder of its own: it opens its store by the name that the README shows. */
    private List<String> output() throws IOException, InterruptedException {
        try (Child child = Child.start(ChildJvm.of(Program.class, List.of()).directory(folder.toFile()))) {
            assertThat(child.awaitExit()).as(child.lines().toString()).isZero();
            return child.lines();
        }
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("LICENSE"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    record Order(String id, long cents) {}

    /** What the steps reach: each says what it did. */
    record Outside() {
        String charge(String order, long cents, String idempotencyKey) {
            System.out.println("charged " + order);
            return "receipt for " + cents + " under " + idempotencyKey;
        }

        void reserve(String order) {
            System.out.println("reserved " + order);
        }

        String book(String order) {
            System.out.println("booked " + order);
            return "parcel of " + order;
        }

        void send(String order, String receipt, String tracking) {
            System.out.println("mailed " + order + (receipt + tracking).substring(0, 0));
        }
    }

    static final class Program {
        private Program() {}

        public static void main(String[] args) {
            Outside bank = new Outside();
            Outside warehouse = bank;
            Outside courier = bank;
            Outside mail = bank;

            // region first-workflow
            Workflow<Order, String> fulfil = Workflow.named("fulfil")
                    .input(Order.class)
                    .output(String.class)
                    .define((run, order) -> {
                        String receipt = run.step(
                                "charge",
                                String.class,
                                step -> bank.charge(order.id(), order.cents(), step.idempotencyKey()));
                        run.step("reserve", step -> warehouse.reserve(order.id()));
                        String tracking = run.step("book-courier", String.class, step -> courier.book(order.id()));
                        run.step("mail", step -> mail.send(order.id(), receipt, tracking));
                        return tracking;
                    });

            try (Cairn cairn = Cairn.open("sqlite:orders.db")) {
                String tracking = cairn.run(fulfil, "order-10248", new Order("10248", 44_000));
                System.out.println("shipped as " + tracking);
            }
            // endregion
        }
    }
}
