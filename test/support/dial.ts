// Opens a connection on behalf of another process: connects to HOST PORT, prints "connected" on stderr, and passes bytes
// both ways between the connection and its own stdin and stdout. namespaces.ts starts it on other hosts.

import { connect } from "node:net";

const [host = "", port = ""] = process.argv.slice(2);
const socket = connect({ host, port: Number(port), noDelay: true, timeout: 5_000 });
socket.once("connect", () => {
  socket.setTimeout(0);
  process.stderr.write("connected\n");
  process.stdin.pipe(socket);
  socket.pipe(process.stdout);
});
socket.once("timeout", () => socket.destroy(new Error(`${host} ${port} did not answer within 5 s`)));
socket.on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
socket.once("close", () => process.exit());
