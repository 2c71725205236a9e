// The reader beside the text: finds words again in a document that has changed, goes from
// citation to citation, copies. Everything else works without it.
import "./finding.js";
import { startPages } from "./pages.js";


const framed = window.parent !== window;
let at = 0;

function start() {
  document.body.classList.toggle("framed", framed);
  const tools = document.querySelector(".tools");
  if (!tools) return;
  tools.hidden = false;
  for (const close of document.querySelectorAll(".close")) close.hidden = false;
  const steps = document.querySelector(".steps");
  steps.hidden = citations().length < 2;
  at = Math.max(0, citations().findIndex((mark) => mark.id === "cited"));
  tell();
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

// By their numbers; those without one in the order of the text.
function citations() {
  const marks = [...document.querySelectorAll("main mark[id]")];
  return marks.sort((a, b) => (a.dataset.number ?? 0) - (b.dataset.number ?? 0));
}

function step(by) {
  const all = citations();
  if (all.length < 2) return;
  at = (at + by + all.length) % all.length;
  show(all[at]);
  tell();
}

function tell() {
  const all = citations();
  const number = all[at]?.dataset.number;
  document.getElementById("step").textContent = all.length > 1 ? `${number ? `[${number}] ` : ""}${at + 1} of ${all.length}` : "";
}

function show(mark) {
  mark.scrollIntoView({ block: "center" });
  mark.focus({ preventScroll: true });
  mark.dispatchEvent(new CustomEvent("shown", { bubbles: true }));
}

// -- copying ----------------------------------------------------------------------------

// The link of this moment to what is marked, whatever the address was.
function link() {
  return new URL(document.getElementById("copy-link").dataset.link, location.href).href;
}

async function copy(text, what) {
  const said = document.getElementById("copied");
  said.textContent = await navigator.clipboard.writeText(text).then(() => `${what} copied`, () => "The browser did not allow copying");
  clearTimeout(copy.timer);
  copy.timer = setTimeout(() => { said.textContent = ""; }, 4000);
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button?.dataset.step) step(Number(button.dataset.step));
  else if (button?.id === "copy-quote") copy(`${button.dataset.copy}\n${link()}`, "Quotation");
  else if (button && "dismiss" in button.dataset) button.closest(".note").remove();
  else if (button?.id === "copy-link") copy(link(), "Link");
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
