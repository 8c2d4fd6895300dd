import { card, clock, element, keep, local, words } from "./draw.js";

const Reactions = ["👍", "👀", "✅", "🙏", "🎉"];

// Draws the conversation of a room: messages with their threads, days, what waits to be sent, and what only you can see.
export function drawMessages(list, view, act) {
  const { messages, notes, waiting } = view;
  const known = new Set(messages.map(m => m.id));
  const replies = Map.groupBy(messages.filter(m => m.thread && known.has(m.thread)), m => m.thread);
  const rows = [];
  let day = null;
  for (const m of messages.filter(m => !m.thread || !known.has(m.thread))) {
    if (m.at.slice(0, 10) !== day) {
      day = m.at.slice(0, 10);
      rows.push(separator(day, m.id));
    }
    rows.push(row(m, view, act), ...(replies.get(m.id) ?? []).map(reply => row(reply, view, act)), ...notesAfter(m.id));
  }
  rows.unshift(...notesAfter(null));
  rows.push(...notes.filter(n => n.after && !known.has(n.after)).map(note));
  rows.push(...waiting.map(w => ({ key: `waiting-${w.id}`, mark: "", draw: () =>
    element("li", { class: "waiting" }, element("div", { class: "who" }, "Waiting to be sent …"), element("div", { class: "text" }, w.text)) })));
  keep(list, rows);

  function notesAfter(id) { return notes.filter(n => n.after === id).map(note); }

  function note(n) {
    const code = n.card.title.match(/^(INC-\d+-\d+) declared/)?.[1].toLowerCase();
    const room = code && view.rooms.find(r => r.id === code || r.id.startsWith(`${code}-`));
    return { key: `note-${n.id}`, mark: room ? room.id : "", draw: () => element("li", { class: "private" },
      element("div", { class: "who" }, "Only you can see this", element("span", { class: "tools" },
        element("button", { type: "button", "aria-label": "Dismiss", on: { click: () => act.dismiss(n.id) } }, "✕"))),
      card(n.card, view.me, act.press),
      room && element("p", { class: "buttons" }, element("button", { type: "button", class: "primary", on: { click: () => act.open(room.id) } }, `Go to its room, #${room.name}`))) };
  }
}

function separator(day, first) {
  const words = new Date(`${day}T00:00:00Z`).toLocaleDateString("en-GB", { timeZone: "UTC", weekday: "long", day: "numeric", month: "long", year: "numeric" });
  return { key: `day-${day}-${first}`, mark: "", draw: () => element("li", { class: "day" }, element("span", {}, words)) };
}

function row(m, view, act) {
  return { key: m.id, mark: JSON.stringify([m, view.me]), draw: () => {
    const person = view.people.find(p => p.handle === m.author);
    const said = m.card?.saidBy;
    const name = said ?? (m.author ? person?.name ?? m.author : "IncidentBot");
    const face = said ? [...said].reduce((n, c) => n + c.codePointAt(0), 0) % 6 : m.author ? view.people.indexOf(person) % 6 : "bot";
    return element("li", { "data-id": m.id, class: ["message", m.thread && "reply", !m.author && "bot", m.pinned && "pinned", m.onlyYou && "private"].filter(Boolean).join(" ") },
      element("span", { class: `face face-${face}`, "aria-hidden": "true" }, face === "bot" ? "!" : name[0]),
      element("div", { class: "who" }, element("strong", {}, name), " ",
        element("time", { datetime: m.at, title: local(m.at, view.zone) }, clock(m.at)), m.edited && element("span", { class: "quiet" }, " (edited)"),
        said && element("span", { class: "quiet" }, " · replayed by IncidentBot"),
        m.onlyYou && element("span", { class: "quiet" }, " · only you can see this"), tools(m, view, act)),
      said ? words(m.card.parts.flatMap(x => x.text ?? []), view.me, { class: "text" }) : m.card ? card(m.card, view.me, act.press) : m.text?.length ? words(m.text, view.me, { class: "text" }) : null,
      m.files.length > 0 && element("ul", { class: "files" }, m.files.map(f => file(f, view.me))),
      (m.pinned || m.reactions.length > 0) && element("div", { class: "reactions" },
        m.pinned && element("button", { type: "button", class: "mine", "data-focus": "pinned", title: "On the timeline; press to take it off", on: { click: () => act.change("unpin", m) } }, "📌 on the timeline"),
        m.reactions.map(r => element("button", { type: "button", class: r.mine ? "mine" : null, "data-focus": r.emoji, title: r.by.join(", "), "aria-pressed": String(r.mine),
          "aria-label": `${r.emoji} by ${r.by.join(", ")}`, on: { click: () => act.react(m, r.emoji, !r.mine) } }, `${r.emoji} ${r.by.length}`))));
  } };
}

function tools(m, view, act) {
  if (m.onlyYou) return null;
  const own = m.author === view.me;
  const tool = (label, sign, press, name) => element("button", { type: "button", "aria-label": label, title: label, "data-focus": name, on: { click: press } }, sign);
  return element("span", { class: "tools" },
    m.author && !m.pinned && tool("Put on the timeline", "📌", () => act.change("pin", m), "pin"),
    tool("Reply in thread", "↩", () => act.thread(m.thread ?? m.id), "reply"),
    element("details", {}, element("summary", { "aria-label": "React", title: "React", "data-focus": "react" }, "☺"),
      element("span", {}, Reactions.map(e => element("button", { type: "button", "aria-label": `React ${e}`, on: { click: event => { event.currentTarget.closest("details").open = false; act.react(m, e, true); } } }, e)))),
    own && m.text && tool("Edit", "✎", () => act.edit(m), "edit"),
    own && tool("Delete", "🗑", () => act.remove(m), "delete"));
}

export function file(f, me) {
  if (f.removed) return element("li", { class: "quiet" }, `📎 ${f.name} is no longer kept`);
  const url = `/files/${f.id}/${encodeURIComponent(f.name)}?as=${encodeURIComponent(me)}`;
  const size = f.size >= 1024 * 100 ? `${(f.size / 1024 / 1024).toFixed(1)} MB` : `${Math.max(1, Math.round(f.size / 1024))} KB`;
  const picture = /^image\/(png|jpeg|gif|webp)$/.test(f.mediaType);
  return element("li", {}, element("a", { href: url, target: "_blank", rel: "noopener" },
    picture ? element("img", { src: url, alt: f.name, loading: "lazy" }) : `📎 ${f.name}`), " ", element("span", { class: "quiet" }, picture ? `${f.name} · ${size}` : size));
}
