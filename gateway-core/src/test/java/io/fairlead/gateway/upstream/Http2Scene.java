package io.fairlead.gateway.upstream;

import io.fairlead.gateway.net.Transport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Pools in front of servers of HTTP/2 whose frames are made by hand, without TLS. */
abstract class Http2Scene extends PoolScene {
  static final PoolFixture.Options OPTIONS =
      PoolFixture.Options.DEFAULT.withHttp2(Http2Use.PRIOR_KNOWLEDGE);

  Http2Scene() {
    super(Transport.choose(Transport.AUTO));
  }

  /** What happens on a connection whose server has said its settings. */
  @FunctionalInterface
  interface FrameScript {
    void run(FramePeer peer) throws IOException;
  }

  ScriptedServer serveFrames(FrameScript script, int... settings) {
    return serve(peer -> script.run(FramePeer.begin(peer, settings)));
  }

  PoolFixture http2PoolFor(ScriptedServer server) {
    return poolFor(server, OPTIONS);
  }

  /** Posts so many calls in one turn of the loop. */
  static List<Answer> postTogether(PoolFixture fixture, int calls, String text) {
    List<Answer> answers = new ArrayList<>();
    fixture.run(
        () -> {
          for (int i = 0; i < calls; i++) {
            Answer answer = new Answer();
            answers.add(answer);
            fixture.post0(text, answer);
          }
        });
    return answers;
  }

  /** Reads and never answers. */
  static void hold(FramePeer peer) throws IOException {
    while (true) {
      peer.read();
    }
  }

  /** Waits until a connection has heard what its server takes. */
  static void settle(PoolFixture fixture) {
    fixture.post("settle").text();
  }
}
