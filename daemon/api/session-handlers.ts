// Handlers for the views' requests about the session. They call other modules and return their answers.

import { failure } from "../../protocol/errors.ts";
import { programBuild, programVersion } from "../../base/version.ts";
import { createArchiveHandlers } from "./archive-handlers.ts";
import type { ArchiveDeps } from "./archive-handlers.ts";
import type { PromptRouter } from "../windows/prompt-router.ts";
import { unreadTotals } from "../core/state.ts";
import { contactViews } from "../core/contact-views.ts";
import { done } from "./done.ts";
import { makeInvitation } from "../account/invitation.ts";
import { waitingMessages } from "./outbox-summary.ts";
import type { DaemonApi } from "./api.ts";
import type { Views } from "../windows/views.ts";
import type { HostedServer } from "../hosting/hosted-server.ts";
import type { Direct } from "../peer/direct.ts";
import { createDirectHandlers } from "./direct-handlers.ts";
import type { ContactSync } from "../contacts/contact-sync.ts";
import type { ServerTrust } from "../account/server-trust.ts";
import { createConversationHandlers } from "./conversation-handlers.ts";
import type { ConversationDeps } from "./conversation-handlers.ts";

export interface ApiDeps extends ConversationDeps, ArchiveDeps {
  readonly home: string;
  readonly trust: ServerTrust;
  readonly people: ContactSync;
  readonly hosted: HostedServer;
  readonly views: Views;
  readonly direct: Direct;
  readonly prompts: PromptRouter;
  /** Identifies the home of this daemon. */
  homeId(): string;
  /** What a person should know about this daemon and its files. */
  notes(): string[];
  /** How many views prevent a newer build from taking over. */
  olderViews(): number;
  /** Stops the daemon, after the answer has been sent. */
  stop(): void;
}

const defaultPage = 100;
const signInFirst = failure("not_authenticated", "Sign in first.");

export function createApi(parts: ApiDeps): DaemonApi {
  const { home, engine, account, trust, people, hosted, views } = parts;
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
      engine.flush();
      const { session } = engine.state;
      return { ok: true, session, contacts: contactViews(engine.state), ownPresence: parts.presence.ownPresence };
    },
    history: async ({ conversation, before, limit = defaultPage }) =>
      (await (await parts.reader())?.page(conversation, before, limit)) ?? signInFirst,
    findContact: async ({ user }) => {
      // This person's contacts are known without a session, as soon as the history is open.
      await parts.reader();
      return await people.find(user);
    },

    mute: ({ conversation, muted }) => done(engine.execute({ kind: "mute", conversation, muted })),

    onlineUsers: () => people.online(),
    blockUser: ({ user }) => people.setBlocked(user, true),
    unblockUser: ({ user }) => people.setBlocked(user, false),

    makeInvitation: (params) => makeInvitation(parts, params),

    ...createConversationHandlers(parts),
    ...createArchiveHandlers(parts),
    ...createDirectHandlers(parts.direct, (user) => people.find(user)),
    questions: (_, view) => ({ ok: true, questions: parts.prompts.toldTo(view) }),

    startServer: ({ port }) => hosted.start(port),
    stopServer: () => hosted.stop(),

    daemonStatus: () => ({
      ok: true,
      session: engine.state.session,
      pid: process.pid,
      version: programVersion,
      build: programBuild,
      home,
      homeId: parts.homeId(),
      notes: parts.notes(),
      ownPresence: parts.presence.ownPresence,
      windows: engine.state.windows.size,
      olderViews: parts.olderViews(),
      ...waitingMessages(engine.state),
      unread: unreadTotals(engine.state).unread,
      unreadMuted: unreadTotals(engine.state).muted,
      ...(hosted.address === undefined ? {} : { hostedServer: hosted.address }),
      ...(hosted.trouble === undefined ? {} : { hostedTrouble: hosted.trouble }),
    }),
    stopDaemon: () => {
      parts.stop();
      return { ok: true };
    },
  };
}
