package io.fairlead.gateway.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.gateway.testing.ManualScheduler;
import io.fairlead.routing.control.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverrideStoreTest {
  private static final Signature ALICE = new Signature("alice", "maintenance \"x\" é");
  private static final Target AWS = Target.parse("cloud:aws");
  private static final Target AWS_ON_GNOSIS = Target.parse("cloud:aws").withChain("gnosis");

  private final ManualScheduler time = new ManualScheduler();

  @TempDir Path home = Path.of("");
  private Path dir = home;
  private Path file = home;

  @BeforeEach
  void name() {
    dir = home.resolve("state/of/fairlead");
    file = dir.resolve("overrides.json");
  }

  @Test
  void whatWasSaidSurvivesARestart() throws IOException {
    OverrideStore store = open();
    store.put(drain(AWS, Optional.of(Duration.ofMinutes(10))));
    store.put(weight(Target.parse("gcp-1").withChain("ethereum"), 7));
    assertEquals(store.all(), open().all());
    assertEquals(2, store.all().size());
    assertEquals(
        Optional.of(ManualScheduler.START.plusSeconds(600)), store.all().get(0).term().expiresAt());
  }

  @Test
  void aStoreWithoutAFileIsEmptyAndMakesNoFolder() throws IOException {
    assertEquals(List.of(), open().all());
    assertFalse(Files.exists(dir));
  }

  @Test
  void aLaterOverrideOfTheSameKindAndTargetReplacesTheEarlier() throws IOException {
    OverrideStore store = open();
    OperatorOverride first = store.put(weight(AWS, 10)).made();
    OverrideStore.Put second = store.put(weight(AWS, 20));
    assertEquals(List.of(first), second.replaced());
    assertEquals(List.of(second.made()), store.all());
    assertEquals(store.all(), open().all());
  }

  @Test
  void aWeightAndADrainOfOneTargetStandTogether() throws IOException {
    OverrideStore store = open();
    store.put(weight(AWS, 10));
    store.put(drain(AWS, Optional.empty()));
    store.put(weight(AWS_ON_GNOSIS, 30));
    assertEquals(3, store.all().size());
  }

  @Test
  void restoreRemovesEverythingOnTheTarget() throws IOException {
    OverrideStore store = open();
    store.put(weight(AWS, 10));
    store.put(drain(AWS_ON_GNOSIS, Optional.empty()));
    OperatorOverride other = store.put(weight(Target.parse("aws-1"), 5)).made();
    assertEquals(2, store.restore(AWS).size());
    assertEquals(List.of(other), store.all());
    assertEquals(List.of(other), open().all());
  }

  @Test
  void restoreOnOneChainLeavesTheOthersAlone() throws IOException {
    OverrideStore store = open();
    OperatorOverride everywhere = store.put(weight(AWS, 10)).made();
    OperatorOverride gnosis = store.put(drain(AWS_ON_GNOSIS, Optional.empty())).made();
    assertEquals(List.of(gnosis), store.restore(AWS_ON_GNOSIS));
    assertEquals(List.of(everywhere), store.all());
  }

  @Test
  void restoringWhatIsNotOverriddenRemovesNothing() throws IOException {
    assertEquals(List.of(), open().restore(AWS));
    assertFalse(Files.exists(dir));
  }

  @Test
  void anOverrideExpiresAtItsInstantAndNotANanosecondBefore() throws IOException {
    OverrideStore store = open();
    OperatorOverride made = store.put(drain(AWS, Optional.of(Duration.ofMinutes(10)))).made();
    time.advanceNanos(TimeUnit.MINUTES.toNanos(10) - 1);
    assertEquals(List.of(), store.expire());
    time.advanceNanos(1);
    assertEquals(List.of(made), store.expire());
    assertEquals(List.of(), store.all());
    assertEquals(List.of(), store.expire());
  }

  @Test
  void whatExpiredDuringADownTimeIsToldByTheNextStartAlone() throws IOException {
    OperatorOverride made = open().put(drain(AWS, Optional.of(Duration.ofMinutes(10)))).made();
    time.advance(Duration.ofHours(1));
    OverrideStore store = open();
    assertEquals(List.of(made), store.lapsed());
    assertEquals(List.of(), store.all());
    assertEquals(List.of(), store.expire());
    assertEquals(List.of(), open().lapsed());
  }

  @Test
  void idsAreNotUsedAgainAfterARestart() throws IOException {
    OverrideStore store = open();
    String first = store.put(drain(AWS, Optional.empty())).made().id();
    store.restore(AWS);
    assertFalse(first.equals(open().put(drain(AWS, Optional.empty())).made().id()));
  }

  @Test
  void aFileThatCannotBeUnderstoodIsKeptAsideAndSaidSo() throws IOException {
    Files.createDirectories(dir);
    List<String> corrupt =
        List.of(
            "",
            "{\"version\":1,",
            "[]",
            "{\"version\":2,\"nextNumber\":1,\"overrides\":[]}",
            "{\"version\":1,\"nextNumber\":1,\"overrides\":[{\"id\":\"o1\"}]}",
            "{\"version\":1,\"nextNumber\":1,\"overrides\":[]} x");
    for (int i = 0; i < corrupt.size(); i++) {
      Files.writeString(file, corrupt.get(i));
      OverrideStore store = open();
      assertEquals(List.of(), store.all());
      assertTrue(store.problem().orElse("").contains("overrides.json.corrupt-" + (i + 1)));
      assertEquals(
          corrupt.get(i), Files.readString(dir.resolve("overrides.json.corrupt-" + (i + 1))));
      assertFalse(Files.exists(file));
    }
  }

  @Test
  void aFileCutAnywhereIsNeverTakenForAWholeOne() throws IOException {
    open().put(drain(AWS, Optional.of(Duration.ofMinutes(10))));
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += 7) {
      Files.write(file, Arrays.copyOf(whole, length));
      OverrideStore store = open();
      assertTrue(store.problem().isPresent(), "length " + length);
      assertEquals(List.of(), store.all());
    }
  }

  @Test
  void aWriteThatACrashCutShortLeavesTheOldDocument() throws IOException {
    OverrideStore store = open();
    store.put(drain(AWS, Optional.empty()));
    Files.writeString(dir.resolve("overrides.json.tmp"), "{\"version\":1,\"overr");
    assertEquals(store.all(), open().all());
    open().put(weight(AWS, 3));
    assertEquals(2, open().all().size());
  }

  @Test
  void whatCannotBeWrittenDoesNotHold() throws IOException {
    OverrideStore store = open();
    Files.createDirectories(home.resolve("state/of"));
    Files.writeString(dir, "a file where the folder should be");
    assertThrows(IOException.class, () -> store.put(drain(AWS, Optional.empty())));
    assertEquals(List.of(), store.all());
    Files.delete(dir);
    assertEquals("o1", store.put(drain(AWS, Optional.empty())).made().id());
    Files.move(dir, home.resolve("away"));
    Files.writeString(dir, "again");
    assertThrows(IOException.class, () -> store.restore(AWS));
    assertEquals(1, store.all().size());
  }

  @Test
  void aReaderAlwaysSeesAWholeDocument() throws Exception {
    OverrideStore store = open();
    store.put(weight(AWS, 0));
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService readers = Executors.newFixedThreadPool(2, Executors.defaultThreadFactory());
    try {
      List<CompletableFuture<Integer>> read = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        read.add(CompletableFuture.supplyAsync(() -> readUntil(done), readers));
      }
      for (int weight = 1; weight <= 100; weight++) {
        store.put(weight(AWS, weight));
      }
      done.set(true);
      for (CompletableFuture<Integer> reader : read) {
        assertTrue(reader.get(10, TimeUnit.SECONDS) > 0);
      }
    } finally {
      readers.shutdownNow();
    }
    assertEquals(new Action.Weight(100), open().all().get(0).action());
  }

  private int readUntil(AtomicBoolean done) {
    int documents = 0;
    do {
      try {
        JsonNode document = new ObjectMapper().readTree(Files.readAllBytes(file));
        assertEquals(1, document.path("overrides").size());
        documents++;
      } catch (IOException e) {
        throw new AssertionError("a torn document", e);
      }
    } while (!done.get());
    return documents;
  }

  @Test
  void valuesOutsideTheirRangeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Action.Weight(10_001));
    assertThrows(IllegalArgumentException.class, () -> new Action.Weight(-1));
    assertThrows(IllegalArgumentException.class, () -> Target.parse(" "));
    assertThrows(IllegalArgumentException.class, () -> new Signature("a", "two\nlines"));
    assertThrows(IllegalArgumentException.class, () -> drain(AWS, Optional.of(Duration.ZERO)));
    assertThrows(
        IllegalArgumentException.class, () -> drain(AWS, Optional.of(Duration.ofDays(5000))));
  }

  private OverrideStore open() throws IOException {
    return OverrideStore.open(dir, time);
  }

  private static Order weight(Target target, int value) {
    return new Order(target, new Action.Weight(value), Optional.empty(), ALICE);
  }

  private static Order drain(Target target, Optional<Duration> ttl) {
    return new Order(target, new Action.Drain(), ttl, ALICE);
  }
}
