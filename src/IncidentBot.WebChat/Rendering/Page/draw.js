// Draws neutral cards and text. Everything a person wrote goes in as text, never as HTML.

export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") {
      for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    } else {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  node.append(...children.flat().filter(c => c !== null && c !== undefined && c !== false));
  return node;
}

// An address that the browser can open, or null: what people paste need not be one.
function address(to, me) {
  if (!/^https?:\/\//i.test(to ?? "") || !URL.canParse(to)) return null;
  const url = new URL(to);
  const here = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname) && url.port === location.port;
  if (here && /^\/(documents|incidents|files)\//.test(url.pathname)) return `${location.origin}${url.pathname}?as=${encodeURIComponent(me)}`;
  return here && url.pathname.startsWith("/session/") ? `${location.origin}${url.pathname}` : url.href;
}

export function rich(spans, me) {
  const fragment = document.createDocumentFragment();
  for (const [i, span] of (spans ?? []).entries()) {
    const url = span.k === "link" ? address(span.to, me) : null;
    if (url) {
      fragment.append(element("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, span.t));
    } else if (span.k === "room") {
      fragment.append(element("a", { href: `#${span.to ?? span.t}` }, span.t));
    } else if (span.k === "code-block") {
      fragment.append(element("pre", {}, span.t));
    } else if (span.k === "code") {
      fragment.append(element("code", {}, span.t));
    } else if (span.k === "user") {
      fragment.append(element("strong", { class: "mention" }, span.t));
    } else {
      // The fences around a block are drawn as its box.
      let text = span.t;
      if (spans[i + 1]?.k === "code-block") text = text.replace(/```\n?$/, "");
      if (spans[i - 1]?.k === "code-block") text = text.replace(/^\n?```/, "");
      fragment.append(text);
    }
  }
  return fragment;
}

const Long = 1500;

// A text that would fill the screen shows its beginning, and the rest on demand.
export function words(spans, me, attributes = {}) {
  const length = (spans ?? []).reduce((n, s) => n + s.t.length, 0);
  const node = element("div", { dir: "auto", ...attributes }, rich(spans, me));
  if (length <= Long) return node;
  node.classList.add("folded");
  const more = element("button", { type: "button", "aria-expanded": "false", on: { click: () => {
    const open = node.classList.toggle("folded");
    more.setAttribute("aria-expanded", String(!open));
    more.textContent = open ? "Show all" : "Show less";
  } } }, "Show all");
  return element("div", {}, node, more);
}

// The bot's own sentences put what can be typed between backticks.
export function sentence(text) {
  return text.split("`").map((t, i) => ({ k: i % 2 ? "code" : "plain", t })).filter(s => s.t);
}

export function card(data, me, press) {
  const plain = !data.title && !data.buttons?.length;
  const body = element("div", { class: `card ${data.tone}${plain ? " plain" : ""}` });
  if (data.title) body.append(element("h3", { dir: "auto" }, data.title));
  for (const part of data.parts ?? []) {
    if (part.part === "heading") {
      body.append(element("h4", {}, part.text));
    } else if (part.part === "buttons") {
      body.append(element("div", { class: "buttons" }, part.buttons.map(b =>
        element("button", { type: "button", class: b.tone, "data-key": b.key, on: { click: event => press(b.key, b.value, event.currentTarget) } }, b.label))));
    } else if (part.part === "text") {
      body.append(element("p", { class: part.quiet ? "quiet" : null, dir: "auto" }, rich(part.text, me)));
    } else if ((part.facts ?? part.rows ?? []).every(f => !f.label)) {
      body.append(element("ul", {}, (part.facts ?? part.rows).map(f => element("li", {}, rich(f.value, me)))));
    } else {
      body.append(element("dl", { class: part.part }, (part.facts ?? part.rows).map(fact =>
        element("div", {}, element("dt", {}, fact.label), element("dd", { dir: "auto" }, rich(fact.value, me))))));
    }
  }
  if (data.buttons?.length) {
    body.append(element("div", { class: "buttons" }, data.buttons.map(b =>
      element("button", { type: "button", class: b.tone, "data-key": b.key, on: { click: event => press(b.key, b.value, event.currentTarget) } }, b.label))));
  }
  return body;
}

export const clock = at => `${at.slice(11, 16)} UTC`;

// The same moment on someone's own clock, for whoever points at a time.
export function local(at, zone) {
  const time = new Date(at).toLocaleString("en-GB", { timeZone: zone, weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  return `${time} (${zone})`;
}

// Puts the wanted nodes into a list and leaves those alone that have not changed: focus, selection and reading aloud go on.
export function keep(list, wanted) {
  const old = new Map([...list.children].map(n => [n.dataset.key, n]));
  const nodes = wanted.map(({ key, mark, draw }) => {
    const known = old.get(key);
    if (known?.dataset.mark === mark) return known;
    const node = draw();
    node.dataset.key = key;
    node.dataset.mark = mark;
    return node;
  });
  const focus = list.contains(document.activeElement) ? document.activeElement : null;
  const row = focus?.closest("[data-key]")?.dataset.key;
  const stay = new Set(nodes);
  for (const child of [...list.children]) if (!stay.has(child)) child.remove();
  let at = list.firstElementChild;
  for (const node of nodes) {
    if (node === at) at = at.nextElementSibling;
    else list.insertBefore(node, at);
  }
  if (focus && !document.contains(focus)) {
    [...list.children].find(n => n.dataset.key === row)?.querySelector(`[data-focus="${CSS.escape(focus.dataset.focus ?? "")}"]`)?.focus();
  }
}
