// The events of a run, one line per event, and one number over all of them: two runs with the same number were the same.

const longestLine = 240;

export class Trace {
  readonly lines: string[] = [];
  #low = 0x811c9dc5;
  #high = 0x1234567;

  add(atMs: number, text: string): void {
    const line = `${atMs.toFixed(3).padStart(11)} ${text.trimEnd()}`;
    for (let at = 0; at < line.length; at += 1) {
      const unit = line.charCodeAt(at);
      this.#low = Math.imul(this.#low ^ unit, 0x01000193);
      this.#high = Math.imul(this.#high ^ unit, 0x85ebca6b) + at;
    }
    this.lines.push(line.length > longestLine ? `${line.slice(0, longestLine)}… (${line.length})` : line);
  }

  get hash(): string {
    return [this.#high, this.#low].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
  }
}
