package io.fairlead.gateway.admin;

import io.fairlead.gateway.control.ControlException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says on the wire why a call failed, as the proto promises. */
final class Statuses {
  private static final Logger log = LoggerFactory.getLogger(Statuses.class);

  private Statuses() {}

  static StatusRuntimeException of(Exception cause) {
    if (cause instanceof ControlException refused) {
      return of(refused);
    }
    if (cause instanceof IllegalArgumentException) {
      return status(Status.INVALID_ARGUMENT, cause);
    }
    log.error("an admin call failed", cause);
    return Status.INTERNAL
        .withDescription("the gateway failed at this call; its log says why")
        .asRuntimeException();
  }

  private static StatusRuntimeException of(ControlException refused) {
    return switch (refused.kind()) {
      case NOT_FOUND -> status(Status.NOT_FOUND, refused);
      case PRECONDITION -> status(Status.FAILED_PRECONDITION, refused);
      case UNABLE -> {
        log.warn("an operator's request could not be carried out", refused);
        yield status(Status.UNAVAILABLE, refused);
      }
    };
  }

  private static StatusRuntimeException status(Status status, Exception cause) {
    return status.withDescription(cause.getMessage()).withCause(cause).asRuntimeException();
  }
}
