package io.fairlead.gateway.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;

/** The metric families that are counted as things happen; docs/metrics.md lists them. */
final class Families {
  /** From a call answered from memory to the default timeout of a call. */
  static final double[] LATENCY_SECONDS = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };

  private static final double[] LAG_SECONDS = {0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5};
  private static final String[] UPSTREAM = {"chain", "upstream", "cloud", "region"};

  final Counter requests;
  final Histogram requestSeconds;
  final Counter retries;
  final Counter hedges;
  final Counter hedgesWon;
  final Counter rescues;
  final Counter cacheRequests;
  final Counter cacheEvictions;
  final Counter verifications;
  final Counter upstreamRequests;
  final Histogram upstreamSeconds;
  final Counter probes;
  final Counter ejections;
  final Counter shifts;
  final Counter shiftedShare;
  final Counter events;
  final Counter accepted;
  final Counter refused;
  final Histogram loopLagSeconds;
  final Counter transactionsBroadcast;
  final Counter transactionsAccepted;
  final Counter transactionsRejected;
  final Counter transactionsOutvoted;
  final Counter transactionsNotKept;
  final Counter rebroadcasts;
  final Counter outboxRemoved;
  final Counter notifications;
  final Counter gapBlocks;
  final Counter logQueries;
  final Gauge streamConnections;
  final Gauge streamSubscriptions;
  final Counter streamReconnects;
  final Counter streamPushes;
  final Counter streamPolls;
  final Counter streamSilences;
  final Counter carried;
  final Counter moved;
  final Counter strays;
  final Gauge callSockets;

  Families(CollectorRegistry registry) {
    requests =
        counter("requests", "Calls of clients by how they ended.", "chain", "class", "outcome")
            .register(registry);
    requestSeconds =
        histogram(
                "request_duration_seconds",
                "Time from a client's whole call to the end of its answer.",
                "chain",
                "class",
                "outcome")
            .register(registry);
    retries =
        counter(
                "retries",
                "Attempts made after another had failed, by what became of that one.",
                "chain",
                "reason")
            .register(registry);
    hedges = ofChain("hedges", "Attempts made beside a slow one.").register(registry);
    hedgesWon = ofChain("hedges_won", "Hedges that answered first.").register(registry);
    rescues =
        ofChain("rescues", "Attempts made beside one whose upstream had been ejected.")
            .register(registry);
    cacheRequests =
        counter("cache_requests", "Calls by what the cache did for them.", "chain", "result")
            .register(registry);
    cacheEvictions =
        counter("cache_evictions", "Kept answers dropped, by why.", "chain", "reason")
            .register(registry);
    verifications =
        counter(
                "verifications",
                "Answers of untrusted upstreams by what came of checking them.",
                "chain",
                "result")
            .register(registry);
    upstreamRequests =
        counter(
                "upstream_requests",
                "Attempts at an upstream by how they ended.",
                withUpstream("class", "result"))
            .register(registry);
    upstreamSeconds =
        histogram(
                "upstream_request_duration_seconds",
                "Time from sending an attempt to its end, cancelled ones left out.",
                withUpstream("class"))
            .register(registry);
    probes =
        counter("probes", "Probes of an upstream by how they ended.", withUpstream("result"))
            .register(registry);
    ejections =
        counter("ejections", "Upstreams and failure domains put out.", "chain", "scope")
            .register(registry);
    shifts =
        counter("traffic_shifts", "Events that moved traffic.", "chain", "reason")
            .register(registry);
    shiftedShare =
        counter(
                "traffic_shifted_share",
                "Share of a chain's traffic moved, 1 being all of it.",
                "chain",
                "reason")
            .register(registry);
    events =
        counter("routing_events", "Changes of consequence in routing.", "chain", "kind")
            .register(registry);
    accepted = counter("connections_accepted", "Connections of clients.").register(registry);
    refused =
        counter("refused", "Connections and requests turned away before a call.", "reason")
            .register(registry);
    transactionsBroadcast =
        ofChain("transactions_broadcast", "Raw transactions of clients sent out.")
            .register(registry);
    transactionsAccepted =
        counter(
                "transactions_accepted",
                "Raw transactions that clients were told are accepted, by on whose word.",
                "chain",
                "ground")
            .register(registry);
    transactionsRejected =
        ofChain("transactions_rejected", "Raw transactions that every upstream asked rejected.")
            .register(registry);
    transactionsOutvoted =
        ofChain(
                "transactions_outvoted",
                "Raw transactions that one upstream rejected and another accepted.")
            .register(registry);
    transactionsNotKept =
        ofChain(
                "transactions_not_kept",
                "Raw transactions for which the outbox had no room or no disk.")
            .register(registry);
    rebroadcasts =
        ofChain("transactions_rebroadcasts", "Raw transactions that the outbox sent again.")
            .register(registry);
    outboxRemoved =
        counter(
                "transactions_outbox_removed",
                "Transactions that left the outbox, by why.",
                "chain",
                "reason")
            .register(registry);
    notifications =
        ofChain("notifications", "Notifications of subscriptions sent to clients.")
            .register(registry);
    gapBlocks =
        ofChain("gap_blocks", "Headers fetched because no upstream told of the block.")
            .register(registry);
    logQueries = ofChain("log_queries", "Queries for the logs of a new block.").register(registry);
    streamConnections =
        gauge("stream_connections", "Open WebSocket connections to an upstream.", UPSTREAM)
            .register(registry);
    streamSubscriptions =
        gauge("stream_subscriptions", "Subscriptions at an upstream.", UPSTREAM).register(registry);
    streamReconnects =
        counter("stream_reconnects", "Tries to open a connection again.", UPSTREAM)
            .register(registry);
    streamPushes =
        counter("stream_pushes", "Notifications that an upstream sent.", UPSTREAM)
            .register(registry);
    streamPolls =
        counter("stream_polls", "Questions to an upstream that does not push.", UPSTREAM)
            .register(registry);
    streamSilences =
        counter(
                "stream_silences",
                "Times that an upstream told no head while others did.",
                UPSTREAM)
            .register(registry);
    carried =
        counter(
                "upstream_carried",
                "Attempts at an upstream with a WebSocket by what they were sent over.",
                withUpstream("carrier"))
            .register(registry);
    moved =
        counter(
                "upstream_moved",
                "Attempts sent over a WebSocket and then over HTTP, by why.",
                withUpstream("reason"))
            .register(registry);
    strays =
        counter("upstream_strays", "Messages on a WebSocket for calls that answer none.", UPSTREAM)
            .register(registry);
    callSockets =
        gauge("upstream_call_sockets", "Open WebSocket connections for calls.", UPSTREAM)
            .register(registry);
    loopLagSeconds =
        Histogram.build()
            .name("fairlead_event_loop_lag_seconds")
            .help("How late an event loop ran a task that was due.")
            .labelNames("loop")
            .buckets(LAG_SECONDS)
            .withoutExemplars()
            .register(registry);
  }

  private static String[] withUpstream(String... more) {
    String[] labels = new String[UPSTREAM.length + more.length];
    System.arraycopy(UPSTREAM, 0, labels, 0, UPSTREAM.length);
    System.arraycopy(more, 0, labels, UPSTREAM.length, more.length);
    return labels;
  }

  private static Counter.Builder ofChain(String name, String help) {
    return counter(name, help, "chain");
  }

  private static Counter.Builder counter(String name, String help, String... labels) {
    return Counter.build()
        .name("fairlead_" + name)
        .help(help)
        .labelNames(labels)
        .withoutExemplars();
  }

  private static Gauge.Builder gauge(String name, String help, String... labels) {
    return Gauge.build().name("fairlead_" + name).help(help).labelNames(labels);
  }

  private static Histogram.Builder histogram(String name, String help, String... labels) {
    return Histogram.build()
        .name("fairlead_" + name)
        .help(help)
        .labelNames(labels)
        .buckets(LATENCY_SECONDS)
        .withoutExemplars();
  }
}
