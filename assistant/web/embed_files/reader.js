// The document at the cited words, with as much around them as one asks for.
const AROUND = 1500;
const FURTHER = 6000;

export async function openReader({ portal, page, words, citation, details }) {
  const { reader } = page;
  const title = page["reader-title"];
  const body = page["reader-text"];
  title.textContent = citation.document.title;
  page["reader-place"].textContent = details;
  body.replaceChildren();
  const opened = reader.opened = {};  // clicks come faster than documents
  if (!reader.open) reader.showModal();
  let found = { start: citation.start, end: citation.end, version: citation.document.version, note: "" };
  let shown = around(found);
  await show();

  async function show() {
    const path = `/documents/${encodeURIComponent(citation.document.id)}/text?start=${shown.start}&end=${shown.end}`;
    const reply = await portal.call(path).catch(() => null);
    if (reader.opened !== opened) return;
    if (!reply?.ok) return body.replaceChildren(paragraph(reply ? words.document : words.down));
    const { text, start, end, length, document: now } = await reply.json();
    if (reader.opened !== opened) return;
    if (now.version !== found.version) return findAgain(now.version);
    const mark = Object.assign(document.createElement("mark"), { tabIndex: -1 });
    const cut = (from, to) => text.slice(...[from, to].map((at) => utf16(text, at - start)));
    mark.textContent = cut(found.start, found.end);
    const whole = Object.assign(document.createElement("div"), { className: "text" });
    whole.append(cut(start, found.start), mark, cut(found.end, end));
    body.replaceChildren(whole);
    if (found.note) body.prepend(paragraph(found.note));
    if (start > 0) body.prepend(more(() => { shown.start = Math.max(0, start - FURTHER); }));
    if (end < length) body.append(more(() => { shown.end = end + FURTHER; }));
    mark.scrollIntoView({ block: "center" });
    mark.focus({ preventScroll: true });
  }

  // The document is another one than was quoted: what became of the words the server can tell.
  async function findAgain(version) {
    const asked = { method: "POST", body: JSON.stringify({ question: "", citations: [citation] }), headers: { "Content-Type": "application/json" } };
    const reply = await portal.call("/verify", asked).catch(() => null);
    if (reader.opened !== opened) return;
    if (!reply?.ok) return body.replaceChildren(paragraph(words.down));
    const [{ fate, now }] = (await reply.json()).findings;
    if (reader.opened !== opened) return;
    if (!now) return body.replaceChildren(paragraph(words.gone), paragraph(citation.quote));
    found = { ...now, version, note: words[fate] ?? "" };
    shown = around(found);
    await show();
  }

  function more(widen) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: words.more });
    button.addEventListener("click", () => { widen(); show(); });
    return button;
  }
}

function around({ start, end }) {
  return { start: Math.max(0, start - AROUND), end: end + AROUND };
}

// The server counts characters, this language counts halves of some of them.
function utf16(text, characters) {
  let at = 0;
  for (let count = 0; count < characters && at < text.length; count += 1) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
}

function paragraph(text) {
  return Object.assign(document.createElement("p"), { className: "refusal", textContent: text });
}
