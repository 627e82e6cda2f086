package io.fairlead.gateway.transaction;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final int SECTOR = 512;

  @TempDir Path dir;

  private static byte[] bytes(long seed, int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  private byte[] image() throws IOException {
    return Files.readAllBytes(dir.resolve(Journal.NAME));
  }

  private static Map<Long, byte[]> reopened(Path folder, byte[] image) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve(Journal.NAME), image);
    try (Journal store = Journal.open(folder)) {
      return store.all();
    }
  }

  @Test
  void whatWasForcedIsThereAfterACrash() throws IOException {
    try (Journal store = Journal.open(dir)) {
      for (long n = 0; n < 50; n++) {
        store.put(n, bytes(n, 200));
      }
      store.remove(7);
      store.force();
      Map<Long, byte[]> found = reopened(dir.resolve("crashed"), image());
      assertEquals(49, found.size());
      assertArrayEquals(bytes(49, 200), found.get(49L));
    }
  }

  /** A power cut during a write: of the sectors that it touches any may be old or new. */
  @Test
  void aTornWriteCostsNothingThatWasForcedBefore() throws IOException {
    long seed = 20_261_121;
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> images = new ArrayList<>();
    List<Map<Long, byte[]>> contents = new ArrayList<>();
    try (Journal store = Journal.open(dir)) {
      store.force();
      for (long n = 0, removed = 0; n < 120; ) {
        for (int k = random.nextInt(1, 20); k > 0; k--) {
          store.put(n, bytes(n++, random.nextInt(100, 3000)));
        }
        while (n - removed > 30) {
          store.remove(removed++);
        }
        store.force();
        images.add(image());
        contents.add(store.all());
      }
    }
    for (int i = 0; i < 400; i++) {
      int at = random.nextInt(1, images.size());
      byte[] torn = torn(images.get(at - 1), images.get(at), random);
      Map<Long, byte[]> found = reopened(dir.resolve("torn" + i), torn);
      Set<Long> forced = new TreeSet<>(contents.get(at - 1).keySet());
      forced.retainAll(contents.get(at).keySet());
      assertTrue(
          found.keySet().containsAll(forced),
          "seed " + seed + ", tear " + i + " at " + at + ": " + found.keySet());
      found.forEach((n, entry) -> assertArrayEquals(bytes(n, entry.length), entry));
    }
  }

  /** Of the sectors behind what was forced any may be there, and the file may be long or short. */
  private static byte[] torn(byte[] before, byte[] after, SplittableRandom random) {
    byte[] torn = Arrays.copyOf(before, random.nextInt(before.length, after.length + 1));
    for (int from = 0; from < torn.length; from += SECTOR) {
      int to = Math.min(from + SECTOR, Math.min(torn.length, after.length));
      if (random.nextBoolean() && from < to) {
        System.arraycopy(after, from, torn, from, to - from);
      }
    }
    return torn;
  }

  @Test
  void theFileDoesNotGrowWithWhatWasRemoved() throws IOException {
    try (Journal store = Journal.open(dir)) {
      for (long n = 0; n < 40_000; ) {
        for (int k = 0; k < 200; k++) {
          store.put(n, bytes(n++, 300));
          if (n > 1_000) {
            store.remove(n - 1_000);
          }
        }
        store.force();
      }
      assertEquals(1_000, store.all().size(), 1);
    }
    assertTrue(image().length < Journal.SLACK_BYTES + (2 << 20), "bytes: " + image().length);
  }

  @Test
  void aDamagedEndIsCutOffBeforeAnythingIsAppended() throws IOException {
    try (Journal store = Journal.open(dir)) {
      store.put(1, bytes(1, 900));
      store.force();
    }
    byte[] image = image();
    Files.write(dir.resolve(Journal.NAME), Arrays.copyOf(image, image.length + 700));
    try (Journal store = Journal.open(dir)) {
      store.put(2, bytes(2, 900));
      store.force();
    }
    try (Journal store = Journal.open(dir)) {
      assertEquals(Set.of(1L, 2L), store.all().keySet());
    }
  }

  @Test
  void aFileThatIsNoneIsKeptAside() throws IOException {
    Files.write(dir.resolve(Journal.NAME), bytes(1, 20_000));
    try (Journal store = Journal.open(dir)) {
      store.put(1, new byte[] {1});
      store.force();
    }
    assertArrayEquals(
        bytes(1, 20_000), Files.readAllBytes(dir.resolve(Journal.NAME + ".corrupt-1")));
  }

  @Test
  void whatAnotherHasOpenIsRefused() throws IOException {
    try (Journal store = Journal.open(dir)) {
      store.force();
      IOException refused = assertThrows(IOException.class, () -> Journal.open(dir));
      assertTrue(("" + refused.getMessage()).contains("no other gateway with this state.dir"));
    }
  }
}
