import { element } from "./draw.js";

const dialog = () => document.getElementById("dialog");

// Shows a form as a dialog; submit answers the errors by field, or null when it was taken.
export function form(data, submit) {
  const fields = data.fields.map(field);
  const fault = element("p", { class: "error", role: "alert" });
  const send = element("button", { type: "submit", class: data.grave ? "danger" : "primary" }, data.submit);
  const body = element("form", { method: "dialog", novalidate: true, on: { submit: async event => {
    event.preventDefault();
    send.disabled = true;
    const errors = await submit(Object.fromEntries(new FormData(body)));
    send.disabled = false;
    if (!errors) return;
    fault.textContent = errors[""] ?? "";
    for (const note of body.querySelectorAll("[data-error]")) {
      note.textContent = errors[note.dataset.error] ?? "";
      body.elements[note.dataset.error].setAttribute("aria-invalid", String(note.dataset.error in errors));
    }
    body.querySelector("[aria-invalid=true]")?.focus();
  } } },
  element("h2", { id: "dialog-title" }, data.title), data.note && element("p", { class: "quiet" }, data.note), fault, ...fields,
  element("div", { class: "buttons" }, send, element("button", { type: "button", on: { click: close } }, "Cancel")));
  open(body);
}

function field(f) {
  const id = `field-${f.id}`;
  const common = { id, name: f.id, required: f.required, "aria-describedby": `${id}-hint ${id}-error` };
  let input;
  if (f.kind === "choice") {
    input = element("select", common,
      f.value ? [] : [element("option", { value: "" }, "—")],
      (f.options ?? []).map(o => element("option", { value: o.value, selected: o.value === f.value }, o.label)));
  } else if (f.kind === "paragraph") {
    input = element("textarea", { ...common, rows: 3 });
    input.value = f.value ?? "";
  } else {
    input = element("input", { ...common, type: "text" });
    input.value = f.value ?? "";
  }
  return element("div", { class: "field" },
    element("label", { for: id }, f.label, f.required && element("span", { class: "quiet" }, " (needed)")), input,
    element("small", { id: `${id}-hint` }, f.hint ?? ""), element("strong", { class: "error", id: `${id}-error`, "data-error": f.id }));
}

export function show(title, ...content) {
  open(element("div", {}, element("h2", { id: "dialog-title" }, title), content,
    element("div", { class: "buttons" }, element("button", { type: "button", class: "primary", on: { click: close } }, "Close"))));
}

let typed = false;

function open(body) {
  typed = false;
  body.addEventListener("input", () => { typed = true; });
  dialog().oncancel = event => {
    if (!typed) return;
    event.preventDefault();
    typed = false;
    const fault = body.querySelector("[role=alert]");
    if (fault) fault.textContent = "What you have entered is not sent yet. Press Esc again to throw it away.";
  };
  dialog().replaceChildren(body);
  if (!dialog().open) dialog().showModal();
  body.querySelector("input, textarea, select")?.focus();
}

export function close() { dialog().close(); }
