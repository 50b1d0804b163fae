/** While there is one, calls are refused: all of them, or those of its app. */
export interface Circuit {
  /** The app whose call opened it. */
  readonly appId: string;
  readonly isForAll: boolean;
  nextProbeAt: number;
  /** When a call was last refused by it. */
  askedAt: number;
}

/** Circuits of single apps that are open at a time. */
const MAX_OPEN_APPS = 100;

/** The circuits that are open. */
export class Circuits {
  #whole: Circuit | undefined;
  readonly #byApp = new Map<string, Circuit>();

  get isOpenForAll(): boolean {
    return this.#whole !== undefined;
  }

  /** @returns whether it was opened: nothing opens while calls of the same app, or all of them, are refused already. */
  open(circuit: Circuit): boolean {
    const { appId, isForAll } = circuit;
    if (this.#whole !== undefined) return false;
    if (!isForAll && (this.#byApp.has(appId) || this.#byApp.size >= MAX_OPEN_APPS)) return false;
    if (isForAll) this.#whole = circuit;
    else this.#byApp.set(appId, circuit);
    return true;
  }

  /** Closing the one for all closes all others with it. */
  close({ appId, isForAll }: Circuit): void {
    if (isForAll) {
      this.#whole = undefined;
      this.#byApp.clear();
    } else this.#byApp.delete(appId);
  }

  has(circuit: Circuit): boolean {
    return circuit === (circuit.isForAll ? this.#whole : this.#byApp.get(circuit.appId));
  }

  /** The one that refuses calls of this app. */
  find(appId: string): Circuit | undefined {
    return this.#whole ?? this.#byApp.get(appId);
  }

  /** The one that is to be probed next. As long as it is open for all, no other matters. */
  findDue(): Circuit | undefined {
    let due = this.#whole;
    if (due === undefined)
      for (const circuit of this.#byApp.values())
        if (due === undefined || circuit.nextProbeAt < due.nextProbeAt) due = circuit;
    return due;
  }
}
