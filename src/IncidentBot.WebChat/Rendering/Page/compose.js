import { completion } from "./completion.js";
import { send, upload } from "./connection.js";
import { element } from "./draw.js";

const $ = id => document.getElementById(id);

// The message box: words and files that are not sent yet stay with their room and person, and come back when they are not taken.
export function composer(state, { look, gesture, note, enterThread, editLast }) {
  const box = $("text");
  const offers = completion(box, $("completion"), () => state.people);
  const draft = (room = state.room) => `draft-${state.me}-${room}`;

  const keepDraft = () => sessionStorage.setItem(draft(), box.value);

  function takeDraft() {
    box.value = sessionStorage.getItem(draft()) ?? "";
    grow();
  }

  function grow() {
    box.style.height = "auto";
    if (box.scrollHeight) box.style.height = `${Math.min(box.scrollHeight + 2, 200)}px`;
  }

  const filesHere = () => state.files[state.room] ??= [];

  async function submit() {
    const text = box.value;
    const from = { room: state.room, text, files: filesHere() };
    if (!text.trim() && !from.files.length) return;
    box.value = "";
    state.files[from.room] = [];
    keepDraft();
    grow();
    offers.hide();
    drawFiles();
    const sent = { text, files: from.files.length ? from.files.map(f => f.id) : undefined };
    const command = text.match(/^\s*\/incident\b\s*([\s\S]*)$/i) ?? text.match(/^\s*\/(help)\s*$/i);
    if (command) {
      if (!await gesture("/chat/commands", { ...sent, text: command[1] })) giveBack(from);
    } else if (/^\s*\/[a-z]+(?:\s|$)/i.test(text)) {
      giveBack(from);
      note({ kind: "refused", text: "I understand `/incident VERB …`. `/incident help` shows what it can do." });
    } else {
      const thread = state.thread;
      const { ok, body } = await send("/chat/messages", { room: from.room, thread: thread ?? undefined, as: state.me, ...sent }, look);
      if (!ok) { giveBack(from); note(body); }
      if (thread && ok && state.thread === thread && state.room === from.room) { enterThread(null); state.show = thread; }
    }
  }

  // What was not taken goes back where it was typed, unless something new stands there.
  function giveBack({ room, text, files }) {
    if (!state.files[room]?.length) state.files[room] = files;
    if (room === state.room) {
      box.value ||= text;
      keepDraft();
      grow();
      drawFiles();
    } else if (!sessionStorage.getItem(draft(room))) {
      sessionStorage.setItem(draft(room), text);
    }
  }

  async function attach(files) {
    const room = state.room;
    for (const file of files) {
      try {
        (state.files[room] ??= []).push(await upload(file, room, state.me));
      } catch (fault) {
        note({ kind: "refused", text: `${file.name}: ${fault.message}` });
      }
    }
    drawFiles();
    box.focus();
  }

  function drawFiles() {
    $("attached").hidden = filesHere().length === 0;
    $("attached").replaceChildren(...filesHere().map(f => element("li", {}, `📎 ${f.name} `,
      element("button", { type: "button", "aria-label": `Leave out ${f.name}`, on: { click: () => { state.files[state.room] = filesHere().filter(x => x !== f); drawFiles(); } } }, "✕"))));
  }

  box.addEventListener("input", () => { grow(); keepDraft(); });
  box.addEventListener("keydown", event => {
    if (offers.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    } else if (event.key === "ArrowUp" && box.value === "") {
      if (editLast()) event.preventDefault();
    } else if (event.key === "Escape") {
      enterThread(null);
    }
  });
  box.addEventListener("paste", event => {
    if (event.clipboardData?.files.length) { event.preventDefault(); attach(event.clipboardData.files); }
  });
  document.addEventListener("dragover", event => event.preventDefault());
  document.addEventListener("drop", event => { event.preventDefault(); attach(event.dataTransfer.files); });
  $("compose").addEventListener("submit", event => { event.preventDefault(); submit(); });
  $("attach").addEventListener("click", () => $("file").click());
  $("file").addEventListener("change", async event => { await attach(event.target.files); event.target.value = ""; });

  return { grow, keepDraft, takeDraft, drawFiles, focus: () => box.focus() };
}
