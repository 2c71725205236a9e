// What became of a deed, in the element "said": the pages that have one load this first.
"use strict";

// To screen readers always; to the eye only what it could miss.
function say(words, seen = true) {
  const said = document.getElementById("said");
  said.textContent = words;
  said.classList.toggle("shown", seen && words !== "");
  clearTimeout(say.timer);
  say.timer = setTimeout(() => said.classList.remove("shown"), 2500);
}
