// The tables of chat-room.db, as a list of steps that is only ever added to. Message bodies are in `letter` alone, and only
// until their recipient has them.

import type { Migrations } from "../../base/sqlite.ts";

export const migrations: Migrations = [
  `
  CREATE TABLE account (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password TEXT NOT NULL,
    created_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE block (
    owner INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    target INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    PRIMARY KEY (owner, target)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX block_by_target ON block (target);
  CREATE TABLE token (
    account INTEGER PRIMARY KEY REFERENCES account ON DELETE CASCADE,
    hash TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL,
    port INTEGER,
    device TEXT,
    presence INTEGER NOT NULL,
    acks INTEGER NOT NULL,
    used_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE letter (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    sender TEXT NOT NULL,
    mid TEXT NOT NULL,
    ts INTEGER NOT NULL,
    msg TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    stored_ms INTEGER NOT NULL,
    UNIQUE (account, sender, mid)
  ) STRICT;
  CREATE INDEX letter_by_account ON letter (account, seq);
  `,
  // Mailboxes are counted from the index alone, without reading their letters.
  `
  DROP INDEX letter_by_account;
  CREATE INDEX letter_by_account ON letter (account, seq, bytes);
  `,
  `
  CREATE TABLE invite (
    hash TEXT PRIMARY KEY,
    uses INTEGER NOT NULL,
    used INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER
  ) STRICT, WITHOUT ROWID;
  `,
  // What a letter does to an earlier message [P-4.15]; both or neither.
  `
  ALTER TABLE letter ADD COLUMN ref_kind TEXT;
  ALTER TABLE letter ADD COLUMN ref_mid TEXT;
  `,
];
