package io.fairlead.gateway.upstream;

import io.fairlead.gateway.net.Transport;

class IoUringUpstreamPoolTest extends UpstreamPoolLaws {
  IoUringUpstreamPoolTest() {
    super(Transport.IO_URING);
  }
}
