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
  // Messages get a number that never changes (the index of words is by it), and what is done to them later: answers, edits,
  // deletions, reactions. `act` remembers those that came or go for ever, as `message` does its own. An edit has no text
  // here and a deleted message none at all: the text of a message is in its one row and nowhere else.
  `
  ALTER TABLE conversation ADD COLUMN told_seq INTEGER NOT NULL DEFAULT 0;
  UPDATE conversation SET told_seq = read_seq;

  ALTER TABLE outbox RENAME TO outbox_before;
  ALTER TABLE message RENAME TO message_before;
  CREATE TABLE message (
    id INTEGER PRIMARY KEY,
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
    answers TEXT,
    edited INTEGER NOT NULL DEFAULT 0,
    deleted INTEGER NOT NULL DEFAULT 0,
    UNIQUE (conversation, seq)
  ) STRICT;
  INSERT INTO message (conversation, seq, sender, mid, author, own, text, sent_at_ms, state, failure_code, failure_reason)
    SELECT conversation, seq, sender, mid, author, own, text, sent_at_ms, state, failure_code, failure_reason
    FROM message_before ORDER BY rowid;
  CREATE TABLE outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation TEXT NOT NULL,
    seq INTEGER,
    mid TEXT NOT NULL,
    FOREIGN KEY (conversation, seq) REFERENCES message (conversation, seq)
  ) STRICT;
  INSERT INTO outbox (conversation, seq, mid) SELECT conversation, seq, mid FROM outbox_before ORDER BY position;
  DROP TABLE outbox_before;
  DROP TABLE message_before;
  CREATE UNIQUE INDEX message_origin ON message (sender, mid);
  CREATE INDEX message_mid ON message (conversation, mid, seq);
  CREATE INDEX message_own ON message (conversation) WHERE own = 1;
  CREATE INDEX message_answers ON message (conversation, answers, seq) WHERE answers IS NOT NULL;
  CREATE INDEX message_unread_by_other ON message (conversation, seq)
    WHERE own = 1 AND state IN ('sending', 'queued', 'delivered');
  CREATE INDEX outbox_message ON outbox (conversation, mid);
  CREATE INDEX outbox_seq ON outbox (conversation, seq);

  CREATE TABLE act (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    sender TEXT NOT NULL,
    mid TEXT NOT NULL,
    author TEXT NOT NULL,
    conversation TEXT NOT NULL,
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    emoji TEXT NOT NULL,
    sent_at_ms INTEGER NOT NULL,
    state TEXT NOT NULL,
    UNIQUE (sender, mid)
  ) STRICT;
  CREATE INDEX act_pending ON act (conversation, target) WHERE state = 'pending';
  CREATE INDEX act_queued ON act (conversation) WHERE state = 'queued';

  CREATE TABLE reaction (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    message INTEGER NOT NULL REFERENCES message (id),
    emoji TEXT NOT NULL,
    sender TEXT NOT NULL,
    author TEXT NOT NULL,
    UNIQUE (message, emoji, sender)
  ) STRICT;

  CREATE TABLE draft (
    conversation TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    revision INTEGER NOT NULL
  ) STRICT;

  CREATE VIRTUAL TABLE message_words USING fts5(
    words, content='', prefix='2', tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co So'"
  );
  INSERT INTO message_words (message_words, rank) VALUES ('secure-delete', 1);
  `,
  // The version of `keyOfName` that the keys in the rows are of (daemon/history/open/new-keys.ts); without any, the present one.
  `
  CREATE TABLE key_version (version INTEGER NOT NULL) STRICT;
  INSERT INTO key_version
    SELECT NOT (EXISTS (SELECT 1 FROM conversation) OR EXISTS (SELECT 1 FROM draft) OR EXISTS (SELECT 1 FROM act));
  `,
  // By which way a message came or went: the key of the direct link, or NULL for the server.
  `
  ALTER TABLE message ADD COLUMN via TEXT;
  `,
  // An index of what texts are made of (grams.ts) in place of the one of words, filled from the newest message to the oldest
  // while the daemon works (`unindexed_through`); the messages of others counted in blocks of 1,024 positions, so that what
  // is unread needs no counting; and what the upkeep of the file has to remember. Nothing here is taken back by itself: a
  // conversation in `purge` is gone for everybody who reads, and its rows go in small steps.
  `
  DROP TABLE message_words;
  CREATE VIRTUAL TABLE message_grams USING fts5(grams, content='', detail=none, columnsize=0, tokenize='ascii');
  INSERT INTO message_grams (message_grams, rank) VALUES ('secure-delete', 1);

  CREATE TABLE upkeep (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    clean INTEGER NOT NULL,
    checked_at_ms INTEGER NOT NULL,
    unindexed_through INTEGER,
    index_unmerged INTEGER NOT NULL
  ) STRICT;
  INSERT INTO upkeep SELECT 1, 1, 1000 * unixepoch(), max(id), 0 FROM message;

  CREATE INDEX message_received ON message (conversation, seq) WHERE own = 0 AND deleted = 0;
  CREATE TABLE received_count (
    conversation TEXT NOT NULL,
    block INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (conversation, block)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO received_count
    SELECT conversation, seq / 1024, count(*) FROM message WHERE own = 0 AND deleted = 0 GROUP BY 1, 2;
  CREATE TRIGGER message_received_added AFTER INSERT ON message WHEN NEW.own = 0 AND NEW.deleted = 0 BEGIN
    INSERT INTO received_count VALUES (NEW.conversation, NEW.seq / 1024, 1) ON CONFLICT DO UPDATE SET count = count + 1;
  END;
  CREATE TRIGGER message_received_removed AFTER DELETE ON message WHEN OLD.own = 0 AND OLD.deleted = 0 BEGIN
    UPDATE received_count SET count = count - 1 WHERE conversation = OLD.conversation AND block = OLD.seq / 1024;
  END;
  CREATE TRIGGER message_received_changed AFTER UPDATE OF conversation, seq, own, deleted ON message BEGIN
    UPDATE received_count SET count = count - 1
      WHERE OLD.own = 0 AND OLD.deleted = 0 AND conversation = OLD.conversation AND block = OLD.seq / 1024;
    INSERT INTO received_count SELECT NEW.conversation, NEW.seq / 1024, 1 WHERE NEW.own = 0 AND NEW.deleted = 0
      ON CONFLICT DO UPDATE SET count = count + 1;
  END;

  CREATE TABLE purge (
    conversation TEXT PRIMARY KEY,
    through_seq INTEGER NOT NULL,
    through_act INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE forgotten (origin BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE INDEX act_target ON act (conversation, target, sender, emoji);
  `,
];
