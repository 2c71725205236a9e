// The reader beside the text: finds words again in a document that has changed, goes from
// citation to citation, copies. Everything else works without it.
import { copy } from "./copying.js";
import "./finding.js";
import { startPages } from "./pages.js";

const framed = window.parent !== window;
let among = null;  // where in its answer it is, if the page around knows

function start() {
  document.body.classList.toggle("framed", framed);
  const tools = document.querySelector(".tools");
  if (!tools) return;
  tools.hidden = false;
  for (const close of document.querySelectorAll(".close")) close.hidden = false;
  among = null;
  tell();
  askAround(0);
  const cited = document.getElementById("cited");
  if (cited) show(cited);
  else if (!location.hash.startsWith("#page-")) document.getElementById("about")?.scrollIntoView({ block: "center" });
  startPages();
}

// -- words in a document that has changed -----------------------------------------------

// They stand behind the # of the address, where only this page has them.
async function askAgain() {
  const words = location.hash.slice(1);
  if (!("askAgain" in document.body.dataset) || !words.includes("&words=")) return;
  const sent = new URLSearchParams(location.search);
  sent.set("fragment", words);
  const reply = await fetch(location.pathname, { method: "POST", body: sent }).catch(() => null);
  if (!reply?.ok) return;
  const found = new DOMParser().parseFromString(await reply.text(), "text/html");
  document.body.replaceWith(document.adoptNode(found.body));
  start();
}

// -- from citation to citation ----------------------------------------------------------

// By their numbers: the one that it leads to, and those beside it.
function citations() {
  const numbers = [...document.querySelectorAll("main mark[data-number]")].map((mark) => mark.dataset.number);
  return [...new Set(numbers)].sort((a, b) => a - b);
}

const current = () => document.getElementById("cited")?.dataset.number;

// The next one may stand in another document: the page around knows. In a tab of its own the same
// document is read for another of its citations.
function step(by) {
  if (among) return askAround(by);
  const all = citations();
  if (all.length < 2) return;
  const next = all[(all.indexOf(current()) + by + all.length) % all.length];
  const address = new URL(document.getElementById("link").dataset.link, location.href);
  const places = address.searchParams.getAll("at");
  places.sort((a, b) => b.startsWith(`${next}:`) - a.startsWith(`${next}:`));
  address.searchParams.delete("at");
  for (const place of places) address.searchParams.append("at", place);
  const chat = new URLSearchParams(location.search).get("chat");
  if (chat) address.searchParams.set("chat", chat);
  address.hash = "#cited";  // the words are those of the other one
  location.replace(address);
}

function askAround(by) {
  const number = current();
  if (framed && number) window.parent.postMessage({ reader: "step", number, by }, location.origin);
}

addEventListener("message", ({ origin, source, data }) => {
  if (origin !== location.origin || source !== window.parent || !data?.among) return;
  among = data.among;
  tell();
});

function tell() {
  const all = citations();
  const { at, of } = among ?? { at: all.indexOf(current()) + 1, of: all.length };
  document.querySelector(".steps").hidden = of < 2 || !at;
  document.getElementById("step").textContent = `[${current()}] ${_("{number} of {count}", { number: at, count: of })}`;
}

function show(mark) {
  mark.scrollIntoView({ block: "center" });
  mark.focus({ preventScroll: true });
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button?.dataset.step) step(Number(button.dataset.step));
  else if (button && "dismiss" in button.dataset) button.closest(".note").remove();
  else if (button?.matches(".copy")) copy(button);
});

document.addEventListener("keydown", (event) => {
  if (event.altKey && event.key === "ArrowDown") step(1);
  else if (event.altKey && event.key === "ArrowUp") step(-1);
  else if (event.key === "Escape" && framed && !event.defaultPrevented) window.parent.postMessage({ reader: "close" }, location.origin);
  else return;
  event.preventDefault();
});

start();
askAgain();
