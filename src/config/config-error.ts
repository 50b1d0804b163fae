/** A configuration that cannot be used. Its message lists every mistake, one a line, and no value of a secret. */
export class ConfigError extends Error {
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(['The configuration cannot be used:', ...mistakes.map((mistake) => `  ${mistake}`)].join('\n'));
    this.name = 'ConfigError';
    this.mistakes = mistakes;
  }
}
