package io.fairlead.gateway.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.cache.EvictionReason;
import io.fairlead.gateway.call.CacheUse;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.RetryReason;
import io.fairlead.gateway.upstream.socket.CarrierObserver;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.control.Identity;
import io.fairlead.routing.control.RoutingEvent;
import io.fairlead.routing.control.RoutingEvent.Kind;
import io.fairlead.routing.evidence.AttemptResult;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class GatewayMetricsTest {
  private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0";
  private static final long MILLI = 1_000_000L;

  private final TestChain chain = new TestChain("ethereum");
  private final GatewayMetrics metrics =
      new GatewayMetrics(new BuildFacts("0.1.0", "epoll", 2), () -> List.of(chain.table()));

  private String text(String accept) {
    StringWriter out = new StringWriter();
    try {
      metrics.write(GatewayMetrics.contentType(accept), out);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toString();
  }

  private Scrape scrape() {
    return Scrape.parse(text(""));
  }

  private void touchEverything() {
    for (MethodClass methodClass : MethodClass.ALL) {
      for (CallOutcome outcome : CallOutcome.values()) {
        metrics.chain("ethereum").onCall(methodClass, outcome, 3 * MILLI);
      }
      for (AttemptResult result : AttemptResult.values()) {
        metrics.upstream(chain.upstream("a")).onAttempt(methodClass, result, 3 * MILLI);
        metrics.upstream(chain.upstream("a")).onProbe(result);
      }
    }
    for (RetryReason reason : RetryReason.values()) {
      metrics.chain("ethereum").onRetry(reason);
    }
    metrics.chain("ethereum").onHedge();
    metrics.chain("ethereum").onHedgeWon();
    metrics.chain("ethereum").onRescue();
    metrics.onEvent(event(Kind.EJECTED, "a", 0.4, 0));
    metrics.onEvent(event(Kind.DOMAIN_EJECTED, "cloud:aws", 0.4, 0));
    metrics.loopLag(0).observe(0.002);
    metrics.exportDirectMemory(() -> 4096, () -> 1024);
    metrics.exportStore(() -> null);
    metrics.transactions("ethereum").onBroadcast();
    metrics.exportOutbox(() -> 1, () -> 300);
    metrics.exportCertificates(
        () -> List.of(new CertificateState("rpc", Instant.ofEpochSecond(1_800_000_000), true)));
    metrics.exportSubscriptions(() -> Map.of("ethereum", Map.of("newHeads", 2L)));
    metrics.story("ethereum").onSent(2);
    touchStreams();
  }

  private void touchStreams() {
    Upstream upstream = chain.upstream("a");
    metrics.streams().onConnected(upstream);
    metrics.streams().onDisconnected(upstream, true, "gone");
    metrics.streams().onReconnect(upstream);
    metrics.streams().onSubscriptions(upstream, 1);
    metrics.streams().onPush(upstream);
    CarrierObserver carriers = metrics.upstream(upstream).carriers();
    carriers.onCall(true);
    carriers.onMoved(CarrierObserver.Moved.SILENT);
    carriers.onStray();
    carriers.onOpen();
    metrics.streams().onPoll(upstream);
    metrics.streams().onSilent(upstream);
  }

  private static RoutingEvent event(Kind kind, String subject, double before, double after) {
    return new RoutingEvent("ethereum", kind, subject, "because", "fairlead", before, after);
  }

  @Test
  void bothFormatsParseAndSayWhatEachFamilyIs() {
    chain.verified();
    chain.router.onHead("a", 10);
    chain.router.setChainHead(10);
    touchEverything();
    Scrape plain = Scrape.parse(text("text/plain"));
    String open = text(OPEN_METRICS);
    assertTrue(open.endsWith("# EOF\n"));
    Scrape openMetrics = Scrape.parse(open);
    assertEquals(plain.helps.keySet(), plain.types.keySet());
    assertEquals(openMetrics.types.keySet(), openMetrics.helps.keySet());
    plain.helps.forEach((family, help) -> assertFalse(help.isBlank(), family));
  }

  @Test
  void theContractsMetricsAreThereWithTheirTypes() {
    chain.verified();
    chain.router.onHead("a", 10);
    chain.router.setChainHead(10);
    touchEverything();
    Map<String, String> ours =
        scrape().types.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith("fairlead_"))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    Map<String, String> expected =
        Map.ofEntries(
            Map.entry("fairlead_requests_total", "counter"),
            Map.entry("fairlead_request_duration_seconds", "histogram"),
            Map.entry("fairlead_retries_total", "counter"),
            Map.entry("fairlead_hedges_total", "counter"),
            Map.entry("fairlead_hedges_won_total", "counter"),
            Map.entry("fairlead_rescues_total", "counter"),
            Map.entry("fairlead_verifications_total", "counter"),
            Map.entry("fairlead_upstream_requests_total", "counter"),
            Map.entry("fairlead_upstream_request_duration_seconds", "histogram"),
            Map.entry("fairlead_upstream_in_flight", "gauge"),
            Map.entry("fairlead_upstream_weight", "gauge"),
            Map.entry("fairlead_upstream_traffic_share", "gauge"),
            Map.entry("fairlead_upstream_serving", "gauge"),
            Map.entry("fairlead_upstream_administrative", "gauge"),
            Map.entry("fairlead_upstream_health", "gauge"),
            Map.entry("fairlead_upstream_freshness", "gauge"),
            Map.entry("fairlead_upstream_head_block", "gauge"),
            Map.entry("fairlead_upstream_lag_blocks", "gauge"),
            Map.entry("fairlead_chain_head_block", "gauge"),
            Map.entry("fairlead_chain_usable", "gauge"),
            Map.entry("fairlead_chain_panic", "gauge"),
            Map.entry("fairlead_chain_overloaded", "gauge"),
            Map.entry("fairlead_chain_caps_yielded", "gauge"),
            Map.entry("fairlead_routing_table_version", "gauge"),
            Map.entry("fairlead_routing_events_total", "counter"),
            Map.entry("fairlead_ejections_total", "counter"),
            Map.entry("fairlead_traffic_shifts_total", "counter"),
            Map.entry("fairlead_traffic_shifted_share_total", "counter"),
            Map.entry("fairlead_cache_requests_total", "counter"),
            Map.entry("fairlead_cache_evictions_total", "counter"),
            Map.entry("fairlead_cache_bytes", "gauge"),
            Map.entry("fairlead_cache_copying_bytes", "gauge"),
            Map.entry("fairlead_cache_entries", "gauge"),
            Map.entry("fairlead_probes_total", "counter"),
            Map.entry("fairlead_connections", "gauge"),
            Map.entry("fairlead_connections_accepted_total", "counter"),
            Map.entry("fairlead_websocket_connections", "gauge"),
            Map.entry("fairlead_websocket_messages_total", "counter"),
            Map.entry("fairlead_websocket_closes_total", "counter"),
            Map.entry("fairlead_refused_total", "counter"),
            Map.entry("fairlead_tls_handshakes_total", "counter"),
            Map.entry("fairlead_tls_certificate_expiry_seconds", "gauge"),
            Map.entry("fairlead_tls_files_refused", "gauge"),
            Map.entry("fairlead_event_loop_lag_seconds", "histogram"),
            Map.entry("fairlead_direct_memory_bytes", "gauge"),
            Map.entry("fairlead_direct_memory_used_bytes", "gauge"),
            Map.entry("fairlead_memory_stage", "gauge"),
            Map.entry("fairlead_shedding", "gauge"),
            Map.entry("fairlead_unread_connections", "gauge"),
            Map.entry("fairlead_transactions_broadcast_total", "counter"),
            Map.entry("fairlead_transactions_accepted_total", "counter"),
            Map.entry("fairlead_transactions_rejected_total", "counter"),
            Map.entry("fairlead_transactions_outvoted_total", "counter"),
            Map.entry("fairlead_transactions_not_kept_total", "counter"),
            Map.entry("fairlead_transactions_rebroadcasts_total", "counter"),
            Map.entry("fairlead_transactions_outbox_removed_total", "counter"),
            Map.entry("fairlead_transactions_outbox", "gauge"),
            Map.entry("fairlead_transactions_outbox_bytes", "gauge"),
            Map.entry("fairlead_subscriptions", "gauge"),
            Map.entry("fairlead_notifications_total", "counter"),
            Map.entry("fairlead_gap_blocks_total", "counter"),
            Map.entry("fairlead_log_queries_total", "counter"),
            Map.entry("fairlead_stream_connections", "gauge"),
            Map.entry("fairlead_stream_subscriptions", "gauge"),
            Map.entry("fairlead_stream_reconnects_total", "counter"),
            Map.entry("fairlead_stream_pushes_total", "counter"),
            Map.entry("fairlead_stream_polls_total", "counter"),
            Map.entry("fairlead_stream_silences_total", "counter"),
            Map.entry("fairlead_upstream_carried_total", "counter"),
            Map.entry("fairlead_upstream_moved_total", "counter"),
            Map.entry("fairlead_upstream_strays_total", "counter"),
            Map.entry("fairlead_upstream_call_sockets", "gauge"),
            Map.entry("fairlead_build_info", "gauge"),
            Map.entry("fairlead_transport_info", "gauge"));
    assertEquals(expected, ours);
  }

  @Test
  void theDocumentNamesEveryMetric() throws IOException {
    chain.verified();
    chain.router.onHead("a", 10);
    chain.router.setChainHead(10);
    touchEverything();
    String document = Documents.read("metrics.md");
    Set<String> missing = new TreeSet<>(scrape().types.keySet());
    missing.removeIf(name -> !name.startsWith("fairlead_") || document.contains("`" + name + "`"));
    assertEquals(Set.of(), missing);
  }

  @Test
  void trafficMintsNoSeriesOnceEachKindWasSeen() {
    chain.verified();
    touchEverything();
    Set<String> before = ours();
    for (int i = 0; i < 1000; i++) {
      touchOnly(i);
    }
    Set<String> minted = ours();
    minted.removeAll(before);
    assertEquals(Set.of(), minted);
  }

  private Set<String> ours() {
    Set<String> series = new TreeSet<>(scrape().samples.keySet());
    series.removeIf(each -> !each.startsWith("fairlead_"));
    return series;
  }

  private void touchOnly(int i) {
    MethodClass methodClass = MethodClass.ALL.get(i % 5);
    metrics.chain("ethereum").onCall(methodClass, CallOutcome.OK, i * MILLI);
    metrics.upstream(chain.upstream("a")).onAttempt(methodClass, AttemptResult.FAILED, i * MILLI);
    metrics.server().onRefused(RefusalReason.NOT_JSON);
    metrics.onEvent(event(Kind.EJECTED, "a", 0.1, 0));
  }

  @Test
  void countingAllocatesNothing() throws JMException {
    ChainMetrics calls = metrics.chain("ethereum");
    UpstreamMetrics attempts = metrics.upstream(chain.upstream("a"));
    count(calls, attempts, 20_000);
    allocatedBytes();
    long before = allocatedBytes();
    count(calls, attempts, 100_000);
    long allocated = allocatedBytes() - before;
    assertTrue(allocated < 100_000, "bytes: " + allocated);
  }

  private static long allocatedBytes() throws JMException {
    return (Long)
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME),
                "getThreadAllocatedBytes",
                new Object[] {Thread.currentThread().getId()},
                new String[] {"long"});
  }

  private static void count(ChainMetrics calls, UpstreamMetrics attempts, int rounds) {
    for (int i = 0; i < rounds; i++) {
      calls.onCall(MethodClass.READ, CallOutcome.OK, i * 1000L);
      attempts.onAttempt(MethodClass.READ, AttemptResult.SUCCESS, i * 1000L);
    }
  }

  @Test
  void aLearntQuotaIsExportedAndOneThatIsNotKnownIsNot() {
    chain.verified();
    chain.table();
    chain.router.newLane(() -> {}).onHoldOff(chain.upstream("a"), -1);
    chain.table();
    Scrape scrape = scrape();
    String series =
        "fairlead_upstream_quota_per_second{chain=\"ethereum\",upstream=\"a\",cloud=\"aws\","
            + "region=\"us-1\"}";
    assertEquals(5, scrape.value(series));
    assertEquals(
        1,
        scrape.samples.keySet().stream()
            .filter(name -> name.startsWith("fairlead_upstream_quota"))
            .count());
    assertFalse(scrape.types.containsKey("fairlead_upstream_limit"));
  }

  @Test
  void callsAreCountedByClassAndOutcomeWithTheirTime() {
    metrics.chain("ethereum").onCall(MethodClass.READ, CallOutcome.OK, 20 * MILLI);
    metrics.chain("ethereum").onCall(MethodClass.READ, CallOutcome.TIMED_OUT, 10_000 * MILLI);
    Scrape scrape = scrape();
    String labels = "{chain=\"ethereum\",class=\"read\",outcome=\"";
    assertEquals(1, scrape.value("fairlead_requests_total" + labels + "ok\"}"));
    assertEquals(1, scrape.value("fairlead_requests_total" + labels + "timed_out\"}"));
    assertEquals(0, scrape.value("fairlead_requests_total" + labels + "unserved\"}"));
    String seconds = "fairlead_request_duration_seconds";
    assertEquals(0.02, scrape.value(seconds + "_sum" + labels + "ok\"}"), 1e-9);
    assertEquals(0, scrape.value(seconds + "_bucket" + labels + "ok\",le=\"0.01\"}"));
    assertEquals(1, scrape.value(seconds + "_bucket" + labels + "ok\",le=\"0.025\"}"));
  }

  @Test
  void whatTheCacheDidIsCountedByWhatAndWhy() {
    metrics.chain("ethereum").onCacheUse(CacheUse.HIT);
    metrics.chain("ethereum").onCacheUse(CacheUse.COALESCED);
    metrics.chain("ethereum").onCacheUse(CacheUse.COALESCED);
    metrics.chain("ethereum").onEvicted(EvictionReason.REORGANISED, 7);
    Scrape scrape = scrape();
    String requests = "fairlead_cache_requests_total{chain=\"ethereum\",result=\"";
    assertEquals(1, scrape.value(requests + "hit\"}"));
    assertEquals(2, scrape.value(requests + "coalesced\"}"));
    assertEquals(0, scrape.value(requests + "miss\"}"));
    String evictions = "fairlead_cache_evictions_total{chain=\"ethereum\",reason=\"";
    assertEquals(7, scrape.value(evictions + "reorganised\"}"));
    assertEquals(0, scrape.value(evictions + "size\"}"));
  }

  @Test
  void cancelledAttemptsAreCountedButHaveNoDuration() {
    UpstreamMetrics a = metrics.upstream(chain.upstream("a"));
    a.onAttempt(MethodClass.READ, AttemptResult.SUCCESS, MILLI);
    a.onAttempt(MethodClass.READ, AttemptResult.CANCELLED, MILLI);
    Scrape scrape = scrape();
    String of = "{chain=\"ethereum\",upstream=\"a\",cloud=\"aws\",region=\"us-1\",class=\"read\"";
    assertEquals(1, scrape.value("fairlead_upstream_request_duration_seconds_count" + of + "}"));
    assertEquals(
        1, scrape.value("fairlead_upstream_requests_total" + of + ",result=\"cancelled\"}"));
  }

  @Test
  void gaugesAreThoseOfTheTableThatTheNextCallUses() {
    String a = "{chain=\"ethereum\",upstream=\"a\",cloud=\"aws\",region=\"us-1\"";
    assertEquals(0, scrape().value("fairlead_chain_usable{chain=\"ethereum\"}"));
    chain.verified();
    chain.router.onIdentity("b", Identity.WRONG_CHAIN);
    chain.router.onHead("a", 95);
    chain.router.onHead("c", 100);
    chain.router.setChainHead(100);
    assertTrue(chain.upstream("a").tryAcquire(MethodClass.LIGHT));
    Scrape scrape = scrape();
    assertEquals(1, scrape.value("fairlead_chain_usable{chain=\"ethereum\"}"));
    assertEquals(100, scrape.value("fairlead_chain_head_block{chain=\"ethereum\"}"));
    assertEquals(100, scrape.value("fairlead_upstream_weight" + a + "}"));
    assertEquals(1, scrape.value("fairlead_upstream_in_flight" + a + "}"));
    assertEquals(1, scrape.value("fairlead_upstream_serving" + a + "}"));
    assertEquals(95, scrape.value("fairlead_upstream_head_block" + a + "}"));
    assertEquals(5, scrape.value("fairlead_upstream_lag_blocks" + a + "}"));
    assertEquals(1, scrape.value("fairlead_upstream_freshness" + a + ",state=\"lagging\"}"));
    assertEquals(0, scrape.value("fairlead_upstream_freshness" + a + ",state=\"current\"}"));
    double shares =
        scrape.samples.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith("fairlead_upstream_traffic_share{"))
            .filter(entry -> entry.getKey().contains("class=\"read\""))
            .mapToDouble(Map.Entry::getValue)
            .sum();
    assertEquals(1, shares, 1e-9);
  }

  @Test
  void whatUpstreamsLackIsTold() {
    metrics.exportGaps(
        new Gaps() {
          @Override
          public Map<String, Long> oldestBlocks(Upstream upstream) {
            return upstream.id().equals("a")
                ? Map.of("state", 7L, "logs", Long.MAX_VALUE)
                : Map.of();
          }

          @Override
          public long missingMethods(Upstream upstream) {
            return upstream.id().equals("a") ? 3 : 0;
          }
        });
    String a = "{chain=\"ethereum\",upstream=\"a\",cloud=\"aws\",region=\"us-1\"";
    Scrape scrape = scrape();
    assertEquals(3, scrape.value("fairlead_upstream_missing_methods" + a + "}"));
    assertEquals(7, scrape.value("fairlead_upstream_oldest_block" + a + ",kind=\"state\"}"));
    assertEquals(
        Double.POSITIVE_INFINITY,
        scrape.value("fairlead_upstream_oldest_block" + a + ",kind=\"logs\"}"));
  }

  @Test
  void eventsAreCountedByKindAndByWhatTheyMoved() {
    metrics.onEvent(event(Kind.EJECTED, "a", 0.25, 0));
    metrics.onEvent(event(Kind.DOMAIN_EJECTED, "cloud:aws", 0.5, 0));
    metrics.onEvent(event(Kind.VERIFIED, "a", 0, 0));
    Scrape scrape = scrape();
    assertEquals(
        1, scrape.value("fairlead_ejections_total{chain=\"ethereum\",scope=\"upstream\"}"));
    assertEquals(1, scrape.value("fairlead_ejections_total{chain=\"ethereum\",scope=\"cloud\"}"));
    String of = "{chain=\"ethereum\",reason=\"domain_ejected\"}";
    assertEquals(1, scrape.value("fairlead_traffic_shifts_total" + of));
    assertEquals(0.5, scrape.value("fairlead_traffic_shifted_share_total" + of));
    assertEquals(
        1, scrape.value("fairlead_routing_events_total{chain=\"ethereum\",kind=\"verified\"}"));
    assertFalse(
        scrape.samples.containsKey(
            "fairlead_traffic_shifts_total{chain=\"ethereum\",reason=\"verified\"}"));
  }

  @Test
  void upstreamsThatAreGoneAreDroppedAndTheOthersKept() {
    touchEverything();
    UpstreamMetrics kept = metrics.upstream(chain.upstream("c"));
    kept.onAttempt(MethodClass.READ, AttemptResult.SUCCESS, MILLI);
    chain.configure(List.of(TestChain.spec("c", "gcp", "eu-1")));
    metrics.retainUpstreams(chain.router.upstreams());
    Scrape scrape = scrape();
    assertFalse(scrape.samples.keySet().stream().anyMatch(s -> s.contains("upstream=\"a\"")));
    assertTrue(scrape.samples.keySet().stream().anyMatch(s -> s.contains("upstream=\"c\"")));
    assertSame(kept, metrics.upstream(chain.upstream("c")));
  }

  @Test
  void theProcessAndTheVirtualMachineAreThere() {
    Scrape scrape = scrape();
    assertTrue(scrape.names.contains("jvm_memory_bytes_used"), scrape.names.toString());
    assertTrue(scrape.names.contains("process_cpu_seconds_total"));
    assertEquals(1, scrape.value("fairlead_transport_info{transport=\"epoll\",loops=\"2\"}"));
  }
}
