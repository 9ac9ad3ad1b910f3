import assert from "node:assert/strict";
import { lastingEnvironment } from "../../../../base/rendezvous/environment.ts";

describe("the environment of a process that outlives its starter", () => {
  const names = (env: Record<string, string>, platform: NodeJS.Platform): string[] =>
    Object.keys(lastingEnvironment(env, platform));
  const all = (...given: string[]): Record<string, string> => Object.fromEntries(given.map((name) => [name, "x"]));

  it("has what says where things are, which language and time it is, and how the network is reached", () => {
    const needed = [
      ...["PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "XDG_RUNTIME_DIR", "XDG_STATE_HOME"],
      ...["HTTPS_PROXY", "https_proxy", "no_proxy", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"],
      ...["CHAT_ROOM_HOME", "CHAT_ROOM_SERVER_REGISTRATION", "MALLOC_ARENA_MAX"],
    ];
    assert.deepEqual(names(all(...needed), "linux"), needed);
  });

  it("has nothing of a terminal, a debugger, or the window it was started from", () => {
    const strange = [
      ...["GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "SSH_AUTH_SOCK", "DBUS_SESSION_BUS_ADDRESS", "OLDPWD", "TERM"],
      ...["NODE_OPTIONS", "NODE_CHANNEL_FD", "NODE_TLS_REJECT_UNAUTHORIZED", "VSCODE_IPC_HOOK", "ELECTRON_NO_ASAR"],
      ...["LD_PRELOAD", "CHAT_ROOM_SOCKET", "CHAT_ROOM_SOCKET_HOST", "NOT_PATH", "PATHS", "path"],
    ];
    assert.deepEqual(names(all(...strange), "linux"), []);
  });

  it("has what a program of Windows cannot do without, in any case", () => {
    const needed = ["Path", "SystemRoot", "windir", "TEMP", "USERPROFILE", "LOCALAPPDATA", "Chat_Room_Home"];
    assert.deepEqual(names(all(...needed, "GITHUB_TOKEN", "Chat_Room_Socket"), "win32"), needed);
  });
});
