package io.fairlead.gateway.call;

import io.fairlead.gateway.jsonrpc.verdict.Verdict;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.table.RoutingTable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What each upstream of a chain is known to lack: methods, and data of blocks. Asked before a
 * message is put to upstreams, told what they answered.
 *
 * <p>Thread-safety: called on event loops; must be safe, and free while nothing is known.
 */
public interface Holdings {
  /** Knows nothing and learns nothing. */
  Holdings NONE =
      new Holdings() {
        @Override
        public @Nullable Predicate<Upstream> filter(
            CallMessage message, RoutingTable table, long nowNanos) {
          return null;
        }

        @Override
        public void onAnswer(
            Upstream by, CallMessage message, Verdict verdict, RoutingTable table, long nowNanos) {}

        @Override
        public @Nullable Lack lack(CallMessage message, RoutingTable table, long nowNanos) {
          return null;
        }
      };

  /**
   * Why a message finds no upstream.
   *
   * @param sort what is lacking
   * @param text who lacks it, for the client to read
   */
  record Lack(Sort sort, String text) {
    /** What is lacking. */
    public enum Sort {
      /** No upstream has the method. */
      METHOD,
      /** No upstream holds the data. */
      DATA,
      /** Some do not have the method or the data; of others nothing is known. */
      SOME
    }
  }

  /**
   * Which upstreams are worth asking.
   *
   * @param message what is asked
   * @param table the chain's upstreams
   * @param nowNanos the time of the loop's clock
   * @return null if nobody is known to lack what the message needs
   */
  @Nullable Predicate<Upstream> filter(CallMessage message, RoutingTable table, long nowNanos);

  /**
   * An upstream has answered.
   *
   * @param by which
   * @param message what it was asked
   * @param verdict what its answer means
   * @param table where the chain's and the upstreams' heads stand
   * @param nowNanos the time of the loop's clock
   */
  void onAnswer(
      Upstream by, CallMessage message, Verdict verdict, RoutingTable table, long nowNanos);

  /**
   * What upstreams lack for a message.
   *
   * @param message what is asked
   * @param table the chain's upstreams
   * @param nowNanos the time of the loop's clock
   * @return null if nobody is known to lack anything of it
   */
  @Nullable Lack lack(CallMessage message, RoutingTable table, long nowNanos);
}
