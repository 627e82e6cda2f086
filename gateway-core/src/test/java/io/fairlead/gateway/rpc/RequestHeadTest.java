package io.fairlead.gateway.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestHeadTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip | true",
        "GZIP | true",
        "deflate, gzip;q=0.5, br | true",
        "gzip;q=0 | false",
        "gzip;q=0.000 | false",
        "gzip; q=0.001 | true",
        "* | true",
        "identity | false",
        "x-gzip2 | false",
        "'' | false",
      })
  void gzipIsSentOnlyToThoseWhoTakeIt(String field, boolean accepted) {
    assertEquals(accepted, RequestHead.acceptsGzip(field));
  }
}
