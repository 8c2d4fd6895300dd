import { composer } from "./compose.js";
import { onStatus, pending, send, sendLeftovers, tell } from "./connection.js";
import { element, keep, sentence } from "./draw.js";
import { close, form, show } from "./forms.js";
import { drawMessages } from "./messages.js";
import { drawPanel } from "./panel.js";

const $ = id => document.getElementById(id);
const state = {
  // Each window is a person of its own; a new one begins as the last that was chosen.
  me: sessionStorage.getItem("me") ?? localStorage.getItem("me") ?? "ann", room: decodeURIComponent(location.hash.slice(1)) || "incidents", thread: null,
  people: [], rooms: [], messages: [], panel: null, more: false, most: 300, joined: new Set(), notes: JSON.parse(sessionStorage.getItem("notes") ?? "[]"), files: {}, down: false, read: new Map(),
};
let noteCount = Math.max(0, ...state.notes.map(n => n.id));
sessionStorage.setItem("me", state.me);
const keepNotes = () => sessionStorage.setItem("notes", JSON.stringify(state.notes.slice(-50)));

// --- looking

let looking = false;
let again = false;

// Many changes in a moment are one look.
let planned = null;
const soon = () => { planned ??= setTimeout(() => { planned = null; look(); }, 80); };

async function look() {
  if (looking) { again = true; return; }
  looking = true;
  try {
    await refresh();
    connection("");
  } catch {
    lost("Not connected. What you write is kept here and sent as soon as the bot is back.");
  }
  looking = false;
  if (again) { again = false; look(); }
}

async function refresh() {
  const asked = { me: state.me, room: state.room };
  const response = await fetch(`/chat/state?as=${encodeURIComponent(asked.me)}&room=${encodeURIComponent(asked.room)}&most=${state.most}`);
  if (response.status === 404 && asked.me !== "ann") { become("ann"); return; }
  if (!response.ok) throw new Error(`The state was not given (${response.status}).`);
  const s = await response.json();
  if (asked.me !== state.me || asked.room !== state.room) { again = true; return; }
  Object.assign(state, { people: s.people, rooms: s.rooms, messages: s.messages, panel: s.panel, more: s.more });
  if (s.room !== state.room) { state.room = s.room; history.replaceState(null, "", `#${s.room}`); }
  draw();
  arrive();
}

function connection(text) {
  state.down = text !== "";
  if ($("connection").textContent !== text) $("connection").textContent = text;
}

// Says why nothing is taken at the moment, and shows what waits; an empty text says that all is well again.
function lost(text) {
  connection(text);
  if (state.people.length) draw();
}

// --- drawing

const me = () => state.people.find(p => p.handle === state.me);

function view() {
  return {
    me: state.me, people: state.people, rooms: state.rooms, guest: me()?.guest ?? false, messages: state.messages, panel: state.panel,
    zone: me()?.timeZone ?? "UTC",
    notes: state.notes.filter(n => n.room === state.room && n.me === state.me),
    waiting: state.down ? pending().filter(w => w.message.room === state.room && w.message.as === state.me && w.message.text)
      .map(w => ({ id: w.message.id, text: w.path === "/chat/commands" ? `/incident ${w.message.text}` : w.message.text })) : [],
  };
}

function draw() {
  drawPeople();
  drawRooms();
  const room = state.rooms.find(r => r.id === state.room);
  $("room-name").textContent = room?.direct ? "Messages from IncidentBot" : `${room?.private ? "🔒 " : "#"}${room?.name ?? state.room}`;
  $("room-topic").replaceChildren(...topic(room));
  document.title = `${totalUnread() ? `(${totalUnread()}) ` : ""}${room?.direct ? "IncidentBot" : `#${room?.name ?? state.room}`} · IncidentBot`;
  $("show-panel").hidden = !state.panel;
  $("declare").classList.toggle("primary", !state.panel);
  $("declare").hidden = me()?.guest ?? false;
  $("clock").textContent = `Times you type are read in ${view().zone}, where it is ${new Date().toLocaleTimeString("en-GB", { timeZone: view().zone, hour: "2-digit", minute: "2-digit" })}`;
  const scroll = $("scroll");
  const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80 || scroll.dataset.room !== state.room;
  drawWelcome();
  $("earlier").hidden = !state.more;
  drawMessages($("messages"), view(), act);
  drawPanel($("panel"), view(), act);
  document.body.classList.toggle("with-panel", !!state.panel);
  if (atEnd) scroll.scrollTop = scroll.scrollHeight;
  // A reply stands with what it answers, which may be out of sight.
  const replies = state.show ? state.messages.filter(m => m.thread === state.show) : [];
  if (replies.length) {
    [...$("messages").children].find(n => n.dataset.key === replies.at(-1).id)?.scrollIntoView({ block: "nearest" });
    state.show = null;
  }
  scroll.dataset.room = state.room;
}

