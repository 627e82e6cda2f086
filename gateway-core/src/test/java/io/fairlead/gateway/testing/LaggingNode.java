package io.fairlead.gateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;

/**
 * A node as it looks when it has stopped importing blocks: every answer is that of an old head.
 *
 * <p>It still takes transactions, as such nodes do, and does not know the receipts of blocks that
 * it has not seen.
 */
final class LaggingNode {
  /** Where each method has its block parameter. */
  private static final Map<String, Integer> BLOCK_PARAMETER =
      Map.of(
          "eth_getBalance", 1,
          "eth_getTransactionCount", 1,
          "eth_getCode", 1,
          "eth_call", 1,
          "eth_estimateGas", 1,
          "eth_getStorageAt", 2,
          "eth_getBlockByNumber", 0);

  private final JsonRpcClient node;
  private final long headBlocks;

  LaggingNode(JsonRpcClient node, long headBlocks) {
    this.node = node;
    this.headBlocks = headBlocks;
  }

  JsonNode answer(JsonNode body) throws IOException {
    if (!body.isArray()) {
      return answerOne((ObjectNode) body);
    }
    ArrayNode answers = JsonNodeFactory.instance.arrayNode();
    for (JsonNode member : body) {
      answers.add(answerOne((ObjectNode) member));
    }
    return answers;
  }

  private JsonNode answerOne(ObjectNode call) throws IOException {
    String method = call.path("method").asText();
    Integer position = BLOCK_PARAMETER.get(method);
    if (position != null) {
      freeze(call.withArray("params"), position);
    }
    ObjectNode answer =
        (ObjectNode) JsonRpcClient.parse(node.send(JsonRpcClient.write(call)).body());
    if (method.equals("eth_blockNumber")) {
      answer.put("result", head());
    } else if (isUnseen(answer.path("result"))) {
      answer.putNull("result");
    }
    return answer;
  }

  private void freeze(ArrayNode params, int position) {
    String block = params.path(position).asText("latest");
    if (params.size() == position) {
      params.add(head());
    } else if (block.equals("latest") || block.equals("pending")) {
      params.set(position, JsonNodeFactory.instance.textNode(head()));
    }
  }

  private boolean isUnseen(JsonNode result) {
    String block = result.path("blockNumber").asText(result.path("number").asText(""));
    return block.startsWith("0x") && Long.decode(block) > headBlocks;
  }

  private String head() {
    return "0x" + Long.toHexString(headBlocks);
  }
}
