// Filters a list while one types, in the element "found", and tells times as they are here.
// Without it the form loads the whole page. To be loaded after say.js.
"use strict";

const TYPING = 200;

document.documentElement.classList.add("scripted");

// What was asked for last is shown, whatever comes back first.
let asked = 0;
async function show(address, options) {
  const mine = ++asked;
  const reply = await fetch(address, options);
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  if (mine !== asked) return null;
  const found = page.getElementById("found");
  if (!found || !document.getElementById("found")) return location.assign(reply.url);
  document.getElementById("found").replaceWith(found);
  return page;
}

// -- the filter ---------------------------------------------------------------------

function wanted(form) {
  const values = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...values]) if (!value) values.delete(name);
  return values.size ? `${form.getAttribute("action")}?${values}` : form.getAttribute("action");
}

async function filter(form) {
  const address = wanted(form);
  if (address === location.pathname + location.search) return;
  history.replaceState(null, "", address);
  try {
    if (await show(address)) say(tally(), false);
  } catch {
    say(_("The server does not answer."));
  }
}

function tally() {
  const tally = document.querySelector("#found .tally");
  return (tally?.querySelector("span") ?? tally)?.textContent ?? "";
}

let waiting;
function soon(form, delay) {
  clearTimeout(waiting);
  waiting = setTimeout(() => filter(form), delay);
}

document.addEventListener("input", ({ target }) => {
  const form = target.closest("form.find");
  if (form) soon(form, target.tagName === "SELECT" ? 0 : TYPING);
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form.find")) return;
  event.preventDefault();
  soon(event.target, 0);
});

// What was typed before this script had come.
for (const field of document.querySelectorAll("form.find input")) {
  if (field.value !== field.defaultValue) soon(field.form, 0);
}

// -- times --------------------------------------------------------------------------

new MutationObserver((changes) => {
  for (const { addedNodes } of changes) {
    for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) localTimes(node);
  }
}).observe(document.body, { childList: true, subtree: true });
