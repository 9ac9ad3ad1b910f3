// What happened to connections that the core never saw, in plain numbers that grow: read by the metrics.

export class EdgeCounters {
  /** Beyond the limits of their address [P-8.5]. */
  refusedConnections = 0;
  /** Beyond what the system has descriptors for. */
  droppedConnections = 0;
}
