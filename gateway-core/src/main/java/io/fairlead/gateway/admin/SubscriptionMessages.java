package io.fairlead.gateway.admin;

import io.fairlead.admin.v1.HeadSource;
import io.fairlead.admin.v1.ListSubscriptionsRequest;
import io.fairlead.admin.v1.ListSubscriptionsResponse;
import io.fairlead.admin.v1.Topic;
import io.fairlead.gateway.control.ChainSubscriptions;
import io.fairlead.gateway.control.ControlException;
import io.fairlead.gateway.control.RoutingControl;
import io.fairlead.gateway.control.Targets;

/** Subscriptions as a message. */
final class SubscriptionMessages {
  private SubscriptionMessages() {}

  static ListSubscriptionsResponse of(ListSubscriptionsRequest request, RoutingControl control)
      throws ControlException {
    String chain = request.getChain();
    Targets.requireChain(chain, control.tables());
    ListSubscriptionsResponse.Builder response = ListSubscriptionsResponse.newBuilder();
    control.subscriptions(Requests.limit(request.getLimit())).stream()
        .filter(present -> chain.isEmpty() || chain.equals(present.chain()))
        .forEach(present -> response.addChains(of(present)));
    return response.build();
  }

  private static io.fairlead.admin.v1.ChainSubscriptions of(ChainSubscriptions chain) {
    io.fairlead.admin.v1.ChainSubscriptions.Builder message =
        io.fairlead.admin.v1.ChainSubscriptions.newBuilder()
            .setChain(chain.chain())
            .setSubscriptions(chain.subscriptions())
            .setTopics(chain.topics());
    chain.busiest().forEach(topic -> message.addBusiest(of(topic)));
    chain.sources().forEach(source -> message.addSources(of(source)));
    return message.build();
  }

  private static Topic of(ChainSubscriptions.Topic topic) {
    return Topic.newBuilder()
        .setKind(topic.kind())
        .setFilter(topic.filter())
        .setSubscriptions(topic.subscriptions())
        .build();
  }

  private static HeadSource of(ChainSubscriptions.Source source) {
    HeadSource.Builder message =
        HeadSource.newBuilder().setUpstream(source.upstream()).setPushes(source.pushes());
    source.headBlocks().ifPresent(message::setHeadBlock);
    return message.build();
  }
}
