/**
 * Who is to blame for an upstream's error, and what it is about, as data.
 *
 * <p>Start at {@link io.fairlead.gateway.jsonrpc.verdict.AnswerClassifier}; the data is {@code
 * evm-answers.txt}. The classifier is immutable; event loops ask it when an answer is an error.
 */
@NullMarked
package io.fairlead.gateway.jsonrpc.verdict;

import org.jspecify.annotations.NullMarked;
