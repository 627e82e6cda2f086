package io.fairlead.gateway.admin;

import io.fairlead.admin.v1.DrainRequest;
import io.fairlead.admin.v1.DrainResponse;
import io.fairlead.admin.v1.ExplainUpstreamRequest;
import io.fairlead.admin.v1.ExplainUpstreamResponse;
import io.fairlead.admin.v1.GetLatencyRequest;
import io.fairlead.admin.v1.GetLatencyResponse;
import io.fairlead.admin.v1.GetRoutingTableRequest;
import io.fairlead.admin.v1.GetRoutingTableResponse;
import io.fairlead.admin.v1.ListEventsRequest;
import io.fairlead.admin.v1.ListEventsResponse;
import io.fairlead.admin.v1.ListSubscriptionsRequest;
import io.fairlead.admin.v1.ListSubscriptionsResponse;
import io.fairlead.admin.v1.ReloadConfigRequest;
import io.fairlead.admin.v1.ReloadConfigResponse;
import io.fairlead.admin.v1.RestoreRequest;
import io.fairlead.admin.v1.RestoreResponse;
import io.fairlead.admin.v1.RoutingAdminGrpc;
import io.fairlead.admin.v1.SetWeightRequest;
import io.fairlead.admin.v1.SetWeightResponse;
import io.fairlead.admin.v1.WatchEventsRequest;
import io.fairlead.admin.v1.WatchEventsResponse;
import io.fairlead.admin.v1.WatchRoutingTableRequest;
import io.fairlead.admin.v1.WatchRoutingTableResponse;
import io.fairlead.gateway.control.Change;
import io.fairlead.gateway.control.ChangeFeed;
import io.fairlead.gateway.control.ControlException;
import io.fairlead.gateway.control.EventLog;
import io.fairlead.gateway.control.RoutingControl;
import io.fairlead.gateway.control.Signature;
import io.fairlead.gateway.control.Targets;
import io.fairlead.routing.table.RoutingTable;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * The admin service's calls, as the proto describes them.
 *
 * <p>Thread-safety: safe; runs on the admin port's call threads, which may wait.
 */
final class RoutingAdminService extends RoutingAdminGrpc.RoutingAdminImplBase {
  private final RoutingControl control;
  private final Executor executor;
  private final Set<Pump<?>> watchers = ConcurrentHashMap.newKeySet();

  RoutingAdminService(RoutingControl control, Executor executor) {
    this.control = control;
    this.executor = executor;
  }

  /** Ends all watch streams. */
  void close() {
    watchers.forEach(Pump::end);
  }

  @Override
  public void getRoutingTable(
      GetRoutingTableRequest request, StreamObserver<GetRoutingTableResponse> out) {
    answer(
        out,
        () -> {
          List<RoutingTable> tables = tables(request.getChain());
          return GetRoutingTableResponse.newBuilder()
              .addAllTables(TableMessages.of(tables, control.overrides()))
              .addAllOverrides(OverrideMessages.of(control.overrides()))
              .setGatewayVersion(control.version())
              .build();
        });
  }

  @Override
  public void explainUpstream(
      ExplainUpstreamRequest request, StreamObserver<ExplainUpstreamResponse> out) {
    answer(out, () -> ExplanationMessages.of(request, control));
  }

  @Override
  public void setWeight(SetWeightRequest request, StreamObserver<SetWeightResponse> out) {
    answer(
        out,
        () -> {
          Change change = control.apply(Requests.toOrder(request));
          return SetWeightResponse.newBuilder().setChange(OverrideMessages.of(change)).build();
        });
  }

  @Override
  public void drain(DrainRequest request, StreamObserver<DrainResponse> out) {
    answer(
        out,
        () -> {
          Change change = control.apply(Requests.toOrder(request));
          return DrainResponse.newBuilder().setChange(OverrideMessages.of(change)).build();
        });
  }

  @Override
  public void restore(RestoreRequest request, StreamObserver<RestoreResponse> out) {
    answer(
        out,
        () -> {
          Signature by = Requests.signature(request.getAuthor(), request.getReason());
          Change change = control.restore(Requests.target(request), by);
          return RestoreResponse.newBuilder().setChange(OverrideMessages.of(change)).build();
        });
  }

  @Override
  public void listEvents(ListEventsRequest request, StreamObserver<ListEventsResponse> out) {
    answer(
        out,
        () -> {
          Targets.requireChain(request.getChain(), control.tables());
          int limit = Requests.limit(request.getLimit());
          return ListEventsResponse.newBuilder()
              .addAllEvents(EventMessages.of(control.events().recent(limit, request.getChain())))
              .build();
        });
  }

  @Override
  public void getLatency(GetLatencyRequest request, StreamObserver<GetLatencyResponse> out) {
    answer(out, () -> LatencyMessages.of(request, control));
  }

  @Override
  public void listSubscriptions(
      ListSubscriptionsRequest request, StreamObserver<ListSubscriptionsResponse> out) {
    answer(out, () -> SubscriptionMessages.of(request, control));
  }

  @Override
  public void reloadConfig(ReloadConfigRequest request, StreamObserver<ReloadConfigResponse> out) {
    answer(
        out,
        () -> {
          Signature by = Requests.signature(request.getAuthor(), "");
          return ReloadConfigResponse.newBuilder().addAllChanges(control.reload(by)).build();
        });
  }

  @Override
  public void watchRoutingTable(
      WatchRoutingTableRequest request, StreamObserver<WatchRoutingTableResponse> out) {
    watch(
        out,
        pump -> {
          tables(request.getChain());
          ChangeFeed.Registration changes = control.changes().register(pump::wake);
          pump.start(new TableFeed(control, request.getChain()), over(pump, changes::close));
        });
  }

  @Override
  public void watchEvents(WatchEventsRequest request, StreamObserver<WatchEventsResponse> out) {
    watch(
        out,
        pump -> {
          Targets.requireChain(request.getChain(), control.tables());
          int backlog = Requests.checkedCount("backlog", request.getBacklog());
          EventLog.Subscription events =
              control.events().subscribe(request.getChain(), backlog, pump::wake);
          pump.start(() -> EventMessages.next(events), over(pump, events::close));
        });
  }

  private List<RoutingTable> tables(String chain) throws ControlException {
    List<RoutingTable> tables = control.tables();
    Targets.requireChain(chain, tables);
    return tables.stream().filter(t -> chain.isEmpty() || chain.equals(t.chain())).toList();
  }

  private <A> void answer(StreamObserver<A> out, Answer<A> answer) {
    A message;
    try {
      message = answer.make();
    } catch (ControlException | RuntimeException e) {
      out.onError(Statuses.of(e));
      return;
    }
    out.onNext(message);
    out.onCompleted();
  }

  private <A> void watch(StreamObserver<A> out, Watch<A> watch) {
    Pump<A> pump = new Pump<>((ServerCallStreamObserver<A>) out, executor);
    try {
      watch.start(pump);
    } catch (ControlException | RuntimeException e) {
      out.onError(Statuses.of(e));
    }
  }

  /** Counts a pump among the watchers; what it gives back ends that and stops what wakes it. */
  private Runnable over(Pump<?> pump, Runnable stop) {
    watchers.add(pump);
    return () -> {
      stop.run();
      watchers.remove(pump);
    };
  }

  /** Makes the one answer of a call. */
  @FunctionalInterface
  private interface Answer<A> {
    A make() throws ControlException;
  }

  /** Finds what a pump is to send, and starts it. */
  @FunctionalInterface
  private interface Watch<A> {
    void start(Pump<A> pump) throws ControlException;
  }
}
