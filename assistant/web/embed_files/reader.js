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
  const shown = { start: Math.max(0, citation.start - AROUND), end: citation.end + AROUND };
  await show();

  async function show() {
    const path = `/documents/${encodeURIComponent(citation.document.id)}/text?start=${shown.start}&end=${shown.end}`;
    const reply = await portal.call(path).catch(() => null);
    if (reader.opened !== opened) return;
    if (!reply?.ok) return body.replaceChildren(paragraph(reply ? words.document : words.down));
    const { text, start, end, length } = await reply.json();
    if (reader.opened !== opened) return;
    const mark = Object.assign(document.createElement("mark"), { tabIndex: -1 });
    const cut = (from, to) => text.slice(...[from, to].map((at) => utf16(text, at - start)));
    mark.textContent = cut(citation.start, citation.end);
    const whole = Object.assign(document.createElement("div"), { className: "text" });
    whole.append(cut(start, citation.start), mark, cut(citation.end, end));
    body.replaceChildren(whole);
    if (start > 0) body.prepend(more(() => { shown.start = Math.max(0, start - FURTHER); }));
    if (end < length) body.append(more(() => { shown.end = end + FURTHER; }));
    mark.scrollIntoView({ block: "center" });
    mark.focus({ preventScroll: true });
  }

  function more(widen) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: words.more });
    button.addEventListener("click", () => { widen(); show(); });
    return button;
  }
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
