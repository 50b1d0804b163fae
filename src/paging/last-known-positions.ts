const FIRST_CAPACITY = 128;
/** Slots of one list at most. Where they are used up, new accounts take the place of others. */
const MAX_CAPACITY = 2 ** 18;
const MAX_LOAD = 0.8;
/** By how much the slots grow: little, so that most are in use. In all, each row is moved some four times. */
const GROWTH = 1.25;
/** Words of a slot: 12 bytes. */
const WORDS = 3;
const POSITION_BITS = 22;
const MAX_POSITION = 2 ** POSITION_BITS - 1;
/** Marks the slot of an account whose position was forgotten: no page has this value. 0 marks a free slot. */
const FORGOTTEN = 1;
const MAX_MOMENT = 2 ** 18 - 1;

/** Where an account was last seen: its position, and the page that showed it there. */
export interface KnownPosition {
  readonly position: number;
  readonly current: number;
  readonly size: number;
  /** What {@link LastKnownPositions.learn} was given. */
  readonly moment: number;
}

/**
 * Remembers where accounts stand in one list, in blocks of numbers: 12 bytes a slot, and most slots in use, so that a row
 * takes 15 to 19 bytes. Accounts are known by 42 bits of a hash, so one in some billions is taken for another: a position
 * is where to look first, never an answer. Positions over 4 million are not remembered.
 */
export class LastKnownPositions {
  #slots = new Uint32Array(FIRST_CAPACITY * WORDS);
  #count = 0;
  #hash = 0;
  #tag = 0;

  /** Slots that it has: how much memory it takes. */
  get capacity(): number {
    return this.#slots.length / WORDS;
  }

  find(account: string): KnownPosition | undefined {
    const at = this.#locate(account);
    return at === undefined || this.#slots[at + 2] === FORGOTTEN ? undefined : this.#read(at);
  }

  /**
   * @param lo position of the page's first row. @param index of the row on the page. @param size of the page.
   * @param moment counts the changes of the list; of it 18 bits are kept.
   */
  learn(account: string, lo: number, index: number, size: number, moment: number): void {
    const position = lo + index;
    if (position > MAX_POSITION) return;
    const at = this.#locate(account) ?? this.#makeRoom();
    this.#slots[at] = this.#hash;
    this.#slots[at + 1] = position * 2 ** (32 - POSITION_BITS) + this.#tag;
    this.#slots[at + 2] = (moment & MAX_MOMENT) * 2 ** 14 + size * 2 ** 7 + index;
  }

  forget(account: string): void {
    const at = this.#locate(account);
    if (at !== undefined) this.#slots[at + 2] = FORGOTTEN;
  }

  #read(at: number): KnownPosition {
    const position = (this.#slots[at + 1] ?? 0) >>> (32 - POSITION_BITS);
    const page = this.#slots[at + 2] ?? 0;
    const size = (page >>> 7) & 0x7f;
    const lo = position - (page & 0x7f);
    return { position, current: lo / size + 1, size, moment: page >>> 14 };
  }

  /** Leaves the account's hash behind. @returns the place of its slot. */
  #locate(account: string): number | undefined {
    this.#hash = 0x811c9dc5;
    let tag = 0x9e3779b9;
    for (let i = 0; i < account.length; i++) {
      const unit = account.charCodeAt(i);
      this.#hash = Math.imul(this.#hash ^ unit, 0x01000193);
      tag = Math.imul(tag ^ unit, 0x85ebca6b);
      tag ^= tag >>> 13;
    }
    this.#hash = Math.imul(this.#hash ^ (this.#hash >>> 15), 0x2c1b3c6d) >>> 0;
    this.#tag = (tag >>> 0) & (2 ** (32 - POSITION_BITS) - 1);
    for (let at = this.#homeOf(this.#hash); this.#isTaken(at); at = this.#next(at))
      if (this.#slots[at] === this.#hash && this.#tagAt(at) === this.#tag) return at;
    return undefined;
  }

  #homeOf(hash: number): number {
    return Math.floor((hash / 2 ** 32) * this.capacity) * WORDS;
  }

  #next(at: number): number {
    return at + WORDS === this.#slots.length ? 0 : at + WORDS;
  }

  #isTaken(at: number): boolean {
    return this.#slots[at + 2] !== 0;
  }

  #tagAt(at: number): number {
    return (this.#slots[at + 1] ?? 0) & (2 ** (32 - POSITION_BITS) - 1);
  }

  /** @returns the place of a slot for the account that was located last. */
  #makeRoom(): number {
    if (this.#count >= this.capacity * MAX_LOAD && this.capacity < MAX_CAPACITY) this.#grow();
    const home = this.#homeOf(this.#hash);
    if (this.#count >= this.capacity * MAX_LOAD) return this.#isTaken(home) ? home : this.#take(home);
    return this.#take(this.#findFree(home));
  }

  #take(at: number): number {
    this.#count++;
    return at;
  }

  #findFree(home: number): number {
    let at = home;
    while (this.#isTaken(at)) at = this.#next(at);
    return at;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(Math.min(MAX_CAPACITY, Math.ceil(this.capacity * GROWTH)) * WORDS);
    this.#count = 0;
    for (let from = 0; from < old.length; from += WORDS) {
      const page = old[from + 2] ?? 0;
      if (page === 0 || page === FORGOTTEN) continue;
      const at = this.#take(this.#findFree(this.#homeOf(old[from] ?? 0)));
      for (let word = 0; word < WORDS; word++) this.#slots[at + word] = old[from + word] ?? 0;
    }
  }
}
