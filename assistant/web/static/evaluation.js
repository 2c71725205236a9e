// Decides by key, without loading the page again, and watches a run.
// Without it every link and form loads the whole page.
"use strict";

const PARTS = ["list", "question"];
const EVERY = 1000;
const OVERVIEW = new URL("../evaluation", document.currentScript.src).pathname;

document.documentElement.classList.add("scripted");

async function load(address, options) {
  const reply = await fetch(address, options);
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  return { page, address: reply.url };
}

// One after the other: a key that is pressed twice decides on two questions, not on one.
let last = Promise.resolve();
function inTurn(deed) {
  last = last.then(deed).catch(() => say(_("The server does not answer.")));
  return last;
}

async function show(address, options) {
  const loaded = await load(address, options);
  if (!loaded.page.getElementById("question")) return location.assign(loaded.address);
  for (const part of PARTS) {
    document.getElementById(part).replaceWith(loaded.page.getElementById(part));
  }
  document.getElementById("review").className = loaded.page.getElementById("review").className;
  document.title = loaded.page.title;
  if (loaded.address !== location.href && !options?.stay) history.pushState(null, "", loaded.address);
  say(loaded.page.getElementById("said").textContent, options?.method === "POST");
  settle();
}

// Where one goes on: in the form if there is one, else at the question.
function settle() {
  const field = document.querySelector("#question .problem") ? null : document.getElementById("words");
  (field ?? document.getElementById("asked"))?.focus({ preventScroll: true });
  document.querySelector("#list li [aria-current]")?.scrollIntoView({ block: "nearest" });
}

function send(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  return show(form.action, { method: "POST", body });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!document.getElementById("review") || !form.classList.contains("quiet")) return;
  event.preventDefault();
  inTurn(() => send(form, event.submitter));
});

document.addEventListener("click", (event) => {
  const link = event.target.closest('#review a[href*="/evaluation/sets/"]');
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  if (!link || !plain) return;
  event.preventDefault();
  inTurn(() => show(link.href));
});

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey) return;
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (typing && event.key !== "Escape") return;
  if (event.key === "Escape" && document.body.classList.contains("reading")) return;
  // The page may be about to change: the key is for the question that will be there then.
  inTurn(() => {
    const chosen = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    return chosen && (chosen.form ? send(chosen.form, chosen) : show(chosen.href));
  });
});

addEventListener("popstate", () => {
  if (document.getElementById("review")) inTurn(() => show(location.href, { stay: true }));
});

// -- a run that is going on -----------------------------------------------------------

async function watch() {
  const running = document.getElementById("running");
  if (!running || !("going" in running.dataset)) return;
  try {
    const { page } = await load(OVERVIEW);
    const now = page.getElementById("running");
    if (!now) return location.reload();
    const stop = document.activeElement?.closest("#running button");
    running.replaceWith(now);
    if (stop) document.querySelector("#running button")?.focus();
    if (!("going" in now.dataset)) {
      for (const part of ["runs"]) {
        document.getElementById(part).replaceWith(page.getElementById(part));
      }
      document.querySelector(".start button")?.removeAttribute("disabled");
      say(now.querySelector(".phase").textContent);
    }
  } catch {
    say(_("The server does not answer."));
  }
  setTimeout(watch, EVERY);
}

if (document.getElementById("review")) settle();
setTimeout(watch, EVERY);

// Somebody who went to draft a set finds it here.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && document.querySelector("#overview .empty")) location.reload();
});
