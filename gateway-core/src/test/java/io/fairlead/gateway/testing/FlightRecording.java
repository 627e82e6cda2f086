package io.fairlead.gateway.testing;

import java.io.IOException;
import java.nio.file.Path;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** What a flight recording of the JDK holds, as text. */
public final class FlightRecording {
  private FlightRecording() {}

  /**
   * All events but those that the JDK makes of the process's environment, which is the operator's
   * to leave out.
   */
  @SuppressForbidden // every JDK that these tests run on has recordings
  public static String text(Path file) throws IOException {
    StringBuilder all = new StringBuilder();
    try (RecordingFile recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        RecordedEvent event = recording.readEvent();
        if (!event.getEventType().getName().equals("jdk.InitialEnvironmentVariable")) {
          all.append(event).append('\n');
        }
      }
    }
    return all.toString();
  }
}
