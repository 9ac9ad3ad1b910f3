import * as fc from "fast-check";
import { startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";
import type { ChatCommand } from "./command.ts";
import { devices, manners, Model, names } from "./model.ts";
import { People } from "./people.ts";
import { disconnect, login, logout, register, resume, tryEndedTokens } from "./session-commands.ts";
import { askAddress, broadcast, intrude, look, send, sendAgain, setBlock, setPresence } from "./talk-commands.ts";

const large = process.env["CHAT_ROOM_CHAOS"] === "large";
const numRuns = large ? 500 : 50;
const commandsPerRun = large ? 50 : 40;
const chosen = process.env["CHAT_ROOM_SEED"];

const name = fc.constantFrom(...names);
const how = fc.record({
  device: fc.constantFrom(...devices),
  manner: fc.constantFrom(...manners),
  listens: fc.boolean(),
});
const state = fc.constantFrom("available" as const, "away" as const, "dnd" as const);

/** A command as often among the others as it stands before it. */
const often = (times: number, each: fc.Arbitrary<ChatCommand>): fc.Arbitrary<ChatCommand>[] =>
  Array.from({ length: times }, () => each);

const commands = fc.commands(
  [
    ...often(1, name.map(register)),
    ...often(
      1,
      fc.tuple(name, how).map((given) => login(...given)),
    ),
    ...often(
      3,
      fc.tuple(name, how).map((given) => resume(...given)),
    ),
    ...often(2, name.map(disconnect)),
    ...often(1, name.map(logout)),
    ...often(1, fc.constant(tryEndedTokens())),
    ...often(
      8,
      fc.tuple(name, name).map((given) => send(...given)),
    ),
    ...often(3, name.map(sendAgain)),
    ...often(3, name.map(broadcast)),
    ...often(
      4,
      fc.tuple(name, name, fc.boolean()).map((given) => setBlock(...given)),
    ),
    ...often(
      2,
      fc.tuple(name, state).map((given) => setPresence(...given)),
    ),
    ...often(3, name.map(look)),
    ...often(
      3,
      fc.tuple(name, name, fc.boolean()).map((given) => askAddress(...given)),
    ),
    ...often(1, fc.constant(intrude())),
  ],
  // Of those that are drawn about a third can be done: `maxCommands` counts the drawn ones, the average is half of it.
  { maxCommands: 4 * commandsPerRun, size: "max" },
);

describe("a server, asked anything in any order", () => {
  let server: ChatServer;
  before(async function () {
    this.timeout(30_000);
    server = await startChatServer();
  });
  after(() => server.dispose());

  it(`does what the model says in ${numRuns} runs [P-3.3 to P-3.7, P-4.1 to P-4.13, P-5.1, P-5.2, P-5.4, P-5.5, P-6]`, async function () {
    this.timeout(numRuns * 20_000);
    let runs = 0;
    const property = fc.asyncProperty(commands, async (chosenCommands) => {
      runs += 1;
      const people = new People(server.port, `r${runs}`);
      const model = new Model();
      try {
        await fc.asyncModelRun(() => ({ model, real: people }), [...joined(), ...chosenCommands]);
        await people.finish(model);
      } finally {
        await people.leave(model);
      }
    });
    await fc.assert(property, { numRuns, ...(chosen === undefined ? {} : { seed: Number(chosen) }) });
  });
});

/** Every run begins with two people who are there. */
function joined() {
  return (["ann", "bob"] as const).flatMap((each) => [
    register(each),
    login(each, { device: "desk", manner: "acks", listens: true }),
  ]);
}
