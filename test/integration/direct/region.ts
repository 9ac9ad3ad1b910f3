// Where the tests of direct talk take place: a server, and networks of the test's own between it and the people. Everybody
// reaches the server by a network that they share with nobody else, so that what happens between two people is only what
// the networks between them allow.

import { Internet } from "../../support/namespaces.ts";
import type { Host } from "../../support/namespaces.ts";
import { startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";
import { Neighbour } from "./neighbour.ts";

export class Region {
  readonly internet = new Internet();
  readonly #serverHost: Host;
  readonly #people: Neighbour[] = [];
  /** The one that runs is the last. */
  readonly #servers: ChatServer[] = [];
  #address = "";

  constructor() {
    this.#serverHost = this.internet.host("server");
  }

  /** A host with a cable to the server's. Cables to others are laid before anybody moves in. */
  host(name: string): Host {
    const network = this.internet.network();
    const host = this.internet.host(name);
    this.#serverHost.join(network, 1);
    host.join(network, 2, "uplink");
    return host;
  }

  async moveIn(name: string, host: Host): Promise<Neighbour> {
    if (this.#servers.length === 0) await this.reviveServer();
    // Everybody has another way to it: the key in the address is what they trust, not the place.
    const own = host.addresses.get("uplink")?.replace(/\d+$/, "1") ?? "";
    const person = await Neighbour.join(name, this.#address.replace("0.0.0.0", own), { runner: host.runner });
    this.#people.push(person);
    return person;
  }

  async killServer(): Promise<void> {
    await this.#servers.at(-1)?.stop("SIGKILL");
  }

  /** On the port and the data of before. */
  async reviveServer(): Promise<void> {
    const before = this.#servers.at(-1);
    const server = await startChatServer({
      args: ["--host", "0.0.0.0", "--registration", "open", "--rate", "0"],
      runner: this.#serverHost.runner,
      ...(before && { data: before.data, port: before.port }),
    });
    this.#servers.push(server);
    this.#address = /chat:\S+/.exec(server.output.stdout)?.[0] ?? this.#address;
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#people.map((person) => person.dispose()));
    await Promise.all(this.#servers.map((server) => server.dispose()));
    this.internet.dispose();
  }
}
