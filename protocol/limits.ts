// Every bound of the wire in one place. The values are the defaults of docs/protocol.md section 8; a server may be
// configured differently if the document says so. Units are in the names.

const second = 1_000;
const kib = 1_024;
const mib = 1_024 * kib;
const day = 24 * 60 * 60 * second;

export const limits = {
  /** Longest line before authentication, newline not counted [P-1.3]. */
  maxUnauthenticatedFrameBytes: 4 * kib,
  /** Longest line after authentication, newline not counted [P-1.3]. */
  maxFrameBytes: 64 * kib,
  /**
   * Longest `msg`, counted as the UTF-8 bytes of its JSON string, so that a push with its added fields still fits [P-4.2].
   */
  maxMessageBytes: 60 * kib,
  /** A complete object without a newline is served after this silence [P-1.5]. */
  unterminatedFrameMs: 100,
  /** Undecodable lines on one link before it is closed [P-1.6]. */
  maxBadFrames: 16,
  /** Time from connecting to being authenticated [P-8.1]. */
  authenticationMs: 10 * second,
  /** How often a client shows a sign of life [P-4.9]. */
  heartbeatMs: 30 * second,
  /** Silence after which a session ends [P-4.9]. */
  sessionSilenceMs: 60 * second,
  /** How long the server waits for the acknowledgement of a push before it uses the mailbox [P-5.2]. */
  acknowledgementMs: 10 * second,
  /** How long a person has to consent to an address request or a direct link [P-4.8]. */
  consentMs: 30 * second,
  /** Addresses that one client may name besides its port [P-4.1]. */
  maxAddresses: 16,
  /** Entries of one mailbox [P-5.3]. */
  maxMailboxMessages: 10_000,
  /** Bytes of one mailbox [P-5.3]. */
  maxMailboxBytes: 64 * mib,
  /** Entries of one mailbox that one sender may fill [P-5.3]. */
  maxMailboxShareMessages: 2_500,
  /** Bytes of one mailbox that one sender may fill [P-5.3]. */
  maxMailboxShareBytes: 16 * mib,
  /** Age at which a mailbox entry is dropped, in running time of the server [P-5.3]. */
  maxMailboxAgeMs: 30 * day,
  /** Delivery outcomes that are kept for one sender until their client has heard of them [P-5.7]. */
  maxOutcomes: 10_000,
  /** Invitations of one member that are open at once [P-4.16]. */
  maxMemberInvites: 10,
  /** Accounts that one of these is good for, at most [P-4.16]. */
  maxInviteUses: 100,
  /** Accounts that the open invitations of one member are still good for, all together [P-4.16]. */
  maxMemberInviteUses: 100,
  /** Accounts for which one member makes invitations within `memberInviteWindowMs` [P-4.16]. */
  maxNewInviteUses: 100,
  /** In running time of the server. No longer than an invitation is good, because it is counted as long as it is kept. */
  memberInviteWindowMs: day,
  /** Days for which one of these is good, at most [P-4.16]. */
  maxInviteDays: 30,
  /** Days for which it is good if nobody says otherwise [P-4.16]. */
  defaultInviteDays: 7,
  /** Keys of devices that are remembered for one account [P-8.8]. */
  maxDevices: 16,
  /** Unacknowledged bytes of messages per link; what does not fit waits in the mailbox [P-8.3]. */
  linkWindowBytes: 512 * kib,
  /** How long a broadcast waits to learn who has it [P-4.3]. */
  broadcastMs: 2 * second,
  /** A client without `acks` counts as having what its link took once the link has been open this long after it [P-5.5]. */
  settledMs: 10 * second,
  /** The latest time that a `Date` can hold, in milliseconds since 1970 [P-4.2]. */
  maxTimeMs: 8_640_000_000_000_000,
  /** Requests per second of one session before it is read more slowly, in the long run [P-8.6]. */
  requestsPerSecond: 20,
  /** How many seconds' worth of requests may come at once [P-8.6]. */
  requestBurstSeconds: 10,
  /** Open connections per address [P-8.5]. */
  maxConnections: 32,
  /** New connections per address and minute [P-8.5]. */
  maxNewConnections: 64,
  /** Unsent bytes of one link at which it is closed [P-8.3]. */
  maxUnsentBytes: mib,
  /** Age at which an unused session token expires, in running time of the server [P-3.4]. */
  tokenAgeMs: 30 * day,
  /** First wait before a client reconnects [P-8.4]. */
  reconnectMinMs: 500,
  /** Longest wait before a client reconnects [P-8.4]. */
  reconnectMaxMs: 30 * second,
  /** Characters (code points) of a user name [P-3.1]. */
  maxNameCharacters: 64,
  /** UTF-16 units of a message id [P-5.4]. */
  maxMessageIdLength: 128,
  /** UTF-16 units of a password [P-4.1]. */
  maxPasswordLength: 1_024,
  /** UTF-16 units of the text of a presence [P-4.13]. */
  maxPresenceTextLength: 140,
  /** Users in one page of the directory, at most [P-4.11]. */
  maxDirectoryPage: 200,
} as const;
