import { element, keep, local, words } from "./draw.js";

// Draws the live incident beside its room.
export function drawPanel(panel, view, act) {
  const p = view.panel;
  panel.hidden = !p;
  if (!p) {
    panel.replaceChildren();
    delete panel.dataset.code;
    return;
  }
  if (panel.dataset.code !== p.code) {
    panel.dataset.code = p.code;
    panel.replaceChildren(element("div", { id: "panel-head" }), element("h3", {}, "Timeline ", element("span", { class: "quiet", id: "entry-count" })),
      element("ol", { id: "entries", tabindex: "0", "aria-label": "Timeline" }), element("div", { id: "panel-foot" }));
  }
  keep(panel.querySelector("#panel-head"), head(p, view, act));
  panel.querySelector("#entry-count").textContent = `${p.entries.length + p.earlier} ${p.entries.length + p.earlier === 1 ? "entry" : "entries"}, UTC`;
  const list = panel.querySelector("#entries");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  keep(list, [
    ...p.earlier > 0 ? [{ key: "earlier", mark: String(p.earlier), draw: () => element("li", { class: "quiet" }, `${p.earlier} earlier entries are in the report.`) }] : [],
    ...p.entries.length === 0 ? [{ key: "none", mark: "", draw: () => element("li", { class: "quiet" }, "Nothing yet. 📌 on a message or /incident log puts it here.") }] : [],
    ...p.entries.map(e => ({ key: String(e.seq), mark: JSON.stringify([e, view.me]), draw: () => entry(e, view, act) })),
  ]);
  if (atEnd) list.scrollTop = list.scrollHeight;
  panel.querySelector("#panel-foot").replaceChildren(element("a", { href: `/documents/${p.code}/report.html?as=${encodeURIComponent(view.me)}`, target: "_blank", rel: "noopener" }, "Read the post-mortem as it stands"));
}

function head(p, view, act) {
  const level = p.severity?.level ?? 4;
  const part = (key, what, draw) => ({ key, mark: JSON.stringify([what, view.me]), draw });
  return [
    part("title", [p.code, p.title, p.private, p.drill, p.replayed, p.status, p.severity, p.mergedInto, p.open], () => element("div", { class: `incident level-${p.open ? level : "closed"}` },
      element("p", { class: "code" }, `${p.private ? "🔒 " : ""}${p.code}${p.drill ? " · drill" : ""}${p.replayed ? " · replay" : ""}`),
      element("h2", { dir: "auto" }, p.title),
      element("p", { class: "chips" },
        element("span", { class: "chip status" }, p.status),
        p.severity && element("span", { class: "chip", title: p.severity.definition }, `${p.severity.name}${p.severity.assumed ? " (assumed)" : ""}`)),
      p.mergedInto && element("p", {}, "Merged into ", p.mergedInto.room ? element("a", { href: `#${p.mergedInto.room}` }, `${p.mergedInto.code} · ${p.mergedInto.title}`) : p.mergedInto.code))),
    part("running", [p.runningSince, p.duration, p.open, p.play?.now], () => element("p", { class: "running" },
      p.duration ? `Lasted ${p.duration}` : p.open ? ["Running for ", element("strong", { "data-since": p.runningSince, "data-now": p.play?.now ?? null }, elapsed(p.runningSince, p.play?.now)),
        p.play && element("span", { class: "quiet" }, ` · it is ${p.play.now.slice(11, 16)} UTC`)] : "Closed")),
    ...p.play ? [part("play", [p.play.paused, Math.round(p.play.progress * 100)], () => element("div", { class: "play" },
      element("progress", { max: "100", value: String(Math.round(p.play.progress * 100)), "aria-label": "Played so far" }),
      p.play.paused
        ? element("button", { type: "button", "data-focus": "play", on: { click: () => act.play("resume") } }, "▶ Go on")
        : element("button", { type: "button", "data-focus": "play", on: { click: () => act.play("pause") } }, "⏸ Pause"),
      element("button", { type: "button", "data-focus": "skip", on: { click: () => act.play("skip") } }, "⏭ To the end")))] : [],
    part("actions", p.actions, () => element("div", { class: "actions" }, p.actions.map(b =>
      element("button", { type: "button", class: b.tone, "data-focus": b.key, on: { click: event => act.press(b.key, b.value, event.currentTarget) } }, b.label)))),
    part("roles", [p.roles, p.open, view.guest], () => element("dl", { class: "roles" }, p.roles.map(r => element("div", {},
      element("dt", {}, r.role), element("dd", {}, r.person ?? (p.open && !view.guest
        ? element("button", { type: "button", class: r.role === "commander" ? "primary" : null, "aria-label": `Take it: ${r.role}`, on: { click: () => act.command(`role ${r.role}`) } }, "Take it") : "nobody")))))),
    ...p.services.length ? [part("services", p.services, () => element("p", { class: "quiet" }, `Services: ${p.services.join(", ")}`))] : [],
    part("marks", p.marks, () => element("ol", { class: "marks", "aria-label": "Milestones, in UTC" }, p.marks.map(m => element("li", { class: m.at ? "known" : null },
      element("span", {}, m.label), " ", m.at ? element("time", { datetime: m.at, title: local(m.at, view.zone) }, m.at.slice(11, 16)) : element("span", { class: "quiet" }, "–"))))),
  ];
}

function entry(e, view, act) {
  return element("li", { class: [e.kind, e.doubtful && "doubtful"].filter(Boolean).join(" ") },
    element("div", { class: "when" }, element("span", {}, element("strong", {}, e.time), ` · ${e.seq}`, e.offset && ` · ${e.offset}`, e.kind !== "event" && e.kind !== "system" && ` · ${e.kind.replace("-", " ")}`, e.doubtful && " · time unsure",
      e.revisions > 0 && " · changed"),
      e.buttons.length > 0 && element("span", { class: "mend" }, e.buttons.map(b =>
        element("button", { type: "button", "data-focus": b.key, "aria-label": `${b.label} entry ${e.seq}`, on: { click: event => act.press(b.key, b.value, event.currentTarget) } }, b.label)))),
    words(e.actor ? [...e.text, { k: "plain", t: ` — ${e.actor}` }] : e.text, view.me, { class: "what" }),
    e.files.length > 0 && element("p", {}, e.files.map(f => element("a", { href: `/files/${f.id}/${encodeURIComponent(f.name)}?as=${encodeURIComponent(view.me)}`, target: "_blank", rel: "noopener" }, `📎 ${f.name} `))));
}

function elapsed(since, now) {
  const seconds = Math.max(0, Math.floor(((now ? Date.parse(now) : Date.now()) - Date.parse(since)) / 1000));
  const [d, h, m, s] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  return d > 0 ? `${d} d ${h} h` : h > 0 ? `${h} h ${String(m).padStart(2, "0")} min` : `${m} min ${String(s).padStart(2, "0")} s`;
}

// What is running goes on counting between two looks.
setInterval(() => {
  for (const node of document.querySelectorAll("[data-since]")) {
    if (!node.dataset.now) node.textContent = elapsed(node.dataset.since);
  }
}, 1000);
