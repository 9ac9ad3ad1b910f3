// The tables of one account's history. Released statements are never edited; new ones are appended.

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
  // Messages get a number that never changes (the key of the word index), and the later changes: replies, edits, deletions,
  // reactions. `act` stores sent and received changes for ever, as `message` stores messages. An edit has no text here and a
  // deleted message none at all: the text of a message is only in its one row.
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
  // The version of `keyOfName` for the keys in the rows (daemon/history/open/new-keys.ts); if absent, the current one.
  `
  CREATE TABLE key_version (version INTEGER NOT NULL) STRICT;
  INSERT INTO key_version
    SELECT NOT (EXISTS (SELECT 1 FROM conversation) OR EXISTS (SELECT 1 FROM draft) OR EXISTS (SELECT 1 FROM act));
  `,
  // How a message was received or sent: the key of the direct link, or NULL for the server.
  `
  ALTER TABLE message ADD COLUMN via TEXT;
  `,
  // An index of the fragments of texts (grams.ts) replaces the one of words. The daemon fills it in the background from the
  // newest message to the oldest (`unindexed_through`). Messages of others are counted per block of 1,024 positions, so that
  // unread counts need no scan. The state of the file's upkeep is stored too. A deletion is never undone: a conversation in
  // `purge` is hidden from all readers at once, and its rows are removed in small steps.
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
  // `message` becomes `event`, in place: its rows are not copied, and its indexes keep their names. The changes of messages,
  // which were in `act`, move into it. A row with `seq` > 0 is a message. A change has no place in its conversation: its
  // `seq` is -`id`, and its `id` is above 0. So a conversation's changes in order are a range of the index by `seq`. Every
  // query about messages says `seq > 0`. `contact` is 0 for a conversation with only changes: this person does not have it
  // in the list of contacts. `purge.through_event`: the changes with an `id` up to it are deleted; no later change gets such
  // an `id`. An index with the condition `seq < 0` would make SQLite prepare every statement with `seq < ?` again for each
  // value, to see whether it may use that index; hence `0 > seq`, also in the queries that are to use it.
  `
  PRAGMA legacy_alter_table = OFF;
  PRAGMA secure_delete = ON;
  DROP TRIGGER message_received_added;
  DROP TRIGGER message_received_removed;
  DROP TRIGGER message_received_changed;
  ALTER TABLE message RENAME TO event;
  ALTER TABLE event RENAME COLUMN text TO body;
  ALTER TABLE event RENAME COLUMN answers TO target;
  ALTER TABLE event ADD COLUMN kind TEXT NOT NULL DEFAULT 'text';
  UPDATE event INDEXED BY message_answers SET kind = 'reply' WHERE target IS NOT NULL;
  ALTER TABLE reaction RENAME COLUMN message TO event;
  ALTER TABLE conversation ADD COLUMN contact INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE purge RENAME COLUMN through_act TO through_event;

  CREATE TABLE last_message (id INTEGER NOT NULL) STRICT;
  INSERT INTO last_message VALUES (max(0, coalesce((SELECT max(id) FROM event), 0)));
  INSERT OR IGNORE INTO conversation (id, name, blocked, muted, read_seq, told_seq, contact)
    SELECT DISTINCT conversation, '', 0, 0, 0, 0, 0 FROM act;
  INSERT OR IGNORE INTO event (id, conversation, seq, sender, mid, author, own, body, sent_at_ms, state, target, kind)
    SELECT last_message.id + position, conversation, -(last_message.id + position), sender, mid, author,
      state IN ('sending', 'queued', 'sent', 'failed'), emoji, sent_at_ms,
      CASE state WHEN 'sent' THEN 'delivered' WHEN 'done' THEN 'received' ELSE state END, target,
      CASE kind WHEN 'delete' THEN 'deletion' WHEN 'react' THEN 'reaction' WHEN 'unreact' THEN 'reactionRemoval' ELSE kind END
    FROM act JOIN last_message ORDER BY position;
  UPDATE purge SET through_event = through_event + (SELECT id FROM last_message);
  DROP TABLE last_message;

  ALTER TABLE outbox RENAME TO outbox_before;
  CREATE TABLE outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    event INTEGER NOT NULL UNIQUE REFERENCES event (id)
  ) STRICT;
  INSERT OR IGNORE INTO outbox (event)
    SELECT event.id FROM outbox_before AS entry JOIN event ON event.conversation = entry.conversation
        AND event.mid = entry.mid AND (event.seq = entry.seq OR (entry.seq IS NULL AND event.seq < 0 AND event.own = 1))
      ORDER BY entry.position;
  DROP TABLE outbox_before;
  DROP TABLE act;

  CREATE INDEX event_change ON event (id) WHERE 0 > seq;
  CREATE INDEX event_queued ON event (conversation, seq) WHERE state = 'queued';
  CREATE TRIGGER event_received_added AFTER INSERT ON event WHEN NEW.seq > 0 AND NEW.own = 0 AND NEW.deleted = 0 BEGIN
    INSERT INTO received_count VALUES (NEW.conversation, NEW.seq / 1024, 1) ON CONFLICT DO UPDATE SET count = count + 1;
  END;
  CREATE TRIGGER event_received_removed AFTER DELETE ON event WHEN OLD.seq > 0 AND OLD.own = 0 AND OLD.deleted = 0 BEGIN
    UPDATE received_count SET count = count - 1 WHERE conversation = OLD.conversation AND block = OLD.seq / 1024;
  END;
  CREATE TRIGGER event_received_changed AFTER UPDATE OF conversation, seq, own, deleted ON event BEGIN
    UPDATE received_count SET count = count - 1 WHERE OLD.seq > 0 AND OLD.own = 0 AND OLD.deleted = 0
      AND conversation = OLD.conversation AND block = OLD.seq / 1024;
    INSERT INTO received_count SELECT NEW.conversation, NEW.seq / 1024, 1
      WHERE NEW.seq > 0 AND NEW.own = 0 AND NEW.deleted = 0 ON CONFLICT DO UPDATE SET count = count + 1;
  END;
  `,
];
