package io.fairlead.gateway.app;

import io.fairlead.gateway.config.ChainConfig;
import io.fairlead.gateway.config.VerifyConfig;
import io.fairlead.gateway.config.VerifyConfig.Unconfirmed;
import io.fairlead.gateway.metrics.ChainMetrics;
import io.fairlead.gateway.verify.CrossCheck;
import io.fairlead.gateway.verify.VerifyObserver;
import io.fairlead.gateway.verify.VerifyPolicy;
import io.fairlead.gateway.verify.VerifyResult;
import io.fairlead.routing.Upstream;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * Makes the cross-checks of chains that have untrusted upstreams.
 *
 * <p>Thread-safety: confined to the control thread; what it makes is safe.
 */
final class Verifying {
  private static final int KEY_BYTES = 16;

  private final byte[] key = new byte[KEY_BYTES];

  /** With a key of its own, which nobody else ever sees. */
  Verifying() {
    new SecureRandom().nextBytes(key);
  }

  /** What a chain's untrusted upstreams are held to; empty if it has none. */
  Optional<CrossCheck> crossCheck(ChainConfig chain, ChainControl control, ChainMetrics metrics) {
    long chainId = chain.identity().chainId().orElse(0);
    return chain
        .verification()
        .map(verify -> policy(chain, verify))
        .map(policy -> new CrossCheck(policy, chainId, observer(control, metrics), key));
  }

  private static VerifyPolicy policy(ChainConfig chain, VerifyConfig verify) {
    return new VerifyPolicy(
        chain.community(),
        verify.quorum(),
        verify.methods(),
        verify.unconfirmed() == Unconfirmed.ANSWER);
  }

  private static VerifyObserver observer(ChainControl control, ChainMetrics metrics) {
    return new VerifyObserver() {
      @Override
      public void onVerified(VerifyResult result) {
        metrics.onVerified(result);
      }

      @Override
      public void onLie(Upstream by, String evidence) {
        control.onLie(by, evidence);
      }
    };
  }
}
