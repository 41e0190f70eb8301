// The measured journey as an xstate machine over SQLite: load, decide, update, insert, commit.
//
// The first line on standard input says what to do ({database, pragmas, statements, sessions,
// steps, answered}); every further line asks for one round and is answered with {count,
// cpuSeconds}. The statements, rows and settings are the product's own. What it does not do:
// encrypt, chain the history, or keep what a journey needs beside its answers.
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import Database from "better-sqlite3";
import { assign, setup, transition } from "xstate";

const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;
const LINK = Buffer.alloc(32, "h");
const HASH = "a".repeat(32);
const AT = "2026-05-04T12:00:00.000000+00:00";

const isText = (value) => typeof value === "string" && value.length > 0 && value.length <= 80;
const isAmount = (value) => Number.isInteger(value) && value >= 0 && value < 100000;
const isValid = ({ answer }) =>
  isText(answer.name) &&
  isText(answer.email) &&
  EMAIL.test(answer.email) &&
  (answer.amount === null || isAmount(answer.amount)) &&
  typeof answer.agrees === "boolean";

function machineOf(steps) {
  const keep = assign({
    answers: ({ context, event }) => ({ ...context.answers, [event.step]: event.answer }),
  });
  const screens = {};
  for (let number = 0; number < steps; number += 1) {
    const next = number + 1 < steps ? `screen_${number + 1}` : "done";
    screens[`screen_${number}`] = {
      on: {
        SUBMIT: [
          { guard: "leaves", target: "done", actions: keep },
          { guard: "isValid", target: next, actions: keep },
        ],
      },
    };
  }
  return setup({
    guards: {
      isValid: ({ event }) => isValid(event),
      leaves: ({ event }) => isValid(event) && event.answer.agrees === false,
    },
  }).createMachine({
    initial: "screen_0",
    context: { answers: {} },
    states: { ...screens, done: { type: "final" } },
  });
}

class Peer {
  constructor(task) {
    this.task = task;
    this.machine = machineOf(task.steps);
    this.database = new Database(task.database);
    for (const pragma of task.pragmas) this.database.pragma(pragma);
    const prepared = (text) => this.database.prepare(text);
    this.load = prepared(task.statements.load);
    this.update = prepared(task.statements.update);
    this.insertEvent = prepared(task.statements.insert_event);
    this.insertSession = prepared(task.statements.insert_session);
    this.begin = prepared("BEGIN IMMEDIATE");
    this.commit = prepared("COMMIT");
    this.submitted = 0;
  }

  start() {
    const id = randomUUID();
    const state = this.stateOf({ value: "screen_0", context: { answers: {} } });
    const names = { session_id: id, workflow_id: "xstate", workflow_hash: HASH, status: "active" };
    const row = { ...names, frame: "", step: "screen_0", revision: 0, event_count: 0, state };
    const rest = { tenant: null, owner: "v".repeat(43), filled_count: 0, head: LINK };
    const times = { created_at: AT, updated_at: AT, expires_at: AT };
    const all = { ...row, ...rest, ...times, wrapped_key: Buffer.alloc(64) };
    this.insertSession.run(this.task.session_columns.map((name) => all[name]));
    return id;
  }

  stateOf({ value, context }) {
    return Buffer.from(JSON.stringify({ value, context }));
  }

  submit(id) {
    const number = this.submitted++ % 100000;
    this.begin.run();
    const row = this.load.get(id);
    const { value, context } = JSON.parse(row.state);
    const before = this.machine.resolveState({ value, context });
    const answer = { name: "Ada Lovelace", email: "ada@example.com", amount: number, agrees: true };
    const [after] = transition(this.machine, before, { type: "SUBMIT", step: value, answer });
    if (after.value === before.value) throw new Error("the answer was refused");
    const at = new Date().toISOString();
    const { revision, event_count: count } = row;
    const place = ["", after.value, revision + 1, count + 1];
    const state = this.stateOf(after);
    this.update.run(HASH, after.status, ...place, at, at, LINK, state, id, revision, LINK);
    const { name, email, ...plain } = answer;
    const data = JSON.stringify({ values: { name, ...plain }, results: [] });
    const personal = Buffer.from(JSON.stringify({ email }));
    const event = [id, count, "submitted", at, revision + 1, "", value, "", after.value];
    this.insertEvent.run(...event, data, personal, String(number).padStart(32, "0"), HASH, LINK);
    this.commit.run();
  }

  round() {
    const ids = Array.from({ length: this.task.sessions }, () => this.start());
    const begin = process.cpuUsage();
    for (let number = 0; number < this.task.answered; number += 1) {
      for (const id of ids) this.submit(id);
    }
    const { user, system } = process.cpuUsage(begin);
    return { count: ids.length * this.task.answered, cpuSeconds: (user + system) / 1e6 };
  }
}

let peer;
for await (const line of createInterface({ input: process.stdin })) {
  const answer = peer ? peer.round() : { ready: Boolean((peer = new Peer(JSON.parse(line)))) };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
