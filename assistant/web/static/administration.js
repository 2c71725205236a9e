// Takes questions off the list in place, copies a key that is new, over filtering.js. Without it
// every form loads the whole page.
"use strict";

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
    say(_("The server does not answer."));
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".gaps form")) return;
  event.preventDefault();
  settle(event.target, event.submitter);
});

// -- a new key ------------------------------------------------------------------------

async function copy(button) {
  try {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    say(_("Copied"));
  } catch {
    say(_("The browser did not allow copying"));
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
