// Counts connections that the core never saw. The numbers only grow; the metrics read them.

export class EdgeCounters {
  /** Refused because of the limits of their address [P-8.5]. */
  refusedConnections = 0;
  /** Dropped because the system had no descriptor for them. */
  droppedConnections = 0;
}
