// The version of this program. esbuild.mjs inserts the two globals. When run from source they are missing, and the build 0
// is older than any other.

declare const CHAT_ROOM_VERSION: string | undefined;
declare const CHAT_ROOM_BUILD: number | undefined;

/** As in package.json. */
export const programVersion: string = typeof CHAT_ROOM_VERSION === "string" ? CHAT_ROOM_VERSION : "0.0.0-source";

/** Build time in seconds since 1970; orders the builds. */
export const programBuild: number = typeof CHAT_ROOM_BUILD === "number" ? CHAT_ROOM_BUILD : 0;