function drawPeople() {
  if ($("person").options.length !== state.people.length) {
    $("person").replaceChildren(...state.people.map(p => element("option", { value: p.handle }, `${p.name} · ${p.timeZone}`)));
  }
  $("person").value = state.me;
}

function drawRooms() {
  const channels = state.rooms.filter(r => !r.direct && !r.title);
  const groups = [
    ["Channels", channels],
    ["Direct messages", state.rooms.filter(r => r.direct)],
    ["Open incidents", state.rooms.filter(r => r.title && r.open)],
    ["Closed incidents", state.rooms.filter(r => r.title && !r.open)],
  ].filter(([, rooms]) => rooms.length);
  keep($("rooms-nav"), groups.map(([label, rooms]) => ({ key: label, mark: JSON.stringify([rooms, state.room]), draw: () => element("section", {},
    element("h2", {}, label),
    element("ul", {}, rooms.map(r => element("li", {}, element("button", {
      type: "button", "aria-current": r.id === state.room ? "true" : null, "data-focus": r.id, class: r.unread ? "unread" : null, title: r.title ? `#${r.name}` : null, on: { click: () => openRoom(r.id) },
    }, element("span", { class: r.open ? `dot level-${r.severity ?? 4}` : "sign", "aria-hidden": "true" }, r.open ? "" : r.direct ? "✉" : r.private ? "🔒" : "#"),
    element("span", { class: "name", dir: "auto" }, r.title ? `${r.private ? "🔒 " : ""}${r.title}` : r.name), r.title && r.open && r.severity && element("span", { class: "level" }, `SEV${r.severity}`), r.unread > 0 && element("span", { class: "badge" }, String(r.unread), element("span", { class: "unseen" }, " unread"))))))) })));
  const others = state.rooms.filter(r => r.id !== state.room).reduce((n, r) => n + r.unread, 0);
  $("unread-total").hidden = others === 0;
  $("unread-total").textContent = String(others);
}

const totalUnread = () => state.rooms.reduce((n, r) => n + r.unread, 0);

function topic(room) {
  if (room?.direct) return ["What the bot tells you alone: links, roles, reminders."];
  if (room?.title) return [room.title];
  return ["Something is wrong? Type ", element("code", {}, "/incident start sev1 database is down")];
}

function drawWelcome() {
  const empty = state.room === "incidents" && state.messages.length === 0;
  $("welcome").hidden = !empty;
  if (!empty || $("welcome").childElementCount) return;
  $("welcome").append(
    element("h3", {}, "An incident, captured while it happens"),
    element("ol", {},
      element("li", {}, element("strong", {}, "Declare it in one line. "), "The bot makes a room, notes the time and asks for nothing first."),
      element("li", {}, element("strong", {}, "Just talk. "), "📌 puts a message on the timeline at the time it was written; ", element("code", {}, "/incident log 5m ago pool is full"), " does it at once."),
      element("li", {}, element("strong", {}, "Resolve it. "), "The post-mortem stands there already, and says what it still misses.")),
    element("p", { class: "buttons" },
      element("button", { type: "button", class: "primary", on: { click: declare } }, "Declare an incident"),
      element("button", { type: "button", on: { click: replay } }, "▶ Replay the sample outage")),
    element("p", { class: "quiet" }, "Above you choose who you are: six sample people in six time zones. Open a second window to be two of them."));
}

// --- acting

