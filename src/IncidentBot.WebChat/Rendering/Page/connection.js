// Talks to the bot. What was sent and not yet taken is kept in the browser and sent again, with the same id and in the same order, until it is.

const Prefix = "waiting-";
const mine = new Map();
const queues = new Map();
let said = () => {};

export function onStatus(listener) { said = listener; }

export const pending = () => [...mine.values()];

// Each under a key of its own: several windows share the browser's store.
function remember(item) { mine.set(item.message.id, item); localStorage.setItem(Prefix + item.message.id, JSON.stringify(item)); }

function forget(id) { mine.delete(id); localStorage.removeItem(Prefix + id); }

// Sends one act. The id is made once and kept through every try, so that trying again never does a thing twice.
export function send(path, body, changed = () => {}) {
  const item = { path, message: { id: crypto.randomUUID(), ...body }, at: Date.now() };
  remember(item);
  changed();
  return inTurn(item, changed);
}

// What an earlier page could not get rid of.
export function sendLeftovers(changed) {
  const left = Object.keys(localStorage).filter(k => k.startsWith(Prefix)).map(k => JSON.parse(localStorage.getItem(k))).sort((a, b) => a.at - b.at);
  return left.map(item => { remember(item); return { path: item.path, message: item.message, done: inTurn(item, changed) }; });
}

// One after the other for each room and person: what was said first arrives first.
function inTurn(item, changed) {
  const lane = `${item.message.room}/${item.message.as}`;
  const turn = (queues.get(lane) ?? Promise.resolve()).then(() => deliver(item, changed));
  queues.set(lane, turn.catch(() => {}));
  return turn;
}

async function deliver({ path, message }, changed) {
  for (let attempt = 0; ; attempt++) {
    let status = 0;
    let text = "";
    try {
      const response = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(message) });
      text = await response.text();
      status = response.status;
    } catch {
      said("Not connected. What you write is kept here and sent as soon as the bot is back.");
    }
    if (status && status !== 503) {
      const ok = status >= 200 && status < 300;
      forget(message.id);
      said("");
      changed();
      const answer = text.startsWith("{") ? JSON.parse(text) : null;
      return { ok, body: ok ? answer : { kind: "failed", text: answer?.error ?? refused(status) } };
    }
    if (status) said("The database cannot take a write. What you write is kept here and sent again.");
    await new Promise(resolve => setTimeout(resolve, Math.min(5000, 500 * 2 ** attempt)));
  }
}

const refused = status => status === 404 ? "This room is not there any more, or not for you." : `The bot did not take it (${status}). Your words are still here.`;

// A small act that is not worth keeping, such as a reaction or what has been read.
export async function tell(path, body) {
  try {
    return (await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })).ok;
  } catch {
    return false;
  }
}

export async function upload(file, room, me) {
  const response = await fetch(`/chat/files?room=${encodeURIComponent(room)}&as=${encodeURIComponent(me)}&name=${encodeURIComponent(file.name || "pasted.png")}`,
    { method: "POST", headers: { "content-type": file.type || "application/octet-stream" }, body: file });
  if (response.ok) return response.json();
  const text = await response.text();
  throw new Error(response.status === 413 ? "A file of more than 1 MB is not kept: put it where it can be linked, and paste the link."
    : text.startsWith("{") ? JSON.parse(text).error : `The file was not taken (${response.status}).`);
}
