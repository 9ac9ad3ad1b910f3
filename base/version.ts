// Which program this is. The two globals are put in by esbuild.mjs; run from source they are missing, and a build of 0 is
// older than every other.

declare const CHAT_ROOM_VERSION: string | undefined;
declare const CHAT_ROOM_BUILD: number | undefined;

/** As in package.json. */
export const programVersion: string = typeof CHAT_ROOM_VERSION === "string" ? CHAT_ROOM_VERSION : "0.0.0-source";

/** Seconds since 1970 at which it was built; orders the builds. */
export const programBuild: number = typeof CHAT_ROOM_BUILD === "number" ? CHAT_ROOM_BUILD : 0;
