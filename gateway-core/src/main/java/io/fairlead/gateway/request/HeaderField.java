package io.fairlead.gateway.request;

/**
 * One field of an answer's head.
 *
 * @param name in the usual letter case
 * @param value without line ends
 */
public record HeaderField(String name, String value) {}
