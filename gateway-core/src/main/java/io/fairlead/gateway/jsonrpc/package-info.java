/**
 * JSON-RPC as bytes: what a client's body asks for, what an upstream answered, and the gateway's
 * own answers.
 *
 * <p>Start at {@link io.fairlead.gateway.jsonrpc.RequestScanner} for the way in and at {@link
 * io.fairlead.gateway.jsonrpc.AnswerScanner} for the way out. The data plane calls both on the
 * event loop that owns the call; scanners are confined to it and reused. What methods need is in
 * {@code jsonrpc.method}, what errors mean in {@code jsonrpc.verdict}.
 *
 * <p>No tree is built and no String of a body is made. Offsets are indexes into the buffer that
 * holds the body or answer, byte 0 of which is index 0.
 */
@NullMarked
package io.fairlead.gateway.jsonrpc;

import org.jspecify.annotations.NullMarked;
