// Draws neutral cards, forms and text. Everything a person wrote goes in as text, never as HTML.

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
  node.append(...children.filter(c => c !== null && c !== undefined && c !== false));
  return node;
}

// An address that the browser can open, or null: what people paste need not be one.
function address(to, me) {
  if (!/^https?:\/\//i.test(to ?? "") || !URL.canParse(to)) return null;
  const url = new URL(to);
  const here = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname) && url.pathname.startsWith("/documents/");
  return here ? `${location.origin}${url.pathname}?as=${encodeURIComponent(me)}` : url.href;
}

export function rich(spans, me) {
  const fragment = document.createDocumentFragment();
  for (const span of spans ?? []) {
    const url = span.k === "link" ? address(span.to, me) : null;
    if (url) {
      fragment.append(element("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, span.t));
    } else if (span.k === "code-block") {
      fragment.append(element("pre", {}, span.t));
    } else if (span.k === "code") {
      fragment.append(element("code", {}, span.t));
    } else if (span.k === "user") {
      fragment.append(element("strong", {}, span.t));
    } else {
      fragment.append(span.t);
    }
  }
  return fragment;
}

export function card(data, me, press) {
  const body = element("div", { class: `card ${data.tone}` });
  if (data.title) body.append(element("h3", {}, data.title));
  for (const part of data.parts ?? []) {
    if (part.part === "text") {
      body.append(element("p", { class: part.quiet ? "quiet" : null }, rich(part.text, me)));
    } else {
      const list = element("dl", { class: part.part });
      for (const fact of part.facts ?? part.rows ?? []) {
        list.append(element("div", {}, element("dt", {}, fact.label), element("dd", {}, rich(fact.value, me))));
      }
      body.append(list);
    }
  }
  if (data.buttons?.length) {
    body.append(element("div", { class: "buttons" }, ...data.buttons.map(b =>
      element("button", { type: "button", class: b.tone, "data-key": b.key, on: { click: () => press(b.key, b.value) } }, b.label))));
  }
  return body;
}

export function form(dialog, data, submit) {
  const fields = data.fields.map(f => {
    const id = `field-${f.id}`;
    const common = { id, name: f.id, required: f.required, "aria-describedby": `${id}-hint` };
    let input;
    if (f.kind === "choice") {
      input = element("select", common,
        ...(f.value ? [] : [element("option", { value: "" }, "—")]),
        ...(f.options ?? []).map(o => element("option", { value: o.value, selected: o.value === f.value }, o.label)));
    } else if (f.kind === "paragraph") {
      input = element("textarea", { ...common, rows: 4 });
      input.value = f.value ?? "";
    } else {
      input = element("input", { ...common, type: "text" });
      input.value = f.value ?? "";
    }
    return element("p", {}, element("label", { for: id }, f.label), input,
      element("small", { id: `${id}-hint` }, f.hint ?? ""), element("strong", { class: "error", "data-error": f.id }));
  });
  const body = element("form", { method: "dialog", novalidate: true, on: { submit: async event => {
    event.preventDefault();
    const errors = await submit(Object.fromEntries(new FormData(body)));
    for (const note of body.querySelectorAll("[data-error]")) {
      note.textContent = errors?.[note.dataset.error] ?? "";
    }
    const first = errors && Object.keys(errors)[0];
    if (first) body.querySelector(`[name="${first}"]`)?.focus();
  } } },
  element("h3", { id: "dialog-title" }, data.title), ...fields,
  element("div", { class: "buttons" },
    element("button", { type: "submit", class: "primary" }, data.submit),
    element("button", { type: "button", on: { click: () => dialog.close() } }, "Cancel")));
  dialog.replaceChildren(body);
  dialog.showModal();
}
