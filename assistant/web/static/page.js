// Every view: a click on a citation opens the reader beside, and times are those of the reader's
// time zone. Everything else is a plain link.
"use strict";

const READ = new URL("../read/", document.currentScript.src).pathname;

function readerParts() {
  const reader = document.querySelector(".reader");
  return reader && { reader, frame: reader.querySelector("iframe"), tab: reader.querySelector(".new-tab") };
}

// In a tab of its own the reader leads back to the conversation.
function withChat(link) {
  const address = new URL(link, location.href);
  const { conversation } = document.getElementById("desk")?.dataset ?? {};
  if (conversation) address.searchParams.set("chat", conversation);
  return address.href;
}

let opener = null;

function openReader(link, from) {
  const parts = readerParts();
  if (!parts) return false;
  const address = new URL(link, location.href);
  parts.tab.href = withChat(link);
  parts.reader.hidden = false;
  opener = from ?? null;
  document.getElementById("evidence").classList.add("reading");
  document.body.classList.add("reading");
  document.dispatchEvent(new CustomEvent("reader-opened", { detail: opener }));
  parts.frame.contentWindow.location.replace(address.href);  // no step of the window's history
  return true;
}

// Focus goes back to where it was; what the page does more about it, it does on this event.
function closeReader() {
  const parts = readerParts();
  if (!parts || parts.reader.hidden) return;
  parts.reader.hidden = true;
  parts.frame.contentWindow.location.replace("about:blank");
  document.getElementById("evidence").classList.remove("reading");
  document.body.classList.remove("reading");
  document.dispatchEvent(new CustomEvent("reader-closed", { detail: opener }));
  const from = opener?.checkVisibility() ? opener : opener?.closest("details")?.querySelector("summary");
  from?.focus({ preventScroll: true });
  opener = null;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(`a[href^="${READ}"], a[href*="/read/"].cite, a.add`);
  if (link && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey
      && !link.classList.contains("new-tab")) {
    if (openReader(link.getAttribute("href"), link)) {
      event.preventDefault();
      event.stopPropagation();
    }
  } else if (event.target.closest(".reader .back")) {
    closeReader();
  }
}, true);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || readerParts()?.reader.hidden !== false) return;
  event.preventDefault();
  closeReader();
});

// The citations of the answer whose sources are shown; the reader goes from one to the next, also
// where the next stands in another document.
function citations() {
  return [...document.querySelectorAll("#sources .sources:not([hidden]) a.card")].map((card) => (
    { link: card.getAttribute("href"), number: /[?&]at=(\d+):/.exec(card.search)?.[1] }));
}

function stepOn(frame, { number, by }) {
  const all = citations();
  const at = all.findIndex((each) => each.number === number);
  if (at < 0) return;
  if (by) openReader(all[(at + by + all.length) % all.length].link, opener);
  else frame.postMessage({ among: { at: at + 1, of: all.length } }, location.origin);
}

// The reader has the focus, and asks to be closed, or where it is among the citations.
addEventListener("message", ({ origin, source, data }) => {
  if (origin !== location.origin || !data?.reader) return;
  if (data.reader === "close") closeReader();
  else if (source === readerParts()?.frame.contentWindow) stepOn(source, data);
});

// -- the views, on a phone ---------------------------------------------------------------

document.querySelector(".views [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// -- times ------------------------------------------------------------------------------

addEventListener("DOMContentLoaded", () => localTimes(document));
