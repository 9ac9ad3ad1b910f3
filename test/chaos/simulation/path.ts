// The path of one machine to the network, with its current faults. Faults come and go; `heal` ends all of them.

export class Path {
  /** Smallest and largest delay of one piece of data. */
  leastMs = 0.2;
  mostMs = 8;
  /** Nothing arrives before this time in that direction; data waits, as if TCP retransmitted it. */
  heldFromMs = 0;
  heldToMs = 0;
  /** The capacity of one connection in one direction. */
  bytesPerMs = Infinity;
  /** Connections get a reset, or nothing while held. */
  heal(): void {
    this.leastMs = 0.2;
    this.mostMs = 8;
    this.heldFromMs = this.heldToMs = 0;
    this.bytesPerMs = Infinity;
  }
}
