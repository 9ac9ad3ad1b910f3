// The environment of a process that outlives its starter: what it needs to run, and nothing else. A terminal's tokens, and
// what was meant for its debugger, must not live on in a process that runs for days.

import type { Environment } from "../home/home.ts";

/**
 * Where things are, language and time zone, how the network is reached and which certificates are trusted, and our own
 * variables except the path to another daemon.
 */
const kept =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|XDG_\w+|(HTTP|HTTPS|ALL|NO)_PROXY|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|LD_LIBRARY_PATH|DYLD_\w+|MALLOC_\w+|CHAT_ROOM_(?!SOCKET)\w+)$/;
const keptOnWindows =
  /^(PATHEXT|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|TEMP|TMP|USERNAME|USERPROFILE|HOMEDRIVE|HOMEPATH|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES|NUMBER_OF_PROCESSORS|PROCESSOR_ARCHITECTURE)$/i;

/** Proxy variables are written in either case, and on Windows all variables are. */
export function lastingEnvironment(env: Environment, platform: NodeJS.Platform = process.platform): Environment {
  const isKept = (name: string): boolean => {
    if (platform === "win32") return kept.test(name.toUpperCase()) || keptOnWindows.test(name);
    return kept.test(name) || /^(http|https|all|no)_proxy$/.test(name);
  };
  return Object.fromEntries(Object.entries(env).filter(([name]) => isKept(name)));
}
