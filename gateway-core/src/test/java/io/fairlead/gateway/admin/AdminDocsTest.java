package io.fairlead.gateway.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fairlead.admin.v1.RoutingAdminGrpc;
import io.fairlead.routing.control.RoutingEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/admin.md} names everything that there is. */
class AdminDocsTest {
  @Test
  void everyCallAndEveryKindOfEventIsDescribed() throws IOException {
    String text = Files.readString(Path.of("../docs/admin.md"));
    Stream<String> calls =
        RoutingAdminGrpc.getServiceDescriptor().getMethods().stream()
            .map(method -> "RoutingAdmin/" + method.getBareMethodName());
    Stream<String> kinds =
        Arrays.stream(RoutingEvent.Kind.values()).map(kind -> "`" + kind.label() + "`");
    List<String> missing =
        Stream.concat(calls, kinds).filter(word -> !text.contains(word)).toList();
    assertEquals(List.of(), missing);
  }
}
