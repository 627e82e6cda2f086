package io.fairlead.gateway.upstream;

import io.fairlead.gateway.net.Transport;

class EpollUpstreamPoolTest extends UpstreamPoolLaws {
  EpollUpstreamPoolTest() {
    super(Transport.EPOLL);
  }
}
