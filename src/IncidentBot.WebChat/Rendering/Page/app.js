import { card, element, form, rich } from "./render.js";

const $ = id => document.getElementById(id);
const state = { me: localStorage.getItem("me") ?? "ann", room: location.hash.slice(1) || "incidents", thread: null, people: [], joined: new Set(), notes: [] };

async function send(path, body) {
  // The id is made once and kept through every try, so that trying again never does a thing twice.
  const message = { id: crypto.randomUUID(), room: state.room, thread: state.thread ?? undefined, as: state.me, ...body };
  for (let attempt = 0; ; attempt++) {
    try {
      const response = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(message) });
      if (response.status !== 503) {
        const text = await response.text();
        const body = text.startsWith("{") ? JSON.parse(text) : null;
        return { ok: response.ok, body: response.ok ? body : { kind: "failed", text: body?.error ?? `The bot did not take it (${response.status}). Your words are still here.` } };
      }
      connection("The database cannot take a write; trying again …");
    } catch {
      connection("Not connected; trying again …");
    }
    await new Promise(resolve => setTimeout(resolve, Math.min(8000, 500 * 2 ** attempt)));
  }
}

function connection(text) { $("connection").textContent = text; }

async function gesture(path, body) {
  const { ok, body: answer } = await send(path, body);
  if (answer?.kind === "form") {
    const context = answer.form.context ?? undefined;
    form($("dialog"), answer.form, async values => {
      const { ok: taken, body: result } = await send("/chat/forms", { key: answer.form.key, context, values });
      if (result?.kind === "errors") return result.errors;
      if (!taken) { note(result); return {}; }
      $("dialog").close();
      note(result);
      return null;
    });
  } else {
    note(answer);
  }
  return ok;
}

function note(answer) {
  if (!answer || answer.kind === "none") return;
  const shown = answer.card ?? { title: "", tone: answer.kind === "refused" || answer.kind === "failed" ? "danger" : "neutral", parts: [{ part: "text", text: words(answer.text ?? "") }] };
  state.notes.push({ room: state.room, thread: state.thread, card: shown, after: lastMessage() });
  look();
}

// The bot's own sentences put what can be typed between backticks.
function words(text) {
  return text.split("`").map((t, i) => ({ k: i % 2 ? "code" : "plain", t })).filter(s => s.t);
}

function lastMessage() {
  return [...$("messages").querySelectorAll("li[data-id]")].at(-1)?.dataset.id ?? null;
}

const press = (key, value) => gesture("/chat/buttons", { key, value });

function drawMessage(m) {
  const person = state.people.find(p => p.handle === m.author);
  const tools = element("span", { class: "tools" },
    element("button", { type: "button", title: "Reply in thread", on: { click: () => enterThread(m.thread ?? m.id) } }, "↩"),
    m.author && element("button", { type: "button", title: m.pinned ? "Take off the timeline" : "Put on the timeline", "aria-pressed": String(m.pinned),
      on: { click: () => change(m.pinned ? "unpin" : "pin", { messageId: m.id }) } }, "📌"),
    m.author === state.me && element("button", { type: "button", title: "Edit", on: { click: () => editMessage(m) } }, "✎"),
    m.author === state.me && element("button", { type: "button", title: "Delete", on: { click: () => change("delete", { messageId: m.id }) } }, "🗑"));
  return element("li", { "data-id": m.id, class: [m.thread ? "reply" : "", m.author ? "" : "bot", m.pinned ? "pinned" : ""].join(" ").trim() },
    element("div", { class: "who" }, element("strong", {}, m.author ? person?.name ?? m.author : "IncidentBot"), " ",
      element("time", { datetime: m.at, title: `${m.at} (UTC)` }, `${m.at.slice(11, 16)} UTC`), m.edited ? " (edited)" : "", tools),
    m.card ? card(m.card, state.me, press) : element("div", { class: "text" }, rich(m.text, state.me)));
}

async function change(what, body) {
  const { ok, body: answer } = await send(`/chat/messages/${what}`, body);
  if (!ok) note(answer);
  return ok;
}

