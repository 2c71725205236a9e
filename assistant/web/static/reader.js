// Brings the quotation into view and copies it. The page reads well without this.
"use strict";
const cited = document.getElementById("cited");
const said = document.getElementById("copied");

// The address without the theme, which is this reader's own.
function link() {
  const address = new URL(location.href);
  address.searchParams.delete("theme");
  return address.href;
}

function quotation() {
  const rows = Map.groupBy(document.querySelectorAll("mark"), (mark) => mark.closest("tr") ?? mark);
  const words = [...rows.values()].map((marks) => marks.map((mark) => mark.textContent).join(""))
    .join("\n\n");
  const source = document.querySelector("header").dataset.source;
  const quoted = /^["“„«]/.test(words) ? words : `“${words}”`;
  return `${quoted}\n— ${source}\n${link()}`;
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    said.textContent = `${what} copied`;
  } catch {
    said.textContent = "The browser did not allow copying";
  }
}

if (cited) {
  cited.scrollIntoView({ block: "center" });
  cited.focus({ preventScroll: true });
  document.querySelector(".tools").hidden = false;
  document.getElementById("copy-quote").onclick = () => copy(quotation(), "Quotation");
  document.getElementById("copy-link").onclick = () => copy(link(), "Link");
}
