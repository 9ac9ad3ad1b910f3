// Loaded into a daemon with `--import`: it kills itself with SIGKILL as soon as a message is in its outbox on disk and
// before anybody has been told. Nothing else is changed.

import { DatabaseSync, StatementSync } from "node:sqlite";

type Method<T, Result> = (this: T, ...values: unknown[]) => Result;

let stored = false;
const isOutbox = new WeakSet<StatementSync>();

const prepare = Reflect.get(DatabaseSync.prototype, "prepare") as Method<DatabaseSync, StatementSync>;
const exec = Reflect.get(DatabaseSync.prototype, "exec") as Method<DatabaseSync, void>;
const run = Reflect.get(StatementSync.prototype, "run") as Method<StatementSync, unknown>;

Object.assign(DatabaseSync.prototype, {
  prepare(this: DatabaseSync, sql: string, ...rest: unknown[]): StatementSync {
    const statement = prepare.call(this, sql, ...rest);
    if (/^INSERT OR REPLACE INTO outbox\b/.test(sql)) isOutbox.add(statement);
    return statement;
  },
  exec(this: DatabaseSync, sql: string): void {
    exec.call(this, sql);
    if (stored && sql === "COMMIT") process.kill(process.pid, "SIGKILL");
  },
});
Object.assign(StatementSync.prototype, {
  run(this: StatementSync, ...values: unknown[]): unknown {
    stored ||= isOutbox.has(this);
    return run.apply(this, values);
  },
});