function editMessage(m) {
  const text = m.text.map(s => s.t).join("");
  form($("dialog"), { title: "Edit the message", submit: "Save", fields: [{ id: "text", label: "Message", kind: "paragraph", value: text }] }, async values => {
    if (!values.text.trim()) return { text: "A message wants words; delete it instead." };
    if (!await change("edit", { messageId: m.id, text: values.text })) return {};
    $("dialog").close();
    return null;
  });
}

function enterThread(id) {
  state.thread = id;
  $("replying").hidden = !id;
  if (id) $("text").focus();
}

function openRoom(id) {
  state.room = id;
  location.hash = id;
  enterThread(null);
  look();
}

let looking = null;
let again = false;

async function look() {
  if (looking) { again = true; return; }
  looking = draw().catch(() => connection("Not connected; trying again …"));
  await looking;
  looking = null;
  if (again) { again = false; look(); }
}

async function draw() {
  const response = await fetch(`/chat/state?as=${encodeURIComponent(state.me)}&room=${encodeURIComponent(state.room)}`);
  const s = await response.json();
  connection("");
  state.people = s.people;
  if (s.room !== state.room) { state.room = s.room; location.hash = s.room; }
  $("person").replaceChildren(...s.people.map(p => element("option", { value: p.handle, selected: p.handle === state.me }, `${p.name} (${p.timeZone})`)));
  $("rooms").replaceChildren(...s.rooms.map(r => element("li", {},
    element("button", { type: "button", "aria-current": r.id === s.room ? "true" : null, on: { click: () => openRoom(r.id) } }, r.direct ? `✉ ${r.name}` : `${r.private ? "🔒" : "#"}${r.name}`))));
  const room = s.rooms.find(r => r.id === s.room);
  $("room-name").textContent = room?.direct ? "Direct messages from IncidentBot" : `#${room?.name ?? s.room}`;
  const list = $("messages");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const roots = s.messages.filter(m => !m.thread || !s.messages.some(x => x.id === m.thread));
  const rows = roots.flatMap(m => [m, ...s.messages.filter(x => x.thread === m.id)]).map(drawMessage);
  for (const n of state.notes.filter(n => n.room === s.room)) {
    const own = element("li", { class: "private" }, element("div", { class: "who" }, "Only you can see this"), card(n.card, state.me, press));
    const at = rows.findIndex(r => r.dataset.id === n.after);
    const next = at < 0 ? rows.length : at + 1;
    const past = rows.slice(next).findIndex(r => r.dataset.id);
    rows.splice(past < 0 ? rows.length : next + past, 0, own);
  }
  list.replaceChildren(...rows);
  if (atEnd) list.scrollTop = list.scrollHeight;
  const key = `${s.room}/${state.me}`;
  if (s.room.startsWith("inc-") && !state.joined.has(key)) {
    state.joined.add(key);
    send("/chat/join", {});
  }
}

$("compose").addEventListener("submit", async event => {
  event.preventDefault();
  const box = $("text");
  const text = box.value;
  if (!text.trim()) return;
  box.value = "";
  const command = text.match(/^\s*\/incident\b\s*([\s\S]*)$/i);
  if (command) {
    if (!await gesture("/chat/commands", { text: command[1] })) box.value ||= text;
  } else {
    const { ok, body } = await send("/chat/messages", { text });
    if (!ok) { box.value ||= text; note(body); }
  }
});

$("text").addEventListener("keydown", event => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); $("compose").requestSubmit(); }
});
$("leave-thread").addEventListener("click", () => enterThread(null));
$("person").addEventListener("change", event => { state.me = event.target.value; localStorage.setItem("me", state.me); state.notes = []; look(); });
window.addEventListener("hashchange", () => { const room = location.hash.slice(1); if (room && room !== state.room) openRoom(room); });

const stream = new EventSource("/chat/events");
stream.onmessage = look;
stream.onerror = () => connection("Not connected; trying again …");
look();
