// Keeps what is chosen at once. Without it there is a button.
"use strict";

document.documentElement.classList.add("scripted");

// What a form goes back to when something cannot be kept.
function asKept(form) {
  for (const each of form.querySelectorAll("input")) each.defaultChecked = each.checked;
  for (const each of form.querySelectorAll("option")) each.defaultSelected = each.selected;
}

async function keep(form, field) {
  const reply = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => null);
  if (!reply?.ok) {
    form.reset();
    return say(_("The server does not answer."));
  }
  asKept(form);
  if (field.name === "language") {
    location.hash = field.id;
    return location.reload();
  }
  if (field.name === "theme") document.documentElement.dataset.theme = field.value;
  say(_("Kept"));
}

document.addEventListener("change", ({ target }) => {
  if (target.form) keep(target.form, target);
});

// After the page has come in another language, one goes on where one was.
if (location.hash) {
  document.getElementById(location.hash.slice(1))?.focus();
  history.replaceState(null, "", location.pathname);
  say(_("Kept"));
} else if (location.search) history.replaceState(null, "", location.pathname);
