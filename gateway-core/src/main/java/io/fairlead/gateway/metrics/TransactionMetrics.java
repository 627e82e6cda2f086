package io.fairlead.gateway.metrics;

import io.fairlead.gateway.transaction.TransactionObserver;
import io.prometheus.client.Counter;
import java.util.Locale;

/**
 * Counts the transactions of one chain.
 *
 * <p>Thread-safety: safe.
 */
final class TransactionMetrics implements TransactionObserver {
  private final Families families;
  private final String chain;

  TransactionMetrics(Families families, String chain) {
    this.families = families;
    this.chain = chain;
    for (Ground ground : Ground.values()) {
      child(families.transactionsAccepted, ground);
    }
    for (Reason reason : Reason.values()) {
      child(families.outboxRemoved, reason);
    }
  }

  private Counter.Child child(Counter family, Enum<?> word) {
    return family.labels(chain, word.name().toLowerCase(Locale.ROOT));
  }

  @Override
  public void onBroadcast() {
    families.transactionsBroadcast.labels(chain).inc();
  }

  @Override
  public void onAccepted(Ground ground) {
    child(families.transactionsAccepted, ground).inc();
  }

  @Override
  public void onRejected() {
    families.transactionsRejected.labels(chain).inc();
  }

  @Override
  public void onOutvoted() {
    families.transactionsOutvoted.labels(chain).inc();
  }

  @Override
  public void onNotKept() {
    families.transactionsNotKept.labels(chain).inc();
  }

  @Override
  public void onRebroadcast() {
    families.rebroadcasts.labels(chain).inc();
  }

  @Override
  public void onForgotten(Reason reason) {
    child(families.outboxRemoved, reason).inc();
  }
}
