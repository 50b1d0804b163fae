/** Characters that nobody sees, or that end a line for some programs. Joiners, which emoji and some scripts need, are not among them. */
export const HIDDEN_CHARACTER =
  /[\p{Cc}\p{Zl}\p{Zp}\u{ad}\u{200b}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2060}-\u{206f}\u{feff}]/u;
