// What a newer daemon, a damaged disk or a hostile peer may make a daemon say, through everything that draws it.

import assert from "node:assert/strict";
import fc from "fast-check";
import { formatMessage, Output } from "../../../cli/terminal/output.ts";
import { latestUnread, totalUnread } from "../../../extension/contacts/contact-queries.ts";
import { contactRow } from "../../../extension/contacts/contact-row.ts";
import { ContactTree } from "../../../extension/contacts/contact-tree.ts";
import { createTimeWords } from "../../../extension/contacts/short-time.ts";
import { iconOf } from "../../../extension/contacts/icons.ts";
import { Notifier } from "../../../extension/notifications/notifier.ts";
import { dayName, fullTime, shortTime } from "../../../extension/webview/format-time.ts";
import { texts } from "../../../extension/webview/texts.ts";
import { rowsOf } from "../../../extension/webview/timeline.ts";
import { readOutcome } from "../../../protocol/api/declare.ts";
import { contactsChanged, messagesChanged, sessionChanged } from "../../../protocol/api/notifications.ts";
import { history, snapshot } from "../../../protocol/api/session.ts";
import { Invalid } from "../../../protocol/validate.ts";
import { withApp } from "./commands/app-stand-in.ts";
import { connectedSession, message, person } from "./stand-ins.ts";

/** Where numbers of a schema begin and end, and what comes behind. */
const number = fc.constantFrom(-1, 0, 1, 8.64e15, 8.64e15 + 1, 9e15, Number.MAX_SAFE_INTEGER, 1e300, -1e300, 0.5);
const text = fc.oneof(
  fc.constantFrom("", "x".repeat(400), "x".repeat(401), "\u202e\u0000\ud800", "[a](b) `c` $(bug)", "```\n```"),
  fc.string({ unit: "binary", maxLength: 40 }),
);
const word = fc.constantFrom("of_tomorrow", "", "constructor", "__proto__");
const anything = fc.oneof(number, text, word, fc.constant(null), fc.constant([]), fc.constant({}), fc.boolean());

/** The object with some fields as a writer of tomorrow, or a broken one, has them. */
function strange(sound: object, ...further: string[]): fc.Arbitrary<object> {
  const name = fc.constantFrom(...Object.keys(sound), ...further);
  return fc
    .dictionary(name, anything, { minKeys: 1, maxKeys: 3 })
    .map((changes) => ({ ...sound, ...Object.fromEntries(Object.entries(changes)) }));
}

const contacts = strange(person("mallory"), "lastAtMs", "lastWords", "presenceText", "route", "key", "lastArrival");
const messages = strange(message(7), "failure", "quote", "edited", "deleted", "reactions", "unreadable");
const runs = { numRuns: 300 };

describe("Strange data", () => {
  it("of one contact or message leaves the others, and the list", () => {
    fc.assert(
      fc.property(contacts, messages, (contact, broken) => {
        const told = contactsChanged.params.read({ changed: [contact, person("alice")], removed: [7] }, "");
        assert.ok(!(told instanceof Invalid));
        assert.deepEqual(told.changed.at(-1), person("alice"));
        const shown = messagesChanged.params.read({ messages: [broken, message(1)] }, "");
        assert.ok(!(shown instanceof Invalid));
        assert.deepEqual(shown.messages.at(-1), message(1));
        const page = readOutcome(history, { ok: true, messages: [broken, message(1)], more: false });
        assert.equal(page.ok && page.messages.at(-1)?.seq, 1);
      }),
      runs,
    );
  });

  it("of a contact is a row of the tree all the same", () => {
    const words = createTimeWords("en");
    fc.assert(
      fc.property(contacts, (given) => {
        const read = readOutcome(snapshot, { ok: true, session: connectedSession, contacts: [given, person("a")] });
        assert.ok(read.ok);
        const tree = new ContactTree();
        tree.rebuild({ state: "connected", contacts: read.contacts, questions: [], filter: "" });
        assert.ok(tree.roots.length > 0);
        assert.ok(Number.isFinite(totalUnread(read.contacts)));
        latestUnread(read.contacts);
        for (const contact of read.contacts) {
          const when = contact.lastAtMs === undefined ? undefined : words(contact.lastAtMs, 0);
          const row = contactRow(contact, when === undefined ? {} : { when });
          assert.equal(typeof row.tooltip, "string");
          assert.notEqual(iconOf(contact).id, "");
        }
      }),
      runs,
    );
  });

  it("of a message is a row of the page, a notification and a line of the command line", async () => {
    const { app: app, prompter } = await withApp();
    const notifier = new Notifier({ app, now: () => 0, isDebugging: () => false, isInSight: () => false });
    const lines: string[] = [];
    const output = new Output(false, (_stream, line) => lines.push(line));
    let told = 0;
    await fc.assert(
      fc.asyncProperty(messages, async (given) => {
        const read = messagesChanged.params.read({ messages: [given] }, "");
        assert.ok(!(read instanceof Invalid));
        for (const each of read.messages) {
          for (const row of rowsOf([each], undefined)) {
            if (row.kind === "day") assert.notEqual(dayName(row.atMs), "");
          }
          const at = new Date(each.sentAtMs);
          assert.ok([at.toISOString(), fullTime(at), shortTime(at)].every((words) => words !== ""));
          texts.state(each, { everyone: false, name: "x", presence: "away", refuses: false });
          output.message(each);
          assert.doesNotMatch(formatMessage(each), /NaN/);
          await notifier.take(each, each.from);
          notifier.settle(each.conversation);
          told += 1;
        }
      }),
      runs,
    );
    assert.ok(told > 0);
    assert.equal(lines.length, told);
    assert.ok(prompter.told.length > 0);
  });

  it("of a daemon of tomorrow: words that nobody knows yet have a meaning that is true", () => {
    const session = (state: unknown): unknown => {
      const read = sessionChanged.params.read({ session: state }, "");
      return read instanceof Invalid ? "invalid" : read.session;
    };
    const { account } = connectedSession;
    assert.deepEqual(session({ state: "hibernating", account }), { state: "connecting", account });
    assert.deepEqual(session({ state: "hibernating" }), { state: "signedOut" });
    const [seen] = readMessages({ ...message(1), state: "teleported", reactions: [{ emoji: "👍" }] });
    assert.deepEqual([seen?.state, seen?.reactions], ["received", []]);
    const [failed] = readMessages({ ...message(1), state: "failed", failure: { code: "of_tomorrow", reason: "No." } });
    assert.deepEqual(failed?.failure, { code: "internal", reason: "No." });
    const refused = readOutcome(history, { ok: false, code: "of_tomorrow", reason: "Not today." });
    assert.deepEqual(refused, { ok: false, code: "internal", reason: "Not today." });
  });
});

function readMessages(...given: object[]) {
  const read = messagesChanged.params.read({ messages: given }, "");
  return read instanceof Invalid ? [] : read.messages;
}
