package io.fairlead.gateway.demo;

import io.fairlead.gateway.demo.world.SimulatedWorld;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The gateway as the demo sees it: addresses to print, and where traffic goes. */
interface DemoGateway extends AutoCloseable {
  /** Starts a gateway in front of a world. */
  @FunctionalInterface
  interface Starter {
    /**
     * Starts a gateway and waits until it can serve.
     *
     * @param world its upstreams
     * @param onEvent told of every change of routing, on any thread
     * @return the gateway
     * @throws IOException if it cannot listen
     */
    DemoGateway start(SimulatedWorld world, Consumer<String> onEvent) throws IOException;
  }

  /** Where clients call. */
  InetSocketAddress rpcAddress();

  /** What to tell whoever watches: addresses and commands. */
  List<String> greeting();

  /** The share of each node in new calls of the load's mix, 0 to 1. Any thread. */
  Map<String, Double> shares();

  @Override
  void close();
}
