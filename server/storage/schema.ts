// The tables of chat-room.db, as a list of migrations that is only ever appended to. Message bodies are only in `letter`,
// and only until their recipient has them. Columns that only JavaScript can fill are filled at the start (engine/names.ts
// and engine/unsettled.ts), so that a row written by hand needs no more than the columns of version 4.

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
  // Mailboxes are counted from the index alone, without reading their messages.
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
  // What a message does to an earlier message [P-4.15]; both or neither.
  `
  ALTER TABLE letter ADD COLUMN ref_kind TEXT;
  ALTER TABLE letter ADD COLUMN ref_mid TEXT;
  `,
  // Lets accounts be told apart: an id for clients that is never reused, and how the name looks, in lower case and as it is
  // written if that differs. These and `key` are recomputed at the start if their rules have changed.
  `
  ALTER TABLE account ADD COLUMN public_id TEXT;
  ALTER TABLE account ADD COLUMN skeleton TEXT;
  ALTER TABLE account ADD COLUMN written_skeleton TEXT;
  UPDATE account SET public_id = lower(hex(randomblob(10)));
  CREATE UNIQUE INDEX account_by_public_id ON account (public_id);
  CREATE INDEX account_by_name ON account (name);
  CREATE INDEX account_by_skeleton ON account (skeleton);
  CREATE INDEX account_by_written_skeleton ON account (written_skeleton);
  CREATE TRIGGER account_public_id AFTER INSERT ON account WHEN new.public_id IS NULL BEGIN
    UPDATE account SET public_id = lower(hex(randomblob(10))) WHERE id = new.id;
  END;
  `,
  // Running time of the server instead of wall time: from here on `used_ms`, `stored_ms`, `made_ms` and `expires_ms` count
  // in milliseconds of running_ms, and the ages of existing entries start over. `present_ms` is wall time.
  `
  CREATE TABLE server_state (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    running_ms INTEGER NOT NULL,
    present_ms INTEGER,
    secret BLOB NOT NULL
  ) STRICT;
  INSERT INTO server_state VALUES (1, 0, NULL, randomblob(32));
  UPDATE token SET used_ms = 0;
  UPDATE invite SET expires_ms = max(expires_ms - created_ms, 0) WHERE expires_ms IS NOT NULL;
  `,
  // Queued messages belong to the account that sent them. Text that may hold U+0000 is kept as bytes, because node:sqlite
  // before Node.js 24.8 truncates text there. A row without `sender_id` is settled at the next start. Counted columns come
  // before the text, which lies on pages of its own.
  `
  ALTER TABLE letter RENAME TO letter_4;
  DROP INDEX letter_by_account;
  CREATE TABLE letter (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    sender TEXT NOT NULL,
    sender_id INTEGER,
    sender_public_id TEXT,
    ts INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    stored_ms INTEGER NOT NULL,
    reported INTEGER NOT NULL DEFAULT 0,
    mid BLOB NOT NULL,
    ref TEXT,
    msg BLOB NOT NULL
  );
  INSERT INTO letter (seq, account, sender, sender_id, sender_public_id, ts, bytes, stored_ms, mid, ref, msg)
    SELECT l.seq, l.account, l.sender, a.id, a.public_id, l.ts, l.bytes, 0, CAST(l.mid AS BLOB),
      CASE WHEN ref_kind IS NULL THEN NULL ELSE json_object('kind', ref_kind, 'mid', ref_mid) END, CAST(l.msg AS BLOB)
    FROM letter_4 l LEFT JOIN account a ON a.name = l.sender ORDER BY l.seq;
  DELETE FROM sqlite_sequence WHERE name = 'letter';
  INSERT INTO sqlite_sequence (name, seq) SELECT 'letter', seq FROM sqlite_sequence WHERE name = 'letter_4';
  DROP TABLE letter_4;
  CREATE UNIQUE INDEX letter_once ON letter (account, sender_id, mid) WHERE sender_id > 0;
  CREATE INDEX letter_by_account ON letter (account, seq, sender_id, bytes);
  CREATE INDEX letter_unsettled ON letter (seq) WHERE sender_id IS NULL;
  `,
  // Columns that `token` does not have, because other programs insert rows of eight. A token without a row here has the
  // defaults.
  `
  CREATE TABLE session (
    hash TEXT PRIMARY KEY REFERENCES token (hash) ON DELETE CASCADE,
    plain INTEGER NOT NULL,
    outcomes INTEGER NOT NULL,
    device BLOB,
    live INTEGER NOT NULL DEFAULT 0,
    state TEXT,
    text BLOB
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX session_live ON session (hash) WHERE live = 1;
  CREATE TABLE device (
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    key TEXT NOT NULL,
    used_ms INTEGER NOT NULL,
    PRIMARY KEY (account, key)
  ) STRICT, WITHOUT ROWID;
  `,
  // Delivery outcomes, for senders that want to know them.
  `
  CREATE TABLE outcome (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    recipient TEXT NOT NULL,
    recipient_public_id TEXT NOT NULL,
    mid BLOB NOT NULL,
    state TEXT NOT NULL,
    made_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX outcome_by_account ON outcome (account, seq);
  `,
  // Invitations that members make end with their account.
  `
  ALTER TABLE invite ADD COLUMN account INTEGER REFERENCES account ON DELETE CASCADE;
  CREATE INDEX invite_by_account ON invite (account) WHERE account IS NOT NULL;
  `,
  // When an invitation was made, in running time: what a member makes in a day is limited. Older ones are not counted.
  `
  ALTER TABLE invite ADD COLUMN made_ms INTEGER;
  `,
];
