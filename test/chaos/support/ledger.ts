// What was sent, acknowledged and shown, for every pair of sender and recipient: the one judge of the promise. Texts are
// unique, so that a message that arrives under a second id is detected too.

export interface Verdict {
  readonly sent: number;
  readonly acknowledged: number;
  readonly shown: number;
  /** Acknowledged, but not shown. */
  readonly lost: readonly string[];
  readonly twice: readonly string[];
  readonly outOfOrder: readonly string[];
}

interface Lane {
  readonly from: string;
  readonly to: string;
  sent: number;
  readonly acknowledged: Set<number>;
  readonly shown: number[];
}

export class Ledger {
  readonly #lanes = new Map<string, Lane>();
  readonly #complaints: string[] = [];
  #sent = 0;
  #shown = 0;

  /** Sent and not shown, provided that nothing is shown twice. */
  get pending(): number {
    return this.#sent - this.#shown;
  }

  /** Records something that must never happen. */
  complain(what: string): void {
    this.#complaints.push(what);
  }

  /** Returns a new text from one to the other, sent after all earlier ones. */
  write(from: string, to: string): string {
    const lane = this.#lane(from, to);
    const number = lane.sent;
    lane.sent += 1;
    this.#sent += 1;
    return `${from} to ${to} ${number}`;
  }

  /** The sender was told that it is safe. */
  acknowledged(text: string): void {
    const [lane, number] = this.#find(text);
    lane.acknowledged.add(number);
  }

  /** The recipient was shown it. */
  shown(text: string): void {
    const [lane, number] = this.#find(text);
    lane.shown.push(number);
    this.#shown += 1;
  }

  verdict(): Verdict {
    const found = { sent: 0, acknowledged: 0, shown: 0 };
    const [lost, twice, outOfOrder]: string[][] = [[], [], []];
    for (const { from, to, sent, acknowledged, shown } of this.#lanes.values()) {
      const name = (number: number): string => `${from} to ${to} ${number}`;
      const seen = new Set<number>();
      let newest = -1;
      for (const number of shown) {
        if (seen.has(number)) twice?.push(name(number));
        else if (number < newest) outOfOrder?.push(name(number));
        seen.add(number);
        newest = Math.max(newest, number);
      }
      for (const number of acknowledged) if (!seen.has(number)) lost?.push(name(number));
      found.sent += sent;
      found.acknowledged += acknowledged.size;
      found.shown += seen.size;
    }
    return { ...found, lost: lost ?? [], twice: twice ?? [], outOfOrder: outOfOrder ?? [] };
  }

  /** @returns the figures as a sentence @throws if the promise was broken */
  judge(): string {
    const { sent, acknowledged, shown, lost, twice, outOfOrder } = this.verdict();
    const broken = { lost, twice, "out of order": outOfOrder, complaints: this.#complaints };
    const problems = Object.entries(broken).filter(([, texts]) => texts.length > 0);
    if (problems.length > 0) {
      const list = problems.map(([what, texts]) => `${texts.length} ${what} (${texts.slice(0, 5).join(", ")})`);
      throw new Error(`the promise was broken: ${list.join("; ")}; ${acknowledged} acknowledged`);
    }
    return `${sent} sent, ${acknowledged} acknowledged, ${shown} shown; lost 0, twice 0, out of order 0`;
  }

  #lane(from: string, to: string): Lane {
    const key = `${from} to ${to}`;
    let lane = this.#lanes.get(key);
    if (!lane) {
      lane = { from, to, sent: 0, acknowledged: new Set(), shown: [] };
      this.#lanes.set(key, lane);
    }
    return lane;
  }

  #find(text: string): [Lane, number] {
    const parts = /^(\S+) to (\S+) (\d+)$/.exec(text);
    if (!parts) throw new Error(`a text that nobody sent: ${text.slice(0, 80)}`);
    const [, from = "", to = "", number] = parts;
    return [this.#lane(from, to), Number(number)];
  }
}
