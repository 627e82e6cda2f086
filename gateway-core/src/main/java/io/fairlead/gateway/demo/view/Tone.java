package io.fairlead.gateway.demo.view;

/** What a piece of text is for; a colour where there are colours. */
enum Tone {
  PLAIN(""),
  STRONG("1"),
  FAINT("2"),
  GOOD("32"),
  BAD("1;31"),
  CHANGING("33"),
  BAR("36");

  private final String code;

  Tone(String code) {
    this.code = code;
  }

  String paint(String text) {
    return code.isEmpty() ? text : "\033[" + code + 'm' + text + "\033[0m";
  }
}
