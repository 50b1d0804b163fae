/** The part of the gateway's capacity that a request wants or holds. */
export interface Claim {
  /** Who asks. All claims of one caller together may not exceed its share. */
  readonly caller: string;
  /** The part of the capacity that one caller of this kind may hold, from 0 to 1. */
  readonly share: number;
  /** What it holds once it is let in. */
  weight: number;
  /** Kept by the policy. */
  state: 'outside' | 'waiting' | 'admitted';
}

export interface AdmissionLimits {
  /** Weight of all that is in flight. */
  readonly inFlight: number;
  /** How many may wait. */
  readonly waiting: number;
}

/**
 * Decides which requests are let in, wait or are refused; without clocks or promises. The weight in flight never exceeds the
 * limit, and no caller holds more than its share. When the limit is lowered, nothing is let in until the weight is below it.
 * Waiting requests are let in round robin by caller.
 */
export class AdmissionPolicy {
  readonly #limits: AdmissionLimits;
  readonly #held = new Map<string, number>();
  /** By caller, in the order of their turns; no list is empty. */
  readonly #waiting = new Map<string, Claim[]>();
  #inFlight = 0;
  #waitingInAll = 0;
  /** Whether a waiting request has its turn and only lacks room: no other may overtake it. */
  #isTurnTaken = false;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  /** Weight of all that is in flight, and how many wait. */
  get load(): { readonly inFlight: number; readonly waiting: number } {
    return { inFlight: this.#inFlight, waiting: this.#waitingInAll };
  }

  /** Whether a claim of weight 1 would be let in or may wait. */
  hasRoom(caller: string, share: number): boolean {
    const waiting = this.#waiting.get(caller)?.length ?? 0;
    if (this.#waitingInAll < this.#limits.waiting && waiting < atLeastOne(share * this.#limits.waiting))
      return true;
    return this.#fits({ caller, share, weight: 1 }) && waiting === 0 && !this.#isTurnTaken;
  }

  /**
   * A claim that weighs more than its caller may ever hold counts as that much.
   * @returns what it is now: still outside means refused.
   */
  enter(claim: Claim): Claim['state'] {
    if (claim.state !== 'outside') throw new RangeError('A claim entered twice.');
    claim.weight = Math.min(claim.weight, this.#limitOf(claim));
    const own = this.#waiting.get(claim.caller);
    if (own === undefined && !this.#isTurnTaken && this.#fits(claim)) {
      this.#admit(claim);
      return claim.state;
    }
    const waiting = own?.length ?? 0;
    if (this.#waitingInAll >= this.#limits.waiting) return claim.state;
    if (waiting >= atLeastOne(claim.share * this.#limits.waiting)) return claim.state;
    if (own === undefined) this.#waiting.set(claim.caller, [claim]);
    else own.push(claim);
    this.#waitingInAll++;
    claim.state = 'waiting';
    this.#isTurnTaken ||= this.#hasOwnRoom(claim);
    return claim.state;
  }

  /** Takes a claim out, whatever its state. @returns the claims that are let in by that. */
  leave(claim: Claim): Claim[] {
    if (claim.state === 'outside') return [];
    if (claim.state === 'waiting') this.#drop(claim);
    else this.#release(claim);
    claim.state = 'outside';
    this.#isTurnTaken = false;
    return this.#waitingInAll === 0 ? [] : this.#admitWaiting();
  }

  #admitWaiting(): Claim[] {
    const admitted: Claim[] = [];
    // A caller whose request is let in goes to the end, and is met again there.
    for (const claims of this.#waiting.values()) {
      const [next] = claims;
      if (next === undefined) continue;
      // The limits may have become less meanwhile.
      next.weight = Math.min(next.weight, this.#limitOf(next));
      if (!this.#hasOwnRoom(next)) continue;
      if (!this.#fits(next)) {
        this.#isTurnTaken = true;
        break;
      }
      this.#drop(next);
      this.#admit(next);
      admitted.push(next);
      if (claims.length === 0) continue;
      this.#waiting.delete(next.caller);
      this.#waiting.set(next.caller, claims);
    }
    return admitted;
  }

  #admit(claim: Claim): void {
    claim.state = 'admitted';
    this.#inFlight += claim.weight;
    this.#held.set(claim.caller, (this.#held.get(claim.caller) ?? 0) + claim.weight);
  }

  #release({ caller, weight }: Claim): void {
    this.#inFlight -= weight;
    const held = (this.#held.get(caller) ?? 0) - weight;
    if (held > 0) this.#held.set(caller, held);
    else this.#held.delete(caller);
  }

  #drop(claim: Claim): void {
    const claims = this.#waiting.get(claim.caller) ?? [];
    claims.splice(claims.indexOf(claim), 1);
    this.#waitingInAll--;
    if (claims.length === 0) this.#waiting.delete(claim.caller);
  }

  #fits(claim: Pick<Claim, 'caller' | 'share' | 'weight'>): boolean {
    return this.#inFlight + claim.weight <= this.#limits.inFlight && this.#hasOwnRoom(claim);
  }

  #hasOwnRoom(claim: Pick<Claim, 'caller' | 'share' | 'weight'>): boolean {
    return (this.#held.get(claim.caller) ?? 0) + claim.weight <= this.#limitOf(claim);
  }

  #limitOf({ share }: Pick<Claim, 'share'>): number {
    return atLeastOne(share * this.#limits.inFlight);
  }
}

function atLeastOne(share: number): number {
  return Math.max(1, Math.floor(share));
}
