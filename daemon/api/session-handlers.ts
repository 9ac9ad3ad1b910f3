// What each request of a view does. Thin: it asks the parts that know, and answers what they say.

import { randomUUID } from "node:crypto";
import { failure } from "../../protocol/errors.ts";
import { programBuild, programVersion } from "../../base/version.ts";
import { createArchiveService } from "./archive-handlers.ts";
import type { ArchiveParts } from "./archive-handlers.ts";
import type { Asking } from "../windows/prompt-router.ts";
import { unreadTotals } from "../core/state.ts";
import { contactViews } from "../core/contact-views.ts";
import { done } from "./done.ts";
import { waitingMessages } from "./waiting.ts";
import type { Service } from "./api.ts";
import type { Views } from "../windows/views.ts";
import type { HostedServer } from "../hosting/hosted-server.ts";
import type { Direct } from "../peer/direct.ts";
import { createDirectService } from "./direct-handlers.ts";
import type { People } from "../contacts/contact-sync.ts";
import type { ServerTrust } from "../account/server-trust.ts";
import { createTalkService } from "./conversation-handlers.ts";
import type { TalkParts } from "./conversation-handlers.ts";

export interface ServiceParts extends TalkParts, ArchiveParts {
  readonly home: string;
  readonly trust: ServerTrust;
  readonly people: People;
  readonly hosted: HostedServer;
  readonly views: Views;
  readonly direct: Direct;
  readonly asking: Asking;
  /** Names the home of this daemon among all. */
  homeId(): string;
  /** What a person should know about this daemon and its files. */
  notes(): string[];
  /** How many views keep a newer build from taking over. */
  olderViews(): number;
  /** Begins to end the daemon, after the answer has left. */
  stop(): void;
}

const defaultPage = 100;
const signInFirst = failure("not_authenticated", "Sign in first.");

export function createService(parts: ServiceParts): Service {
  const { home, runner, account, trust, people, hosted, views } = parts;
  return {
    signIn: (params) => account.signIn(params),
    register: (params) => account.register(params),
    signOut: () => account.signOut(),
    reconnect: () => account.reconnect(),
    inspectServer: (params) => trust.inspect(params),
    trustServer: (params) => {
      const outcome = trust.trust(params);
      if (outcome.ok) account.reconnect();
      return outcome;
    },

    snapshot: (_, view) => {
      setImmediate(() => views.draws(view));
      runner.flush();
      const { session } = runner.state;
      return { ok: true, session, contacts: contactViews(runner.state), ownPresence: parts.signals.ownPresence };
    },
    history: async ({ conversation, before, limit = defaultPage }) =>
      (await (await parts.reader())?.page(conversation, before, limit)) ?? signInFirst,
    findContact: async ({ user }) => {
      // One's own contacts are known without a session, as soon as the history is open.
      await parts.reader();
      return await people.find(user);
    },

    send: ({ mid = randomUUID(), ...message }) => {
      const outcome = runner.command({ kind: "send", mid, ...message });
      if (!outcome.ok) return outcome;
      return outcome.message ? { ok: true, message: outcome.message } : failure("internal");
    },
    retry: ({ conversation, mid }) => done(runner.command({ kind: "retry", conversation, mid })),
    markRead: ({ conversation, upTo }) => done(runner.command({ kind: "markRead", conversation, upTo })),
    mute: ({ conversation, muted }) => done(runner.command({ kind: "mute", conversation, muted })),

    onlineUsers: () => people.online(),
    blockUser: ({ user }) => people.setBlocked(user, true),
    unblockUser: ({ user }) => people.setBlocked(user, false),

    ...createTalkService(parts),
    ...createArchiveService(parts),
    ...createDirectService(parts.direct, (user) => people.find(user)),
    questions: (_, view) => ({ ok: true, questions: parts.asking.toldTo(view) }),

    startServer: ({ port }) => hosted.start(port),
    stopServer: () => hosted.stop(),

    daemonStatus: () => ({
      ok: true,
      session: runner.state.session,
      pid: process.pid,
      version: programVersion,
      build: programBuild,
      home,
      homeId: parts.homeId(),
      notes: parts.notes(),
      windows: runner.state.windows.size,
      olderViews: parts.olderViews(),
      ...waitingMessages(runner.state),
      unread: unreadTotals(runner.state).unread,
      unreadMuted: unreadTotals(runner.state).muted,
      ...(hosted.address === undefined ? {} : { hostedServer: hosted.address }),
      ...(hosted.trouble === undefined ? {} : { hostedTrouble: hosted.trouble }),
    }),
    stopDaemon: () => {
      parts.stop();
      return { ok: true };
    },
  };
}
