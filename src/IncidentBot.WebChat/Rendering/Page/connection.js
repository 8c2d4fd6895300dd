// Talks to the bot. What was sent and not yet taken is kept in the browser and sent again, with the same id, until it is.

const waiting = new Map(Object.entries(JSON.parse(localStorage.getItem("waiting") ?? "{}")));
let said = () => {};

export function onStatus(listener) { said = listener; }

export const pending = () => [...waiting.values()];

function remember() { localStorage.setItem("waiting", JSON.stringify(Object.fromEntries(waiting))); }

// Sends one act. The id is made once and kept through every try, so that trying again never does a thing twice.
export async function send(path, body, changed = () => {}) {
  const message = { id: crypto.randomUUID(), ...body };
  waiting.set(message.id, { path, message });
  remember();
  changed();
  return deliver(path, message, changed);
}

// What an earlier page could not get rid of.
export function sendLeftovers(changed) {
  return [...waiting.values()].map(({ path, message }) => ({ path, message, done: deliver(path, message, changed) }));
}

async function deliver(path, message, changed) {
  for (let attempt = 0; ; attempt++) {
    try {
      const response = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(message) });
      if (response.status !== 503) {
        const text = await response.text();
        waiting.delete(message.id);
        remember();
        changed();
        said("");
        const answer = text.startsWith("{") ? JSON.parse(text) : null;
        return { ok: response.ok, body: response.ok ? answer : { kind: "failed", text: answer?.error ?? refused(response.status) } };
      }
      said("The database cannot take a write. What you write is kept here and sent again.");
    } catch {
      said("Not connected. What you write is kept here and sent as soon as the bot is back.");
    }
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
