package io.fairlead.gateway.upstream;

import io.fairlead.gateway.net.Transport;

class NioUpstreamPoolTest extends UpstreamPoolLaws {
  NioUpstreamPoolTest() {
    super(Transport.NIO);
  }
}
