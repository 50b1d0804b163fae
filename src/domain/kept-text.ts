/**
 * An object that outlives requests, never changes and has no methods for fields: it keeps the text that was made of it last, so
 * that a page which is asked for again is not written again. The text is kept from the second time on, since most are made once.
 */
export abstract class KeepsText {
  #maker: object | undefined;
  #text: string | undefined;

  /** The text that the same maker has made of it; undefined where another one has been here since. */
  findText(maker: object): string | undefined {
    return this.#maker === maker ? this.#text : undefined;
  }

  keepText(maker: object, text: string): void {
    this.#text = this.#maker === maker ? flatten(text) : undefined;
    this.#maker = maker;
  }
}

/** A text that was put together is a tree of its parts, several times its size, until somebody reads a character of it. */
function flatten(text: string): string {
  return Number.isNaN(text.charCodeAt(0)) ? '' : text;
}
