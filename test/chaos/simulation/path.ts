// The way of one machine to the network, and what is wrong with it now. Faults here come and go; `heal` ends all of them.

export class Path {
  /** Least and greatest delay of one piece of data. */
  leastMs = 0.2;
  mostMs = 8;
  /** Nothing arrives before, in that direction; what was sent waits, as if TCP sent it again. */
  heldFromMs = 0;
  heldToMs = 0;
  /** How much one connection carries in one direction. */
  bytesPerMs = Infinity;
  /** Connections are answered with a reset, or with nothing while held. */
  heal(): void {
    this.leastMs = 0.2;
    this.mostMs = 8;
    this.heldFromMs = this.heldToMs = 0;
    this.bytesPerMs = Infinity;
  }
}
