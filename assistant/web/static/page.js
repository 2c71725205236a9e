// A click on a citation opens the reader beside the chat; everything else is a plain link.
"use strict";

function readerParts() {
  const reader = document.querySelector(".reader");
  return reader && { reader, frame: reader.querySelector("iframe"), tab: reader.querySelector(".new-tab") };
}

function openReader(link) {
  const parts = readerParts();
  if (!parts) return false;
  const address = new URL(link, location.href);
  address.searchParams.set("theme", document.body.classList.contains("dark") ? "dark" : "light");
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

document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="/read/"], a[href*="/read/"].cite');
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
