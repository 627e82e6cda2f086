package io.fairlead.gateway.upstream;

import io.fairlead.routing.time.Scheduler.Cancellable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends brief calls of one turn of the loop together, as one write on one connection: HTTP/1.1
 * pipelining for those who cannot harm each other.
 *
 * <p>Two thirds of what a small call costs is the kernel's, and most of that is sending. Calls that
 * are posted while one turn of the loop handles what came from clients leave together at its end,
 * or as soon as the train is as long as {@link TrainLength} allows. Only calls that may be repeated
 * and are answered soon board ({@link RequestPort}); nobody boards a train that has left, and the
 * only call under way needs none.
 *
 * <p>A server without TCP_NODELAY keeps each further small answer until the one before is
 * acknowledged (Nagle's algorithm, RFC 9293, section 3.7.4), and this side would acknowledge it up
 * to 40 ms later. So what has come is acknowledged at once while more is due ({@link
 * io.fairlead.gateway.net.IoLoop#acknowledge}); then such a server sends all that waited as one
 * piece.
 *
 * <p>RFC 9112, section 9.3.2, lets a client send on before it has been answered, and RFC 9110,
 * section 9.2.2, lets it repeat a POST of which it knows that it only reads. What could go wrong is
 * one call's harm to those behind it, so these go on their own connections, as if they had never
 * boarded, when the connection breaks or is closed, when the answer due takes longer than {@link
 * TrainLength#patienceNanos}, when whoever reads it is slow, and when the call it is due to is
 * given up. Only the call that is due is told of a failure: the others say nothing of the upstream
 * that one failure did not say.
 *
 * <p>Thread-safety: loop-confined.
 */
final class Trains {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final UpstreamPool pool;
  private final TrainLength length = new TrainLength();
  private final List<Train> travelling = new ArrayList<>();
  private final Runnable departure = this::onTurnEnd;
  private @Nullable Train boarding;
  private int places;
  private boolean isDepartureDue;
  private @Nullable Cancellable look;

  Trains(UpstreamPool pool) {
    this.pool = pool;
  }

  TrainLength length() {
    return length;
  }

  /** Whether a train is worth while now. */
  boolean isWanted() {
    return pool.active() > 0 && length.most(pool.loop()) > 1;
  }

  /** Lets a call board the train that is about to leave; false if there is none. */
  boolean tryBoard(Exchange exchange) {
    Train train = boarding;
    if (train == null) {
      return false;
    }
    if (!train.isOpen()) {
      boarding = null;
      return false;
    }
    train.board(exchange);
    places--;
    if (places == 0) {
      depart();
    }
    return true;
  }

  /** Begins a train with a call on an open and free connection. */
  void begin(Connection connection, Exchange first) {
    Train train = new Train(pool, this, connection);
    boarding = train;
    places = length.most(pool.loop()) - 1;
    train.board(first);
    if (!isDepartureDue) {
      isDepartureDue = true;
      pool.loop().eventLoop().execute(departure);
    }
  }

  private void onTurnEnd() {
    isDepartureDue = false;
    if (boarding != null) {
      depart();
    }
  }

  private void depart() {
    Train train = boarding;
    boarding = null;
    if (train != null && train.depart()) {
      travelling.add(train);
      if (look == null) {
        look = pool.loop().schedule(this::look, LOOK_NANOS);
      }
    }
  }

  /** A train's last answer is due, or it is no more. */
  void onAlone(Train train) {
    travelling.remove(train);
  }

  private void look() {
    look = null;
    long nowNanos = pool.loop().nanoTime();
    for (Train train : travelling.toArray(Train[]::new)) {
      if (nowNanos - train.sinceNanos() > length.patienceNanos(train.isPause())) {
        length.onStuck(nowNanos);
        train.disband();
      }
    }
    if (!travelling.isEmpty()) {
      look = pool.loop().schedule(this::look, LOOK_NANOS);
    }
  }
}