async function gesture(path, body) {
  const from = { room: state.room, me: state.me };
  const { ok, body: answer } = await send(path, { room: state.room, thread: state.thread ?? undefined, as: state.me, ...body }, look);
  if (answer?.kind === "form") {
    form(answer.form, async values => {
      const { ok: taken, body: result } = await send("/chat/forms", { room: from.room, as: from.me, key: answer.form.key, context: answer.form.context ?? undefined, values }, look);
      if (result?.kind === "errors") return result.errors;
      if (!taken || result?.kind === "refused" || result?.kind === "failed") return { "": result?.text ?? "The bot did not take it." };
      close();
      note(result, from);
      return null;
    });
  } else {
    note(answer, from);
  }
  return ok && answer?.kind !== "refused" && answer?.kind !== "failed";
}

function note(answer, from = { room: state.room, me: state.me }) {
  if (!answer || answer.kind === "none") return;
  const bad = answer.kind === "refused" || answer.kind === "failed";
  const shown = answer.card ?? { title: "", tone: bad ? "danger" : "neutral", parts: [{ part: "text", text: sentence(answer.text ?? "") }] };
  // Receipts may repeat what has just been redacted.
  if (/^Entry \d+ is redacted$/.test(shown.title)) state.notes = state.notes.filter(n => n.room !== from.room);
  const last = state.room === from.room ? state.messages.filter(m => !m.thread).at(-1) : null;
  state.notes.push({ id: ++noteCount, room: from.room, me: from.me, card: shown, after: last?.id ?? null });
  keepNotes();
  draw();
  $("scroll").scrollTop = $("scroll").scrollHeight;
}

const act = {
  async press(key, value, button) {
    if (button) button.disabled = true;
    await gesture("/chat/buttons", { key, value });
    if (button) button.disabled = false;
  },
  command: text => gesture("/chat/commands", { text }),
  dismiss(id) { state.notes = state.notes.filter(n => n.id !== id); keepNotes(); draw(); },
  open: id => openRoom(id),
  thread: id => enterThread(id),
  async react(m, emoji, on) { await tell("/chat/reactions", { messageId: m.id, room: state.room, as: state.me, emoji, on }); look(); },
  async change(what, m, more) {
    const { ok, body } = await send(`/chat/messages/${what}`, { messageId: m.id, room: state.room, as: state.me, ...more }, look);
    if (!ok) note(body);
    return ok;
  },
  edit(m) {
    form({ title: "Edit your message", submit: "Save", fields: [{ id: "text", label: "Message", kind: "paragraph", value: m.text.map(s => s.t).join("") }] }, async values => {
      if (!values.text.trim()) return { text: "A message wants words; delete it instead." };
      if (!await act.change("edit", m, { text: values.text })) return { "": "It could not be changed." };
      close();
      return null;
    });
  },
  remove(m) {
    const note = m.pinned ? "It is on the timeline, and its entry goes with it; both stay in the history." : null;
    form({ title: "Delete this message?", note, grave: true, submit: "Delete", fields: [] }, async () => { await act.change("delete", m); close(); return null; });
  },
  async play(control) { await tell(`/chat/play/${control}`, { room: state.room, as: state.me }); look(); },
};

const declare = () => act.command("start --form");

async function replay() {
  $("replay").disabled = true;
  try {
    const response = await fetch(`/chat/sample?as=${encodeURIComponent(state.me)}`, { method: "POST" });
    const answer = await response.json();
    if (!response.ok) note({ kind: "refused", text: answer.error });
    else if (answer.room) openRoom(answer.room);
  } catch {
    note({ kind: "failed", text: "The replay could not be started: the bot is not reachable." });
  }
  $("replay").disabled = false;
}

// --- going about

function openRoom(id, push = true) {
  if (id !== state.room) {
    message.keepDraft();
    state.room = id;
    state.messages = [];
    state.panel = null;
    state.most = 300;
    if (push) history.pushState(null, "", `#${encodeURIComponent(id)}`);
    enterThread(null);
    message.takeDraft();
    message.drawFiles();
  }
  reveal("room");
  look();
}

