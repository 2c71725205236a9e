// A card beside a citation's link with its words and what is around them, while one points at the
// link or has it in focus. Escape puts it away.

const PATIENCE = 300;
const cards = new Map();
const card = Object.assign(document.createElement("div"), { id: "preview", className: "preview", role: "tooltip", hidden: true });
let pointed = null;

// The link is sent in parts: what stands behind its # is for nobody else.
async function words(link) {
  const address = new URL(link.href);
  const sent = new URLSearchParams(address.search);
  sent.set("fragment", address.hash.slice(1));
  const reply = await fetch(`${address.pathname}/preview`, { method: "POST", body: sent });
  return reply.ok || reply.status === 404 ? reply.text() : "";
}

async function show(link) {
  if (!cards.has(link.href)) cards.set(link.href, words(link).catch(() => ""));
  const html = await cards.get(link.href);
  if (pointed !== link || !html) return;
  card.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  for (const mark of card.querySelectorAll("mark")) mark.removeAttribute("id");
  document.body.append(card);
  card.hidden = false;
  link.setAttribute("aria-describedby", card.id);
  place(link);
}

function place(link) {
  const at = link.getClientRects()[0] ?? link.getBoundingClientRect();
  const { width, height } = card.getBoundingClientRect();
  const below = at.bottom + 8 + height < innerHeight || at.top < height + 8;
  card.style.left = `${Math.max(8, Math.min(at.left - 24, innerWidth - width - 8))}px`;
  card.style.top = `${below ? at.bottom + 8 : at.top - height - 8}px`;
}

function point(link) {
  if (pointed === link) return clearTimeout(point.away);
  away();
  pointed = link;
  point.soon = setTimeout(() => show(link), PATIENCE);
}

function away() {
  clearTimeout(point.soon);
  clearTimeout(point.away);
  pointed?.removeAttribute("aria-describedby");
  pointed = null;
  card.hidden = true;
}

const cited = (target) => target.closest?.('a.cite:not(.card)[href*="/read/"]');

document.addEventListener("pointerover", ({ target, pointerType }) => {
  if (pointerType === "touch") return;
  const link = cited(target);
  if (link) return point(link);
  clearTimeout(point.away);
  if (pointed && !card.contains(target) && pointed !== document.activeElement) point.away = setTimeout(away, PATIENCE);
});
document.addEventListener("focusin", ({ target }) => {
  const link = cited(target);
  if (link?.matches(":focus-visible")) point(link);
  else away();
});
document.addEventListener("click", away, true);
addEventListener("scroll", () => { if (!card.hidden) away(); }, { capture: true, passive: true });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || card.hidden) return;
  away();
  event.stopPropagation();
}, true);
