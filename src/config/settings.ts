import type { Config } from './config.ts';

/** The configuration of a running gateway. It may be replaced at any moment; a request reads what it needs once. */
export interface Settings {
  /** What new requests are treated by. */
  readonly current: Config;
  /**
   * What follows from the configuration, made once for each and kept until it is replaced.
   * @returns gets it, at the cost of a comparison.
   */
  derive<T>(make: (config: Config) => T): () => T;
}

export interface ReplaceableSettings extends Settings {
  replace(config: Config): void;
}

export function createSettings(config: Config): ReplaceableSettings {
  let current = config;
  return {
    get current() {
      return current;
    },
    derive(make) {
      let source = current;
      let derived = make(source);
      return () => {
        if (source !== current) {
          derived = make(current);
          source = current;
        }
        return derived;
      };
    },
    replace(next) {
      current = next;
    },
  };
}
