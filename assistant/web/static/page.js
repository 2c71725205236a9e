// A click on a citation opens the reader beside, and an answer is copied as text.
// Everything else is a plain link.
"use strict";

const READ = new URL("../read/", document.currentScript.src).pathname;

function readerParts() {
  const reader = document.querySelector(".reader");
  return reader && { reader, frame: reader.querySelector("iframe"), tab: reader.querySelector(".new-tab") };
}

// Gradio decides between light and dark by a class, other views follow the system.
function theme() {
  if (!document.querySelector("gradio-app")) return "system";
  return document.body.classList.contains("dark") ? "dark" : "light";
}

function openReader(link) {
  const parts = readerParts();
  if (!parts) return false;
  const address = new URL(link, location.href);
  address.searchParams.set("theme", theme());
  parts.frame.src = address.href;
  parts.tab.href = link;
  parts.reader.hidden = false;
  document.getElementById("evidence").classList.add("reading");
  document.body.classList.add("reading");
  return true;
}

function closeReader() {
  const parts = readerParts();
  if (!parts) return;
  parts.reader.hidden = true;
  parts.frame.src = "about:blank";
  document.getElementById("evidence").classList.remove("reading");
  document.body.classList.remove("reading");
}

// An answer as one would paste it into a letter: its words, then where they stand.
function asText(message) {
  const words = [...message.querySelectorAll("blockquote, p")].map((block) => block.innerText.trim());
  const sources = [...message.querySelectorAll("a.cite")]
    .map((link) => `${link.textContent} ${link.title}\n${link.href}`);
  return [...words, ...new Set(sources)].join("\n\n");
}

async function copyMessage(button) {
  await navigator.clipboard.writeText(asText(button.closest(".message-row")));
  button.classList.add("copied");
  setTimeout(() => button.classList.remove("copied"), 1500);
}

document.addEventListener("click", (event) => {
  const copy = event.target.closest('#chat button[title="Copy message"]');
  if (copy) {
    event.stopPropagation();
    copyMessage(copy);
  }
}, true);

// A question as it was understood goes into the box, to be changed and asked again.
document.addEventListener("click", (event) => {
  const understood = event.target.closest("#chat a.understood");
  const box = document.querySelector("#question textarea");
  if (!understood || !box) return;
  event.preventDefault();
  fill(box, understood.textContent);
}, true);

function fill(box, question) {
  box.value = question;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
}

// A question in the address waits for the box, and is asked by whoever came with it.
const brought = new URLSearchParams(location.search).get("question");
if (brought) {
  const waiting = new MutationObserver(() => {
    const box = document.querySelector("#question textarea");
    if (!box) return;
    waiting.disconnect();
    fill(box, brought);
  });
  waiting.observe(document.documentElement, { childList: true, subtree: true });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(`a[href^="${READ}"], a[href*="/read/"].cite, #chat .add a`);
  if (link && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey
      && !link.classList.contains("new-tab")) {
    if (openReader(link.getAttribute("href"))) {
      event.preventDefault();
      event.stopPropagation();
    }
  } else if (event.target.closest(".reader .back")) {
    closeReader();
  }
}, true);

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeReader();
});

// Gradio labels each message with its markup, which a screen reader would read aloud.
new MutationObserver(() => {
  for (const message of document.querySelectorAll('#chat [data-testid][aria-label*="<"]')) {
    message.removeAttribute("aria-label");
  }
}).observe(document.documentElement, {
  childList: true, subtree: true, attributes: true, attributeFilter: ["aria-label"],
});
