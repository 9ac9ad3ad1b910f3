import assert from "node:assert/strict";
import { checkedArguments, contactArgument } from "../../../../extension/commands/command-arguments.ts";
import type { Arguments } from "../../../../extension/commands/command-arguments.ts";
import type { CommandDeclaration } from "../../../../extension/commands/command.ts";
import { registerCommands } from "../../../../extension/commands/register-commands.ts";
import { commands as declared } from "../../../../extension/commands/registry.ts";
import { silentLog } from "../stand-ins.ts";
import { withApp } from "./app-stand-in.ts";

const commands: readonly CommandDeclaration[] = declared;

describe("The declarations of commands", () => {
  it("name each command, title and key once", () => {
    for (const key of ["id", "title"] as const) {
      const names = commands.map((each) => each[key]);
      assert.deepEqual([...new Set(names)], names);
    }
  });

  it("say in one sentence what the command does, and what each argument is", () => {
    for (const { id, description, arguments: given = {} } of commands) {
      assert.match(description, /^[A-Z][^.]*\.$/, id);
      for (const argument of Object.values(given)) assert.match(argument.description, /^\S.*\.$/, id);
    }
  });

  it("give every menu entry a place", () => {
    for (const { id, menus = {} } of commands) {
      for (const { group } of Object.values(menus).flat()) {
        assert.match(group, /^(inline|navigation|\w_\w+)@\d$/, id);
      }
    }
  });

  it("are all registered, and each runs what it declares", async () => {
    const { app, opened } = await withApp();
    const registered = new Map<string, (...given: unknown[]) => unknown>();
    const register = (id: string, run: (...given: unknown[]) => unknown) => {
      registered.set(id, run);
      return { dispose: () => registered.delete(id) };
    };
    const all = registerCommands(app, register, silentLog);
    assert.deepEqual(
      [...registered.keys()],
      commands.map(({ id }) => id),
    );
    await registered.get("chatRoom.openChat")?.("alice");
    assert.deepEqual(opened, [["user:alice", "alice"]]);
    all.dispose();
    assert.equal(registered.size, 0);
  });
});

describe("What a command is given", () => {
  const words: Arguments = {
    name: contactArgument,
    text: { type: "text", description: "Words." },
    port: { type: "number", description: "Port." },
    confirmed: { type: "true", description: "Do not ask." },
    state: { type: ["on", "off"], description: "State." },
  };
  const checked = (...given: unknown[]): unknown[] => checkedArguments(words, given);

  it("arrives as it is where it fits, and by itself", () => {
    const fitting = { name: "a", text: "b", port: 1, confirmed: true, state: "on", other: {} };
    assert.equal(checked(fitting)[0], fitting);
    assert.deepEqual(checked("alice", "hello"), ["alice", "hello"]);
    assert.deepEqual(checked(), [undefined]);
    assert.deepEqual(checked(null, 1), [null, 1]);
  });

  it("counts as missing where it is of another type", () => {
    const wrong = { name: 1, text: {}, port: "1", confirmed: "true", state: "maybe", other: 1 };
    assert.deepEqual(checked(wrong, "rest"), [{ other: 1 }, "rest"]);
    assert.deepEqual(checked({ text: "b", port: "1" }), [{ text: "b" }]);
    assert.deepEqual(checked(JSON.parse('{"__proto__": 1, "toString": 2, "text": 3}')), [
      JSON.parse('{"__proto__": 1, "toString": 2}'),
    ]);
  });

  it("is left alone where it is a row of Contacts, or several", () => {
    const row = { contact: { conversation: "user:a", name: "a" }, text: 1 };
    assert.deepEqual(checked(row, [row]), [row, [row]]);
    assert.equal(checked(row)[0], row);
  });
});
