// Shows parts of the page as one types and clicks, and copies attributed quotations.
// Without it every link and form loads the whole page.
"use strict";

const PATH = new URL("../statements", document.currentScript.src).pathname;
const TYPED_PARTS = { find: ["speaker-list"], about: ["speaker-list", "found"], document: ["speaker-list", "found"] };
const WITHIN = { found: "statements", "speaker-list": "speakers" };
let loading = new AbortController();
// Parts that an interrupted load did not come to show; the next one has to.
let owed = new Set();

document.documentElement.classList.add("scripted");

async function show(address, parts) {
  loading.abort();
  loading = new AbortController();
  const { signal } = loading;
  for (const part of parts) owed.add(part);
  try {
    const reply = await fetch(address, { signal });
    if (!reply.ok) return say(_("The server could not show this"));
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    if (!signal.aborted) exchange(page);
  } catch (error) {
    if (error.name !== "AbortError") say(_("The server does not answer."));
  }
}

function exchange(page) {
  const record = document.getElementById("record");
  const state = page.getElementById("record").className;
  const field = document.activeElement.id;
  // What is found needs its heading once something is chosen, and loses it again.
  if (state !== record.className) owed.add("statements");
  for (const [part, whole] of Object.entries(WITHIN)) if (owed.has(whole)) owed.delete(part);
  for (const part of owed) {
    document.getElementById(part).replaceChildren(...page.getElementById(part).childNodes);
  }
  owed.clear();
  record.className = state;
  document.title = page.title;
  if (field && document.activeElement.id !== field) refocus(document.getElementById(field));
}

// The field that one was typing in was exchanged for its like.
function refocus(field) {
  if (!field) return;
  field.focus();
  if (field.type === "search") field.setSelectionRange(field.value.length, field.value.length);
}

// What the forms say together: each carries along what the other has.
function typedAddress() {
  const values = new URLSearchParams(location.search);
  for (const field of document.querySelectorAll("#find, #about, #document")) {
    if (field.value) values.set(field.name, field.value);
    else values.delete(field.name);
  }
  values.delete("limit");
  return values.size ? `${PATH}?${values}` : PATH;
}

let waiting;
function typed(name, delay) {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const address = typedAddress();
    if (address === location.pathname + location.search) return;
    history.replaceState(null, "", address);
    show(address, TYPED_PARTS[name]);
  }, delay);
}

async function follow(address) {
  clearTimeout(waiting);
  history.pushState(null, "", address);
  await show(address, ["speaker-list", "statements"]);
  document.getElementById("statements").scrollTop = 0;
  if (document.getElementById("record").className) scrollTo(0, 0);
}

async function copy(button) {
  const { said, title, link } = button.dataset;
  const comma = said.endsWith("—") ? "" : ",";
  try {
    await navigator.clipboard.writeText(`${said}${comma} ${title}, ${new URL(link, location.href)}`);
    say(_("Quotation copied"));
  } catch {
    say(_("The browser did not allow copying"));
  }
}

document.addEventListener("input", ({ target }) => {
  if (target.name in TYPED_PARTS) typed(target.name, target.tagName === "SELECT" ? 0 : 200);
});

// What was typed before this script had come.
for (const field of document.querySelectorAll("input[type=search]")) {
  if (field.name in TYPED_PARTS && field.value !== field.defaultValue) typed(field.name, 0);
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  typed(event.target.querySelector("input").name, 0);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button.copy");
  if (button) return copy(button);
  const link = event.target.closest(`#record a[href^="${PATH}"]`);
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  if (!link || !plain) return;
  event.preventDefault();
  const more = link.classList.contains("more");
  if (more) return show(link.getAttribute("href"), ["found"]);
  follow(link.getAttribute("href"));
});

addEventListener("popstate", () => show(location.href, ["speakers", "statements"]));
