// Work on messages that may wait: what is in view, or comes near it, is done next, the rest while the browser is idle. A page
// does so much of it at once as it can before anybody notices; typing and scrolling go before all the rest.

/** Cost that is taken at once, in characters of Markdown: some 50 ms. */
const atOnce = 40_000;
/** Done in one go, of what comes into view. */
const inViewMs = 12;
/** An idle period that is shorter than this is left alone. */
const leastIdleMs = 4;
const near = "400px";

export class NewerMessages {
  readonly #around: (change: () => void) => void;
  /** What is to be drawn, by where. */
  readonly #waiting = new Map<Element, () => void>();
  readonly #inView = new Set<Element>();
  readonly #idle: (() => void)[] = [];
  #observer: IntersectionObserver | undefined;
  #scheduled = false;
  #left = atOnce;

  /** @param around runs a change of what is drawn, so that the person's place stays where it is */
  constructor(around: (change: () => void) => void) {
    this.#around = around;
  }

  /** @param root what scrolls */
  observe(root: Element): void {
    this.#observer = new IntersectionObserver((entries) => this.#seen(entries), { root, rootMargin: near });
  }

  /** A new round of drawing begins, in which as much may be done at once as in any other. */
  begin(): void {
    this.#left = atOnce;
  }

  /** True where work of that cost may be done at once. */
  spend(cost: number): boolean {
    if (cost > this.#left) return false;
    this.#left -= cost;
    return true;
  }

  /** Draws `place` later; dropped where that is not in the page any more by then. */
  draw(place: Element, run: () => void): void {
    this.#waiting.set(place, run);
    this.#observer?.observe(place);
    this.#schedule();
  }

  /** Work that changes no height. */
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
      // What is in view first, then the newest: they are read first.
      this.#run([...this.#inView, ...[...this.#waiting.keys()].reverse()], isIdle);
      while (this.#waiting.size === 0 && this.#idle.length > 0 && isIdle()) this.#idle.shift()?.();
      if (this.#waiting.size > 0 || this.#idle.length > 0) this.#schedule();
    });
  }

  /** At least one of them, so that there is an end to it on a machine that is never idle. */
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
