import { element } from "./draw.js";

// Completes /incident commands, the words that can follow them, and people's names, while they are typed.
export function completion(box, list, people) {
  let verbs = [];
  let after = {};
  let offers = [];
  let chosen = 0;
  let moved = false;
  fetch("/chat/words").then(r => r.json()).then(w => ({ verbs, after } = w)).catch(() => {});

  function find() {
    const before = box.value.slice(0, box.selectionStart);
    if (box.selectionStart !== box.selectionEnd || box.selectionStart !== box.value.length) return [];
    const at = before.match(/(?:^|\s)@([a-z]*)$/i);
    if (at) {
      return people().filter(p => p.handle.startsWith(at[1].toLowerCase()) || p.name.toLowerCase().includes(at[1].toLowerCase()))
        .map(p => ({ label: `@${p.handle}`, does: `${p.name} · ${p.timeZone}`, text: before.slice(0, before.length - at[1].length) + p.handle + " " }));
    }
    const command = before.match(/^\s*\/(?:i(?:n(?:c(?:i(?:d(?:e(?:n(?:t)?)?)?)?)?)?)?)?$/i) ? "" : before.match(/^\s*\/incident\s+(\S*)$/i)?.[1];
    if (command !== undefined) {
      const word = command.toLowerCase();
      return verbs.filter(v => [v.verb, ...v.aliases].some(x => x.startsWith(word)))
        .map(v => ({ label: `/incident ${v.verb}`, does: v.does, example: v.example, text: `/incident ${v.verb} ` }));
    }
    const argument = before.match(/^\s*\/incident\s+(\S+)\s+(\S*)$/i);
    const words = argument && after[verbs.find(v => [v.verb, ...v.aliases].includes(argument[1].toLowerCase()))?.verb];
    return (words ?? []).filter(w => w.startsWith(argument[2].toLowerCase()) && w !== argument[2].toLowerCase())
      .map(w => ({ label: w, does: "", text: before.slice(0, before.length - argument[2].length) + w + " " }));
  }

  function draw() {
    offers = find();
    chosen = Math.min(chosen, Math.max(0, offers.length - 1));
    list.hidden = offers.length === 0;
    list.replaceChildren(...offers.map((o, i) => element("div", {
      role: "option", id: `offer-${i}`, "aria-selected": String(i === chosen),
      on: { mousedown: event => { event.preventDefault(); take(i); } },
    }, element("strong", {}, o.label), " ", element("span", {}, o.does), o.example && element("code", {}, `/incident ${o.example}`))));
    list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
    if (list.hidden) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", `offer-${chosen}`);
    box.setAttribute("aria-controls", "completion");
  }

  function take(index) {
    box.value = offers[index].text;
    box.selectionStart = box.selectionEnd = box.value.length;
    box.dispatchEvent(new Event("input"));
  }

  // True when the key was meant for the list.
  function key(event) {
    if (list.hidden) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : offers.length - 1)) % offers.length;
      moved = true;
    } else if (event.key === "Tab" && !event.shiftKey) {
      take(chosen);
    } else if (event.key === "Enter" && !event.shiftKey && (moved || !whole())) {
      take(chosen);
    } else if (event.key === "Escape") {
      list.hidden = true;
      event.preventDefault();
      return true;
    } else {
      return false;
    }
    event.preventDefault();
    draw();
    return true;
  }

  // What is typed is whole when it is a verb already, or when words may follow that are not in the list.
  function whole() {
    const verb = box.value.match(/^\s*\/incident\s+(\S+)$/i)?.[1].toLowerCase();
    if (verb) return verbs.some(v => v.verb === verb || v.aliases.includes(verb));
    const mention = box.value.match(/(?:^|\s)@([a-z]+)$/i)?.[1].toLowerCase();
    if (mention) return people().some(p => p.handle === mention);
    return !/^\s*\/\w*$/.test(box.value);
  }

  box.addEventListener("input", () => { chosen = 0; moved = false; draw(); });
  box.addEventListener("blur", () => { list.hidden = true; });
  return { key, hide: () => { list.hidden = true; } };
}
