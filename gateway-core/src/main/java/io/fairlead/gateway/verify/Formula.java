package io.fairlead.gateway.verify;

/** What ties the parts of an answer together, so that one upstream's word can be recomputed. */
enum Formula {
  /** A block's hash is that of its header's fields. */
  BLOCK_HASH("a block whose hash is not that of its header"),
  /** A receipt's bloom is that of its logs. */
  LOGS_BLOOM("a receipt whose bloom is not that of its logs"),
  /** A block's logs are numbered from first to last. */
  LOG_ORDER("a block's receipts with logs that are not numbered through");

  private final String breach;

  Formula(String breach) {
    this.breach = breach;
  }

  /** What was answered if it does not hold. */
  String breach() {
    return breach;
  }
}
