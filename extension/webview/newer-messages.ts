// Drawing work that may wait: first what is in view or comes near it, the rest while the browser is idle. A page does as
// much at once as nobody notices; typing and scrolling go before all of it.

/** The cost of work done at once, in characters of Markdown: some 50 ms. */
const atOnce = 40_000;
/** The cost of work done in one go for what comes into view. */
const inViewMs = 12;
/** Idle periods shorter than this are not used. */
const leastIdleMs = 4;
const near = "400px";

export class NewerMessages {
  readonly #around: (change: () => void) => void;
  /** What is to be drawn, by place. */
  readonly #waiting = new Map<Element, () => void>();
  readonly #inView = new Set<Element>();
  readonly #idle: (() => void)[] = [];
  #observer: IntersectionObserver | undefined;
  #scheduled = false;
  #left = atOnce;

  /** @param around runs a change of the drawing and keeps the reading position */
  constructor(around: (change: () => void) => void) {
    this.#around = around;
  }

  /** @param root the scrolling element */
  observe(root: Element): void {
    this.#observer = new IntersectionObserver((entries) => this.#seen(entries), { root, rootMargin: near });
  }

  /** Starts a new round of drawing with a full budget. */
  begin(): void {
    this.#left = atOnce;
  }

  /** Returns true if work of that cost may be done at once. */
  spend(cost: number): boolean {
    if (cost > this.#left) return false;
    this.#left -= cost;
    return true;
  }

  /** Draws `place` later, or not at all if it has left the page by then. */
  draw(place: Element, run: () => void): void {
    this.#waiting.set(place, run);
    this.#observer?.observe(place);
    this.#schedule();
  }

  /** Does work later that does not change any height. */
  whenIdle(run: () => void): void {
    this.#idle.push(run);
    this.#schedule();
  }

  #seen(entries: readonly IntersectionObserverEntry[]): void {
    const endMs = performance.now() + inViewMs;
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) this.#inView.add(target);
      else this.#inView.delete(target);
    }
    this.#run([...this.#inView], () => performance.now() < endMs);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestIdleCallback((deadline) => {
      this.#scheduled = false;
      const isIdle = (): boolean => deadline.timeRemaining() >= leastIdleMs;
      // First what is in view, then the newest: they are read first.
      this.#run([...this.#inView, ...[...this.#waiting.keys()].reverse()], isIdle);
      while (this.#waiting.size === 0 && this.#idle.length > 0 && isIdle()) this.#idle.shift()?.();
      if (this.#waiting.size > 0 || this.#idle.length > 0) this.#schedule();
    });
  }

  /** Does at least one piece, so that the work ends even on a machine that is never idle. */
  #run(places: readonly Element[], goesOn: () => boolean): void {
    if (places.length === 0) return;
    this.#around(() => {
      let isFirst = true;
      for (const place of places) {
        const work = this.#waiting.get(place);
        if (work === undefined) continue;
        if (!isFirst && !goesOn()) return;
        isFirst = false;
        this.#waiting.delete(place);
        this.#inView.delete(place);
        this.#observer?.unobserve(place);
        if (place.isConnected) work();
      }
    });
  }
}
