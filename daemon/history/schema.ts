// The tables of one account's history. Statements that were released are never edited, only added to.

import type { Migrations } from "../../base/sqlite.ts";

export const historyMigrations: Migrations = [
  `
  CREATE TABLE conversation (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    blocked INTEGER NOT NULL,
    muted INTEGER NOT NULL,
    read_seq INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE message (
    conversation TEXT NOT NULL REFERENCES conversation (id),
    seq INTEGER NOT NULL,
    sender TEXT NOT NULL,
    mid TEXT NOT NULL,
    author TEXT NOT NULL,
    own INTEGER NOT NULL,
    text TEXT NOT NULL,
    sent_at_ms INTEGER NOT NULL,
    state TEXT NOT NULL,
    failure_code TEXT,
    failure_reason TEXT,
    PRIMARY KEY (conversation, seq)
  ) STRICT;
  CREATE UNIQUE INDEX message_origin ON message (sender, mid);
  CREATE INDEX message_unread_by_other ON message (conversation, seq)
    WHERE own = 1 AND state IN ('sending', 'queued', 'delivered');

  CREATE TABLE outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation TEXT NOT NULL,
    seq INTEGER NOT NULL,
    mid TEXT NOT NULL,
    FOREIGN KEY (conversation, seq) REFERENCES message (conversation, seq)
  ) STRICT;
  CREATE INDEX outbox_message ON outbox (conversation, seq);
  `,
];
