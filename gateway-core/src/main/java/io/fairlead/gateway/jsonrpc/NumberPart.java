package io.fairlead.gateway.jsonrpc;

/** How far a JSON number has been read. */
enum NumberPart {
  SIGN,
  ZERO,
  INTEGER,
  POINT,
  FRACTION,
  EXPONENT_MARK,
  EXPONENT_SIGN,
  EXPONENT;

  /** Whether the number may end here. */
  boolean isWhole() {
    return this == ZERO || this == INTEGER || this == FRACTION || this == EXPONENT;
  }

  /** Whether a digit leaves everything as it is. */
  boolean takesDigits() {
    return this == INTEGER || this == FRACTION || this == EXPONENT;
  }

  /** The part after a digit; the same part if the digit does not belong to the number. */
  NumberPart afterDigit(byte digit) {
    return switch (this) {
      case SIGN -> digit == '0' ? ZERO : INTEGER;
      case POINT -> FRACTION;
      case EXPONENT_MARK, EXPONENT_SIGN -> EXPONENT;
      default -> this;
    };
  }

  /** The part after a byte that is no digit; the same part if it does not belong to the number. */
  NumberPart afterMark(byte b) {
    boolean integer = this == ZERO || this == INTEGER;
    if (b == '.' && integer) {
      return POINT;
    }
    if ((b == 'e' || b == 'E') && (integer || this == FRACTION)) {
      return EXPONENT_MARK;
    }
    return (b == '+' || b == '-') && this == EXPONENT_MARK ? EXPONENT_SIGN : this;
  }
}