function reveal(what) {
  document.body.dataset.view = what;
  message.grow();
  $("show-rooms").setAttribute("aria-expanded", String(what === "rooms"));
  $("show-panel").setAttribute("aria-expanded", String(what === "panel"));
}

function enterThread(id) {
  state.thread = id;
  $("replying").hidden = !id;
  const root = state.messages.find(m => m.id === id);
  $("replying-to").textContent = id ? `Replying to “${(root?.card?.title || root?.text?.map(s => s.t).join("") || "a message").slice(0, 60)}”` : "";
  if (id) message.focus();
}

function become(person) {
  message.keepDraft();
  state.me = person;
  state.files = {};
  localStorage.setItem("me", person);
  sessionStorage.setItem("me", person);
  enterThread(null);
  message.takeDraft();
  message.drawFiles();
  look();
}

// Tells the bot that someone has come into an incident's room, and how far they have read.
function arrive() {
  const key = `${state.room}/${state.me}`;
  if (state.panel && !state.joined.has(key)) {
    state.joined.add(key);
    tell("/chat/join", { room: state.room, as: state.me }).then(ok => { if (!ok) state.joined.delete(key); });
  }
  const last = state.messages.reduce((most, m) => Math.max(most, m.seq), 0);
  if (!document.hidden && last > (state.read.get(key) ?? -1)) {
    state.read.set(key, last);
    tell("/chat/read", { room: state.room, as: state.me, seq: last });
  }
}

const message = composer(state, {
  look, gesture, note, enterThread,
  editLast() {
    const mine = state.messages.filter(m => m.author === state.me && m.text?.length).at(-1);
    if (mine) act.edit(mine);
    return !!mine;
  },
});

function shortcuts() {
  const rows = [["/", "to the message box"], ["Tab", "takes the completion"], ["Enter", "sends"], ["Shift + Enter", "a new line"], ["↑ in an empty box", "edits your last message"],
    ["Esc", "leaves a thread or a dialog"], ["Alt + ↑ / ↓", "the room above or below"], ["?", "this list"]];
  show("Keyboard", element("dl", { class: "facts" }, rows.map(([k, what]) => element("div", {}, element("dt", {}, element("kbd", {}, k)), element("dd", {}, what)))));
}

document.addEventListener("keydown", event => {
  const typing = event.target.closest("input, textarea, select") || $("dialog").open;
  if (event.key === "/" && !typing) { event.preventDefault(); message.focus(); }
  if (event.key === "?" && !typing) shortcuts();
  if (event.key === "Escape" && !event.defaultPrevented && !$("dialog").open) enterThread(null);
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    const ids = [...document.querySelectorAll("#rooms-nav button")].map(b => b.dataset.focus);
    openRoom(ids[(ids.indexOf(state.room) + (event.key === "ArrowDown" ? 1 : ids.length - 1)) % ids.length]);
  }
});
document.addEventListener("click", event => {
  for (const menu of document.querySelectorAll("details[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("visibilitychange", arrive);
$("earlier").addEventListener("click", () => { state.most += 300; look(); });
$("leave-thread").addEventListener("click", () => enterThread(null));
$("declare").addEventListener("click", declare);
$("replay").addEventListener("click", replay);
$("keys").addEventListener("click", shortcuts);
$("show-rooms").addEventListener("click", () => reveal(document.body.dataset.view === "rooms" ? "room" : "rooms"));
$("show-panel").addEventListener("click", () => reveal(document.body.dataset.view === "panel" ? "room" : "panel"));
$("person").addEventListener("change", event => become(event.target.value));
window.addEventListener("popstate", () => openRoom(decodeURIComponent(location.hash.slice(1)) || "incidents", false));

onStatus(lost);
for (const { path, message, done } of sendLeftovers(look)) {
  done.then(({ body }) => { if (path !== "/chat/messages") note(body, { room: message.room, me: message.as }); });
}
message.takeDraft();
const stream = new EventSource("/chat/events");
stream.onmessage = soon;
stream.onerror = () => lost("Not connected. What you write is kept here and sent as soon as the bot is back.");
// While a file is played its clock runs on between two events.
setInterval(() => { if (state.panel?.play && !state.panel.play.paused) look(); }, 1000);
look();
