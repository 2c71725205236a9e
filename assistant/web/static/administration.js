// Filters while one types, takes questions off the list in place, copies a key that is new.
// Without it every form loads the whole page.
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
    say("The server does not answer");
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

// -- done with a question -------------------------------------------------------------

async function settle(form, button) {
  const place = [...document.querySelectorAll(".gaps form button")].indexOf(button);
  try {
    const body = new URLSearchParams(new FormData(form));
    const page = await show(form.action, { method: "POST", body });
    if (!page) return;
    say(page.getElementById("said").textContent);
    const left = document.querySelectorAll(".gaps form button");
    (left[Math.min(place, left.length - 1)] ?? document.querySelector(".find input"))?.focus();
  } catch {
    say("The server does not answer");
  }
}

document.addEventListener("submit", (event) => {
  if (event.target.matches("form.find")) {
    event.preventDefault();
    soon(event.target, 0);
  } else if (event.target.matches(".gaps form")) {
    event.preventDefault();
    settle(event.target, event.submitter);
  }
});

// -- a new key ------------------------------------------------------------------------

async function copy(button) {
  try {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    say("Copied");
  } catch {
    say("The browser did not allow copying");
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button.copy");
  if (button) copy(button);
});

// A reload asks for the list of keys, and does not make another one.
const fresh = document.getElementById("fresh");
if (fresh) {
  history.replaceState(null, "", location.pathname);
  fresh.focus();
}
say(document.getElementById("said").textContent);
