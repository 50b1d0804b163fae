import { LRUCache } from 'lru-cache';
import { RollingWindow, Spread } from './rolling-window.ts';

/** Apps whose calls are counted. */
const MAX_APPS = 1_000;

/** How long a success or a refusal says something about the next call, in milliseconds. */
const RECENT_MS = 10_000;

/** What a failure gives reason to do. */
interface Verdict {
  /** For whom calls are to be refused. */
  readonly opens: 'app' | 'all' | undefined;
  /** Whether several apps fail and none succeeds: one more call shows whether it is the vendor. */
  readonly isDoubtful: boolean;
}

/**
 * How the calls of the last ten seconds went, and what follows. Times are milliseconds on a monotonic clock.
 * From 20 calls on: if half of them found no connection, the circuit opens for all apps, unless they are all of one app and
 * another app is answered. If half of one app's calls were answered badly, it opens for that app; if several apps fail and
 * none succeeds, a probe shows whether the vendor is at fault.
 */
export class TrackRecord {
  readonly #apps = new LRUCache<string, RollingWindow>({ max: MAX_APPS });
  /** Of all calls, those without a connection. */
  readonly #connections = new RollingWindow();
  readonly #unconnectedApps = new Spread();
  /** Failures of all apps since one succeeded, and of these the ones without a connection. */
  readonly #failures = new RollingWindow();
  readonly #failingApps = new Spread();
  #goodAppId: string | undefined;
  #goodAt = Number.NEGATIVE_INFINITY;
  #refusedAt = Number.NEGATIVE_INFINITY;

  /** The app whose call succeeded last. */
  get goodAppId(): string | undefined {
    return this.#goodAppId;
  }

  /** Whether at least 20 calls have failed within ten seconds, and none succeeded since. */
  hasManyFailures(now: number): boolean {
    return this.#failures.hasEnough(now);
  }

  /** Ends the series of failures. Where a client's call brought the success, that is counted as well. */
  noteSuccess(appId: string, now: number): void {
    this.#goodAppId = appId;
    this.#goodAt = now;
    this.#endFailures();
  }

  /** Counts a client's call that was answered, if only that its parameters are wrong. */
  countAnswer(appId: string, now: number): void {
    this.#count(appId, now, false, false);
  }

  /** Counts a client's call that was not answered as it should be. */
  countFailure(appId: string, now: number, isUnconnected: boolean): Verdict {
    this.#count(appId, now, true, isUnconnected);
    this.#failures.add(now, isUnconnected);
    this.#failingApps.note(now, appId);
    if (isUnconnected) this.#unconnectedApps.note(now, appId);
    return {
      opens: this.#findReason(appId, now, isUnconnected),
      isDoubtful: this.#failingApps.hasSeveral(now) && this.#failures.hasEnough(now),
    };
  }

  /** @returns whether it is the second within ten seconds: a single one may be chance, or about one app. */
  countRefusal(now: number): boolean {
    const isSecond = now - this.#refusedAt < RECENT_MS;
    this.#refusedAt = now;
    return isSecond;
  }

  forgetAll(): void {
    this.#apps.clear();
    this.#connections.clear();
    this.#endFailures();
  }

  forget(appId: string): void {
    this.#apps.delete(appId);
  }

  #endFailures(): void {
    this.#failures.clear();
    this.#failingApps.clear();
  }

  #findReason(appId: string, now: number, isUnconnected: boolean): Verdict['opens'] {
    // The second says it at once, where many calls were answered in the seconds before.
    const isCutOff = isUnconnected && (this.#connections.hasTripped(now) || this.#failures.hasTripped(now));
    if (isCutOff && !this.#isAlone(appId, now)) return 'all';
    return this.#apps.get(appId)?.hasTripped(now) ? 'app' : undefined;
  }

  #count(appId: string, now: number, hasFailed: boolean, isUnconnected: boolean): void {
    this.#connections.add(now, isUnconnected);
    let app = this.#apps.get(appId);
    if (app === undefined) {
      app = new RollingWindow();
      this.#apps.set(appId, app);
    }
    app.add(now, hasFailed);
  }

  /** Whether only this app has calls without a connection, while another one is answered. */
  #isAlone(appId: string, now: number): boolean {
    if (this.#unconnectedApps.hasSeveral(now) || this.#goodAppId === undefined) return false;
    return this.#goodAppId !== appId && now - this.#goodAt < RECENT_MS;
  }
}
